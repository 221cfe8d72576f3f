import { isVersion, nameFrom, type Labels, type ModelFile, type ValueInfo } from '../domain/manifest.ts'
import type { Inspection } from '../ports/model-inspector.ts'
import type { SourceListing } from '../ports/model-source.ts'
import { nameOf } from './choose-files.ts'
import { proposeImage } from './propose-image.ts'
import { proposeText } from './propose-text.ts'
import { labelsIn, plainText, type ModelSettings } from './read-model-settings.ts'
import type { ModelSummary, Proposal } from './view.ts'

export interface ProposalInit {
  readonly listing: SourceListing
  readonly inspection: Inspection
  readonly outputs: readonly ValueInfo[]
  readonly files: readonly ModelFile[]
  readonly settings: ModelSettings
  /** What this peer has published so far. */
  readonly mine: readonly Pick<ModelSummary, 'id' | 'manifest'>[]
}

/** What might be said of a model, from what lies beside it: a person looks at it before it is signed. */
export function proposeManifest({ listing, inspection, outputs, files, settings, mine }: ProposalInit): Proposal {
  const name = nameOfModel(listing, files)
  const image = proposeImage(inspection, settings)
  const text = proposeText(inspection, files, settings)
  const labels = proposeLabels(inspection, outputs, settings)
  const kind = image ? 'image' : 'text'
  const task = listing.task ?? ((image ?? text) && labels ? `${kind}-classification` : undefined)
  return {
    name,
    ...nextVersion(name, mine),
    licence: plainText(listing.licence ?? inspection.metadata['license'] ?? '', 128) || 'unknown',
    ...(task === undefined ? {} : { task: plainText(task, 64) }),
    ...(image === undefined ? {} : { image }),
    ...(text === undefined ? {} : { text }),
    ...(labels === undefined ? {} : { labels }),
  }
}

/** A repository's own name, with the kind of weights where it has several; else that of the file. */
function nameOfModel({ name, files: listed }: SourceListing, files: readonly ModelFile[]): string {
  const title = name.replace(/\.onnx$/i, '')
  const graph = files.find(({ role }) => role === 'model')
  const file = nameOf(graph?.path ?? '').replace(/\.onnx$/i, '')
  const several = listed.filter(({ path }) => /\.onnx$/i.test(path)).length > 1
  const kind = /^model[_.-]?(.*)$/i.exec(file)?.[1] ?? file
  return nameFrom(several && kind !== '' && kind !== title ? `${title}-${kind}` : title)
}

/** `1`, or what comes after the last of one's own by that name. */
export function nextVersion(
  name: string,
  mine: ProposalInit['mine'],
): Pick<Proposal, 'version'> & Partial<Pick<Proposal, 'parent'>> {
  const named = mine.filter(({ manifest }) => manifest.name === name)
  const last = named.toSorted((a, b) => compareVersions(b.manifest.version, a.manifest.version))[0]
  if (last === undefined) return { version: '1' }
  const { version } = last.manifest
  const next = version.replace(/\d+(?=\D*$)/, (digits) => String(BigInt(digits) + 1n))
  return { version: next !== version && isVersion(next) ? next : `${version}.1`, parent: last.id }
}

/** By their numbers from the left: 1.10 comes after 1.9. */
function compareVersions(a: string, b: string): number {
  const numbers = (version: string): readonly string[] => version.match(/\d+/g) ?? []
  const [left, right] = [numbers(a), numbers(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? -1) - Number(right[i] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}

/** Names for the first output that has as many numbers as there are names. */
function proposeLabels(
  { operators }: Inspection,
  outputs: readonly ValueInfo[],
  { labels, config }: ModelSettings,
): Labels | undefined {
  const names = labels !== undefined && labels.length > 0 ? labels : labelsIn(config?.id2label)
  if (names === undefined) return undefined
  const output =
    outputs.find((each) => countOf(each) === names.length) ?? outputs.find((each) => countOf(each) === null)
  if (output === undefined) return undefined
  // One softmax at the end of a network without attention, or an output called after it: shares of 1 already.
  const softmax = operators.find(({ type }) => type === 'Softmax')?.count
  const isShare = /softmax|prob/i.test(output.name) || softmax === 1
  const activation = isShare ? 'none' : config?.problem_type === 'multi_label_classification' ? 'sigmoid' : 'softmax'
  return { output: output.name, names, activation }
}

/** Numbers along the last dimension that is more than 1: some classifiers end in 1000 × 1 × 1. Null where it is free. */
function countOf({ dims }: ValueInfo): number | null | undefined {
  return dims.findLast((dim) => dim === null || dim > 1)
}

import { isPath, MAX_MODEL, type FileRole } from '../domain/manifest.ts'
import type { SourceFile, SourceListing } from '../ports/model-source.ts'

/** A file that goes along with a model, and what it is to it. */
export interface Companion extends SourceFile {
  readonly role: FileRole
  /** Bytes at most: a larger one is left behind. */
  readonly limit: number
}

/** Kinds of weights that exporters write into a file's name, the handiest first: fp32 has a rule of agreement and needs no calibration, integers are exact. */
const KINDS: readonly RegExp[] = [/^model$|(?:^|[_.-])fp32$/i, /int8|quantized/i, /fp16/i]

/** What lies beside a model and is worth having: the vocabularies of the largest models take 20 MB, settings under 2. */
const COMPANIONS: readonly { name: RegExp; role: FileRole; limit: number }[] = [
  { name: /^config\.json$/i, role: 'config', limit: 4 << 20 },
  { name: /^preprocessor_config\.json$/i, role: 'config', limit: 1 << 20 },
  { name: /^tokenizer\.json$/i, role: 'tokenizer', limit: 64 << 20 },
  { name: /^tokenizer_config\.json$/i, role: 'config', limit: 4 << 20 },
]
/** Names of classes, one to a line. */
const LABELS = { name: /(?:label|class|synset|categor).*\.txt$/i, role: 'config', limit: 4 << 20 } as const
/** Of one's own files, a text that was given along is what it can be. */
const OWN_LABELS = { ...LABELS, name: /\.txt$/i }

/** The ONNX files that are there, the handiest first. A source of one file is taken at its word, whatever it is called. */
export function candidatesIn({ files }: Pick<SourceListing, 'files'>): readonly SourceFile[] {
  const usable = files.filter(({ path }) => isPath(path))
  const models = usable.filter(({ path }) => /\.onnx$/i.test(path))
  if (models.length === 0 && usable.length === 1) return usable
  return models.toSorted((a, b) => compareRanks(rankOf(a), rankOf(b)))
}

/** A part of a model, such as a decoder, is of no use alone; one too large is only passed on. */
function rankOf({ path, size = 0 }: SourceFile): readonly number[] {
  const name = nameOf(path).replace(/\.onnx$/i, '')
  const kind = KINDS.findIndex((pattern) => pattern.test(name))
  const part = /(?:en|de)coder|embed|with_past|merged/i.test(name)
  return [size > MAX_MODEL ? 1 : 0, part ? 1 : 0, kind < 0 ? KINDS.length : kind, size]
}

const compareRanks = (a: readonly number[], b: readonly number[]): number =>
  a.map((rank, i) => rank - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0

/** What goes along with a model: of each kind the file that lies nearest to it, in its folder or one above. */
export function companionsOf(listing: Pick<SourceListing, 'files' | 'address'>, model: string): readonly Companion[] {
  const { files, address } = listing
  const folders = foldersAbove(model)
  return [...COMPANIONS, address === undefined ? OWN_LABELS : LABELS].flatMap(({ name, role, limit }) => {
    const near = files
      .filter(
        ({ path, size = 1 }) => isPath(path) && path !== model && size > 0 && size <= limit && name.test(nameOf(path)),
      )
      .filter(({ path }) => folders.includes(folderOf(path)))
      .toSorted((a, b) => folders.indexOf(folderOf(a.path)) - folders.indexOf(folderOf(b.path)))
    return near.slice(0, 1).map((file) => ({ ...file, role, limit }))
  })
}

/** Where the source has a file that the graph calls `path`: beside the graph. Undefined where that leads out of it. */
export const besideModel = (model: string, path: string): string | undefined =>
  isPath(path) ? `${folderOf(model)}${path}` : undefined

/** The folders in which a file lies, the nearest first, each with its slash. */
function foldersAbove(path: string): readonly string[] {
  const folder = folderOf(path)
  return folder === '' ? [''] : [folder, ...foldersAbove(folder.slice(0, -1))]
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

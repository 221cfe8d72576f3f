import type { Deviation } from '../domain/agreement.ts'
import { elements } from '../domain/elements.ts'
import type { Labels, Manifest } from '../domain/manifest.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Answer } from '../peer/view.ts'

/** A class of a classifier, and how much of the whole its number makes. */
export interface LabelShare {
  readonly label: string
  /** 0..1, for showing alone: made of the numbers as the manifest says. */
  readonly share: number
}

/** A claim's output, and the letter it goes by. */
export interface Variant {
  readonly letter: string
  readonly output: Tensors
  /** Once arithmetic has said so. */
  readonly stands?: boolean
}

/** The letter of a group of claims: `A` is the returned claim's. */
export const letterOf = (group: number): string => String.fromCodePoint(65 + (group % 26))

/** The different outputs that were claimed, the returned one first; just that one unless contested. */
export function variantsOf({
  claims,
  output,
  stands,
}: Pick<Answer, 'claims' | 'output' | 'stands'>): readonly Variant[] {
  if (output === undefined) return []
  const standing = (group: number) =>
    stands && claims.length > 0
      ? { stands: claims.some((claim) => claim.group === group && stands.includes(claim.peer)) }
      : {}
  const others = claims
    .filter(({ group }, i) => group > 0 && claims.findIndex((claim) => claim.group === group) === i)
    .toSorted((a, b) => a.group - b.group)
  return [
    { letter: letterOf(0), output, ...standing(0) },
    ...others.map((claim) => ({ letter: letterOf(claim.group), output: claim.outputs, ...standing(claim.group) })),
  ]
}

/** The first labels of the different outputs that have not fallen, as short as can be: `7`, or `7 ≠ 9`; `undefined` without labels. */
export function headline(answer: Pick<Answer, 'claims' | 'output' | 'model' | 'stands'>): string | undefined {
  const left = variantsOf(answer).filter(({ stands }) => stands !== false)
  const labels = left.map(({ output }) => readLabels(answer.model.manifest, output)?.[0]?.label)
  return labels.length === 0 || labels.includes(undefined) ? undefined : [...new Set(labels)].join(' ≠ ')
}

/** Labels shown of a result. */
const SHOWN = 5

/** The most likely labels, best first; `undefined` where the model has no labels or the output does not fit them. */
export function readLabels(manifest: Manifest, output: Tensors): readonly LabelShare[] | undefined {
  const { labels } = manifest
  const values = labelled(manifest, output)
  if (labels === undefined || values === undefined) return undefined
  return sharesOf(values, labels.activation)
    .map((share, i) => ({ label: labels.names[i] ?? String(i), share }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, SHOWN)
}

/** Whether the first two labels lie so close that rounding within the rule could swap them. */
export function isNearTie(manifest: Manifest, output: Tensors, limit: Deviation | undefined): boolean {
  const values = labelled(manifest, output)?.toSorted((a, b) => b - a)
  const [first, second] = values ?? []
  if (values === undefined || first === undefined || second === undefined) return false
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return first - second <= 2 * (limit?.scaled ?? 0) * largest
}

/** Whether not one value of an output is a number. */
export function isNowhereANumber(output: Tensors): boolean {
  const tensors = Object.values(output).map((tensor) => Array.from(elements(tensor)))
  return tensors.some((values) => values.length > 0) && tensors.every((values) => values.every(Number.isNaN))
}

/** The numbers of the labelled output, where there is one for each label. */
function labelled({ labels }: Manifest, output: Tensors): number[] | undefined {
  const tensor = labels && output[labels.output]
  if (tensor === undefined) return undefined
  const values = Array.from(elements(tensor))
  return values.length === labels?.names.length && values.every(Number.isFinite) ? values : undefined
}

function sharesOf(values: readonly number[], activation: Labels['activation']): readonly number[] {
  switch (activation) {
    case 'none':
      return values.map((value) => Math.min(1, Math.max(0, value)))
    case 'sigmoid':
      return values.map((value) => 1 / (1 + Math.exp(-value)))
    case 'softmax': {
      const top = values.reduce((a, b) => Math.max(a, b), -Infinity)
      const weights = values.map((value) => Math.exp(value - top))
      const whole = weights.reduce((a, b) => a + b, 0)
      return weights.map((weight) => weight / whole)
    }
    default:
      return activation satisfies never
  }
}

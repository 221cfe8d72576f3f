import { equalBytes } from './bytes.ts'
import type { Manifest } from './manifest.ts'
import type { EngineKind } from './states.ts'
import type { Tensor, Tensors } from './tensor.ts'
import { elements } from './elements.ts'

/** How far one output lies from another, the reference. Both are 0 where every element is equal; `Infinity` where shapes, types or NaNs differ. */
export interface Deviation {
  /** `‖Δ‖ / ‖reference‖`, Euclidean. */
  readonly rms: number
  /** `max|Δ| / max|reference|`. */
  readonly scaled: number
}

/** The greatest deviation at which two claims still agree. `exact` wants equal hashes. */
export type Rule = 'exact' | Deviation

/**
 * Rounding on a GPU, fp32: honest engines differ by at most 1.3e-6, one channel wrong by 1 % by 7e-4. Measured over
 * onnxruntime-web 1.30 on one machine whose GPU was emulated: a default, with us as its owner.
 */
export const FP32_RULE: Deviation = { rms: 2e-5, scaled: 1e-4 }

const NOTHING: Deviation = { rms: 0, scaled: 0 }
const EVERYTHING: Deviation = { rms: Infinity, scaled: Infinity }

/** What the rule of agreement goes by: how the model's numbers behave, and the limit that was calibrated for them. */
export interface Numerics extends Pick<Manifest, 'arithmetic'> {
  readonly tolerance?: Deviation
}

/** The rule for a pair of claims, by the engines that made them and the numbers of the model. A publisher loosens none but that of half-precision and quantised numbers. */
export function ruleFor({ arithmetic, tolerance }: Numerics, a: EngineKind, b: EngineKind): Rule {
  if (arithmetic === 'integer' || (a === 'cpu' && b === 'cpu')) return 'exact'
  if (arithmetic === 'fp32') return FP32_RULE
  return tolerance ? { rms: tolerance.rms, scaled: tolerance.scaled } : 'exact'
}

/** The engines that can agree on a model: where its rounding has no limit, only the canon's own bits can. */
export const enginesFor = ({ arithmetic, tolerance }: Numerics): 'cpu' | 'any' =>
  (arithmetic === 'fp16' || arithmetic === 'qdq') && !tolerance ? 'cpu' : 'any'

export const within = (deviation: Deviation, rule: Rule): boolean =>
  rule === 'exact'
    ? deviation.rms === 0 && deviation.scaled === 0
    : deviation.rms <= rule.rms && deviation.scaled <= rule.scaled

/** The greatest deviation over all outputs by name. Outputs that only one side has are a deviation without bound. */
export function deviationOf(reference: Tensors, other: Tensors): Deviation {
  const names = Object.keys(reference)
  if (names.length !== Object.keys(other).length) return EVERYTHING
  return names
    .map((name) => tensorDeviation(reference[name], other[name]))
    .reduce((a, b) => ({ rms: Math.max(a.rms, b.rms), scaled: Math.max(a.scaled, b.scaled) }), NOTHING)
}

/**
 * The deviation of one tensor. Units in the last place and elementwise ratios are of no use here: honest values reach 1e9 ULP near
 * zero. `least` is a size that every element of the reference is taken to have at least.
 */
export function tensorDeviation(reference: Tensor | undefined, other: Tensor | undefined, least = 0): Deviation {
  if (reference === undefined || other === undefined) return EVERYTHING
  if (reference.dtype !== other.dtype || String(reference.dims) !== String(other.dims)) return EVERYTHING
  // Nothing rounds an integer: a token, a class or a count is the same or another.
  if (!reference.dtype.startsWith('float')) return equalBytes(reference.data, other.data) ? NOTHING : EVERYTHING
  const [a, b] = [elements(reference), elements(other)]
  if (a.length !== b.length) return EVERYTHING
  let [squares, error, most, gap] = [0, 0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0]
    const size = Math.max(least, Math.abs(x))
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) {
      if (Number.isFinite(x)) {
        squares += size * size
        most = Math.max(most, size)
      }
      continue
    }
    const difference = Math.abs(x - y)
    if (!Number.isFinite(difference)) return EVERYTHING
    squares += size * size
    error += difference * difference
    most = Math.max(most, size)
    gap = Math.max(gap, difference)
  }
  if (gap === 0) return NOTHING
  return { rms: Math.sqrt(error / squares), scaled: gap / most }
}

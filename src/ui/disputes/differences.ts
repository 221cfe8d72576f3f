import { elements } from '../../domain/elements.ts'
import type { Tensor } from '../../domain/tensor.ts'

/** How a tensor differs from another of its shape, value by value. */
export interface Differences {
  /** Values in each. */
  readonly values: number
  readonly differing: number
  /** Differing where one of the two is infinite or not a number: in no bin. */
  readonly unbounded: number
  /** The largest difference there is a number for, and the element that shows it (row-major). */
  readonly largest: number
  readonly at: number
  /** The differences (other less reference) that are numbers and not 0, from the least to the greatest. */
  readonly bins: readonly Bin[]
}

export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Bars of a histogram: as many as a narrow phone shows apart. */
const BINS = 24

/** What differs, for people to see; `undefined` where type or shape do. Decides nothing: hashes do. */
export function differencesOf(reference: Tensor, other: Tensor): Differences | undefined {
  if (reference.dtype !== other.dtype || String(reference.dims) !== String(other.dims)) return undefined
  const [a, b] = [elements(reference), elements(other)]
  let [differing, unbounded, largest, at, least, most] = [0, 0, 0, 0, Infinity, -Infinity]
  for (let i = 0; i < a.length; i++) {
    const gap = gapOf(a, b, i)
    if (gap === 0) continue
    differing++
    if (!Number.isFinite(gap)) {
      unbounded++
      continue
    }
    least = Math.min(least, gap)
    most = Math.max(most, gap)
    if (Math.abs(gap) > largest) [largest, at] = [Math.abs(gap), i]
  }
  const counts = Array.from({ length: least < most ? BINS : differing > unbounded ? 1 : 0 }, () => 0)
  const width = (most - least) / counts.length
  for (let i = 0; i < a.length && counts.length > 0; i++) {
    const gap = gapOf(a, b, i)
    if (gap === 0 || !Number.isFinite(gap)) continue
    const bin = width > 0 ? Math.min(counts.length - 1, Math.floor((gap - least) / width)) : 0
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const bins = counts.map((count, i) => ({ from: least + i * width, to: least + (i + 1) * width, count }))
  return { values: a.length, differing, unbounded, largest, at, bins }
}

/** 0 where the two are the same, NaN with NaN included. */
function gapOf(a: ArrayLike<number>, b: ArrayLike<number>, i: number): number {
  const [x = 0, y = 0] = [a[i], b[i]]
  return Object.is(x, y) || x === y ? 0 : y - x
}

/** Where an element lies, by its number in row-major order. */
export function placeOf(index: number, dims: readonly number[]): readonly number[] {
  const place = []
  for (const dim of dims.toReversed()) {
    place.unshift(dim === 0 ? 0 : index % dim)
    index = dim === 0 ? 0 : Math.floor(index / dim)
  }
  return place
}

/** What can be said of a tensor in a line. */
export interface Summary {
  readonly values: number
  /** Over the finite ones; undefined where there are none. */
  readonly range?: readonly [least: number, most: number]
  readonly mean?: number
  /** Infinite or not a number. */
  readonly odd: number
}

export function summaryOf(tensor: Tensor): Summary {
  const values = elements(tensor)
  let [least, most, sum, odd] = [Infinity, -Infinity, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (!Number.isFinite(value)) {
      odd++
      continue
    }
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
  }
  const finite = values.length - odd
  return { values: values.length, odd, ...(finite > 0 ? { range: [least, most], mean: sum / finite } : {}) }
}

/** The values from some element on, `count` of them at most. */
export function valuesFrom(tensor: Tensor, from: number, count: number): readonly number[] {
  const all = elements(tensor)
  return Array.from({ length: Math.max(0, Math.min(count, all.length - from)) }, (_, i) => all[from + i] ?? 0)
}

import type { Band, Measure } from '../../domain/authority/report-shape.ts'
import type { MeasureUncertainty } from './measure-words.ts'

/** Where things lie on the line of a measure: places are shares of its length, 0 at its start. */
export interface DotPlot {
  readonly from: number
  readonly to: number
  /** Where nothing goes with nothing: of a correlation. */
  readonly zero: number | undefined
  readonly dot: number | undefined
  /** What stands beside the value, where it is of the same kind. */
  readonly beside: number | undefined
  readonly interval: Extent | undefined
  readonly chance: Extent | undefined
}

interface Extent {
  readonly at: number
  readonly length: number
}

/** The scale does not depend on what a worker adds: nothing moves when that comes, and what lies off it ends at its edge. */
export function dotPlot(measure: Measure, peers: number, uncertainty?: MeasureUncertainty): DotPlot {
  const { unit, value } = measure
  const beside = unit === 'rho' ? undefined : measure.beside?.value
  const [from, to] =
    unit === 'rho' ? [-1, 1] : unit === 'share' ? [0, 1] : [0, Math.max(1, peers, value ?? 0, beside ?? 0)]
  const place = (x: number): number => Math.max(0, Math.min(1, (x - from) / (to - from)))
  const extent = (within: Band | null | undefined): Extent | undefined =>
    within ? { at: place(within.low), length: place(within.high) - place(within.low) } : undefined
  return {
    from,
    to,
    zero: unit === 'rho' ? place(0) : undefined,
    dot: value === null ? undefined : place(value),
    beside: beside === undefined ? undefined : place(beside),
    interval: value === null ? undefined : extent(uncertainty?.interval),
    chance: value === null ? undefined : extent(uncertainty?.chance),
  }
}

/** Units of the drawing, whose width is 100. */
export const SPARK_HEIGHT = 24
/** Kept free above and below, so that no line is cut. */
const MARGIN = 2

/** A series as path data, the oldest on the left, and the places of values that have no neighbour. Where a window has no value the line is broken. */
export function spark(series: readonly (number | null)[]): {
  readonly path: string
  readonly alone: readonly (readonly [x: number, y: number])[]
  readonly last: readonly [x: number, y: number] | undefined
} {
  const known = series.filter((value) => value !== null)
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const x = (i: number) => (series.length < 2 ? 50 : MARGIN + (i / (series.length - 1)) * (100 - 2 * MARGIN))
  const y = (value: number) =>
    most === least ? SPARK_HEIGHT / 2 : MARGIN + (1 - (value - least) / (most - least)) * (SPARK_HEIGHT - 2 * MARGIN)
  const points = series.map((value, i) => (value === null ? undefined : ([round(x(i)), round(y(value))] as const)))
  const path = points
    .flatMap((point, i) => (point ? [`${points[i - 1] ? 'L' : 'M'}${point[0]} ${point[1]}`] : []))
    .join('')
  const alone = points.flatMap((point, i) => (point && !points[i - 1] && !points[i + 1] ? [point] : []))
  return { path, alone, last: points.findLast((point) => point !== undefined) }
}

const round = (x: number): number => Math.round(x * 100) / 100

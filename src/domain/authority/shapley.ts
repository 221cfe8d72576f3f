import { eachPivot, gameOf, type Game } from './game.ts'

/**
 * Of all orders in which bodies can join, the part in which each makes the coalition win: 0 to 1, and 1 in sum (Shapley
 * & Shubik 1954). Counts of coalitions by weight and size are only ever added, never subtracted, so that the result is
 * within 1e-13. Faults as `swings` does.
 */
export function shapleyShubik(weights: readonly number[], quota: number): number[] {
  const game = gameOf(weights, quota)
  return game.type === 'table' ? countedByWeight(game) : countedOneByOne(game)
}

/**
 * Of the orders of n bodies, the part in which a given one comes right after a given set of `others`: others!(n − 1 −
 * others)!/n!.
 */
function orderShares(n: number): number[] {
  const shares = [1 / n]
  for (let others = 1; others < n; others++) shares.push(((shares[others - 1] ?? 0) * others) / (n - others))
  return shares
}

function countedOneByOne(game: Game): number[] {
  const shares = orderShares(game.weights.length)
  const values = game.weights.map(() => 0)
  eachPivot(game, (body, others) => (values[body] = (values[body] ?? 0) + (shares[others] ?? 0)))
  return values
}

/** Coalitions by size and weight under the quota: row by row, one for each size. */
interface Table {
  readonly cells: Float64Array
  readonly quota: number
  /** Bodies that are in it. */
  readonly bodies: number
}

/** Bodies without weight change nobody's value and are left out; those of one weight have one value. */
function countedByWeight({ weights, quota }: Game): number[] {
  const heavy = weights.filter((weight) => weight > 0)
  const distinct = [...new Set(heavy)].toSorted((a, b) => b - a)
  const cells = new Float64Array(heavy.length * quota)
  cells[0] = 1
  let table: Table = { cells, quota, bodies: 0 }
  for (const weight of distinct)
    for (let twin = heavy.filter((other) => other === weight).length; twin > 1; twin--) table = withBody(table, weight)
  const values = new Map<number, number>([[0, 0]])
  const shares = orderShares(heavy.length)
  leaveOneOut(table, distinct, (weight, others) => values.set(weight, valueOf(weight, others, shares)))
  return weights.map((weight) => values.get(weight) ?? 0)
}

/**
 * Halves the list until one is left: each sees a table that holds all others, after a number of additions that grows as
 * n log n.
 */
function leaveOneOut(table: Table, weights: readonly number[], visit: (weight: number, others: Table) => void): void {
  const [weight] = weights
  if (weight === undefined) return
  if (weights.length === 1) {
    visit(weight, table)
    return
  }
  const [left, right] = [weights.slice(0, weights.length >> 1), weights.slice(weights.length >> 1)]
  leaveOneOut(withAll(table, right), left, visit)
  leaveOneOut(withAll(table, left), right, visit)
}

const withAll = (table: Table, weights: readonly number[]): Table =>
  weights.reduce(withBody, { ...table, cells: table.cells.slice() })

/** Adds a body to the cells in place: each coalition that was there is there again with it. */
function withBody({ cells, quota, bodies }: Table, weight: number): Table {
  for (let size = bodies; size >= 0; size--) {
    const row = size * quota
    const above = row + quota + weight
    for (let at = 0; at < quota - weight; at++) cells[above + at] = (cells[above + at] ?? 0) + (cells[row + at] ?? 0)
  }
  return { cells, quota, bodies: bodies + 1 }
}

/** Over all coalitions of the others that lose by less than `weight`. */
function valueOf(weight: number, { cells, quota, bodies }: Table, shares: readonly number[]): number {
  let value = 0
  for (let size = 0; size <= bodies; size++) {
    let pivots = 0
    for (let at = Math.max(0, quota - weight); at < quota; at++) pivots += cells[size * quota + at] ?? 0
    value += pivots * (shares[size] ?? 0)
  }
  return value
}

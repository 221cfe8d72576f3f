import { ALL_GRADES, ROUTES, type Item } from './item.ts'

/** Whole numbers by the number of a peer. */
export class Counts {
  #values = new Float64Array(16)

  at(number: number): number {
    return this.#values[number] ?? 0
  }

  add(number: number, count: number): void {
    if (number >= this.#values.length) this.#grow(number)
    this.#values[number] = (this.#values[number] ?? 0) + count
  }

  addAll(others: Counts, times: 1 | -1 = 1): void {
    const values = others.#values
    if (values.length > this.#values.length) this.#grow(values.length - 1)
    const own = this.#values
    for (let i = 0; i < values.length; i++) own[i] = (own[i] ?? 0) + (values[i] ?? 0) * times
  }

  /** Adds to each actor once, however many of the peers belong to it. */
  addEach(peers: readonly number[], actorOf: (peer: number) => number, count: number): void {
    for (let i = 0; i < peers.length; i++) {
      const actor = actorOf(peers[i] ?? 0)
      let isFirst = true
      for (let j = 0; j < i && isFirst; j++) isFirst = actorOf(peers[j] ?? 0) !== actor
      if (isFirst) this.add(actor, count)
    }
  }

  /** Those counts that are not 0, in no order that means anything. */
  positive(): number[] {
    return [...this.#values].filter((count) => count > 0)
  }

  #grow(number: number): void {
    let length = this.#values.length
    while (length <= number) length *= 2
    const values = new Float64Array(length)
    values.set(this.#values)
    this.#values = values
  }
}

/**
 * What some decisions come to: sums of whole numbers, so that adding and taking away again leaves nothing, and no order is seen in them.
 */
export class Tally {
  decisions = 0
  discretionary = 0
  /** Rulings and amendments that somebody made: decisions for others. */
  forOthers = 0
  /** Jobs, proofs and rulings; how many of them came to nothing, and how many were undone. */
  settled = 0
  unresolved = 0
  overturned = 0
  /** Rulings with votes for both sides. */
  split = 0
  introductions = 0
  /** Places in decisions for others that were on the winning side. */
  seats = 0
  readonly routes = new Counts()
  readonly grades = new Counts()
  /** By peer: such places; authority in units; verified computations; introductions that stand. */
  readonly seatsOf = new Counts()
  readonly authorityOf = new Counts()
  readonly computeOf = new Counts()
  readonly introducedBy = new Counts()

  add(item: Item): void {
    this.#count(item, 1)
  }

  remove(item: Item): void {
    this.#count(item, -1)
  }

  /** A decision for others, each of whose winners has `each` units of authority by it. */
  addWinners(winners: readonly number[], each: number, one: 1 | -1 = 1): void {
    this.forOthers += one
    this.seats += winners.length * one
    for (let i = 0; i < winners.length; i++) {
      const number = winners[i] ?? 0
      this.seatsOf.add(number, one)
      this.authorityOf.add(number, each * one)
    }
  }

  addAll(other: Tally, times: 1 | -1 = 1): void {
    for (const key of SUMS) this[key] += other[key] * times
    for (const key of COUNTS) this[key].addAll(other[key], times)
  }

  #count(item: Item, one: 1 | -1): void {
    const { decision, winners } = item
    this.decisions += one
    if (item.discretionary) this.discretionary += one
    this.routes.add(item.route, one)
    if (decision.kind === 'job' || decision.kind === 'proof' || decision.kind === 'ruling') {
      this.settled += one
      if (decision.unresolved !== null) this.unresolved += one
      if (decision.overturned) this.overturned += one
    }
    if (item.split) this.split += one
    if (winners.length > 0) this.addWinners(winners, item.each, one)
    for (const number of item.computed) this.computeOf.add(number, one)
    for (const { grade } of decision.affected) this.grades.add(ALL_GRADES.indexOf(grade), one)
    if (item.introducer === undefined) return
    this.introductions += one
    this.introducedBy.add(item.introducer, one)
  }
}

const SUMS = [
  'decisions',
  'discretionary',
  'forOthers',
  'settled',
  'unresolved',
  'overturned',
  'split',
  'introductions',
  'seats',
] as const
const COUNTS = ['routes', 'grades', 'seatsOf', 'authorityOf', 'computeOf', 'introducedBy'] as const

export const byRoute = (tally: Tally): Record<(typeof ROUTES)[number], number> => {
  const entries = ROUTES.map((route, i) => [route, tally.routes.at(i)] as const)
  return Object.fromEntries(entries) as Record<(typeof ROUTES)[number], number>
}

export const byGrade = (tally: Tally): Record<(typeof ALL_GRADES)[number], number> => {
  const entries = ALL_GRADES.map((grade, i) => [grade, tally.grades.at(i)] as const)
  return Object.fromEntries(entries) as Record<(typeof ALL_GRADES)[number], number>
}

import type { Draws } from './chance.ts'
import type { Worked } from './co-votes.ts'
import { correctedSquare, LEAST_SHARED_VOTES } from './independence.ts'
import type { Item } from './item.ts'

/** Jurors whose pairs have room in one table of 16 MB: of more, those who voted most. */
const MOST_VOTERS = 1_024

/** Split cases in a table that is filled again and again: with some left out, or with the votes of each case dealt anew. */
export class DenseVotes {
  readonly #seats: readonly Int32Array[]
  readonly #votes: readonly Uint8Array[]
  readonly #voters: number
  readonly #table: Int32Array
  /** Pairs of votes in all cases. */
  readonly pairs: number

  constructor(split: readonly Item[], nameOf: (peer: number) => string) {
    const seats = seatsOf(split, nameOf)
    const kept = split.map(({ deciders, upheld }) =>
      deciders.flatMap((peer, i) => {
        const seat = seats.get(peer)
        return seat === undefined ? [] : [{ seat, vote: upheld[i] ?? 0 }]
      }),
    )
    this.#seats = kept.map((each) => Int32Array.from(each, ({ seat }) => seat))
    this.#votes = kept.map((each) => Uint8Array.from(each, ({ vote }) => vote))
    this.#voters = seats.size
    this.#table = new Int32Array(4 * seats.size * seats.size)
    this.pairs = kept.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0)
  }

  /** All cases but those whose place leaves this remainder when it is divided by the number of groups. */
  without(group: number, groups: number): Worked {
    this.#table.fill(0)
    for (const [i, seats] of this.#seats.entries())
      if (i % groups !== group) this.#add(seats, this.#votes[i] ?? NO_VOTES)
    return this.#worked()
  }

  /** Each case with its votes dealt anew to those who sat: how it was split stays, and who agrees with whom is chance. */
  dealt(draws: Draws): Worked {
    this.#table.fill(0)
    for (const [i, seats] of this.#seats.entries()) {
      const votes = (this.#votes[i] ?? NO_VOTES).slice()
      draws.shuffle(votes)
      this.#add(seats, votes)
    }
    return this.#worked()
  }

  #add(seats: Int32Array, votes: Uint8Array): void {
    const table = this.#table
    for (let i = 0; i < seats.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [seats[i] ?? 0, seats[j] ?? 0]
        const [mine, theirs] = [votes[i] ?? 0, votes[j] ?? 0]
        const at = a < b ? 4 * (a * this.#voters + b) : 4 * (b * this.#voters + a)
        table[at] = (table[at] ?? 0) + 1
        table[at + 1] = (table[at + 1] ?? 0) + (a < b ? mine : theirs)
        table[at + 2] = (table[at + 2] ?? 0) + (a < b ? theirs : mine)
        table[at + 3] = (table[at + 3] ?? 0) + mine * theirs
      }
    }
  }

  #worked(): Worked {
    const [k, table] = [this.#voters, this.#table]
    const known = new Uint8Array(k)
    let [pairs, sum, voters] = [0, 0, 0]
    for (let i = 0; i < k; i++) {
      for (let j = i + 1; j < k; j++) {
        const at = 4 * (i * k + j)
        const shared = table[at] ?? 0
        if (shared < LEAST_SHARED_VOTES) continue
        pairs++
        known[i] = known[j] = 1
        sum += correctedSquare({
          shared,
          yes: table[at + 1] ?? 0,
          theirYes: table[at + 2] ?? 0,
          bothYes: table[at + 3] ?? 0,
        })
      }
    }
    for (const is of known) voters += is
    return { voters, pairs, meanSquare: pairs === 0 ? 0 : sum / pairs }
  }
}

const NO_VOTES = new Uint8Array(0)

/** A place for each voter, in an order that depends on them alone. */
function seatsOf(split: readonly Item[], nameOf: (peer: number) => string): ReadonlyMap<number, number> {
  const votes = new Map<number, number>()
  for (const { deciders } of split) for (const peer of deciders) votes.set(peer, (votes.get(peer) ?? 0) + 1)
  const often = [...votes].filter(([, count]) => count >= LEAST_SHARED_VOTES)
  often.sort(([a, some], [b, others]) => others - some || (nameOf(a) < nameOf(b) ? -1 : 1))
  return new Map(often.slice(0, MOST_VOTERS).map(([peer], seat) => [peer, seat]))
}

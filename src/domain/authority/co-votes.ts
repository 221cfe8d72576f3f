import type { Item } from './item.ts'
import { correctedSquare, LEAST_SHARED_VOTES } from './independence.ts'
import { normalQuantile } from './normal.ts'

/**
 * How often each two jurors sat together in cases in which votes went both ways, and how often they voted alike. Sums of whole numbers:
 * no order is seen in them. Of unanimous cases nothing is counted, as they tell nobody from anybody.
 */
export class CoVotes {
  /** By the lesser number of a pair, by the greater: where its counts lie. */
  readonly #places: Map<number, number>[] = []
  #size = 0
  /** Of each pair: cases, in which the one, the other and both upheld; r² and whether it is a link, as they were last worked out. */
  #counts = new Int32Array(4 * FIRST)
  #worked = new Int32Array(FIRST)
  #linked = new Uint8Array(FIRST)
  #dirty = new Uint8Array(FIRST)
  /** What chance gives of the votes alike in these cases, and its variance, in `CHANCE_UNITS`. */
  #chance = new Float64Array(2 * FIRST)
  #ends = new Int32Array(2 * FIRST)
  #changed: number[] = []
  /** Known pairs: those with enough cases. By voter, and in all; the sum of their r². */
  readonly #knownOf: number[] = []
  #known = 0
  #voters = 0
  #sum = 0
  #limit = Infinity
  #links = 0
  #version = 0

  add(item: Item): void {
    this.#count(item, 1)
  }

  remove(item: Item): void {
    this.#count(item, -1)
  }

  /** `version` grows whenever a link comes or goes. */
  worked(): Worked & { readonly version: number } {
    this.#settle()
    return {
      voters: this.#voters,
      pairs: this.#known,
      meanSquare: this.#known === 0 ? 0 : this.#sum / SQUARE_UNITS / this.#known,
      version: this.#version,
    }
  }

  /** Pairs that vote alike beyond what chance gives. */
  links(): readonly (readonly [number, number])[] {
    this.#settle()
    const links: [number, number][] = []
    if (this.#links === 0) return links
    for (let place = 0; place < this.#size; place++)
      if (this.#linked[place] === 1) links.push([this.#ends[2 * place] ?? 0, this.#ends[2 * place + 1] ?? 0])
    return links
  }

  #count({ split, deciders, upheld }: Item, one: 1 | -1): void {
    if (!split) return
    const alike = Math.round(chanceOfAlike(upheld) * CHANCE_UNITS)
    const spread = Math.round((alike * (CHANCE_UNITS - alike)) / CHANCE_UNITS)
    for (let i = 0; i < deciders.length; i++) {
      for (let j = 0; j < i; j++) {
        const [a, b] = [deciders[i] ?? 0, deciders[j] ?? 0]
        if (a === b) continue
        const place = this.#placeOf(Math.min(a, b), Math.max(a, b))
        const [first, second] = a < b ? [upheld[i] ?? 0, upheld[j] ?? 0] : [upheld[j] ?? 0, upheld[i] ?? 0]
        const at = 4 * place
        this.#counts[at] = (this.#counts[at] ?? 0) + one
        this.#counts[at + 1] = (this.#counts[at + 1] ?? 0) + first * one
        this.#counts[at + 2] = (this.#counts[at + 2] ?? 0) + second * one
        this.#counts[at + 3] = (this.#counts[at + 3] ?? 0) + first * second * one
        this.#chance[2 * place] = (this.#chance[2 * place] ?? 0) + alike * one
        this.#chance[2 * place + 1] = (this.#chance[2 * place + 1] ?? 0) + spread * one
        if (this.#dirty[place] === 1) continue
        this.#dirty[place] = 1
        this.#changed.push(place)
      }
    }
  }

  #placeOf(low: number, high: number): number {
    const row = (this.#places[low] ??= new Map())
    const known = row.get(high)
    if (known !== undefined) return known
    const place = this.#size++
    if (place >= this.#worked.length) this.#grow()
    this.#worked[place] = UNKNOWN
    this.#ends[2 * place] = low
    this.#ends[2 * place + 1] = high
    row.set(high, place)
    return place
  }

  #grow(): void {
    const twice = 2 * this.#worked.length
    const grown = <T extends Int32Array | Float64Array | Uint8Array>(to: T, from: T): T => (to.set(from), to)
    this.#counts = grown(new Int32Array(4 * twice), this.#counts)
    this.#worked = grown(new Int32Array(twice), this.#worked)
    this.#linked = grown(new Uint8Array(twice), this.#linked)
    this.#dirty = grown(new Uint8Array(twice), this.#dirty)
    this.#chance = grown(new Float64Array(2 * twice), this.#chance)
    this.#ends = grown(new Int32Array(2 * twice), this.#ends)
  }

  #settle(): void {
    if (this.#changed.length === 0) return
    for (const place of this.#changed) this.#workOut(place)
    const limit = linkLimit(this.#known)
    const again = limit !== this.#limit
    this.#limit = limit
    if (again) for (let place = 0; place < this.#size; place++) this.#link(place)
    else for (const place of this.#changed) this.#link(place)
    for (const place of this.#changed) this.#dirty[place] = 0
    this.#changed = []
  }

  #workOut(place: number): void {
    const [shared = 0, yes = 0, theirYes = 0, bothYes = 0] = this.#counts.subarray(4 * place, 4 * place + 4)
    const before = this.#worked[place] ?? UNKNOWN
    const now =
      shared < LEAST_SHARED_VOTES
        ? UNKNOWN
        : Math.round(correctedSquare({ shared, yes, theirYes, bothYes }) * SQUARE_UNITS)
    this.#worked[place] = now
    this.#sum += (now === UNKNOWN ? 0 : now) - (before === UNKNOWN ? 0 : before)
    if ((now === UNKNOWN) === (before === UNKNOWN)) return
    const one = now === UNKNOWN ? -1 : 1
    this.#known += one
    for (const voter of [this.#ends[2 * place] ?? 0, this.#ends[2 * place + 1] ?? 0]) {
      const was = this.#knownOf[voter] ?? 0
      this.#knownOf[voter] = was + one
      if (was === 0 || was + one === 0) this.#voters += one
    }
  }

  #link(place: number): void {
    const is = this.#worked[place] !== UNKNOWN && this.#isLink(place) ? 1 : 0
    if (is === this.#linked[place]) return
    this.#links += is === 1 ? 1 : -1
    this.#linked[place] = is
    this.#version++
  }

  /** Chance-corrected agreement over `LEAST_ALIKE`, and further from chance than any of so many pairs would be by chance. */
  #isLink(place: number): boolean {
    const at = 4 * place
    const shared = this.#counts[at] ?? 0
    const alike = shared - (this.#counts[at + 1] ?? 0) - (this.#counts[at + 2] ?? 0) + 2 * (this.#counts[at + 3] ?? 0)
    const expected = (this.#chance[2 * place] ?? 0) / CHANCE_UNITS
    const excess = alike - expected
    if (excess < LEAST_ALIKE * (shared - expected)) return false
    return excess * excess > this.#limit * ((this.#chance[2 * place + 1] ?? 0) / CHANCE_UNITS)
  }
}

/** Voters of whom some pair shares enough cases, how many such pairs there are, and their mean r² without its bias. */
export interface Worked {
  readonly voters: number
  readonly pairs: number
  readonly meanSquare: number
}

/** Pairs for which there is room at first. */
const FIRST = 64
/** r² and chances are summed in such units: a sum over half a million pairs is still exact. */
const SQUARE_UNITS = 1 << 30
const CHANCE_UNITS = 1 << 20
const UNKNOWN = -1

/**
 * What a link takes of the way from chance to always alike: a half. Two who follow the same good reasons agree more than that as well, which is why chance is
 * taken from how each case was split, and not from how often each of the two upholds.
 */
const LEAST_ALIKE = 0.5
/** How likely it is that any two of all are linked by chance alone. */
const CHANCE_OF_LINK = 0.05

/** By how many standard deviations, squared, a pair of so many must be off chance. The number is rounded up to a power of two, so that it seldom moves. */
function linkLimit(pairs: number): number {
  let of = 1
  while (of < pairs) of *= 2
  const deviations = normalQuantile(1 - CHANCE_OF_LINK / of)
  return deviations * deviations
}

/** How likely two of those who voted in a case voted alike, were it any two of them. */
function chanceOfAlike(upheld: readonly number[]): number {
  const n = upheld.length
  let yes = 0
  for (const vote of upheld) yes += vote
  return (yes * (yes - 1) + (n - yes) * (n - yes - 1)) / (n * (n - 1))
}

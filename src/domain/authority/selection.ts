import type { PeerId } from '../peer-id.ts'
import { blocActors, itself, treeActors, type ActorOf } from './actors.ts'
import { CoVotes } from './co-votes.ts'
import { flipsOf, isCounted, isFlipped, RULES, type Flips } from './flips.ts'
import { itemOf, type Item } from './item.ts'
import type { Recorded, RoomFacts } from './recorded.ts'
import type { Collapse, Recipe } from './report-shape.ts'
import { COLLAPSES, type Sight } from './readings.ts'
import { isWithin, sameList, sameMap } from './lists.ts'
import { Roll } from './roll.ts'
import { Counts, Tally } from './tally.ts'
import { Windows, type Window } from './windows.ts'

/** A decision in the selection's scope. */
interface Scoped {
  readonly item: Item
  /** Place among all that were added. */
  readonly at: number
  flips: Flips
}

/**
 * Decisions in causal order, of which those count that lie in the scope, and of these the last so many. Sums over them are kept, in whole numbers, so that
 * adding, taking away and counting anew from the beginning come to the same.
 */
export class Selection<C> {
  readonly roll = new Roll()
  readonly total = new Tally()
  readonly coVotes = new CoVotes()
  readonly #recipe: Pick<Recipe, 'viewer' | 'scope' | 'window'>
  #facts: RoomFacts
  #all: Recorded[] = []
  #scoped: Scoped[] = []
  /** Place of the first that is selected. */
  #start = 0
  /** Verified computations over the whole scope, whatever the window: what a ruling's seats are weighed by. */
  #compute = new Counts()
  /** Places in decisions for others that each peer had, on either side. */
  readonly #sat = new Counts()
  readonly #flips = RULES.map(() => ({ counted: 0, flipped: 0 }))
  readonly #windows: Windows<C>
  #trusted: ReadonlySet<PeerId>
  #places: ReadonlyMap<PeerId, number>
  /** The same by number, as far as they were asked for; −1 of those that have no place. */
  #placeByNumber: number[] = []
  #unplaced = false
  #actors: Record<Collapse, ActorOf> = { peer: itself, tree: itself, bloc: itself }
  /** Decisions in which each actor won, by collapse. */
  #won: Record<Collapse, Counts> = { peer: new Counts(), tree: new Counts(), bloc: new Counts() }
  #linksSeen = 0
  #treesMoved = true
  #population: readonly number[] | undefined
  /** Grows when what a window's measures depend on beside its decisions changes. */
  context = 0
  /** Grows when a decision for others comes or goes. */
  othersMoved = 0

  constructor(recipe: Pick<Recipe, 'viewer' | 'scope' | 'window'>, facts: RoomFacts) {
    this.#recipe = recipe
    this.#facts = facts
    this.#trusted = new Set(facts.trusted)
    this.#places = placesOf(facts.seniority)
    this.#windows = new Windows((place) => this.itemAt(place))
  }

  get facts(): RoomFacts {
    return this.#facts
  }

  /** All that were added, whatever their scope. */
  get length(): number {
    return this.#all.length
  }

  /** Takes what is known of the room now. What depends on it is worked out anew, where it is other than it was. */
  know(facts: RoomFacts): void {
    const before = this.#facts
    this.#facts = facts
    const trustMoved = this.#recipe.scope === 'mine' && !sameList(before.trusted, facts.trusted)
    const aged = !sameList(before.seniority, facts.seniority)
    this.#trusted = new Set(facts.trusted)
    if (aged) {
      this.#places = placesOf(facts.seniority)
      this.#placeByNumber = []
    }
    if (trustMoved) this.#restart()
    else if (aged && (this.#unplaced || !isWithin(before.seniority, facts.seniority))) this.#flipAgain()
    if (trustMoved || aged || !sameList(before.members, facts.members)) this.#moved()
    if (!sameMap(before.trees, facts.trees)) this.#treesMoved = true
  }

  /** The next in causal order. */
  add(decision: Recorded): void {
    const at = this.#all.push(decision) - 1
    if (!decision.touches.some((peer) => this.isInScope(peer))) return
    const item = itemOf(decision, this.roll)
    const flips = this.#flipsOf(item)
    const place = this.#scoped.push({ item, at, flips }) - 1
    for (const peer of item.computed) this.#compute.add(peer, 1)
    this.#count(item, flips, 1)
    this.#windows.push(place)
    if (this.#recipe.window === 0 || this.selected <= this.#recipe.window) return
    const first = this.#start
    this.#uncount(first)
    this.#windows.shift(first)
    this.#start++
  }

  /** Takes away all but the first so many: what lies behind a decision that comes late is added again after it. */
  truncate(length: number): void {
    while ((this.#scoped.at(-1)?.at ?? -1) >= length) {
      const place = this.#scoped.length - 1
      const { item } = this.#scoped[place] ?? {}
      if (item === undefined) break
      this.#uncount(place)
      this.#windows.pop(place)
      for (const peer of item.computed) this.#compute.add(peer, -1)
      this.#scoped.pop()
      if (this.#start === 0) continue
      const back = --this.#start
      const { item: again, flips } = this.#scoped[back] ?? {}
      if (again !== undefined && flips !== undefined) this.#count(again, flips, 1)
      this.#windows.unshift(back)
    }
    this.#all.length = Math.min(this.#all.length, length)
  }

  /** How many of these come first and were added already. */
  sameUpTo(decisions: readonly Recorded[]): number {
    let same = 0
    while (same < this.#all.length && this.#all[same] === decisions[same]) same++
    return same
  }

  /** Decisions that count. */
  get selected(): number {
    return this.#scoped.length - this.#start
  }

  windows(): { readonly width: number; readonly list: readonly Window<C>[] } {
    const list = this.#windows.settled(this.#start, this.#scoped.length)
    return { width: this.#windows.width, list }
  }

  itemAt(place: number): Item {
    const scoped = this.#scoped[place]
    if (scoped === undefined) throw new RangeError(`no decision at place ${place}`)
    return scoped.item
  }

  /** Those between two places that are such. */
  within(
    { from, to }: { readonly from: number; readonly to: number },
    isSuch: (item: Item) => boolean,
  ): readonly Item[] {
    const found: Item[] = []
    for (let place = from; place < to; place++) {
      const { item } = this.#scoped[place] ?? {}
      if (item !== undefined && isSuch(item)) found.push(item)
    }
    return found
  }

  /** All that count, in causal order. */
  items(): readonly Item[] {
    return this.#scoped.slice(this.#start).map(({ item }) => item)
  }

  flips(): readonly { readonly counted: number; readonly flipped: number }[] {
    return this.#flips
  }

  /** The first `most` rulings that flip under a rule. */
  flipped(rule: number, most: number): readonly string[] {
    const found: string[] = []
    for (let place = this.#start; place < this.#scoped.length && found.length < most; place++) {
      const { item, flips } = this.#scoped[place] ?? {}
      if (item && flips !== undefined && isFlipped(flips, rule)) found.push(item.decision.entry)
    }
    return found
  }

  isInScope(peer: PeerId): boolean {
    return this.#recipe.scope === 'everything' || peer === this.#recipe.viewer || this.#trusted.has(peer)
  }

  /** What measures see. Settles blocs and trees first. */
  sight(): Sight {
    this.#settleActors()
    this.#population ??= this.#populationNow()
    return { population: this.#population, actors: this.#actors, placeOf: (peer) => this.#placeOf(peer) }
  }

  /** Decisions that an actor had a winning part in. */
  wonBy(collapse: Collapse, actor: number): number {
    return this.#won[collapse].at(actor)
  }

  #placeOf(peer: number): number | undefined {
    const place = (this.#placeByNumber[peer] ??= this.#places.get(this.roll.nameOf(peer)) ?? -1)
    return place < 0 ? undefined : place
  }

  #flipsOf(item: Item): Flips {
    if (item.upheld.length === 0) return 0
    if (item.deciders.some((peer) => this.#placeOf(peer) === undefined)) this.#unplaced = true
    return flipsOf(item, { compute: (peer) => this.#compute.at(peer), place: (peer) => this.#placeOf(peer) })
  }

  #uncount(place: number): void {
    const { item, flips } = this.#scoped[place] ?? {}
    if (item !== undefined && flips !== undefined) this.#count(item, flips, -1)
  }

  #count(item: Item, flips: Flips, one: 1 | -1): void {
    if (one === 1) this.total.add(item)
    else this.total.remove(item)
    this.coVotes[one === 1 ? 'add' : 'remove'](item)
    for (const [rule, counts] of this.#flips.entries()) {
      if (isCounted(flips, rule)) counts.counted += one
      if (isFlipped(flips, rule)) counts.flipped += one
    }
    if (item.winners.length === 0 && item.upheld.length === 0) return
    this.othersMoved++
    for (const collapse of COLLAPSES) this.#won[collapse].addEach(item.winners, this.#actors[collapse], one)
    for (const peer of item.deciders) {
      this.#sat.add(peer, one)
      if (this.#sat.at(peer) === (one === 1 ? 1 : 0)) this.#moved()
    }
  }

  #moved(): void {
    this.#population = undefined
    this.context++
  }

  #restart(): void {
    const all = this.#all.slice()
    this.truncate(0)
    for (const decision of all) this.add(decision)
  }

  #flipAgain(): void {
    const compute = this.#compute
    this.#compute = new Counts()
    this.#unplaced = false
    for (const counts of this.#flips) [counts.counted, counts.flipped] = [0, 0]
    for (const [place, scoped] of this.#scoped.entries()) {
      scoped.flips = this.#flipsOf(scoped.item)
      for (const peer of scoped.item.computed) this.#compute.add(peer, 1)
      if (place < this.#start) continue
      for (const [rule, counts] of this.#flips.entries()) {
        if (isCounted(scoped.flips, rule)) counts.counted++
        if (isFlipped(scoped.flips, rule)) counts.flipped++
      }
    }
    this.#compute = compute
  }

  #settleActors(): void {
    if (this.#treesMoved) this.#regroup('tree', treeActors(this.#facts.trees, this.roll))
    this.#treesMoved = false
    const { version } = this.coVotes.worked()
    if (this.#linksSeen === version) return
    this.#linksSeen = version
    const blocOf = blocActors(this.coVotes.links(), this.roll)
    // A link within a bloc makes no other bloc.
    for (let peer = 0; peer < this.roll.size; peer++)
      if (blocOf(peer) !== this.#actors.bloc(peer)) return this.#regroup('bloc', blocOf)
  }

  #regroup(collapse: Collapse, actorOf: ActorOf): void {
    this.#actors = { ...this.#actors, [collapse]: actorOf }
    const won = new Counts()
    for (let place = this.#start; place < this.#scoped.length; place++)
      won.addEach(this.itemAt(place).winners, actorOf, 1)
    this.#won = { ...this.#won, [collapse]: won }
    this.context++
  }

  #populationNow(): readonly number[] {
    const numbers = new Set<number>()
    for (const member of this.#facts.members) if (this.isInScope(member)) numbers.add(this.roll.numberOf(member))
    for (let peer = 0; peer < this.roll.size; peer++) if (this.#sat.at(peer) > 0) numbers.add(peer)
    return this.roll.inOrder(numbers)
  }
}

const placesOf = (names: readonly PeerId[]): ReadonlyMap<PeerId, number> =>
  new Map(names.map((name, place) => [name, place]))

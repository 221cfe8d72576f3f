import type { PeerId } from '../peer-id.ts'
import { MAX_LOGS, MAX_WEIGHT, SHARE } from './limits.ts'

/** What is measured where the room is full: each log alike, or by weight. */
export type Measure = 'logs' | 'weight'

interface Place {
  readonly author: PeerId
  /** Whoever came later has the greater one. */
  readonly order: number
  weight: number
  /** How many charters it has signed. */
  consents: number
}

/** How much a place is worth, the least first: of a key that signed no charter, of one that did, of one that somebody vouches for, of one that leads back to whom this peer trusts. */
type Rank = 0 | 1 | 2 | 3

interface Family {
  readonly introducer: ReadonlyMap<PeerId, PeerId>
  readonly introduced: ReadonlyMap<PeerId, readonly PeerId[]>
  /** The first introducer above each; `''` of all whom nobody vouches for and who vouch for nobody: they share one fate. */
  readonly tree: ReadonlyMap<PeerId, PeerId>
  readonly rank: ReadonlyMap<PeerId, Rank>
}

const STRANGERS = ''

/**
 * Who has a place in a full room. A key that comes takes the place only of one that is worth no more; of those the family that holds the
 * most gives way: the keys of one introducer are a family, its branches are families in it, and all whom nobody vouches for are one. So a thousand
 * keys of one hand push out each other, under whomever they stand. Among equals whoever came first stays. Whom this peer trusts, and itself,
 * never give way.
 */
export class Places {
  readonly #isKept: (author: PeerId) => boolean
  readonly #places = new Map<PeerId, Place>()
  /** By whom they are vouched for, in the order in which that was heard. */
  readonly #vouchers = new Map<PeerId, Set<PeerId>>()
  #weight = 0
  #came = 0
  #family: Family | undefined

  constructor(isKept: (author: PeerId) => boolean) {
    this.#isKept = isKept
  }

  get weight(): number {
    return this.#weight
  }

  get size(): number {
    return this.#places.size
  }

  add(author: PeerId): void {
    this.#places.set(author, { author, order: this.#came++, weight: 0, consents: 0 })
    this.#family = undefined
  }

  remove(author: PeerId): void {
    this.#weigh(author, -(this.#places.get(author)?.weight ?? 0))
    this.#places.delete(author)
    this.#family = undefined
  }

  grow(author: PeerId, weight: number): void {
    this.#weigh(author, weight)
  }

  consents(author: PeerId, does: boolean): void {
    const place = this.#places.get(author)
    if (place === undefined) return
    place.consents += does ? 1 : -1
    this.#family = undefined
  }

  vouches(author: PeerId, target: PeerId, does: boolean): void {
    const vouchers = this.#vouchers.get(target) ?? new Set()
    if (does) this.#vouchers.set(target, vouchers.add(author))
    else if (vouchers.delete(author) && vouchers.size === 0) this.#vouchers.delete(target)
    this.#family = undefined
  }

  /** 0 to 4: whose heads are worth naming before others'. */
  rankOf(author: PeerId): number {
    return this.#isKept(author) ? 4 : (this.#families().rank.get(author) ?? 0)
  }

  /** Who gives way to an entry of `author` that weighs so much, or to its log; undefined where nobody does. */
  givesWay(author: PeerId, measure: Measure, weight = 1): PeerId | undefined {
    const { rank, tree, introduced, introducer } = this.#families()
    // a newcomer has no place yet: it stands under the first who vouches for it
    const voucher = introducer.get(author) ?? this.#voucherOf(author)
    const above = voucher === undefined ? STRANGERS : tree.get(voucher) || voucher
    const own = tree.get(author) ?? above
    const isKnown = voucher !== undefined && (this.#isKept(voucher) || rank.get(voucher) === 3)
    const ownRank = rank.get(author) ?? (voucher === undefined ? 0 : isKnown ? 3 : 2)
    const isKept = this.#isKept(author)
    const worth = (place: Place) => (measure === 'logs' ? 1 : place.weight)
    const candidates = [...this.#places.values()].filter(
      (place) =>
        !this.#isKept(place.author) && place.author !== voucher && (isKept || (rank.get(place.author) ?? 0) <= ownRank),
    )
    const totals = new Map<PeerId, number>()
    const count = (name: PeerId, more: number) => totals.set(name, (totals.get(name) ?? 0) + more)
    for (const place of candidates) count(tree.get(place.author) ?? STRANGERS, worth(place))
    if (!isKept) count(own, weight)
    const heaviest = greatest([...totals.keys()], (name) => totals.get(name) ?? 0)
    if (heaviest === undefined) return undefined
    if (heaviest !== own && !isKept && ownRank < 3) {
      const share = (measure === 'logs' ? MAX_LOGS : MAX_WEIGHT) / SHARE
      if (own !== STRANGERS && (totals.get(own) ?? 0) > share) return undefined
    }
    const victim =
      heaviest === STRANGERS
        ? worst(
            candidates.filter((place) => (tree.get(place.author) ?? STRANGERS) === STRANGERS),
            measure,
          )
        : this.#heaviestUnder(heaviest, candidates, {
            introduced,
            worth,
            newcomer: voucher === undefined ? undefined : { author, voucher, weight },
          })
    if (victim === undefined || victim.author === author) return undefined
    const mine = (this.#places.get(author)?.weight ?? 0) + weight
    const rankOf = (name: PeerId) => rank.get(name) ?? 0
    // among equals whoever came first, or holds less, stays
    if (heaviest === STRANGERS && own === STRANGERS && !isKept) {
      if (measure === 'logs' && rankOf(victim.author) >= ownRank) return undefined
      if (measure === 'weight' && victim.weight <= mine) return undefined
    }
    return victim.author
  }

  #heaviestUnder(
    root: PeerId,
    candidates: readonly Place[],
    {
      introduced,
      worth,
      newcomer,
    }: {
      introduced: ReadonlyMap<PeerId, readonly PeerId[]>
      worth: (place: Place) => number
      newcomer: { author: PeerId; voucher: PeerId; weight: number } | undefined
    },
  ): Place | undefined {
    const own = new Map(candidates.map((place) => [place.author, worth(place)]))
    const isNew = newcomer !== undefined && !this.#places.has(newcomer.author)
    if (newcomer) own.set(newcomer.author, (own.get(newcomer.author) ?? 0) + newcomer.weight)
    const childrenOf = (author: PeerId): readonly PeerId[] => [
      ...(introduced.get(author) ?? []),
      ...(isNew && newcomer.voucher === author ? [newcomer.author] : []),
    ]
    const sums = new Map<PeerId, number>()
    const stack = [root]
    for (let at = 0; at < stack.length; at++) stack.push(...childrenOf(stack[at] ?? root))
    for (const author of stack.toReversed()) {
      const below = childrenOf(author).reduce((sum, child) => sum + (sums.get(child) ?? 0), 0)
      sums.set(author, below + (own.get(author) ?? 0))
    }
    const sumOf = (author: PeerId) => sums.get(author) ?? 0
    const cameAt = (author: PeerId) => this.#places.get(author)?.order ?? Infinity
    let at = root
    for (let step = 0; step < stack.length; step++) {
      const children = childrenOf(at).filter((child) => sumOf(child) > 0)
      const heaviest = greatest(children, sumOf)
      if (heaviest === undefined) break
      // whoever introduces many small families has made one of those
      const small = children.filter((child) => 2 * sumOf(child) < sumOf(heaviest))
      const together = small.reduce((sum, child) => sum + sumOf(child), 0)
      if (Math.max(sumOf(heaviest), together) < (own.get(at) ?? 0)) break
      at = together > sumOf(heaviest) ? (greatest(small, cameAt) ?? heaviest) : heaviest
    }
    if (newcomer && at === newcomer.author) return undefined
    return own.has(at) ? this.#places.get(at) : undefined
  }

  #voucherOf(author: PeerId): PeerId | undefined {
    for (const voucher of this.#vouchers.get(author) ?? []) if (this.#places.has(voucher)) return voucher
    return undefined
  }

  #weigh(author: PeerId, weight: number): void {
    const place = this.#places.get(author)
    if (place === undefined) return
    place.weight += weight
    this.#weight += weight
  }

  /** Every place under one introducer at most: from those whom this peer trusts outwards, then from whoever came first. */
  #families(): Family {
    if (this.#family) return this.#family
    const introducer = new Map<PeerId, PeerId>()
    const introduced = new Map<PeerId, PeerId[]>()
    const tree = new Map<PeerId, PeerId>()
    const rank = new Map<PeerId, Rank>()
    const vouched = new Map<PeerId, PeerId[]>()
    for (const [target, vouchers] of this.#vouchers) {
      if (!this.#places.has(target)) continue
      for (const voucher of vouchers) {
        const targets = vouched.get(voucher)
        if (targets) targets.push(target)
        else vouched.set(voucher, [target])
      }
    }
    const grow = (root: Place, below: Rank) => {
      if (tree.has(root.author)) return
      tree.set(root.author, root.author)
      const reached = [root.author]
      for (let at = 0; at < reached.length; at++) {
        const by = reached[at] ?? root.author
        for (const target of vouched.get(by) ?? []) {
          if (tree.has(target)) continue
          tree.set(target, root.author)
          rank.set(target, below)
          introducer.set(target, by)
          const others = introduced.get(by)
          if (others) others.push(target)
          else introduced.set(by, [target])
          reached.push(target)
        }
      }
      if (reached.length === 1) tree.set(root.author, STRANGERS)
    }
    const all = [...this.#places.values()]
    for (const place of all) if (this.#isKept(place.author)) grow(place, 3)
    const isVouched = ({ author }: Place) => this.#voucherOf(author) !== undefined
    for (const place of [...all.filter((each) => !isVouched(each)), ...all]) {
      if (!tree.has(place.author)) rank.set(place.author, place.consents > 0 ? 1 : 0)
      grow(place, 2)
    }
    this.#family = { introducer, introduced, tree, rank }
    return this.#family
  }
}

/** The last of the greatest. */
function greatest(names: readonly PeerId[], of: (name: PeerId) => number): PeerId | undefined {
  let found: PeerId | undefined
  for (const name of names) if (found === undefined || of(name) >= of(found)) found = name
  return found
}

/** Of those whom nobody vouches for: whoever holds the most; of logs one that signed no charter, and of those the last to come. */
function worst(places: readonly Place[], measure: Measure): Place | undefined {
  let found: Place | undefined
  for (const place of places) {
    const worse =
      found === undefined ||
      (measure === 'weight'
        ? place.weight >= found.weight
        : Math.min(place.consents, 1) < Math.min(found.consents, 1) ||
          (Math.min(place.consents, 1) === Math.min(found.consents, 1) && place.order > found.order))
    if (worse) found = place
  }
  return found
}

import { hex } from '../bytes.ts'
import { charterBook, type CharterBook } from '../charter/charter-book.ts'
import { turnsByPeer, type Turns } from '../charter/members.ts'
import { cidOfDigest } from '../cids.ts'
import type { Charter } from '../charter/charter.ts'
import type { Signed } from '../envelope.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { Finding, Found, Records } from './finding.ts'
import { KnownTurns } from './known-turns.ts'
import { JOB, mattersTouchedBy, PROPOSALS, workOut, type Matter } from './matters.ts'
import type { Act, Recorded } from './recorded.ts'
import type { Report } from './report-shape.ts'
import { treesIn } from './seen-trees.ts'

/** What decisions are read by, beside the entries. */
export interface DecisionRules {
  readonly viewer: PeerId
  /** The charter in force: introducer trees begin with its authors, where it names any. */
  readonly charter: Charter
  /** Whether a signature inside a contest holds: its caller has them checked. */
  readonly verified: (signed: Signed) => boolean
  /** Whether a default of that name is somebody's to choose, or only says what each tab has of its own; undefined where there is none. */
  readonly defaultNamed: (key: string) => 'choice' | 'statement' | undefined
}

/** What was decided, in causal order; what is held and does not count. */
export interface Decisions {
  readonly decisions: readonly Recorded[]
  /** By reason, the most frequent first. */
  readonly marked: Report['marked']
  /** Proposals that had their sponsors. */
  readonly agenda: readonly Act[]
}

export const decisionsOf = (ledger: LedgerView, rules: DecisionRules): Decisions => new DecisionBook(rules).read(ledger)

/**
 * The decisions of one room as it goes on. What is read again after some entries came, came late or went is equal to what is read anew; only the
 * matters that they touch are worked out again, and a decision that comes out as it was is the same object.
 */
export class DecisionBook {
  readonly #rules: DecisionRules
  readonly #known = new KnownTurns()
  readonly #names = new Map<string, PeerId>()
  readonly #matters = new Map<Matter, Found>()
  #order: readonly ReadEntry[] = []
  /** By place in the order: what the entry there was found to be. */
  #findingAt: (Finding | undefined)[] = []
  /** Places of those entries that can be decisions, by name. */
  readonly #placeOf = new Map<string, number>()
  #book: CharterBook = new Map()
  #turns: Turns = new Map()
  #trees: ReadonlyMap<PeerId, PeerId> = new Map()

  constructor(rules: DecisionRules) {
    this.#rules = rules
  }

  read(ledger: LedgerView): Decisions {
    const order = ledger.inOrder()
    const same = sameUpTo(this.#order, order)
    const [came, went] = [order.slice(same), this.#order.slice(same)]
    if (came.length > 0 || went.length > 0) {
      this.#order = order
      this.#follow(ledger, { same, came, went })
    }
    return this.#decisions()
  }

  #follow(
    ledger: LedgerView,
    { same, came, went }: { same: number; came: readonly ReadEntry[]; went: readonly ReadEntry[] },
  ): void {
    const moved = [...came, ...went]
    const turnsMoved = moved.some(({ entry }) => MOVES_TURNS.has(entry.type))
    const treesMoved = turnsMoved || moved.some(({ entry }) => MOVES_TREES.has(entry.type))
    const booksMoved = turnsMoved || moved.some(({ entry }) => entry.type === 'PROPOSE')
    if (turnsMoved) this.#turns = turnsByPeer(ledger)
    if (treesMoved) this.#trees = treesIn(ledger, { ...this.#rules, turns: this.#turns }).trees
    this.#known.follow(this.#order, this.#turns, same)
    const book = booksMoved ? charterBook(ledger, this.#turns) : this.#book
    const booksDiffer = book.size !== this.#book.size || [...book.keys()].some((id) => !this.#book.has(id))
    this.#book = book

    const before = this.#replace(ledger, { same, came, went })
    const touched = new Set<Matter>(moved.flatMap((read) => mattersTouchedBy(ledger, read)))
    const isGone = went.some(({ name }) => ledger.get(name) === undefined)
    for (const [matter, { isOpen }] of this.#matters)
      if (isOpen || booksDiffer || (isGone && matter.startsWith(JOB))) touched.add(matter)
    if (treesMoved) touched.add(PROPOSALS)
    const records = this.#recordsOf(ledger)
    // An entry may have gone from one matter to another: all that was found is taken back before anything is put.
    for (const matter of touched)
      for (const name of this.#matters.get(matter)?.findings.keys() ?? []) this.#put(name, undefined, before)
    for (const matter of touched) {
      const found = workOut(records, matter)
      this.#matters.set(matter, found)
      for (const [name, finding] of found.findings) this.#put(name, finding, before)
    }
  }

  /** Gives what came its places. What was found of entries that moved is given back by name: it may hold still. */
  #replace(
    ledger: LedgerView,
    { same, came, went }: { same: number; came: readonly ReadEntry[]; went: readonly ReadEntry[] },
  ): Map<string, Finding> {
    const before = new Map<string, Finding>()
    for (const [i, { name }] of went.entries()) {
      const finding = this.#findingAt[same + i]
      if (finding !== undefined) before.set(name, finding)
      if (ledger.get(name) === undefined) this.#placeOf.delete(name)
    }
    this.#findingAt.length = same
    for (const [i, read] of came.entries()) {
      this.#findingAt.push(before.get(read.name))
      if (CAN_DECIDE.has(read.entry.type)) this.#placeOf.set(read.name, same + i)
    }
    return before
  }

  #put(name: string, finding: Finding | undefined, before: Map<string, Finding>): void {
    const place = this.#placeOf.get(name)
    if (place === undefined) return
    const was = this.#findingAt[place] ?? before.get(name)
    if (was !== undefined) before.set(name, was)
    this.#findingAt[place] = was !== undefined && finding !== undefined && isSame(was, finding) ? was : finding
  }

  #decisions(): Decisions {
    const decisions: Recorded[] = []
    const reasons = new Map<string, number>()
    for (const finding of this.#findingAt) {
      if (finding?.kind === 'decision') decisions.push(finding.decision)
      if (finding?.kind === 'marked') reasons.set(finding.why, (reasons.get(finding.why) ?? 0) + 1)
    }
    return {
      decisions,
      marked: [...reasons]
        .map(([why, entries]) => ({ why, entries }))
        .toSorted((a, b) => b.entries - a.entries || (a.why < b.why ? -1 : 1)),
      agenda: this.#matters.get(PROPOSALS)?.agenda ?? [],
    }
  }

  #recordsOf(ledger: LedgerView): Records {
    const { verified, defaultNamed } = this.#rules
    const charters = new Map<string, Charter | undefined>()
    return {
      ledger,
      turns: this.#turns,
      book: this.#book,
      trees: this.#trees,
      verified,
      defaultNamed,
      charterOf: (digest) => {
        const key = hex(digest)
        if (!charters.has(key)) charters.set(key, this.#book.get(cidOfDigest(digest))?.charter)
        return charters.get(key)
      },
      consent: (read, peer) => this.#known.consent(read, peer, read.entry.charter),
      nameOf: (key) => {
        const text = hex(key)
        const known = this.#names.get(text)
        if (known !== undefined) return known
        const name = peerIdFromKey(key)
        this.#names.set(text, name)
        return name
      },
    }
  }
}

const MOVES_TURNS: ReadonlySet<string> = new Set(['CONSENT', 'FORK', 'EXIT'])
const MOVES_TREES: ReadonlySet<string> = new Set(['VOUCH', 'REVOKE', 'CONSENT', 'FORK', 'EXIT'])

const CAN_DECIDE: ReadonlySet<string> = new Set([
  'RECEIPT',
  'PROVEN',
  'RULING',
  'VOUCH',
  'DEFAULT_SET',
  'PROPOSE',
  'FORK',
])

const isSame = (a: Finding, b: Finding): boolean => JSON.stringify(a) === JSON.stringify(b)

/** How many from the beginning are the same entries. */
function sameUpTo(before: readonly ReadEntry[], now: readonly ReadEntry[]): number {
  const most = Math.min(before.length, now.length)
  let same = 0
  while (same < most && before[same] === now[same]) same++
  return same
}

import type { Charter } from '../charter/charter.ts'
import type { Turns } from '../charter/members.ts'
import type { CharterBook } from '../charter/charter-book.ts'
import type { Signed } from '../envelope.ts'
import type { Grade, ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import type { Act, Recorded } from './recorded.ts'

/** What an entry is found to be: a decision; or something that is held and does not count, and why. */
export type Finding =
  | { readonly kind: 'decision'; readonly decision: Recorded }
  | { readonly kind: 'marked'; readonly why: string }

/** By entry, in hexadecimal. What decides nothing, and adds nothing to what another entry says, is not there. */
export type Findings = ReadonlyMap<string, Finding>

/** All that findings are worked out from. */
export interface Records {
  readonly ledger: LedgerView
  readonly turns: Turns
  readonly book: CharterBook
  /** The charter with that digest; undefined where its text is not held. */
  readonly charterOf: (digest: Uint8Array) => Charter | undefined
  /** How a peer stood to the charter that an entry names, by what lies before that entry. */
  readonly consent: (read: ReadEntry, peer: PeerId) => Grade | 'none'
  readonly nameOf: (key: Uint8Array) => PeerId
  /** The root of each introduced key's tree, as the viewer sees them. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
  /** Whether a signature inside a contest holds. */
  readonly verified: (signed: Signed) => boolean
  /** Whether a default of that name is somebody's to choose, or only says what each tab has of its own; undefined where there is none. */
  readonly defaultNamed: (key: string) => 'choice' | 'statement' | undefined
}

/** Findings of several entries, and the proposals among them that had their sponsors. */
export interface Found {
  readonly findings: Findings
  readonly agenda?: readonly Act[]
  /** Something that is not held yet could change them. */
  readonly isOpen?: boolean
}

export const NO_CHARTER = 'the charter that it names is not held here'

export const found = (decision: Recorded): Finding => ({ kind: 'decision', decision })
export const marked = (why: string): Finding => ({ kind: 'marked', why })

/** A decision by its author alone, and about it unless more is said. */
export const decided = (read: ReadEntry, said: Partial<Recorded> & Pick<Recorded, 'kind' | 'route'>): Recorded => ({
  entry: read.name,
  weight: 1,
  quota: 0,
  deciders: [],
  affected: [],
  overturned: false,
  unresolved: null,
  contest: null,
  touches: [read.author],
  votes: [],
  computed: [],
  ...said,
})

/** What only its author decided. */
export const byItself = (read: ReadEntry, said: Partial<Recorded> & Pick<Recorded, 'kind'>): Recorded =>
  decided(read, { route: 'requester', quota: 1, deciders: [{ peer: read.author, won: true }], ...said })

import type { Report, Scope, Uncertainty } from '../domain/authority/report-shape.ts'
import type { Charter } from '../domain/charter/charter.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { Fault } from '../domain/fault.ts'
import type { ContestClass, Grade, Undecided, Vote } from '../domain/ledger/entry.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Band } from '../domain/authority/report-shape.ts'

/** A charter as a person reads it. */
export interface CharterView {
  /** Its CID. */
  readonly id: string
  readonly charter: Charter
  /** Members who go by it now, and how this peer stands to it. */
  readonly members: number
  readonly mine: Grade | 'none'
  /** Those members by how they came to sign, as each of them said. */
  readonly grades: Readonly<Record<Grade, number>>
  /** Authors who signed it as such; others are named only. */
  readonly signedBy: readonly PeerId[]
  /** What whoever joins must be told: sentences. */
  readonly labels: readonly string[]
  /** Whether it is shipped with the app: the one that a new tab opens with. */
  readonly shipped: boolean
}

/** One clause on which two charters differ. */
export interface DifferenceView {
  /** `3.2`, and the path in the charter: `jury.threshold`. */
  readonly clause: string
  readonly path: string
  readonly name: string
  readonly before: string
  readonly after: string
  /** What it changes, in a sentence; empty where the values say it. */
  readonly means: string
}

/** One of three ways in which the signatures under a proposal are counted. */
export interface CountView {
  readonly way: 'raw' | 'introducers' | 'your-trust'
  readonly signed: number
  readonly of: number
  readonly needed: number
  readonly passes: boolean
}

export interface ProposalView {
  /** Of the PROPOSE entry, hexadecimal. */
  readonly id: string
  readonly charter: string
  readonly parent: string
  readonly title: string
  readonly proposer: PeerId
  readonly reason: string
  readonly sponsors: readonly PeerId[]
  readonly sponsorsNeeded: number
  readonly phase: 'proposed' | 'notice' | 'signing' | 'ratified' | 'lapsed'
  /** By this device's clock; absent where it does not apply. */
  readonly signableAt?: Date
  readonly counts: readonly CountView[]
  readonly mySignature: boolean
  readonly mySponsorship: boolean
}

/** What keeping one's history comes to when one goes by another charter: shown before it is done. */
export interface ForkPreview {
  readonly differences: readonly DifferenceView[]
  readonly labels: readonly string[]
  /** Of the peers whom this one trusts, and of those who host its models: how many go by that charter already, of how many. */
  readonly trust: { readonly kept: number; readonly of: number }
  readonly hosts: { readonly kept: number; readonly of: number }
  /** Entries that come along, and how many of them are proven facts, and rulings that are shown as the parent's. */
  readonly history: { readonly entries: number; readonly proofs: number; readonly rulings: number }
  /** Cases of this peer that end under the old charter. */
  readonly openCases: number
}

/** One seat of a jury. */
export interface SeatView {
  readonly peer: PeerId
  readonly nickname: string
  /** Whose tree it sits for. */
  readonly tree: PeerId
  readonly state: 'summoned' | 'serves' | 'declined' | 'absent' | 'committed' | 'revealed'
  /** Once revealed. */
  readonly vote?: Vote
  readonly reason?: string
  readonly isReplacement: boolean
}

export interface LevelView {
  readonly level: number
  readonly size: number
  readonly pool: number
  /** Share of each side's trust that lies in the pool. */
  readonly overlap: { readonly requester: number; readonly executors: number }
  readonly linksOpened: readonly PeerId[]
  readonly linksMissing: readonly PeerId[]
  /** Of these: who wrote something else meanwhile, and may not appeal. The others were not heard of, and may. */
  readonly linksWithheld: readonly PeerId[]
  readonly seats: readonly SeatView[]
  readonly ruling?: {
    /** Of the RULING entry, hexadecimal. */
    readonly id: string
    readonly outcome: 'upheld' | 'dismissed' | 'unresolved'
    readonly why?: Undecided
    readonly for: number
    readonly against: number
    readonly clause: string
    readonly affected: readonly { readonly peer: PeerId; readonly grade: Grade | 'none' }[]
    readonly dissents: readonly { readonly peer: PeerId; readonly note: string }[]
    /** What re-running the operator says, where that contradicts the ruling. */
    readonly refuted?: { readonly proof: string; readonly operator?: string }
  }
}

/** A contest that arithmetic cannot settle, and its jury. */
export interface CaseView {
  /** Of the CONTEST entry, hexadecimal. */
  readonly id: string
  readonly job: string
  readonly class: ContestClass
  readonly claim: string
  readonly charter: { readonly id: string; readonly title: string; readonly version: number }
  readonly contestant: PeerId
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly phase: 'opening' | 'summoning' | 'voting' | 'revealing' | 'ruled' | 'unresolved' | 'refused'
  /** Why it does not count, where it is refused. */
  readonly refusedFor?: string
  readonly levels: readonly LevelView[]
  /** What this peer is in it, and what it is asked for. */
  readonly role: 'requester' | 'executor' | 'juror' | 'bystander'
  readonly asks: readonly ('serve' | 'vote' | 'appeal' | 'dissent')[]
  /** Why this party may not appeal, where it may not. */
  readonly forfeited?: string
  /** What happens after the last level, in words: `appeal to five`, `fork`. */
  readonly next: 'appeal' | 'fork' | 'none'
  readonly openedAt: Date
}

/** What a juror is shown: the job's record, as far as a party gave it. */
export interface CaseFile {
  /** The receipt file itself. */
  readonly file: Uint8Array
  readonly checked: CheckedReceipt
  readonly manifest: Manifest
  readonly input?: Tensors
  readonly outputs: readonly {
    readonly peers: readonly PeerId[]
    readonly output?: Tensors
    readonly returned: boolean
  }[]
}

/** A choice that somebody made for those who made none. */
export interface DefaultView {
  readonly key: string
  readonly name: string
  readonly group: string
  readonly value: string
  readonly setBy: string
  /** `code`, or the charter's clause. */
  readonly clause: string
  readonly since: string
  readonly alternatives: readonly string[]
  /** U: share running it unchanged; A: share who affirmed it after seeing the alternatives; of how many. */
  readonly unchanged: number
  readonly affirmed: number
  readonly of: number
  /** What this device runs, where it is something else; whether this peer affirmed it. */
  readonly mine?: string
  readonly affirmedByMe: boolean
}

export interface TrustView {
  /** Whom this peer vouches for, and who vouches for it. */
  readonly vouched: readonly PeerId[]
  readonly vouchedBy: readonly PeerId[]
  /** Introducer trees of the room, by root, with their members. */
  readonly trees: readonly { readonly root: PeerId; readonly members: number }[]
  /** Its own trust in others, the greatest first, 0..1: the first 64. */
  readonly weights: readonly { readonly peer: PeerId; readonly weight: number; readonly tree?: PeerId }[]
}

/** How a room is governed, as far as this peer holds its records. */
export interface GovernanceView {
  /** False until what is stored has been read and neighbours were asked for this key's own log. */
  readonly ready: boolean
  /** Why this key signs nothing more, where that is so. */
  readonly fault?: Fault
  readonly ledger: {
    readonly entries: number
    readonly logs: number
    readonly own: number
    readonly root: string
    readonly coverage: { readonly held: number; readonly known: number }
    /** Logs that forked: one key, two entries for one place; cause unknown. */
    readonly forks: readonly { readonly peer: PeerId; readonly seq: number }[]
  }
  /** What this peer goes by, then all others that are known here. */
  readonly charters: readonly CharterView[]
  readonly proposals: readonly ProposalView[]
  /** Charters that name this peer as an author who has not signed yet, by CID. */
  readonly invitations: readonly string[]
  /** Open ones first, then the newest. */
  readonly cases: readonly CaseView[]
  readonly trust: TrustView
}

/** What a person, or a Node peer with a policy, does about how a room is governed. Everything that is said is signed and stays with others. */
export interface Governance {
  readonly view: GovernanceView
  vouch(peer: PeerId, vouched: boolean): Promise<void>
  defaults(): Promise<readonly DefaultView[]>
  /** Says that this peer keeps a default, having seen the alternatives; or that it runs another value. */
  affirm(key: string): Promise<void>
  setDefault(key: string, value: string): Promise<void>
  /** Rejects with `MALFORMED` where one of them is not known here. */
  compare(before: string, after: string): Promise<readonly DifferenceView[]>
  /** What going by this charter would change, and what would come along. Rejects with `MALFORMED` where it is none. */
  preview(charter: Charter | string): Promise<ForkPreview>
  /** Signs a charter as a fork of the one in force. Gives its CID; the peer goes by it once it has joined again under it. */
  fork(charter: Charter): Promise<string>
  propose(charter: Charter, reason: string): Promise<void>
  sponsor(proposal: string): Promise<void>
  /** Signs a charter that is known here. The peer goes by it once it has joined again under it. */
  sign(charter: string, grade: Grade): Promise<void>
  /** Leaves the charter in force: from then on this peer signs nothing under it, until it signs it again by joining. */
  exit(): Promise<void>
  /** Contests a job of this peer's over what arithmetic cannot settle. Gives the case. Rejects with `CONTEST_REFUSED`. */
  contest(job: string, about: Exclude<ContestClass, 'arithmetic'>, claim: string): Promise<string>
  /** What a party shows to whoever sits. Rejects with `UNREACHABLE`. */
  caseFile(contest: string, options?: { signal?: AbortSignal }): Promise<CaseFile>
  serve(contest: string, serves: boolean): Promise<void>
  vote(contest: string, vote: Vote, reason: string): Promise<void>
  appeal(contest: string): Promise<void>
  dissent(contest: string, note: string): Promise<void>
  /** Where authority settled: point values now, what chance predicts from a worker. As this peer sees it, or as another would. */
  report(options: { window: number; scope: Scope; viewer?: PeerId }): Promise<Report>
  uncertainty(report: Report, options?: { signal?: AbortSignal }): Promise<Uncertainty>
  /** Runs the report again from the records alone; says whether it comes out equal, to the byte, and how long it took. */
  recompute(report: Report): Promise<{ readonly equal: boolean; readonly ms: number; readonly digest: string }>
  /** An entry as it is held, for whoever opens a number's recipe: its type, author, place and what it says. */
  entry(
    id: string,
  ): Promise<
    { readonly type: string; readonly author: PeerId; readonly seq: number; readonly body: string } | undefined
  >
  /** All records of the room in one file. */
  exportLedger(): Promise<Uint8Array>
  importLedger(file: Uint8Array): Promise<{ readonly added: number; readonly refused: number }>
  /**
   * Ends this key's log here, and gives the file that moves it: all records of the room, and the key. From then on nothing that is
   * to be signed with it here is (`KEY_MOVED`). Rejects with `KEY_NOT_MOVED` where its key is not this peer's to give.
   */
  moveKey(): Promise<Uint8Array>
  /**
   * Ends this key's log here, and deletes the key from this device: to be called once its file is in a person's hands, and before leaving.
   * Rejects with `STORAGE_UNAVAILABLE`: then the key is still here, and must not be used anywhere else.
   */
  forgetKey(): Promise<void>
}

export type { Band, Report, Scope, Uncertainty }

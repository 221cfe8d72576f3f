import type { Fault } from './fault.ts'
import type { Ticket } from './lot.ts'
import type { Numerics } from './agreement.ts'
import type { Message, MessageOf, Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import type { Tensors } from './tensor.ts'
import type { Claim, Verdict } from './verdict.ts'

/**
 * One attempt at a job, as the requester holds it: OFFERED → AWARDED → COMMITTED → ENDED. `step` in `job` is the
 * whole of its rules. Time and randomness arrive inside events; effects are data. Every message was read and its signature checked
 * before it got here.
 */
export type Job = Offered | Awarded | Committed | Ended

interface Common {
  readonly offer: Read<MessageOf<'offer'>>
  /** ρ_lot: nobody else knows it before the AWARD. */
  readonly secret: Uint8Array
  readonly numerics: Numerics
  readonly openedAt: number
  readonly accepts: readonly Read<MessageOf<'accept'>>[]
  readonly declines: readonly Read<MessageOf<'decline'>>[]
}

export interface Offered extends Common {
  readonly phase: 'offered'
  /** Whose answers the window waits for. */
  readonly candidates: readonly PeerId[]
  /** Introducer trees at the offer's ledger root: of each peer that has one, its root. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
}

/** One executor at work: seated, then bound by a commit, then open. */
export interface Seat extends Ticket {
  readonly since: number
  readonly lastSign: number
  readonly commit?: Read<MessageOf<'commit'>>
  readonly reveal?: Read<MessageOf<'reveal'>>
  /** What was revealed, once it opened the commit. */
  readonly claim?: Claim
}

export interface Awarded extends Common {
  readonly phase: 'awarded'
  readonly job: Uint8Array
  /** The lot's order, of all who accepted. */
  readonly order: readonly Ticket[]
  readonly seats: readonly Seat[]
  /** Who accepted after the draw: not in this lot, but here. */
  readonly late: readonly PeerId[]
  /** Who left after the award, seated or not. */
  readonly absent: readonly PeerId[]
}

export interface Committed extends Omit<Awarded, 'phase'> {
  readonly phase: 'committed'
  readonly committedAt: number
  /** Digest of the COMMIT-SET. */
  readonly set: Uint8Array
}

export interface Ended extends Common {
  readonly phase: 'ended'
  readonly outcome: Outcome
}

/** Why an attempt is asked again. `who` is not there where nobody was. */
export type AgainReason =
  | 'nobody-accepted'
  | 'nobody-committed'
  | 'short-handed'
  | 'withdrew'
  | 'no-reveal'
  | 'false-reveal'

/** Those whose leaving after the COMMIT-SET broke an attempt off: they are not asked again. A decline is no blame, and still an end. */
export const EXCLUDING: readonly AgainReason[] = ['withdrew', 'no-reveal', 'false-reveal']

export type Outcome =
  | {
      readonly kind: 'decided'
      readonly verdict: Verdict
      readonly job: Uint8Array
      readonly seats: readonly Seat[]
      readonly accepts: Common['accepts']
    }
  | {
      readonly kind: 'again'
      readonly reason: AgainReason
      readonly job?: Uint8Array
      readonly who: readonly PeerId[]
      /** A reveal that does not open the commit of its author, which its two signatures prove. */
      readonly falsehood?: Read<MessageOf<'reveal'>>
    }
  | { readonly kind: 'lost'; readonly fault: Fault }
  | { readonly kind: 'cancelled' }

export type JobEvent =
  | { readonly type: 'received'; readonly at: number; readonly read: Read; readonly outputs?: Tensors }
  /** An executor fetches or computes. */
  | { readonly type: 'progress'; readonly at: number; readonly from: PeerId }
  /** An executor's stream ended, or the executor lied on it. */
  | { readonly type: 'gone'; readonly at: number; readonly from: PeerId }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'cancel'; readonly at: number }

export type JobEffect =
  | {
      /** Sign, keep in the transcript, and send; to nobody is still to the transcript. */
      readonly type: 'send'
      readonly message: Message
      readonly to: readonly PeerId[]
      /** The claims whose outputs travel beside the message. */
      readonly claims?: readonly Claim[]
      /** Tell the whole room as well. */
      readonly publish?: true
    }
  /** Send the AWARD with the input beside it: this peer is to execute. */
  | { readonly type: 'seat'; readonly peer: PeerId }
  /** Close this peer's stream: it lied, or the job needs it no more. */
  | { readonly type: 'close'; readonly peer: PeerId; readonly fault?: Fault }

export interface Step<S> {
  readonly state: S
  readonly effects: readonly JobEffect[]
}

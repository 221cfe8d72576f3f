import type { Numerics } from '../agreement.ts'
import type { Fault } from '../fault.ts'
import type { MessageOf, Read, UnresolvedReason } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'
import type { Tensors } from '../tensor.ts'
import type { HashedClaim } from '../verdict.ts'
import type { Canonical, Judged, Loser } from './judge.ts'

/**
 * A contest over one job, as any peer follows it. `disputeStep` in `dispute` is the whole of its rules: parties, bystanders and
 * simulations run the same. Time arrives inside events; effects are data. Every message was read and its signature checked.
 */
export interface Dispute {
  readonly phase: 'asserting' | 'comparing' | 'rerunning' | 'ended'
  readonly job: Uint8Array
  /** The requester and the executors: their assertions are waited for. */
  readonly parties: readonly PeerId[]
  readonly claims: readonly HashedClaim[]
  readonly numerics: Numerics
  /** Sha-256 of the wasm binaries that are canonical under the job's charter. */
  readonly canons: readonly Uint8Array[]
  readonly openedAt: number
  /** Who follows it here. */
  readonly me: PeerId
  /**
   * What this peer itself can say of what the canon computes. `holding`: it asserts if nobody else says what it claimed; `resting`:
   * somebody does, and it asserts before it accepts a verdict against that.
   */
  readonly own: 'holding' | 'resting' | 'trying' | 'asserted' | 'bystander' | UnresolvedReason
  /** When this peer had run the canon. */
  readonly ownAt?: number
  readonly assertions: readonly Assertion[]
  /** Decided by arithmetic, one after another. */
  readonly proofs: readonly Proof[]
  /** Under way: two sides, by their keys, and where they first differ. */
  readonly compared?: { readonly left: string; readonly right: string; readonly difference?: Difference }
  /** Tensors of an output that was asserted, and the side whose tensors were asked for. */
  readonly outputs?: Tensors
  readonly sought?: { readonly key: string; readonly answered: boolean }
  readonly outcome?: DisputeOutcome
  /** A later assertion undid what was settled. */
  readonly overturned: boolean
}

/** One peer's word on what the canon computes. Those with equal keys say the same. */
export interface Assertion {
  readonly read: Read<MessageOf<'assert'>>
  /** Root, count and output. */
  readonly key: string
  /** `aside`: this peer, which knows better by its own run, could not show why. */
  readonly standing: 'open' | 'refuted' | 'withheld' | 'contradicted' | 'aside'
}

/** The first place at which two traces differ: a value, or last the hash of the output. */
export interface Difference {
  readonly value: number
  readonly left: Uint8Array
  readonly right: Uint8Array
}

/** What re-running one operator said. */
export interface Proof extends Difference {
  readonly sides: readonly [left: string, right: string]
  /** The hash that came out. */
  readonly found: Uint8Array
}

export type DisputeOutcome =
  | {
      readonly state: 'settled' | 'proven'
      /** The side that stands. */
      readonly key: string
      readonly canonical: Canonical
      readonly judged: readonly Judged[]
      readonly losers: readonly Loser[]
    }
  | { readonly state: 'unresolved'; readonly reason: UnresolvedReason; readonly losers: readonly Loser[] }

export type DisputeEvent =
  | { readonly type: 'asserted'; readonly at: number; readonly read: Read<MessageOf<'assert'>>; readonly own?: Tensors }
  /** This peer cannot run the canon. */
  | { readonly type: 'unable'; readonly at: number; readonly reason: UnresolvedReason }
  /** Both sides were opened, or not: `bad` sides showed what their root does not bind, `withheld` ones nothing. */
  | {
      readonly type: 'compared'
      readonly at: number
      readonly difference?: Difference
      readonly bad: readonly string[]
      readonly withheld: readonly string[]
      /** The model is not at hand here, without which no side can be told from the other. */
      readonly isUnseen?: true
    }
  /** The hash that the operator's value came to here; undefined where it could not be run, or nobody showed what it takes. */
  | { readonly type: 'rerun'; readonly at: number; readonly found: Uint8Array | undefined }
  /** The canonical tensors came, or nobody gave them. */
  | { readonly type: 'outputs'; readonly at: number; readonly outputs: Tensors | undefined }
  | { readonly type: 'tick'; readonly at: number }

export type DisputeEffect =
  /** Run the canon and assert what it computes. */
  | { readonly type: 'assert' }
  /** Open both sides' traces and find where they first differ. */
  | { readonly type: 'compare'; readonly left: string; readonly right: string }
  /** Run the operator that makes this value alone, on inputs on which both sides agree. */
  | { readonly type: 'rerun'; readonly difference: Difference; readonly left: string; readonly right: string }
  /** Fetch the canonical tensors from who asserted them. */
  | { readonly type: 'outputs'; readonly key: string; readonly outputHash: Uint8Array }
  | { readonly type: 'end'; readonly outcome: DisputeOutcome }
  | { readonly type: 'refuse'; readonly peer: PeerId; readonly fault: Fault }

export interface DisputeStep {
  readonly state: Dispute
  readonly effects: readonly DisputeEffect[]
}

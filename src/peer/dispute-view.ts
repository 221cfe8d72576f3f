import type { Deviation } from '../domain/agreement.ts'
import type { Fault } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { LostFor, MessageOf, UnresolvedReason } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { EngineKind } from '../domain/states.ts'
import type { Tensor, Tensors } from '../domain/tensor.ts'

/** One claim in a dispute. `stands` is there once the canon was held against it. */
export interface DisputedClaim {
  readonly peer: PeerId
  readonly nickname: string
  readonly engine: EngineKind
  /** Hex. */
  readonly outputHash: string
  readonly stands?: boolean
  /** From the canonical output, where both are at hand. */
  readonly deviation?: Deviation
}

/** Who says that the canon computes what. Several say the same where their roots are equal. */
export interface AssertionView {
  readonly peer: PeerId
  readonly nickname: string
  /** Hex. */
  readonly root: string
  readonly output: string
  /** `open`: nothing spoke against it yet. */
  readonly standing: 'open' | 'stands' | 'refuted' | 'withheld' | 'contradicted'
}

/** The operators in execution order, and up to where the two sides agree. */
export interface StripView {
  readonly operators: readonly { readonly index: number; readonly type: string }[]
  /** How many of the operators, from the first on, made what both sides say. */
  readonly agreed: number
  /** Place in `operators` of the first on which they differ; undefined while unknown, or where only the output's hash differs. */
  readonly differs?: number
}

/** The operator that was run again. */
export interface LeafView {
  readonly operator: { readonly index: number; readonly type: string; readonly name: string }
  readonly inputs: readonly {
    readonly name: string
    readonly dtype: Tensor['dtype']
    readonly dims: readonly number[]
    /** Hex. Both sides said it. */
    readonly hash: string
  }[]
  /** The value in question, as each side said it and as it came out here. Tensors where somebody showed them. */
  readonly value: string
  readonly sides: readonly {
    readonly peers: readonly { readonly peer: PeerId; readonly nickname: string }[]
    readonly hash: string
    readonly output?: Tensor
    readonly stands: boolean
  }[]
  /** Absent where what came out is no tensor to show. */
  readonly rerun?: { readonly hash: string; readonly output: Tensor; readonly computeMs: number }
}

/** What was refused of a peer, and how often. */
export interface Refusal {
  readonly peer: PeerId
  readonly nickname: string
  readonly fault: Fault
  readonly times: number
}

export interface Loser {
  readonly peer: PeerId
  readonly nickname: string
  readonly for: LostFor
}

/** A contest and what became of it, as this peer saw it. */
export interface DisputeView {
  /** The job, hex. */
  readonly job: string
  readonly model: ModelId
  readonly modelName: string
  readonly requester: PeerId
  readonly openedBy: PeerId
  readonly reason: MessageOf<'contest'>['reason']
  readonly note: string
  readonly openedAt: Date
  /** Whether this peer is a party. */
  readonly mine: boolean
  /** Known by others' words alone, until this peer follows it: nothing of it was checked here. */
  readonly heard?: true
  readonly phase: 'asserting' | 'comparing' | 'rerunning' | 'settled' | 'proven' | 'unresolved'
  /** Of the steps that such a dispute takes. */
  readonly step: { readonly at: number; readonly of: number }
  readonly claims: readonly DisputedClaim[]
  readonly assertions: readonly AssertionView[]
  readonly strip?: StripView
  readonly leaf?: LeafView
  /** Once `proven`: hash of the output differed where no operator did. */
  readonly losers: readonly Loser[]
  /** The canonical output, once it is known here. */
  readonly output?: Tensors
  /** Of `unresolved`. */
  readonly unresolved?: UnresolvedReason
  /** A later assertion undid an earlier settlement. */
  readonly overturned: boolean
  /** What this peer refused of others in it: how often, by whom, why. */
  readonly refused: readonly Refusal[]
  /** Milliseconds from the contest to the end. */
  readonly tookMs?: number
  /** Whether `Peer.evidence` gives a bundle of it. */
  readonly hasEvidence: boolean
}

/** One thing that a bundle of evidence claims, and whether it holds; `undefined` where what it would take is not at hand. */
export interface EvidenceCheck {
  readonly name: 'receipt' | 'messages' | 'traces' | 'model' | 'inputs' | 'operator' | 'output' | 'claims' | 'verdict'
  readonly holds: boolean | undefined
  readonly detail: string
}

/** What replaying a bundle of evidence here, offline, came to. */
export interface EvidenceReport {
  /** Nothing speaks against it, and the verdict was reached again. */
  readonly holds: boolean
  readonly checks: readonly EvidenceCheck[]
  /** As the replay found it, not as the bundle says. */
  readonly verdict?: {
    readonly state: 'settled' | 'proven' | 'unresolved'
    readonly operator?: { readonly index: number; readonly type: string }
    readonly stands: readonly PeerId[]
    readonly losers: readonly { readonly peer: PeerId; readonly for: LostFor }[]
  }
  readonly leaf?: LeafView
}

/** What a GPU computes wrong, found by the device that it is in. */
export interface Diagnosis {
  readonly model: ModelId
  readonly modelName: string
  /** As the browser names it. */
  readonly adapter: string
  readonly build: string
  readonly canon: string
  /** The operators whose value lies outside the rule, in execution order; none where the GPU computes each alone as the canon does. */
  readonly faults: readonly {
    readonly operator: { readonly index: number; readonly type: string; readonly name: string }
    readonly inputs: readonly {
      readonly name: string
      readonly dtype: Tensor['dtype']
      readonly dims: readonly number[]
    }[]
    readonly output: { readonly name: string; readonly dims: readonly number[] }
    readonly deviation: Deviation
    readonly limit: Deviation
  }[]
  /** Operators that were run on both. */
  readonly compared: number
  /** Those that the GPU's engine leaves to the CPU by itself; those that could not be run alone. Constants are none of them. */
  readonly leftToCpu?: number
  readonly skipped?: number
  /** The first faulty operator as an ONNX file, with inputs that show the fault: made from seeds, never from a job. */
  readonly reproduction?: { readonly model: Uint8Array; readonly inputs: Tensors }
  /** Fit for an upstream bug tracker: plain Markdown, with no key, address or input of anybody. */
  readonly report: string
}

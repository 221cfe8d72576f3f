import type { Deviation } from '../domain/agreement.ts'
import type { Fault } from '../domain/fault.ts'
import type { AgainReason } from '../domain/job-state.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { AnswerState, EngineKind } from '../domain/states.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Path, RelayStatus } from '../ports/net.ts'
import type { Settings } from '../ports/settings.ts'

export type { Settings }

export interface PeerSummary {
  readonly id: PeerId
  /** Two words made from the key: `Kind Tiger`. */
  readonly nickname: string
  /** `none`: known from its presence alone. */
  readonly path: Path | 'none'
  readonly engine: EngineKind | 'none'
  readonly adapter?: string
  readonly build: string
  /** Median milliseconds of its last jobs of ours, by its own word; absent before the first. */
  readonly speedMs?: number
  /** Jobs it says it has under way. */
  readonly load: number
  readonly paused: boolean
  readonly watching: boolean
  readonly models: readonly ModelId[]
  /** Hidden by this device: its messages are ignored here. */
  readonly blocked: boolean
}

export interface ModelSummary {
  readonly id: ModelId
  readonly manifest: Manifest
  /** Shipped with the app, or opened from this device's disk. */
  readonly source: 'shipped' | 'file' | 'peer'
  readonly cached: boolean
}

export type GpuStatus =
  | { readonly state: 'off' | 'starting' }
  | { readonly state: 'ready'; readonly adapter: string }
  | { readonly state: 'refused'; readonly fault: Fault }

export interface DeviceView {
  readonly settings: Settings
  readonly engine: EngineKind
  readonly build: string
  readonly gpu: GpuStatus
  /** Why this device computes nothing. */
  readonly fault?: Fault
  /** Milliseconds computed for others since this tab opened. */
  readonly computedMs: number
  /** Share of the last minute that was computed for others, 0..1. */
  readonly used: number
  readonly jobsRun: number
  readonly jobsUnderWay: number
  readonly cachedBytes: number
  /** A fault planted in this tab for a rehearsal, as it was named; shown, never read by what detects faults. */
  readonly plantedFault?: string
}

/** A decided job of this room, as its requester announced it. */
export interface RoomReceipt {
  readonly requester: PeerId
  readonly model: ModelId
  readonly state: AnswerState
  readonly deciders: readonly PeerId[]
  readonly drawnFrom: number
}

export interface PeerView {
  readonly id: PeerId
  readonly nickname: string
  readonly room: string
  readonly charter: { readonly id: string; readonly title: string; readonly version: number }
  readonly status: 'joining' | 'joined' | 'left'
  readonly relays: readonly RelayStatus[]
  readonly peers: readonly PeerSummary[]
  readonly models: readonly ModelSummary[]
  readonly device: DeviceView
  /** The last 50 receipts that the room announced, newest first. */
  readonly receipts: readonly RoomReceipt[]
}

export interface Question {
  readonly model: ModelId
  readonly input: Tensors
}

export interface AskOptions {
  /** Executors wanted; the charter's number where absent. */
  readonly replication?: number
  readonly signal?: AbortSignal
}

/** One executor's part in an answer that is under way. */
export interface ExecutorProgress {
  readonly peer: PeerId
  readonly nickname: string
  readonly engine: EngineKind
  readonly doing: 'seated' | 'fetching' | 'computing' | 'committed' | 'revealed'
  /** Of the model's bytes, while fetching; 0..1. */
  readonly fraction?: number
}

export interface ClaimView {
  readonly peer: PeerId
  readonly nickname: string
  readonly engine: EngineKind
  readonly build: string
  /** Hex. */
  readonly outputHash: string
  readonly computeMs: number
  /** Claims of one group lie within the rule of each other; the returned claim's group is 0. */
  readonly group: number
  readonly outputs: Tensors
}

export interface Answer {
  readonly id: number
  readonly model: ModelSummary
  readonly input: Tensors
  readonly askedAt: Date
  readonly state: AnswerState
  /** Where `state` is `checking`. */
  readonly phase: 'offering' | 'computing' | 'revealing' | 'done'
  readonly replication: number
  readonly attempt: number
  /** Earlier attempts and why each was asked again by itself. */
  readonly again: readonly { readonly attempt: number; readonly reason: AgainReason; readonly who: readonly PeerId[] }[]
  readonly executors: readonly ExecutorProgress[]
  readonly claims: readonly ClaimView[]
  readonly drawnFrom: number
  /** The returned claim's output. */
  readonly output?: Tensors
  readonly rounding?: { readonly seen: Deviation; readonly limit: Deviation }
  /** Where `state` is `lost` or the ask was cancelled. */
  readonly fault?: Fault
  /** The receipt file, once decided. */
  readonly receipt?: Uint8Array
  /** Milliseconds from the click to the verdict, and the slowest executor's own computing. */
  readonly totalMs?: number
  readonly slowestExecutorMs?: number
}

/** An ask under way: its answer as it is now, every change of it, and its end. */
export interface Ask {
  readonly answer: Answer
  subscribe(listener: (answer: Answer) => void): () => void
  /** Resolves once decided, lost or cancelled. Never rejects: `fault` says what went wrong. */
  readonly done: Promise<Answer>
  cancel(): void
}

/** What running a receipt's model again in the canon, here, came to. */
export interface Rerun {
  readonly checked: CheckedReceipt
  readonly outputs: Tensors
  readonly outputHash: string
  readonly computeMs: number
  /** Each claim against the canonical output: whether it lies within the rule, undefined where its own output is not at hand. */
  readonly claims: readonly {
    readonly peer: PeerId
    readonly engine: EngineKind
    readonly stands: boolean | undefined
    readonly deviation: Deviation | undefined
  }[]
}

/** A tab (or Node process) in a room: all that a user interface needs to know of it. */
export interface Peer {
  readonly id: PeerId
  readonly view: PeerView
  subscribe(listener: (view: PeerView) => void): () => void
  /** Checks the input against the model and asks the room. Throws `MODEL_UNKNOWN`, `WRONG_INPUT`, `WRONG_DTYPE`, `TOO_LARGE`. */
  ask(question: Question, options?: AskOptions): Ask
  /** Reads, checks and lists an ONNX file. Rejects with `MODEL_NOT_ONNX`, `MODEL_REFUSED`, `TOO_LARGE`. */
  openModel(name: string, bytes: Uint8Array, options?: { signal?: AbortSignal }): Promise<ModelSummary>
  configure(change: Partial<Settings>): Promise<void>
  /** A page that may be put to sleep at any moment keeps no promise: while it is hidden it enters no job, and leaves those it is in. */
  hide(hidden: boolean): void
  block(peer: PeerId, blocked: boolean): void
  /** Checks a receipt file offline. Rejects with `MALFORMED`, `TOO_LARGE`. */
  checkReceipt(file: Uint8Array): Promise<CheckedReceipt>
  /** Runs a receipt's model in the canon here. Rejects with `MODEL_UNKNOWN`, `CANON_UNKNOWN` and what engines reject with. */
  rerun(file: Uint8Array, options?: { signal?: AbortSignal }): Promise<Rerun>
  /** Says goodbye and closes everything. */
  leave(): Promise<void>
}

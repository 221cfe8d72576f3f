import type { Deviation } from '../domain/agreement.ts'
import type { Check } from '../domain/checking.ts'
import type { Fault } from '../domain/fault.ts'
import type { AgainReason } from '../domain/job-state.ts'
import type { Manifest, ManifestDraft, ModelId } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { AnswerState, EngineKind } from '../domain/states.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Calibration, Inspection } from '../ports/model-inspector.ts'
import type { ModelOrigin, SourceFile } from '../ports/model-source.ts'
import type { Path, RelayStatus } from '../ports/net.ts'
import type { Settings } from '../ports/settings.ts'
import type { Diagnosis, DisputeView, EvidenceReport, Loser, Refusal } from './dispute-view.ts'
import type { CaseView, Governance } from './governance-view.ts'

export type { CaseView } from './governance-view.ts'
export type { Diagnosis, DisputeView, EvidenceReport, Inspection, Loser, ModelOrigin, Settings, SourceFile }

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

/** Bytes on their way. */
export interface Transfer {
  readonly bytes: number
  /** Undefined where the source does not say. */
  readonly total?: number
  /** By the rate of the last seconds; undefined before there is one. */
  readonly secondsLeft?: number
  /** Whose blocks these are, where they come from the room. */
  readonly from?: readonly PeerId[]
}

/** What somebody says of a model, signed. A later word of the same key replaces it. */
export interface Opinion {
  readonly peer: PeerId
  readonly nickname: string
  readonly stand: 'endorses' | 'flags'
  /** In their words; perhaps none. */
  readonly reason: string
}

/** A model that this room knows. */
export interface ModelSummary {
  readonly id: ModelId
  readonly manifest: Manifest
  /** Two words made from the publisher's key. */
  readonly publisher: string
  /** Shipped with the app, published by this key, or another's. */
  readonly source: 'shipped' | 'mine' | 'room'
  /** Every file is here. */
  readonly cached: boolean
  /** Is here only for as long as this tab lives: the storage has no room for it. */
  readonly inMemory: boolean
  /** Stays until it is unpinned: never lets go for others. */
  readonly pinned: boolean
  /** While its files come here. */
  readonly transfer?: Transfer
  /** Why they last did not. */
  readonly fault?: Fault
  /** Other peers that say they hold all of it. */
  readonly holders: readonly PeerId[]
  readonly opinions: readonly Opinion[]
}

/** What is being imported, from the first look to the signature. */
export interface ImportView {
  readonly id: number
  /** What it is called at its source. */
  readonly title: string
  readonly phase: 'looking' | 'choosing' | 'reading' | 'checking' | 'ready' | 'signing' | 'done' | 'failed'
  /** While `choosing`: the ONNX files that are there. */
  readonly choices: readonly SourceFile[]
  /** While `reading`, over all its files. */
  readonly transfer?: Transfer
  /** From `checking` on: what the file says of itself. */
  readonly inspection?: Inspection
  /** While `ready`: what came of running it, and what is proposed to be signed. */
  readonly calibration?: Calibration
  readonly proposal?: Proposal
  /** Once `done`. */
  readonly model?: ModelSummary
  /** Once `failed`. What was read stays for another try, unless the file itself is at fault. */
  readonly fault?: Fault
}

/** What a person may change of a manifest before signing it. */
export type Proposal = Pick<
  ManifestDraft,
  'name' | 'version' | 'parent' | 'notes' | 'task' | 'licence' | 'image' | 'text' | 'labels'
>

/** An import under way. */
export interface Import {
  readonly view: ImportView
  subscribe(listener: (view: ImportView) => void): () => void
  /** Which of the `choices`. */
  choose(path: string): void
  /** Signs and lists the model. Rejects with `MALFORMED` and what about the proposal does not hold; the import stays `ready`. */
  publish(proposal: Proposal): Promise<ModelSummary>
  /** Stops it. What was read stays for another try, until `Models.discard`. */
  cancel(): void
  /** Resolves once `ready`, `done` or `failed`. Never rejects. */
  readonly settled: Promise<ImportView>
}

/** An import that this tab, or one before it, did not end. */
export interface UnfinishedImport {
  readonly key: string
  readonly title: string
  readonly bytes: number
  /** Undefined where a person has to give the files again. */
  readonly origin?: ModelOrigin
}

/** What can be done with models. */
export interface Models {
  import(origin: ModelOrigin, options?: { signal?: AbortSignal }): Import
  /** Imports that were left half-way. */
  readonly unfinished: readonly UnfinishedImport[]
  /** Forgets a half-way import and what was read for it. */
  discard(key: string): Promise<void>
  /** Brings all of a model's files here. Rejects with `MODEL_UNKNOWN`, `BLOCK_MISSING`, `CANCELLED`. */
  keep(model: ModelId, options?: { signal?: AbortSignal }): Promise<void>
  /** Keeps it here, whatever else comes, or no longer. Brings what is missing first. Rejects as `keep`, and with `STORAGE_FULL`. */
  pin(model: ModelId, pinned: boolean): Promise<void>
  /** Removes its files from this device. One that others hold stays listed. */
  remove(model: ModelId): Promise<void>
  /** Says to the room, signed, what this peer holds of a model; `undefined` takes it back. Rejects with `TOO_LARGE` past 280 characters. */
  judge(model: ModelId, stand: Opinion['stand'] | undefined, reason?: string): Promise<void>
  /** One of its files, whole: a tokenizer, say. Rejects as `keep`. */
  file(model: ModelId, path: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>
  /** The manifest and all files as a CAR (v1) that IPFS tools read, in pieces. Rejects as `keep`. */
  exportCar(model: ModelId, options?: { signal?: AbortSignal }): AsyncIterable<Uint8Array>
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
  /** Bytes of models sent to others since this tab opened. */
  readonly uploadedBytes: number
  /** What the browser says of its storage; absent where it does not. */
  readonly storage?: { readonly quota: number; readonly used: number; readonly persistent: boolean }
  /** What its GPU was found to compute wrong, by itself: after a failed self-test, or after a claim of its was refuted. */
  readonly diagnoses: readonly Diagnosis[]
  /** A fault planted in this tab for a rehearsal, as it was named; shown, never read by what detects faults. */
  readonly plantedFault?: string
}

/** A decided job of this room, as its requester announced it. */
export interface RoomReceipt {
  /** Hex. */
  readonly job: string
  readonly requester: PeerId
  readonly model: ModelId
  readonly state: AnswerState
  readonly deciders: readonly PeerId[]
  readonly drawnFrom: number
  /** Whether this peer took part in it and may still contest it. */
  readonly mayContest: boolean
}

export interface PeerView {
  readonly id: PeerId
  readonly nickname: string
  readonly room: string
  readonly charter: {
    readonly id: string
    readonly title: string
    readonly version: number
    /** How an ask is checked where the asker does not say. */
    readonly check: Check
  }
  readonly status: 'joining' | 'joined' | 'left'
  readonly relays: readonly RelayStatus[]
  readonly peers: readonly PeerSummary[]
  readonly models: readonly ModelSummary[]
  readonly device: DeviceView
  /** The last 50 receipts that the room announced, newest first. */
  readonly receipts: readonly RoomReceipt[]
  /** Contests of this room, open ones first, then the newest. */
  readonly disputes: readonly DisputeView[]
  /** Contests that this peer refused, by whom, why the last time, and how often: the last 64 keys. */
  readonly refused: readonly Refusal[]
}

export interface Question {
  readonly model: ModelId
  readonly input: Tensors
}

export interface AskOptions {
  /** How it is checked; the charter's default where absent. */
  readonly check?: Check
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
  readonly check: Check
  /** Of an adaptive ask: what this peer had seen of whom it asked, and how it checked this answer. Hidden from the executors until the end. */
  readonly checked?: {
    /** Consecutive right results of this executor on this model and engine before this one. */
    readonly streak: number
    /** With which probability the answer was to be checked. */
    readonly probability: number
    /** By another executor under a fresh salt, by this tab's own canon, or not. */
    readonly by: 'audit' | 'rerun' | 'none'
    readonly agrees?: boolean
  }
  readonly attempt: number
  /** Earlier attempts and why each was asked again by itself. */
  readonly again: readonly {
    readonly attempt: number
    readonly reason: AgainReason
    readonly who: readonly PeerId[]
    /** Hex, where the lot had fallen: names the evidence of a false reveal. */
    readonly job?: string
  }[]
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
  /** The job, hex, once decided; until when a party may contest it. */
  readonly job?: string
  readonly contestUntil?: Date
  /** The contest over it, where there is one. */
  readonly dispute?: DisputeView
  /** What a jury over it would be drawn from, from its award on; absent where nobody here vouches for anybody. */
  readonly court?: CourtView
  /** The contest over it that goes before a jury, where there is one. */
  readonly case?: CaseView
  /** Where it agreed: how many of those keys this peer had met before, of how many, and how many nobody vouches for here. */
  readonly known?: { readonly keys: number; readonly of: number; readonly unintroduced: number }
  /** Whose claims stand, once settled or proven; who lost, there or in an attempt before, and for what. */
  readonly stands?: readonly PeerId[]
  readonly losers?: readonly Loser[]
  /** Milliseconds from the click to the verdict, and the slowest executor's own computing. */
  readonly totalMs?: number
  readonly slowestExecutorMs?: number
}

/** What both sides of a job have in common that could judge it. */
export interface CourtView {
  /** Of each side's own trust, the parties apart: the share that lies in the pool, 0..1. */
  readonly overlap: { readonly requester: number; readonly executors: number }
  /** Keys that could be drawn. */
  readonly pool: number
  /** Whether that is enough for a jury. */
  readonly common: boolean
}

/** An ask under way: its answer as it is now, every change of it, and its end. */
export interface Ask {
  readonly answer: Answer
  subscribe(listener: (answer: Answer) => void): () => void
  /** Resolves once decided (a contest that opened by itself being over), lost or cancelled. Never rejects: `fault` says what went wrong. */
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
  readonly models: Models
  /** Charters, records, juries and what they show of who decides. Its view changes when this peer's does. */
  readonly governance: Governance
  configure(change: Partial<Settings>): Promise<void>
  /** A page that may be put to sleep at any moment keeps no promise: while it is hidden it enters no job, and leaves those it is in. */
  hide(hidden: boolean): void
  block(peer: PeerId, blocked: boolean): void
  /** Checks a receipt file offline. Rejects with `MALFORMED`, `TOO_LARGE`. */
  checkReceipt(file: Uint8Array): Promise<CheckedReceipt>
  /** Runs a receipt's model in the canon here. Rejects with `MODEL_UNKNOWN`, `CANON_UNKNOWN` and what engines reject with. */
  rerun(file: Uint8Array, options?: { signal?: AbortSignal }): Promise<Rerun>
  /** Contests a decided job that this peer was a party to, hex. Rejects with `CONTEST_REFUSED`. */
  contest(job: string, note?: string): Promise<void>
  /** Takes part in a dispute as a bystander: fetches its evidence, or what it takes to run the model, and settles it here. */
  follow(job: string, options?: { signal?: AbortSignal }): Promise<void>
  /** The evidence file of a dispute that ended here, or of a false reveal (by the job of that attempt). */
  evidence(job: string): Promise<Uint8Array>
  /** Replays an evidence file here, offline but for the model. Rejects with `MALFORMED`, `TOO_LARGE`; what does not hold is in the report. */
  replay(file: Uint8Array, options?: { signal?: AbortSignal }): Promise<EvidenceReport>
  /** Finds what this device's GPU computes wrong in a model. Rejects with `ENGINE_UNAVAILABLE` and what engines reject with. */
  diagnose(model: ModelId, options?: { signal?: AbortSignal }): Promise<Diagnosis>
  /** Says goodbye and closes everything. */
  leave(): Promise<void>
}

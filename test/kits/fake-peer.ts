import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { defaultCheck, executorsOf } from '../../src/domain/checking.ts'
import type { Fault } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { CheckedReceipt } from '../../src/domain/check-receipt.ts'
import type {
  Answer,
  Ask,
  AskOptions,
  DeviceView,
  Diagnosis,
  EvidenceReport,
  Peer,
  PeerSummary,
  PeerView,
  Question,
  Rerun,
  Settings,
} from '../../src/peer/view.ts'
import { FakeGovernance } from './fake-governance.ts'
import { digits, FakeModels, floats, idOf } from './fake-models.ts'

export { idOf }

/** A peer that is not there: it looks as it is told to, and an ask goes as its test makes it go. For the user interface alone. */
export class FakePeer implements Peer {
  view: PeerView
  /** What was done to it, in order. */
  readonly asked: { readonly question: Question; readonly options: AskOptions | undefined }[] = []
  readonly configured: Partial<Settings>[] = []
  readonly asks: FakeAsk[] = []
  left = false
  readonly models: FakeModels
  readonly governance = new FakeGovernance({}, () => this.change({}))
  /** What the next `rerun` comes to. */
  rerunsTo: Rerun | Error = new Error('no rerun was given')
  checksTo: CheckedReceipt | Error = new Error('no receipt was given')
  readonly contested: { readonly job: string; readonly note: string }[] = []
  readonly followed: string[] = []
  readonly diagnosed: string[] = []
  evidenceIs: Uint8Array | Error = new Error('no evidence was given')
  replaysTo: EvidenceReport | Error = new Error('no evidence was given')
  diagnosesTo: Diagnosis | Error = new Error('no diagnosis was given')
  /** What an answer begins as, beside the fake's own. */
  begins: Partial<Answer> = {}
  readonly #listeners = new Set<(view: PeerView) => void>()

  get id(): string {
    return this.view.id
  }

  constructor(change: Partial<PeerView> = {}) {
    this.view = { ...emptyRoom, ...change }
    this.models = new FakeModels({
      id: this.view.id,
      models: () => this.view.models,
      change: (models) => this.change({ models }),
      tell: () => this.change({}),
    })
  }

  subscribe(listener: (view: PeerView) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  change(change: Partial<PeerView>): void {
    this.view = { ...this.view, ...change }
    for (const listener of this.#listeners) listener(this.view)
  }

  changeDevice(change: Partial<DeviceView>): void {
    this.change({ device: { ...this.view.device, ...change } })
  }

  ask(question: Question, options?: AskOptions): Ask {
    const model = this.view.models.find(({ id }) => id === question.model)
    if (model === undefined) throw new Error(`the fake peer has no model ${question.model}`)
    this.asked.push({ question, options })
    const ask = new FakeAsk({
      ...answerOf({ model, input: question.input }),
      id: this.asks.length + 1,
      replication: executorsOf(options?.check ?? defaultCheck(FIRST_CHARTER)),
      check: options?.check ?? defaultCheck(FIRST_CHARTER),
      ...this.begins,
    })
    this.asks.push(ask)
    return ask
  }

  async configure(change: Partial<Settings>): Promise<void> {
    this.configured.push(change)
    this.changeDevice({ settings: { ...this.view.device.settings, ...change } })
  }

  hide(): void {
    // A page under test is never put to sleep.
  }

  block(id: string, blocked: boolean): void {
    this.change({ peers: this.view.peers.map((peer) => (peer.id === id ? { ...peer, blocked } : peer)) })
  }

  async checkReceipt(): Promise<CheckedReceipt> {
    return orThrow(this.checksTo)
  }

  async rerun(): Promise<Rerun> {
    return orThrow(this.rerunsTo)
  }

  async contest(job: string, note = ''): Promise<void> {
    this.contested.push({ job, note })
  }

  async follow(job: string): Promise<void> {
    this.followed.push(job)
  }

  async evidence(): Promise<Uint8Array> {
    return orThrow(this.evidenceIs)
  }

  async replay(): Promise<EvidenceReport> {
    return orThrow(this.replaysTo)
  }

  async diagnose(model: string): Promise<Diagnosis> {
    this.diagnosed.push(model)
    return orThrow(this.diagnosesTo)
  }

  async leave(): Promise<void> {
    this.left = true
    this.change({ status: 'left' })
  }
}

/** An ask whose answer changes as its test says. */
export class FakeAsk implements Ask {
  answer: Answer
  readonly done: Promise<Answer>
  #finish!: (answer: Answer) => void
  readonly #listeners = new Set<(answer: Answer) => void>()

  constructor(answer: Answer) {
    this.answer = answer
    this.done = new Promise((resolve) => (this.#finish = resolve))
  }

  subscribe(listener: (answer: Answer) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  change(change: Partial<Answer>): void {
    this.answer = { ...this.answer, ...change }
    for (const listener of this.#listeners) listener(this.answer)
    if (this.answer.phase === 'done') this.#finish(this.answer)
  }

  cancel(): void {
    const fault: Fault = { code: 'CANCELLED' }
    this.change({ state: 'lost', phase: 'done', fault })
  }
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value
  return value
}

export const peerOf = (name: string, change: Partial<PeerSummary> = {}): PeerSummary => ({
  id: idOf(name),
  nickname: nicknameOf(idOf(name)),
  path: 'direct',
  engine: 'cpu',
  build: 'onnxruntime-web 1.30.0 wasm',
  speedMs: 3.4,
  load: 0,
  paused: false,
  watching: false,
  models: [],
  blocked: false,
  ...change,
})

const device: DeviceView = {
  settings: {
    paused: false,
    watching: false,
    engine: 'cpu',
    duty: 0.25,
    cacheBytes: 256 * 1024 ** 2,
    needsCourt: false,
    uploadBytesPerSecond: 0,
  },
  engine: 'cpu',
  build: 'onnxruntime-web 1.30.0 wasm',
  gpu: { state: 'off' },
  computedMs: 0,
  used: 0,
  jobsRun: 0,
  jobsUnderWay: 0,
  cachedBytes: 0,
  uploadedBytes: 0,
  diagnoses: [],
}

const emptyRoom: PeerView = {
  id: idOf('me'),
  nickname: nicknameOf(idOf('me')),
  room: 'commons',
  charter: {
    id: cidOf(FIRST_CHARTER),
    title: FIRST_CHARTER.title,
    version: FIRST_CHARTER.version,
    check: defaultCheck(FIRST_CHARTER),
  },
  status: 'joined',
  relays: [{ address: '/ip4/127.0.0.1/tcp/9090/ws/p2p/12D3KooWRelay', connected: true }],
  peers: [],
  models: [digits],
  device,
  receipts: [],
  disputes: [],
  refused: [],
}

/** An answer that was just asked for. */
export const answerOf = (change: Partial<Answer> = {}): Answer => ({
  id: 1,
  model: digits,
  input: {
    image: floats(
      [1, 1, 28, 28],
      Array.from({ length: 784 }, () => 0),
    ),
  },
  askedAt: new Date('2026-11-20T11:58:04'),
  state: 'checking',
  phase: 'offering',
  replication: 3,
  check: { mode: 'replicated', replication: 3 },
  attempt: 1,
  again: [],
  executors: [],
  claims: [],
  drawnFrom: 0,
  ...change,
})

import pLimit from 'p-limit'
import { cidOf, type Charter } from '../domain/charter.ts'
import { fault } from '../domain/fault.ts'
import { fitInputs } from '../domain/fit-inputs.ts'
import { hash, hex } from '../domain/hash.ts'
import { isKind, MAX_REPLICATION, type MessageOf, type Read } from '../domain/messages.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { checkReceipt, readReceipt } from '../domain/receipt.ts'
import { bytesOf } from '../domain/tensor.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { Clock, RandomBytes } from '../ports/clock.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { DescribeModel } from '../ports/model-inspector.ts'
import type { Net } from '../ports/net.ts'
import type { Settings, SettingsStore } from '../ports/settings.ts'
import type { Signer, VerifySignature } from '../ports/signer.ts'
import { serveBlocks } from '../protocols/blocks/index.ts'
import { control } from '../protocols/control/index.ts'
import { jobs, MAX_INPUT } from '../protocols/jobs/index.ts'
import { presence, type OwnPresence } from '../protocols/presence/index.ts'
import { RoomAsk } from './ask-room.ts'
import { dropStaleLinks } from './drop-stale-links.ts'
import { ModelShelf, type ShippedModel } from './hold-models.ts'
import { maintainMesh } from './maintain-mesh.ts'
import { MIN_DEGREE } from './mesh-plan.ts'
import { BudgetMeter } from './meter-budget.ts'
import { plantFault, silenceOf, type PlantedFault } from './plant-fault.ts'
import type { RequestComponents } from './request-job.ts'
import { rerunReceipt } from './rerun-receipt.ts'
import type { Attempt } from './run-attempt.ts'
import { Engines } from './run-engines.ts'
import { OfferServer } from './serve-offers.ts'
import { signMessageWith } from './sign-message.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { summarise } from './summarise-peers.ts'
import type { Ask, AskOptions, ModelSummary, Peer, PeerView, Question, Rerun, RoomReceipt } from './view.ts'

/** Milliseconds over which changes gather before the view is shown again: one frame or two. */
const SHOW_WITHIN = 30

/** Jobs of ours under way at a time; further asks wait for their turn. An executor takes 32 of one requester. */
const MAX_ASKS = 24

/** Receipts of the room that are listed. */
const MAX_RECEIPTS = 50

export interface PeerInit {
  readonly room: string
  readonly charter: Charter
  /** As a person set them now, over what was kept. */
  readonly settings?: Partial<Settings>
  readonly plantedFault?: PlantedFault
  /** Milliseconds since 1970 at the start: orders this run's announcements after those of earlier ones. */
  readonly epoch: number
}

export interface PeerComponents {
  readonly net: Net
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly random: RandomBytes
  readonly cpu: InferenceEngine
  /** Settles once the cpu can compute, where it is still being opened. */
  readonly cpuReady?: Promise<void>
  readonly startGpu?: () => Promise<InferenceEngine>
  readonly describeModel: DescribeModel
  readonly blocks: BlockStore
  readonly shipped: readonly ShippedModel[]
  readonly settings: SettingsStore
  /** 32 bytes behind the juries' hash chains; never leave this device. */
  readonly chainSecret: Uint8Array
}

/** Makes a peer and joins its room. */
export async function createPeer(init: PeerInit, components: PeerComponents): Promise<Peer> {
  const settings = { ...DEFAULT_SETTINGS, ...(await components.settings.load()), ...init.settings }
  const peer = new RoomPeer(init, components, settings)
  await peer.join()
  return peer
}

/** What a room is called on the wire: relays and receipts do not learn its name. */
const roomKey = (room: string): string => hex(hash('moot/room', room)).slice(0, 32)

class RoomPeer implements Peer {
  readonly id: PeerId
  readonly #init: PeerInit
  readonly #components: PeerComponents
  readonly #charterId: string
  readonly #engines: Engines
  readonly #meter: BudgetMeter
  readonly #models: ModelShelf
  readonly #jobs
  readonly #presence
  readonly #control
  readonly #offers: OfferServer
  readonly #request: RequestComponents
  /** Asks of this device that are not ended, those that wait for their turn included. */
  readonly #asks = new Set<Ask>()
  /** Attempts under way, by the digest of their offers. */
  readonly #attempts = new Map<string, Attempt>()
  readonly #blocked = new Set<PeerId>()
  readonly #listeners = new Set<(view: PeerView) => void>()
  #settings: Settings
  #receipts: readonly RoomReceipt[] = []
  #status: PeerView['status'] = 'joining'
  #view: PeerView | undefined
  #showing: (() => void) | undefined
  #stop: (() => void)[] = []
  #asked = 0
  #hidden = false
  readonly #turn = pLimit({ concurrency: MAX_ASKS, rejectOnClear: true })
  /** What was last announced, to tell what is new. */
  #announced = ''

  constructor(init: PeerInit, components: PeerComponents, settings: Settings) {
    this.#init = init
    this.#components = components
    this.#settings = settings
    const { net, signer, clock, random, verify, chainSecret } = components
    const { charter } = init
    this.id = net.self
    const room = roomKey(init.room)
    const onChange = () => this.#changed()
    const sign = signMessageWith(signer)
    this.#charterId = cidOf(charter)
    this.#meter = new BudgetMeter(clock)
    const { plantedFault: planted } = init
    const silentAt = silenceOf(planted)
    this.#engines = new Engines({
      cpu: components.cpu,
      ...(components.cpuReady ? { cpuReady: components.cpuReady } : {}),
      ...(components.startGpu ? { startGpu: components.startGpu } : {}),
      disturb: (engine) => (planted ? plantFault(engine, planted) : engine),
      onChange,
    })
    this.#models = new ModelShelf({ net, clock, blocks: components.blocks, shipped: components.shipped, onChange })
    this.#jobs = jobs({ room })({ net, verify, clock })
    this.#presence = presence({ room, epoch: init.epoch })({ net, signer, verify, clock, random })
    this.#control = control()({ net, clock })
    const common = { jobs: this.#jobs, sign, clock, random, charter, charterId: this.#charterId, chainSecret }
    this.#offers = new OfferServer({
      ...common,
      self: net.self,
      meter: this.#meter,
      settings: () => ({ ...this.#settings, paused: this.#rests, watching: !this.#computes }),
      engineFor: (offer) => this.#engines.engineFor(offer),
      provideModel: this.#models.provide,
      isBlocked: (peer) => this.#blocked.has(peer),
      ...(silentAt ? { silentAt } : {}),
      onChange,
    })
    this.#request = {
      ...common,
      room,
      addresses: () => net.addresses(),
      candidates: (excluded) => this.#candidates(excluded),
      open: (attempt, offer) => this.#open(attempt, offer),
    }
  }

  async join(): Promise<void> {
    const { net, clock, random } = this.#components
    const onChange = () => this.#changed()
    serveBlocks({ net, blocks: this.#models })
    this.#stop = [
      this.#jobs.start(),
      this.#jobs.on('offer', (offer) => void this.#offers.consider(offer)),
      this.#jobs.on('receipt', (receipt) => this.#note(receipt)),
      this.#jobs.on('answer', ({ read, stream }) => {
        const offer = isKind('accept', read) || isKind('decline', read) ? hex(read.message.offer) : ''
        const attempt = this.#blocked.has(stream.remote) ? undefined : this.#attempts.get(offer)
        if (attempt) attempt.answer(read, stream)
        else stream.abort({ code: 'OUT_OF_ORDER', what: read.message.kind, during: 'no job of ours' })
      }),
      this.#presence.on('presence', onChange),
      this.#presence.on('gone', onChange),
      dropStaleLinks({ net, presence: this.#presence, control: this.#control, clock }),
      maintainMesh({ isBlocked: (peer) => this.#blocked.has(peer) }, { net, presence: this.#presence, clock, random }),
      ...(['link', 'unlink', 'relay'] as const).map((event) => net.on(event, onChange)),
    ]
    this.#control.start()
    this.#presence.start(this.#own())
    await net.start()
    this.#status = 'joined'
    if (this.#settings.engine === 'gpu') void this.#engines.useGpu(true)
    this.#changed()
  }

  get view(): PeerView {
    this.#view ??= this.#look()
    return this.#view
  }

  subscribe(listener: (view: PeerView) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  ask(question: Question, { replication = this.#init.charter.verification.replication, signal }: AskOptions = {}): Ask {
    const model = this.#models.find(question.model)
    if (model === undefined) throw fault({ code: 'MODEL_UNKNOWN', model: question.model })
    fitInputs(model.manifest, question.input)
    const bytes = bytesOf(question.input)
    if (bytes > MAX_INPUT) throw fault({ code: 'TOO_LARGE', what: 'input', bytes, limit: MAX_INPUT })
    const seats = Math.max(1, Math.min(MAX_REPLICATION, Math.trunc(replication)))
    const id = (this.#asked += 1)
    const ask = new RoomAsk(this.#request, {
      id,
      model,
      question,
      replication: seats,
      turn: this.#turn,
      ...(signal ? { signal } : {}),
    })
    this.#asks.add(ask)
    void ask.done.finally(() => this.#asks.delete(ask))
    if (this.#status === 'left') ask.cancel()
    return ask
  }

  async openModel(name: string, bytes: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<ModelSummary> {
    return this.#models.open(await this.#components.describeModel(name, bytes, options), bytes)
  }

  async configure(change: Partial<Settings>): Promise<void> {
    const before = this.#settings
    this.#settings = { ...before, ...change }
    const { paused, watching, engine } = this.#settings
    if ((paused && !before.paused) || (watching && !before.watching))
      this.#offers.withdraw('paused', 'Paused by its owner.')
    if (engine !== before.engine) void this.#engines.useGpu(engine === 'gpu')
    this.#changed()
    await this.#components.settings.save(this.#settings)
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden
    if (hidden) this.#offers.withdraw('paused', 'Its page was hidden.')
    this.#changed()
  }

  block(peer: PeerId, blocked: boolean): void {
    if (blocked) this.#blocked.add(peer)
    else this.#blocked.delete(peer)
    if (blocked) void this.#components.net.disconnect(peer)
    this.#changed()
  }

  async checkReceipt(file: Uint8Array) {
    return checkReceipt(readReceipt(file), this.#components.verify)
  }

  async rerun(file: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<Rerun> {
    const { verify } = this.#components
    return rerunReceipt({ engine: this.#engines.canon, verify, provideModel: this.#models.provide }, file, options)
  }

  async leave(): Promise<void> {
    if (this.#status === 'left') return
    this.#status = 'left'
    this.#turn.clearQueue()
    for (const ask of this.#asks) ask.cancel()
    this.#offers.withdraw('paused', 'Its tab is closing.')
    await Promise.allSettled([this.#control.goodbye(this.#presence.seq), this.#presence.leave()])
    for (const stop of this.#stop) stop()
    await Promise.allSettled([this.#components.net.stop(), this.#engines.close()])
    this.#show()
  }

  /** Who will be waited for: everybody awake and within reach; this tab itself where there is nobody else. */
  #candidates(excluded: readonly PeerId[]): readonly PeerId[] {
    const { net } = this.#components
    const linked = new Set(net.links().map((link) => link.peer))
    // With a link to spare, whoever has none is dead or not yet here. In a large room most have none, and answer through a relay.
    const isNear = (peer: PeerId) => linked.has(peer) || linked.size >= MIN_DEGREE
    const awake = this.#presence
      .list()
      .filter(({ peer, engines, paused, watching }) => engines.length > 0 && !paused && !watching && isNear(peer))
      .map(({ peer }) => peer)
      .filter((peer) => !this.#blocked.has(peer) && !excluded.includes(peer))
    return awake.length === 0 && this.#computes ? [net.self] : awake
  }

  /** Whether this device enters no job now, though at other times it does. */
  get #rests(): boolean {
    return this.#settings.paused || this.#hidden
  }

  /** Whether this device runs jobs at all. */
  get #computes(): boolean {
    return !this.#settings.watching && this.#engines.fault === undefined
  }

  #open(attempt: Attempt, offer: Read<MessageOf<'offer'>>): void {
    const key = hex(offer.digest)
    this.#attempts.set(key, attempt)
    void attempt.done.finally(() => this.#attempts.delete(key))
    if (this.#status === 'left') return
    const { job } = attempt
    const alone = job.phase === 'offered' && job.candidates.includes(this.#components.net.self)
    if (alone) void this.#offers.consider(offer)
    void this.#jobs.publish(offer.signed).catch(() => {})
  }

  #note({ author, message }: Read<MessageOf<'receipt'>>): void {
    if (this.#blocked.has(author)) return
    const { model, state, claims, drawnFrom } = message
    const receipt = { requester: author, model, state, deciders: claims.map((claim) => claim.peer), drawnFrom }
    this.#receipts = [receipt, ...this.#receipts].slice(0, MAX_RECEIPTS)
    this.#changed()
  }

  /** What this device says of itself to the room. */
  #own(): OwnPresence {
    const { info } = this.#engines.preferred
    const { watching } = this.#settings
    const speedMs = this.#meter.median()
    const adapter = info.adapter === undefined ? {} : { adapter: info.adapter.slice(0, 128) }
    return {
      engines: !this.#computes ? [] : info.kind === 'gpu' ? ['gpu', 'cpu'] : ['cpu'],
      ...adapter,
      build: info.build.slice(0, 128),
      models: this.#models
        .list()
        .filter((model) => model.cached)
        .map((model) => model.id)
        .slice(0, 64),
      load: this.#offers.underWay,
      paused: this.#rests,
      watching,
      ...(speedMs === undefined ? {} : { speedMs }),
    }
  }

  /** Tells the room what it goes by: load and speed change with every job, and wait for the next announcement. */
  #announce(): void {
    const own = this.#own()
    const news = JSON.stringify({ ...own, load: 0, speedMs: 0 })
    this.#presence.update(own)
    if (news === this.#announced || this.#status !== 'joined') return
    this.#announced = news
    this.#presence.announce(own)
  }

  /** Shows the view again soon; what others need to know of it is announced. */
  #changed(): void {
    this.#view = undefined
    if (this.#showing !== undefined || this.#status === 'left') return
    this.#showing = this.#components.clock.after(SHOW_WITHIN, () => {
      this.#showing = undefined
      this.#show()
    })
  }

  #show(): void {
    this.#view = undefined
    this.#announce()
    if (this.#listeners.size === 0) return
    const { view } = this
    for (const listener of this.#listeners) listener(view)
  }

  #look(): PeerView {
    const { net } = this.#components
    const { info } = this.#engines.preferred
    const { title, version } = this.#init.charter
    return {
      id: net.self,
      nickname: nicknameOf(net.self),
      room: this.#init.room,
      charter: { id: this.#charterId, title, version },
      status: this.#status,
      relays: net.relays(),
      peers: summarise(this.#presence.list(), net.links(), this.#blocked),
      models: this.#models.list(),
      receipts: this.#receipts,
      device: {
        settings: this.#settings,
        engine: info.kind,
        build: info.build,
        gpu: this.#engines.gpu,
        ...(this.#engines.fault ? { fault: this.#engines.fault } : {}),
        computedMs: this.#meter.total,
        used: this.#meter.used(),
        jobsRun: this.#meter.count,
        jobsUnderWay: this.#offers.underWay,
        cachedBytes: this.#models.bytes,
        ...(this.#init.plantedFault ? { plantedFault: this.#init.plantedFault.kind } : {}),
      },
    }
  }
}

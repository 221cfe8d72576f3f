import { cidOf } from '../domain/charter/charter.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import { defaultCheck } from '../domain/checking.ts'
import { hex } from '../domain/hash.ts'
import type { ModelId } from '../domain/manifest.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { roomName } from '../domain/room-name.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { Settings } from '../ports/settings.ts'
import { control, type Control } from '../protocols/control/index.ts'
import { jobs, type Jobs } from '../protocols/jobs/index.ts'
import { presence, type OwnPresence, type Presence } from '../protocols/presence/index.ts'
import { dropStaleLinks } from './drop-stale-links.ts'
import { Device } from './govern-device.ts'
import { LateGovernance } from './governance/await-governance.ts'
import { ModelJudge } from './judge-models.ts'
import { Asks } from './keep-asks.ts'
import { maintainMesh } from './maintain-mesh.ts'
import { BudgetMeter } from './meter-budget.ts'
import { RoomReceipts } from './note-receipts.ts'
import { misconductOf, type Disturb, type PlantedFault } from './plant-fault.ts'
import { RoomChecks } from './room-checks.ts'
import { RoomModels } from './room-models.ts'
import { Engines } from './run-engines.ts'
import type { PeerComponents, PeerInit } from './peer-components.ts'
import { OfferServer } from './serve-offers.ts'
import { signMessageWith, type SignMessage } from './sign-message.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { summarise } from './summarise-peers.ts'
import type { Ask, AskOptions, Diagnosis, EvidenceReport, Peer, PeerView, Question, Rerun } from './view.ts'

/** Milliseconds for saying goodbye: streams to a tab that died take it never. */
const GOODBYE = 1_000

/** Milliseconds over which changes gather before the view is shown again: one frame or two. */
const SHOW_WITHIN = 30

/** Puts the planted fault into engines, where there is one. */
const disturbing =
  (disturb: Disturb | undefined, planted: PlantedFault | undefined) =>
  <E extends InferenceEngine>(engine: E): E =>
    planted && disturb ? (disturb(engine, planted) as InferenceEngine as E) : engine

/** Makes a peer and joins its room. */
export async function createPeer(init: PeerInit, components: PeerComponents): Promise<Peer> {
  const settings = { ...DEFAULT_SETTINGS, ...(await components.settings.load()), ...init.settings }
  const peer = new RoomPeer(init, components, settings)
  await peer.join()
  return peer
}

class RoomPeer implements Peer {
  readonly id: PeerId
  readonly #init: PeerInit
  readonly #components: PeerComponents
  readonly #charterId: string
  readonly #device: Device
  readonly models: RoomModels
  readonly #judge: ModelJudge
  readonly #jobs: Jobs
  readonly #presence: Presence
  readonly #control: Control
  readonly #offers: OfferServer
  readonly #asks: Asks
  readonly #checks: RoomChecks
  readonly governance: LateGovernance
  readonly #blocked = new Set<PeerId>()
  readonly #listeners = new Set<(view: PeerView) => void>()
  readonly #receipts = new RoomReceipts()
  #status: PeerView['status'] = 'joining'
  #view: PeerView | undefined
  #showing: (() => void) | undefined
  #stop: (() => void | Promise<void>)[] = []
  /** What was last announced, to tell what is new. */
  #announced = ''

  constructor(init: PeerInit, components: PeerComponents, settings: Settings) {
    this.#init = init
    this.#components = components
    const { net, signer, clock, random, verify, chainSecret } = components
    const { charter, plantedFault: planted } = init
    this.id = net.self
    this.#charterId = cidOf(charter)
    const room = hex(roomName(init.room))
    const onChange = () => this.#changed()
    const engines = new Engines({
      cpu: components.cpu,
      openCanon: components.openCanon,
      ...(components.cpuReady ? { cpuReady: components.cpuReady } : {}),
      ...(components.startGpu ? { startGpu: components.startGpu } : {}),
      disturb: disturbing(components.disturb, planted),
      onFaultyGpu: (model, inputs) => this.#checks.noteFaultyGpu(model, inputs),
      onChange,
    })
    this.#device = new Device(settings, {
      engines,
      meter: new BudgetMeter(clock),
      store: components.settings,
      withdraw: (note) => this.#offers.withdraw('paused', note),
      onChange,
    })
    this.#jobs = jobs({ room })({ net, verify, clock })
    this.#presence = presence({ room, epoch: init.epoch })({ net, signer, verify, clock, random })
    this.#control = control()({ net, clock })
    const isBlocked = (peer: PeerId) => this.#blocked.has(peer)
    this.#judge = new ModelJudge({
      room,
      epoch: init.epoch,
      net,
      presence: this.#presence,
      signer,
      verify,
      clock,
      records: components.records.opinions,
      isListed: (model) => this.models.shelf.has(model),
      hasWorkedWith: (peer) => this.#receipts.joined(net.self, peer),
      isBlocked,
      onChange,
    })
    this.models = new RoomModels({
      ...components,
      presence: this.#presence,
      judge: this.#judge,
      isBlocked,
      hasGpu: () => this.#device.engines.gpu.state === 'ready',
      uploadLimit: () => this.#device.settings.uploadBytesPerSecond,
      onChange,
    })
    this.governance = new LateGovernance({
      ...components,
      room,
      self: net.self,
      charter,
      charterId: this.#charterId,
      ...(init.consent ? { consent: init.consent } : {}),
      disputes: {
        case: (job) => this.#checks.disputes.case(job),
        fetchCase: (...all) => this.#checks.disputes.fetchCase(...all),
      },
      needsCourt: () => this.#device.settings.needsCourt,
      hosts: () => this.models.shelf.list().flatMap(({ holders }) => holders),
      isBlocked,
      onChange,
    })
    const common = {
      jobs: this.#jobs,
      sign: signMessageWith(signer),
      clock,
      random,
      charter,
      charterId: this.#charterId,
      chainSecret,
      isBlocked,
    }
    const self = net.self
    const provideModel = this.models.shelf.provide
    const sign: SignMessage = async (message) => {
      const signed = await common.sign(message)
      this.governance.noteSigned(message)
      return signed
    }
    this.#checks = new RoomChecks({
      ...common,
      sign,
      isJuror: (job, peer) => this.governance.isJuror(job, peer),
      onCase: (one) => this.governance.noteJob(one),
      self,
      room,
      net,
      verify,
      engines,
      provideModel,
      openSurgery: components.openSurgery,
      records: components.records.standing,
      diagnosisTools: components.diagnosisTools,
      ...(planted ? { planted } : {}),
      mayRun: () => this.#device.computes && !this.#device.rests,
      isIdle: () => this.#offers.underWay === 0,
      onChange,
    })
    const misconduct = misconductOf(planted)
    this.#offers = new OfferServer({
      ...common,
      self,
      manifestOf: (model) => this.models.shelf.find(model)?.manifest,
      noteCase: (one) => this.#checks.disputes.noteCase(one),
      device: this.#device,
      judgeAward: (offer, award) => this.governance.judgeAward(offer, award),
      provideModel,
      ...(misconduct ? { misconduct } : {}),
      onChange,
    })
    this.#asks = new Asks({
      ...common,
      standings: this.#checks.standings,
      disputes: this.#checks.disputes,
      records: this.governance,
      standpoint: () => this.governance.standpoint(),
      trustNow: () => this.governance.trustNow(),
      courtFor: (root, executors) => this.governance.courtFor(root, executors),
      watchCase: (job, listener) => this.governance.watchCase(job, listener),
      canon: engines.canon,
      provideModel,
      self,
      room,
      net,
      presence: this.#presence,
      models: this.models.shelf,
      computes: () => this.#device.computes,
      answerOwn: (offer) => void this.#offers.consider(offer),
    })
  }

  async join(): Promise<void> {
    const { net, clock, random } = this.#components
    const onChange = () => this.#changed()
    const isBlocked = (peer: PeerId) => this.#blocked.has(peer)
    const isBusy = (peer: PeerId) => this.#offers.isBusyFor(peer) || this.#asks.isBusyWith(peer)
    this.#stop = [
      this.#jobs.start(),
      this.#checks.start(),
      this.#jobs.on('offer', (offer) => void this.#offers.consider(offer)),
      this.#jobs.on('answer', (answer) => this.#asks.answer(answer)),
      this.#jobs.on('receipt', (receipt) => {
        if (this.#blocked.has(receipt.author) || !this.#receipts.note(receipt)) return
        this.#checks.disputes.noteReceipt(receipt)
        this.#changed()
      }),
      this.#presence.on('presence', onChange),
      this.#presence.on('gone', onChange),
      dropStaleLinks({ net, presence: this.#presence, control: this.#control, clock }),
      maintainMesh({ isBlocked, isBusy }, { net, presence: this.#presence, clock, random }),
      this.models.start(),
      this.#judge.start(),
      () => this.governance.stop(),
      ...(['link', 'unlink', 'relay'] as const).map((event) => net.on(event, onChange)),
    ]
    this.#control.start()
    this.#presence.start(this.#own())
    await this.#checks.load()
    await net.start()
    this.#status = 'joined'
    const govern = () => void this.governance.start().catch(() => {})
    govern()
    // Where its code was not to be had, the next link is another occasion.
    this.#stop.push(net.on('link', govern))
    if (this.#device.settings.engine === 'gpu') void this.#device.engines.useGpu(true)
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

  ask(question: Question, options: AskOptions = {}): Ask {
    return this.#asks.ask(question, options)
  }

  async configure(change: Partial<Settings>): Promise<void> {
    await this.#device.configure(change)
    if (change.cacheBytes !== undefined) await this.models.limit(change.cacheBytes)
  }

  hide(hidden: boolean): void {
    this.#device.hide(hidden)
  }

  block(peer: PeerId, blocked: boolean): void {
    if (blocked) this.#blocked.add(peer)
    else this.#blocked.delete(peer)
    if (blocked) void this.#components.net.disconnect(peer)
    this.#changed()
  }

  checkReceipt(file: Uint8Array): Promise<CheckedReceipt> {
    return this.#checks.checkReceipt(file)
  }

  rerun(file: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<Rerun> {
    return this.#checks.rerun(file, options)
  }

  contest(job: string, note = ''): Promise<void> {
    return this.#checks.disputes.contest(job, note)
  }

  follow(job: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#checks.disputes.follow(job, options)
  }

  evidence(job: string): Promise<Uint8Array> {
    return this.#checks.disputes.evidenceOf(job)
  }

  replay(file: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<EvidenceReport> {
    return this.#checks.replay(file, options)
  }

  diagnose(model: ModelId, options: { signal?: AbortSignal } = {}): Promise<Diagnosis> {
    return this.#checks.diagnose(model, options)
  }

  async leave(): Promise<void> {
    if (this.#status === 'left') return
    this.#status = 'left'
    this.#asks.cancelAll()
    this.#offers.withdraw('paused', 'Its tab is closing.')
    const goodbyes = Promise.allSettled([this.#control.goodbye(this.#presence.seq), this.#presence.leave()])
    await this.#within(GOODBYE, goodbyes)
    await Promise.allSettled(this.#stop.map(async (stop) => stop()))
    await Promise.allSettled([this.#components.net.stop(), this.#device.engines.close()])
    await this.#components.release?.().catch(() => {})
    this.#show()
  }

  /** Waits for a task, and no longer than `ms`. */
  async #within(ms: number, task: Promise<unknown>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancel = this.#components.clock.after(ms, resolve)
    await Promise.race([task, late])
    cancel()
  }

  /** What this device says of itself to the room. */
  #own(): OwnPresence {
    return { ...this.#device.announcement(), models: this.models.announcement(), load: this.#offers.underWay }
  }

  /** Tells the room what it goes by: load and speed change with every job, and wait for the next announcement. */
  #announce(): void {
    const own = this.#own()
    const news = JSON.stringify({ ...own, load: 0, speedMs: 0 })
    this.#presence.update(own)
    if (news === this.#announced || this.#status !== 'joined') return
    this.#announced = news
    this.#presence.announce(own)
    // What is kept changes with the models that are here, which is news to the room as well.
    void this.models.measure()
  }

  /** Shows the view again soon; what others need to know of it is announced. */
  #changed(): void {
    this.#view = undefined
    this.#checks.stir()
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
    const { title, version } = this.#init.charter
    const { disputes, refused, diagnoses } = this.#checks.look()
    return {
      id: net.self,
      nickname: nicknameOf(net.self),
      room: this.#init.room,
      charter: { id: this.#charterId, title, version, check: defaultCheck(this.#init.charter) },
      status: this.#status,
      relays: net.relays(),
      peers: summarise(this.#presence.list(), net.links(), this.#blocked),
      models: this.models.shelf.list(),
      receipts: this.#receipts
        .list()
        .map((receipt) => ({ ...receipt, mayContest: this.#checks.disputes.mayContest(receipt.job) })),
      disputes,
      refused,
      device: {
        ...this.#device.look(),
        ...this.models.look(),
        diagnoses,
        jobsUnderWay: this.#offers.underWay,
        ...(this.#init.plantedFault ? { plantedFault: this.#init.plantedFault.kind } : {}),
      },
    }
  }
}

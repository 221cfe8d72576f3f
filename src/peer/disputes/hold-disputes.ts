import { whyNotContest } from '../../domain/dispute/contest.ts'
import type { DisputeOutcome } from '../../domain/dispute/dispute-state.ts'
import { encodeEvidence } from '../../domain/dispute/evidence.ts'
import type { Signed } from '../../domain/envelope.ts'
import type { Manifest } from '../../domain/manifest.ts'
import { fault, type Fault } from '../../domain/fault.ts'
import { fromHex, hex } from '../../domain/hash.ts'
import { isKind, readAs, readMessage, type MessageOf, type Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { RandomBytes } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { disputes, type DisputeRead, type DisputeWire } from '../../protocols/disputes/index.ts'
import type { DisputeView, Refusal } from '../dispute-view.ts'
import { dropOldest } from '../drop-oldest.ts'
import { partiesOf, type Cases, type JobCase } from './keep-cases.ts'
import { questionsAbout } from './answer-questions.ts'
import { Refusals } from './count-refusals.ts'
import { Hearsay } from './keep-hearsay.ts'
import type * as OpenCase from './open-case.ts'
import { rememberingModel } from './remember-model.ts'
import { StandIn } from './stand-in.ts'
import type { DisputeRun, RunComponents } from './run-dispute.ts'

/** Disputes that are kept once they ended: a few hundred KB each. */
const MAX_DISPUTES = 32

/** Objections of one party within a minute that this peer runs the canon for; what its claims come to by themselves is not counted. */
const MAX_OBJECTIONS = 8
const MINUTE = 60_000

/** Milliseconds for fetching a case: an input of 8 MiB over a slow line. */
const FETCHING = 30_000

export interface DisputesComponents extends Omit<RunComponents, 'wire' | 'engine' | 'canon'> {
  readonly net: Pick<Net, 'self' | 'publish' | 'subscribe' | 'open' | 'handle'>
  readonly verify: VerifySignature
  readonly engines: { readonly witness: RunComponents['engine']; readonly canon: RunComponents['canon'] }
  readonly isBlocked: (peer: PeerId) => boolean
  /** Whether a peer sits on a jury over a job, hex: it is shown the job. */
  readonly isJuror: (job: string, peer: PeerId) => boolean
  readonly random: RandomBytes
  /** Whether this device may run a model now. */
  readonly mayRun: () => boolean
  readonly onEnd: (ended: EndedDispute) => void
  readonly onChange: () => void
  /** A dispute over this job, hex, has changed. */
  readonly onJob: (job: string) => void
}

/** A dispute that ended, for whoever draws conclusions from it. */
export interface EndedDispute {
  readonly run: DisputeRun
  readonly outcome: DisputeOutcome
}

/** A job of this peer's own, or one that another shows. */
interface Opening {
  readonly case?: JobCase
  readonly file?: Uint8Array
  readonly contest?: Read<MessageOf<'contest'>>
  readonly asserts?: boolean
}

/** What proves that an executor lied about what it was bound to. */
export interface Falsehood {
  readonly job: Uint8Array
  readonly manifest: Manifest
  /** OFFER, AWARD, COMMIT-SET, REVEAL, and perhaps others. */
  readonly messages: readonly Signed[]
  readonly who: PeerId
}

interface Held {
  readonly run: DisputeRun
  readonly openedAt: Date
  evidence?: Uint8Array
  view?: DisputeView
}

/** The disputes of a room: those that this peer is a party to or follows, and those that it has only heard of. */
export class HeldDisputes {
  readonly #components: DisputesComponents
  readonly #wire: DisputeWire
  readonly #cases: Cases
  readonly #hearsay: Hearsay
  readonly #held = new Map<string, Held>()
  readonly #opening = new Map<string, Promise<Held | undefined>>()
  readonly #objections = new Map<PeerId, number[]>()
  readonly #falsehoods = new Map<string, Uint8Array>()
  readonly #refusals = new Refusals()
  readonly #standIn: StandIn
  #tools: typeof OpenCase | undefined

  /** `cases`: the jobs that this peer has taken part in so far, and those that others put there. */
  constructor(components: DisputesComponents, cases: Cases) {
    this.#components = { ...components, provideModel: rememberingModel(components.provideModel, components.clock) }
    this.#cases = cases
    const { room, net, verify, clock, charter } = components
    const book = {
      ...questionsAbout({
        run: (job) => this.#served(job)?.run,
        case: (job) => cases.get(job),
        isJuror: components.isJuror,
        evidence: (job) => {
          const held = this.#served(job)
          return held && this.#evidence(held)
        },
      }),
      wants: (read: DisputeRead) => this.#wants(read),
      answers: (peer: PeerId) => !this.#components.isBlocked(peer),
    }
    this.#wire = disputes({ room })({ net, verify, clock, book })
    this.#hearsay = new Hearsay({ clock, charter })
    this.#standIn = new StandIn({
      ...components,
      isNeeded: (job) => this.#hearsay.get(job)?.partyAssertions.length === 0,
      lookInto: async (job) => {
        await this.follow(job)
        await this.#held.get(job)?.run.over
      },
    })
    this.#wire.on('message', ({ read }) => this.#take(read))
  }

  hear(data: Uint8Array): Promise<void> {
    return this.#wire.hear(data)
  }

  answer(channel: Channel): Promise<void> {
    return this.#wire.answer(channel)
  }

  close(): void {
    this.#standIn.close()
    for (const { run } of this.#held.values()) run.close()
  }

  /** Open ones first, then the newest. */
  list(): readonly DisputeView[] {
    const own = [...this.#held.values()].map((held) => this.#viewOf(held)).flatMap((view) => view ?? [])
    const heard = this.#hearsay.list().filter(({ job }) => !this.#held.has(job))
    const isOpen = ({ phase }: DisputeView) => phase === 'asserting' || phase === 'comparing' || phase === 'rerunning'
    return [...own, ...heard].toSorted(
      (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.openedAt.getTime() - a.openedAt.getTime(),
    )
  }

  /** The latest last. */
  refused(): readonly Refusal[] {
    return this.#refusals.list()
  }

  view(job: string): DisputeView | undefined {
    const held = this.#held.get(job)
    return held && this.#viewOf(held)
  }

  /** Takes note of how a job ended, as its requester announced it. */
  noteReceipt(read: Read<MessageOf<'receipt'>>): void {
    for (const message of this.#hearsay.noteReceipt(read)) this.#take(message)
  }

  /** A job that this peer took part in is among the cases. One whose claims lie outside the rule is contested by itself; resolves when that is over. */
  async noteCase(one: JobCase): Promise<void> {
    const job = hex(one.job)
    const heard = this.#hearsay.take(job)
    this.#components.onChange()
    if (one.state !== 'contested') return heard.forEach((read) => this.#take(read))
    const isRequester = one.requester === this.#components.self
    const signed = isRequester ? await this.#sayContest(one.job, 'outside-rule', '') : undefined
    const opening = this.#open(job, { case: one, ...(signed ? { contest: signed } : {}) })
    for (const read of heard) this.#take(read)
    await (
      await opening
    )?.run.over
  }

  /** Keeps the proof that an executor showed another output than it was bound to. */
  async noteFalsehood({ job, manifest, messages, who }: Falsehood): Promise<void> {
    const { sign, room } = this.#components
    const losers = [{ peer: who, for: 'false-reveal' as const }]
    const settlement = await sign({ kind: 'settlement', room, job, state: 'proven', stands: [], losers, leaves: [] })
    const kinds = ['offer', 'award', 'commit-set', 'reveal']
    const those = messages.filter((signed) => kinds.includes(readMessage(signed).message.kind))
    const file = { moot: 'evidence', version: 1, grounds: 'false-reveal', manifest } as const
    this.#falsehoods.set(hex(job), encodeEvidence({ ...file, messages: [...those, settlement] }))
    dropOldest(this.#falsehoods, MAX_DISPUTES)
  }

  /** Why this peer may not contest a job, if it may not. */
  whyNotContest(job: string): string | undefined {
    const { self, clock, charter } = this.#components
    const one = this.#cases.get(job)
    return this.#held.has(job)
      ? 'it is contested already'
      : whyNotContest(one && { ...one, parties: partiesOf(one) }, self, clock.now(), charter)
  }

  /** Rejects with `CONTEST_REFUSED`. */
  async contest(job: string, note = '', reason: MessageOf<'contest'>['reason'] = 'objection'): Promise<void> {
    const one = this.#cases.get(job)
    const why = this.whyNotContest(job)
    if (one === undefined || why !== undefined)
      throw fault({ code: 'CONTEST_REFUSED', why: why ?? 'there is no such job here' })
    const contest = await this.#sayContest(one.job, reason, note.slice(0, 280))
    await this.#open(job, { case: one, contest })
  }

  /** Resolves once a contest that is open here is over. */
  async over(job: string): Promise<DisputeView | undefined> {
    const held = await (this.#opening.get(job) ?? this.#held.get(job))
    await held?.run.over
    return this.view(job)
  }

  /** Looks into a dispute of others: re-runs one operator where assertions differ, and the model where there is none. */
  async follow(job: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#held.has(job)) return
    const heard = this.#hearsay.get(job)
    if (heard === undefined) throw fault({ code: 'CONTEST_REFUSED', why: 'nobody here knows of a contest over it' })
    const asked = [heard.contest.author, heard.requester, ...heard.executors]
    for (const peer of new Set(asked)) {
      const file = await this.fetchCase(peer, job, signal ? { signal } : {})
      if (file === undefined) continue
      const asserts = heard.partyAssertions.length === 0
      const held = await this.#open(job, { file, contest: heard.contest, asserts }).catch(() => undefined)
      if (held === undefined) continue
      for (const read of heard.assertions) held.run.hear(read)
      return
    }
    throw fault({ code: 'UNREACHABLE', peer: 'the parties', why: 'none of them shows the case' })
  }

  /** Rejects with `CONTEST_REFUSED` where there is none. */
  async evidenceOf(job: string): Promise<Uint8Array> {
    const held = this.#held.get(job)
    // What has ended is signed in a moment.
    if (held?.run.state.phase === 'ended') await held.run.over
    const file = held ? this.#evidence(held) : this.#falsehoods.get(job)
    if (file) return file
    throw fault({ code: 'CONTEST_REFUSED', why: 'there is no evidence of a contest over it here' })
  }

  /** The receipt file of a job, as a party shows it; undefined where it shows none. */
  fetchCase(peer: PeerId, job: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> {
    const limits = { limitMs: FETCHING, ...(signal ? { signal } : {}) }
    return this.#wire.case(peer, fromHex(job), limits).catch(() => undefined)
  }

  #wants(read: DisputeRead): boolean {
    const job = hex(read.message.job)
    if (this.#components.isBlocked(read.author)) return false
    return (
      this.#held.has(job) || this.#opening.has(job) || this.#cases.get(job) !== undefined || this.#hearsay.wants(read)
    )
  }

  async #sayContest(
    job: Uint8Array,
    reason: MessageOf<'contest'>['reason'],
    note: string,
  ): Promise<Read<MessageOf<'contest'>>> {
    const { sign, room } = this.#components
    const signed = await sign({ kind: 'contest', room, job, reason, note })
    void this.#wire.publish(signed).catch(() => {})
    const one = this.#cases.get(hex(job))
    for (const party of one ? partiesOf(one) : [])
      if (party !== this.#components.self)
        void this.#wire.tell(party, signed, { limitMs: this.#components.charter.timeouts.opening }).catch(() => {})
    return readAs('contest', signed)
  }

  #take(read: DisputeRead): void {
    const job = hex(read.message.job)
    const opening = this.#opening.get(job)
    if (opening && isKind('assert', read))
      return void opening.then(
        (held) => held && this.#hear(held, read),
        () => {},
      )
    const held = this.#held.get(job)
    if (held) return isKind('assert', read) ? this.#hear(held, read) : undefined
    const one = this.#cases.get(job)
    if (one && isKind('contest', read)) return this.#takeContest(one, read)
    this.#hearsay.note(read)
    if (isKind('contest', read) && !one) this.#standIn.consider(job)
    this.#components.onChange()
  }

  #hear({ run }: Held, read: Read<MessageOf<'assert'>>): void {
    const before = run.state.assertions.length
    run.hear(read)
    const { assertions } = run.state
    if (assertions.length === before) return
    // What one is told and others are not: all shall hold both, where they contradict each other.
    for (const one of assertions)
      if (one.read.author === read.author && one.standing === 'contradicted')
        void this.#wire.publish(one.read.signed).catch(() => {})
  }

  /** A party objects to a job that this peer took part in. */
  #takeContest(one: JobCase, contest: Read<MessageOf<'contest'>>): void {
    const { clock, charter } = this.#components
    const why = whyNotContest({ ...one, parties: partiesOf(one) }, contest.author, clock.now(), charter)
    if (why !== undefined) this.#refuse(contest.author, { code: 'CONTEST_REFUSED', why })
    else if (this.#objectsTooOften(contest, one))
      this.#refuse(contest.author, { code: 'RATE_LIMITED', what: 'contests' })
    else void this.#open(hex(one.job), { case: one, contest }).catch(() => {})
  }

  #refuse(peer: PeerId, refusal: Fault): void {
    this.#refusals.note(peer, refusal)
    this.#components.onChange()
  }

  #objectsTooOften({ author }: Read<MessageOf<'contest'>>, { state }: JobCase): boolean {
    if (state === 'contested') return false
    const now = this.#components.clock.now()
    const recent = (this.#objections.get(author) ?? []).filter((at) => now - at < MINUTE)
    this.#objections.set(author, [...recent, now].slice(-MAX_OBJECTIONS - 1))
    dropOldest(this.#objections, 1_000)
    return recent.length >= MAX_OBJECTIONS
  }

  #open(job: string, init: Opening): Promise<Held | undefined> {
    const held = this.#held.get(job)
    const opening = held ? Promise.resolve(held) : (this.#opening.get(job) ?? this.#begin(job, init))
    if (!held) this.#opening.set(job, opening)
    return opening.finally(() => this.#opening.delete(job))
  }

  async #begin(job: string, init: Opening): Promise<Held | undefined> {
    const { engines, verify, charter, mayRun, self } = this.#components
    this.#tools ??= await import('./open-case.ts')
    const run = await this.#tools.openCase(
      { ...this.#components, wire: this.#wire, engine: engines.witness, canon: engines.canon },
      {
        file: init.case?.file ?? init.file ?? new Uint8Array(),
        job,
        given: init.case && { salt: init.case.salt, tensors: init.case.input },
        // Whoever asked runs it whatever it does for others: an executor's word alone shall not decide over the executor.
        asserts: (mayRun() || init.case?.requester === self) && (init.asserts ?? true),
        ...(init.contest ? { contest: init.contest } : {}),
      },
      { verify, charter, onChange: () => this.#changed(job), onEnd: (ended) => this.#ended(ended, job) },
    )
    const held: Held = { run, openedAt: new Date() }
    this.#held.set(job, held)
    this.#dropOld()
    this.#changed(job)
    for (const read of this.#hearsay.take(job)) if (isKind('assert', read)) run.hear(read)
    return held
  }

  /** A dispute ended, or ended otherwise. */
  #ended(run: DisputeRun, job: string): void {
    if (run.ended) this.#components.onEnd({ run, outcome: run.ended.outcome })
    const held = this.#held.get(job)
    if (held) delete held.evidence
  }

  #evidence(held: Held): Uint8Array | undefined {
    const packed = held.evidence ?? this.#tools?.evidenceOf(held.run)
    if (packed) held.evidence = packed
    return packed
  }

  /** What others may still ask about: until nobody can say anything new. */
  #served(job: string): Held | undefined {
    const { clock, charter } = this.#components
    const held = this.#held.get(job)
    return held && clock.now() <= held.run.openedAt + charter.timeouts.contest ? held : undefined
  }

  #changed(job: string): void {
    const held = this.#held.get(job)
    if (held) delete held.view
    this.#components.onJob(job)
    this.#components.onChange()
  }

  #viewOf(held: Held): DisputeView | undefined {
    held.view ??= held.run.look({ self: this.#components.self, openedAt: held.openedAt })
    return held.view
  }

  /** Those that ended leave first. */
  #dropOld(): void {
    for (const [job, { run }] of this.#held) {
      if (this.#held.size <= MAX_DISPUTES) return
      if (run.state.phase !== 'ended') continue
      run.close()
      this.#held.delete(job)
    }
  }
}

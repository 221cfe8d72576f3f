import pLimit from 'p-limit'
import { fault } from '../domain/fault.ts'
import { fitInputs } from '../domain/fit-inputs.ts'
import { hex } from '../domain/hash.ts'
import { boundedCheck, defaultCheck, type Check } from '../domain/checking.ts'
import type { ModelId } from '../domain/manifest.ts'
import { isKind, type MessageOf, type Read } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { bytesOf } from '../domain/tensor.ts'
import type { Net } from '../ports/net.ts'
import { MAX_INPUT, type Jobs, type JobsEvents } from '../protocols/jobs/index.ts'
import type { Presence } from '../protocols/presence/index.ts'
import { RoomAsk, type AskInit } from './ask-room.ts'
import type { AdaptiveAsks, CheckComponents } from './check-adaptively.ts'
import type { ModelShelf } from './hold-models.ts'
import { recordAsked, type Outcomes } from './governance/record-outcomes.ts'
import { MIN_DEGREE } from './mesh-plan.ts'
import { noteAgain, noteAgreed } from './note-outcome.ts'
import { executorsIn, requestJob, type RequestComponents } from './request-job.ts'
import type { Attempt } from './run-attempt.ts'
import type { Ask, AskOptions, Question } from './view.ts'

/** Jobs of ours under way at a time; further asks wait for their turn. An executor takes 32 of one requester. */
const MAX_ASKS = 24

/** Of them adaptive ones: each may have an audit beside it, and all together an executor must take. */
const MAX_ADAPTIVE = 8

/** Milliseconds for which a peer's word that it is here holds, where no link to it says so: its announcements come every 10 s. */
const FRESH = 12_000

export interface AskComponents extends Omit<
  CheckComponents,
  'jobs' | 'addresses' | 'candidates' | 'open' | 'engineOf' | 'mayRun'
> {
  readonly net: Pick<Net, 'self' | 'links' | 'addresses'>
  readonly jobs: Jobs
  readonly presence: Pick<Presence, 'list'>
  readonly models: Pick<ModelShelf, 'find'>
  readonly isBlocked: (peer: PeerId) => boolean
  /** What an ask leaves in this peer's log beside its receipt. */
  readonly records: Pick<Outcomes, 'noteAudit' | 'noteWithheld'>
  /** Whether this device could answer its own ask, where nobody else is there. */
  readonly computes: () => boolean
  /** Has this device answer its own offer. */
  readonly answerOwn: (offer: Read<MessageOf<'offer'>>) => void
}

/** This peer's asks: gives each its turn, and brings the answers to the attempts that they are for. */
export class Asks {
  readonly #components: AskComponents
  readonly #request: RequestComponents
  /** Comes when it is first asked so. */
  #adaptive: Promise<AdaptiveAsks> | undefined
  readonly #turn = pLimit({ concurrency: MAX_ASKS, rejectOnClear: true })
  readonly #adaptiveTurn = pLimit(MAX_ADAPTIVE)
  /** Not ended, those that wait for their turn included. */
  readonly #asks = new Set<Ask>()
  /** Under way, by the digest of their offers. */
  readonly #attempts = new Map<string, Attempt>()
  #asked = 0
  #over = false

  constructor(components: AskComponents) {
    this.#components = components
    this.#request = {
      ...components,
      addresses: () => components.net.addresses(),
      candidates: (excluded) => this.#candidates(excluded),
      open: (attempt, offer) => this.#open(attempt, offer),
    }
  }

  /** Throws `MODEL_UNKNOWN`, `WRONG_INPUT`, `WRONG_DTYPE` or `TOO_LARGE`. */
  ask(question: Question, { check, signal }: AskOptions): Ask {
    const model = this.#components.models.find(question.model)
    if (model === undefined) throw fault({ code: 'MODEL_UNKNOWN', model: question.model })
    fitInputs(model.manifest, question.input)
    const bytes = bytesOf(question.input)
    if (bytes > MAX_INPUT) throw fault({ code: 'TOO_LARGE', what: 'input', bytes, limit: MAX_INPUT })
    const wanted = boundedCheck(check ?? defaultCheck(this.#components.charter))
    const ask = new RoomAsk(this.#request, {
      id: (this.#asked += 1),
      model,
      question,
      check: wanted,
      chosen: check !== undefined,
      turn: this.#turn,
      run: this.#runOf(wanted),
      settle: async (one, checked) => (await this.#adaptively()).settle(one, checked),
      ...(signal ? { signal } : {}),
    })
    this.#asks.add(ask)
    void ask.done.finally(() => this.#asks.delete(ask))
    if (this.#over) ask.cancel()
    return ask
  }

  /** Asks as the check wants it, and takes note of what that shows of whom it asked. */
  #runOf({ mode }: Check): AskInit['run'] {
    const { standings, self, records } = this.#components
    return async (request, onChange) => {
      const result =
        mode === 'adaptive'
          ? await this.#adaptiveTurn(async () => (await this.#adaptively()).ask(request, onChange))
          : await requestJob(this.#request, request, onChange)
      noteAgain(standings, result)
      recordAsked(records, result)
      // Whom one knew is whom one knew before this job.
      const knew = new Set(executorsIn(result).filter((peer) => peer === self || standings.of(peer).checked > 0))
      if (mode === 'replicated') noteAgreed(standings, request.model, result, self)
      return { ...result, knew }
    }
  }

  #adaptively(): Promise<AdaptiveAsks> {
    const { presence, models, computes } = this.#components
    const components = {
      ...this.#components,
      ...this.#request,
      engineOf: (peer: PeerId) => presence.list().find((other) => other.peer === peer)?.engines[0] ?? 'cpu',
      mayRun: (model: ModelId) => computes() && models.find(model)?.cached === true,
    }
    this.#adaptive ??= import('./check-adaptively.ts').then((code) => new code.AdaptiveAsks(components))
    // What did not arrive is fetched again by the next ask.
    this.#adaptive.catch(() => {
      this.#adaptive = undefined
    })
    return this.#adaptive
  }

  /** Brings an executor's first message, and its stream, to the attempt that it answers. */
  answer({ read, stream }: JobsEvents['answer']): void {
    const offer = isKind('accept', read) || isKind('decline', read) ? hex(read.message.offer) : ''
    const attempt = this.#components.isBlocked(stream.remote) ? undefined : this.#attempts.get(offer)
    if (attempt) attempt.answer(read, stream)
    else stream.abort({ code: 'OUT_OF_ORDER', what: read.message.kind, during: 'no job of ours' })
  }

  /** Whether an ask of ours has given this executor a seat. */
  isBusyWith(peer: PeerId): boolean {
    return [...this.#attempts.values()].some(
      ({ job }) => 'seats' in job && job.seats.some((seat) => seat.peer === peer),
    )
  }

  /** Ends every ask, and any that comes later. */
  cancelAll(): void {
    this.#over = true
    this.#turn.clearQueue()
    for (const ask of this.#asks) ask.cancel()
  }

  #open(attempt: Attempt, offer: Read<MessageOf<'offer'>>): void {
    const { jobs, net, answerOwn } = this.#components
    const key = hex(offer.digest)
    this.#attempts.set(key, attempt)
    void attempt.done.finally(() => this.#attempts.delete(key))
    if (this.#over) return
    const { job } = attempt
    if (job.phase === 'offered' && job.candidates.includes(net.self)) answerOwn(offer)
    void jobs.publish(offer.signed).catch(() => {})
  }

  /** Who will be waited for: everybody awake and within reach; this tab itself where there is nobody else. */
  #candidates(excluded: readonly PeerId[]): readonly PeerId[] {
    const { net, presence, clock, isBlocked, computes } = this.#components
    const linked = new Set(net.links().map((link) => link.peer))
    // With links to spare most of a large room has none with us, and answers through a relay.
    const isNear = ({ peer, lastSeen }: { peer: PeerId; lastSeen: number }) =>
      linked.has(peer) || linked.size >= MIN_DEGREE || clock.now() - lastSeen < FRESH
    const awake = presence
      .list()
      .filter((other) => other.engines.length > 0 && !other.paused && !other.watching && isNear(other))
      .map(({ peer }) => peer)
      .filter((peer) => !isBlocked(peer) && !excluded.includes(peer))
    return awake.length === 0 && computes() ? [net.self] : awake
  }
}

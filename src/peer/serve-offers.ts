import { chainHead } from '../domain/hash-chain.ts'
import { whyDecline } from '../domain/execution.ts'
import { faultOf } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { DeclineReason, MessageOf, Read } from '../domain/messages.ts'
import { MAX_MODEL } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { MAX_INPUT, type Jobs, type JobStream } from '../protocols/jobs/index.ts'
import type { JobCase } from './disputes/keep-cases.ts'
import { dropOldest } from './drop-oldest.ts'
import { JobExecution, signAccept, type ExecutionComponents } from './execute-job.ts'
import { CHAIN_LENGTH } from './request-job.ts'
import type { Device } from './govern-device.ts'
import type { Misconduct } from './plant-fault.ts'
import { FairTurns } from './take-turns.ts'

/** Jobs with a seat at a time. An engine runs one; the others fetch, wait for their turn or for others' commits. */
const MAX_JOBS = 48

/** Jobs at a time that were accepted, or are being answered, and wait for a seat: most never get one, and each is a stream and little more. */
const MAX_WAITING = 256

/** Jobs under way at a time for one requester. */
const MAX_JOBS_EACH = 32

/** Offers being answered at a time, declines included: what is past it, or past one requester's share, is met with silence. */
const MAX_ANSWERS = MAX_JOBS + MAX_WAITING + 64

/** Bytes of inputs held at a time for others' jobs: eight of the largest, and far under what a phone's tab may take. */
const MAX_HELD = 8 * MAX_INPUT

/** Bytes of models held at a time on their way to an engine, by what their offers say: two of the largest. */
const MAX_MODELS_HELD = 2 * MAX_MODEL

/** Offers remembered, so that one told twice is answered once. */
const MAX_SEEN = 4_096

/** Milliseconds for which a requester's model is refused that was stopped here, for its time or its memory. */
const REFUSED_FOR = 60_000

/** Refusals remembered: a run that is stopped takes seconds, so few fall into one minute. */
const MAX_REFUSALS = 256

/** What a person may read who asks for such a model again. */
const REFUSED = 'It was stopped here just now, for its time or its memory. Ask again in a minute, with a smaller input.'

/** Milliseconds to reach a requester before an offer is let go. */
const REACH = 10_000

export interface OfferComponents extends Omit<ExecutionComponents, 'engine' | 'hold' | 'holdModel' | 'turn'> {
  readonly jobs: Pick<Jobs, 'open'>
  readonly charterId: string
  readonly chainSecret: Uint8Array
  readonly device: Pick<Device, 'engines' | 'meter' | 'rests' | 'computes' | 'isOverBudget'>
  readonly isBlocked: (peer: PeerId) => boolean
  /** Keeps a job that was decided: it may be contested. */
  readonly noteCase: (job: JobCase) => Promise<void>
  readonly onChange: () => void
  /** What a planted fault makes this peer do in a job. */
  readonly misconduct?: Misconduct
}

/** Answers the room's offers: enters jobs while the device's owner lets it, sees each through, and leaves them at a word. */
export class OfferServer {
  readonly #components: OfferComponents
  readonly #seen = new Set<string>()
  readonly #underWay = new Map<string, PeerId>()
  readonly #executions = new Set<JobExecution>()
  readonly #turns = { cpu: new FairTurns(), gpu: new FairTurns() }
  /** By requester and model, until when. */
  readonly #refused = new Map<string, number>()
  /** By requester and model: bytes on their way to an engine, and the jobs that wait for them. */
  readonly #models = new Map<string, { readonly bytes: number; readonly jobs: number }>()
  #held = 0

  constructor(components: OfferComponents) {
    this.#components = components
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Whether a job of this requester's is under way here. */
  isBusyFor(peer: PeerId): boolean {
    return [...this.#underWay.values()].includes(peer)
  }

  /** Enters a job, says why not, or ignores what it must not answer. Never rejects. */
  async consider(offer: Read<MessageOf<'offer'>>): Promise<void> {
    const { self, isBlocked, clock, jobs, onChange } = this.#components
    const key = hex(offer.digest)
    const { excluded, invited } = offer.message
    if (isBlocked(offer.author) || this.#seen.has(key) || excluded.includes(self)) return
    // Others are meant: nobody waits for a word from here.
    if (invited?.includes(self) === false) return
    this.#remember(key)
    if (this.#isFlooded(offer.author)) return
    // Whoever watches says so in its presence, and is not waited for.
    if (!this.#components.device.computes) return
    const late = new AbortController()
    const cancel = clock.after(REACH, () => late.abort())
    let stream: JobStream | undefined
    this.#underWay.set(key, offer.author)
    onChange()
    try {
      const { addresses } = offer.message
      stream = await jobs.open(offer.author, { addresses, signal: late.signal })
      cancel()
      await this.#answer(offer, stream)
    } catch {
      // The requester cannot be reached, or left: there is nobody to tell.
      stream?.abort({ code: 'UNREACHABLE', peer: offer.author, why: 'the stream was lost' })
    } finally {
      cancel()
      this.#underWay.delete(key)
      onChange()
    }
  }

  /** Leaves every job under way, with a signed word. */
  withdraw(reason: DeclineReason, note: string): void {
    for (const execution of this.#executions) execution.withdraw(reason, note)
  }

  async #answer(offer: Read<MessageOf<'offer'>>, stream: JobStream): Promise<void> {
    const { chainSecret, clock, device, misconduct, self } = this.#components
    const engine = device.engines.engineFor(offer.message)
    const components: ExecutionComponents = {
      ...this.#components,
      engine,
      hold: (bytes) => this.#hold(bytes),
      holdModel: () => this.#holdModel(offer),
      turn: (task, signal) =>
        this.#turns[engine.info.kind].take(offer.author, () => this.#metered(offer, task), signal),
    }
    const accept = await signAccept(components, offer, chainHead(chainSecret, offer.message.nonce, CHAIN_LENGTH))
    // Asked here, and entered before anything is awaited: what the owner says from now on reaches the job.
    const reason = this.#whyDecline(offer)
    if (reason !== undefined) return this.#decline(offer, stream, reason)
    const refused = this.#refused.get(`${offer.author} ${offer.message.model}`) ?? 0
    if (refused > clock.now()) return this.#decline(offer, stream, 'cannot', REFUSED)
    const execution = new JobExecution(components, stream, offer, accept, misconduct)
    this.#executions.add(execution)
    try {
      const { output } = await execution.done
      const job = execution.case
      if (job && offer.author !== self) void this.#components.noteCase(job).catch(() => {})
      if (output !== undefined && offer.author !== self) device.meter.record(output.computeMs)
    } finally {
      this.#executions.delete(execution)
    }
  }

  /** What a run takes of this device counts, whatever comes of it. */
  async #metered<T>({ author, message }: Read<MessageOf<'offer'>>, task: () => Promise<T>): Promise<T> {
    const { clock, device, self } = this.#components
    const startedAt = clock.now()
    try {
      return await task()
    } catch (error) {
      const { code } = faultOf(error)
      if (code === 'ENGINE_TIMED_OUT' || code === 'ENGINE_OUT_OF_MEMORY') {
        this.#refused.set(`${author} ${message.model}`, clock.now() + REFUSED_FOR)
        dropOldest(this.#refused, MAX_REFUSALS)
      }
      throw error
    } finally {
      if (author !== self) device.meter.spend(clock.now() - startedAt)
    }
  }

  #hold(bytes: number): (() => void) | undefined {
    if (this.#held > 0 && this.#held + bytes > MAX_HELD) return undefined
    this.#held += bytes
    return () => {
      this.#held -= bytes
    }
  }

  /** One requester's jobs on one model wait for one fetch, and hold its bytes once. */
  #holdModel({ author, message }: Read<MessageOf<'offer'>>): (() => void) | undefined {
    const key = `${author} ${message.model}`
    const bytes = Math.max(message.modelSize, this.#models.get(key)?.bytes ?? 0)
    const others = [...this.#models].reduce((sum, [other, held]) => sum + (other === key ? 0 : held.bytes), 0)
    if (bytes > MAX_MODEL || others + bytes > MAX_MODELS_HELD) return undefined
    this.#models.set(key, { bytes, jobs: (this.#models.get(key)?.jobs ?? 0) + 1 })
    return () => {
      const jobs = (this.#models.get(key)?.jobs ?? 0) - 1
      if (jobs > 0) this.#models.set(key, { bytes, jobs })
      else this.#models.delete(key)
    }
  }

  async #decline(offer: Read<MessageOf<'offer'>>, stream: JobStream, reason: DeclineReason, note = ''): Promise<void> {
    const signed = await this.#components.sign({ kind: 'decline', offer: offer.digest, reason, note })
    await stream.send({ type: 'message', signed })
    await stream.close()
  }

  #whyDecline(offer: Read<MessageOf<'offer'>>): DeclineReason | undefined {
    const { device, charterId, self } = this.#components
    const watching = !device.computes
    // A person's own ask on their own device is no work for others.
    if (offer.author === self) return watching ? 'watching' : undefined
    const seated = [...this.#executions].filter((execution) => !execution.isWaiting).length
    const isFull = seated >= MAX_JOBS || this.#underWay.size - seated > MAX_WAITING
    return whyDecline(offer.message, {
      watching,
      paused: device.rests,
      overBudget: device.isOverBudget,
      jobs: isFull ? 1 : 0,
      maxJobs: 1,
      charter: charterId,
    })
  }

  /** An honest requester has fewer jobs under way than this: silence costs it nothing, and an answer to each offer costs us a stream. */
  #isFlooded(author: PeerId): boolean {
    if (author === this.#components.self) return false
    const each = [...this.#underWay.values()].filter((peer) => peer === author).length
    return each >= MAX_JOBS_EACH || this.#underWay.size >= MAX_ANSWERS
  }

  #remember(key: string): void {
    this.#seen.add(key)
    dropOldest(this.#seen, MAX_SEEN)
  }
}

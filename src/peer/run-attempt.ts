import type { Charter } from '../domain/charter/charter.ts'
import type { Signed } from '../domain/envelope.ts'
import type { Fault } from '../domain/fault.ts'
import { openJob, step, wakeAt } from '../domain/job.ts'
import type { Ended, Job, JobEffect, JobEvent, Outcome } from '../domain/job-state.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Message, MessageOf, Read } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Clock } from '../ports/clock.ts'
import { distinctOutputs, type Frame, type Jobs, type JobStream } from '../protocols/jobs/index.ts'
import type { SignMessage } from './sign-message.ts'

export interface AttemptComponents {
  readonly jobs: Pick<Jobs, 'publish'>
  readonly sign: SignMessage
  readonly clock: Clock
  readonly charter: Charter
}

export interface AttemptInit {
  readonly offer: Read<MessageOf<'offer'>>
  readonly secret: Uint8Array
  readonly input: { readonly tensors: Tensors; readonly salt: Uint8Array }
  readonly manifest: Manifest
  readonly candidates: readonly PeerId[]
  /** Introducer trees at the offer's ledger root. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
}

/** What an executor last said it was doing. */
export interface Doing {
  readonly doing: 'fetching' | 'computing'
  readonly fraction: number
}

export interface AttemptResult {
  readonly outcome: Outcome
  /** Our own messages and the declines, in order: what a receipt is made of. */
  readonly transcript: readonly Signed[]
  /** When the outcome was known, on the attempt's clock. */
  readonly endedAt: number
  /** Nobody accepted, and somebody would have with more time to spare: the same offer may be accepted later. */
  readonly isBusy: boolean
}

const isBusy = ({ outcome, accepts, declines }: Ended): boolean =>
  (outcome.kind === 'again' || (outcome.kind === 'lost' && outcome.fault.code === 'NOBODY_LEFT')) &&
  accepts.length === 0 &&
  declines.some(({ message }) => message.reason === 'busy' || message.reason === 'budget')

/** Performs one attempt: feeds `step` with what comes off the streams and the clock, and does what it says. */
export class Attempt {
  readonly done: Promise<AttemptResult>
  readonly doing = new Map<PeerId, Doing>()
  readonly #components: AttemptComponents
  readonly #init: AttemptInit
  readonly #streams = new Map<PeerId, JobStream>()
  readonly #transcript: Signed[]
  readonly #onChange: (attempt: Attempt) => void
  readonly #ended = Promise.withResolvers<AttemptResult>()
  #job: Job
  #award: Signed | undefined
  /** Effects happen one after another, in the order in which the rules gave them. */
  #tail: Promise<void> = Promise.resolve()
  #cancelTimer: () => void = () => {}

  constructor(components: AttemptComponents, init: AttemptInit, onChange: (attempt: Attempt) => void) {
    this.#components = components
    this.#init = init
    this.#onChange = onChange
    this.#transcript = [init.offer.signed]
    this.done = this.#ended.promise
    const { offer, secret, candidates, manifest, trees } = init
    const at = components.clock.now()
    this.#job = openJob({ offer, secret, candidates, trees, numerics: manifest, at })
    this.#armTimer()
  }

  get job(): Job {
    return this.#job
  }

  /** Takes over an executor's stream with its first message. */
  answer(read: Read, stream: JobStream): void {
    if (this.#job.phase === 'ended')
      return stream.abort({ code: 'OUT_OF_ORDER', what: read.message.kind, during: 'ended' })
    if (this.#streams.has(stream.remote)) return stream.abort({ code: 'REPLAYED', what: 'stream' })
    this.#streams.set(stream.remote, stream)
    void this.#listen(read, stream)
  }

  cancel(): void {
    this.#apply({ type: 'cancel', at: this.#components.clock.now() })
  }

  async #listen(first: Read, stream: JobStream): Promise<void> {
    const at = () => this.#components.clock.now()
    const from = stream.remote
    try {
      this.#receive(first)
      for await (const frame of stream.frames()) {
        if (frame.type === 'message') this.#receive(frame.read, frame.outputs?.[0])
        else {
          this.doing.set(from, frame)
          this.#apply({ type: 'progress', at: at(), from })
        }
      }
    } catch {
      // The stream was lost, or brought something that does not hold: either way its peer is gone from this job.
    } finally {
      this.#apply({ type: 'gone', at: at(), from })
      void stream.close()
    }
  }

  #receive(read: Read, outputs?: Tensors): void {
    this.#apply({ type: 'received', at: this.#components.clock.now(), read, ...(outputs ? { outputs } : {}) })
  }

  #apply(event: JobEvent): void {
    if (this.#job.phase === 'ended') return
    const { state, effects } = step(this.#job, event, this.#components.charter)
    this.#job = state
    for (const effect of effects) this.#tail = this.#tail.then(() => this.#perform(effect)).catch(() => {})
    this.#armTimer()
    this.#onChange(this)
    if (state.phase !== 'ended') return
    const { outcome, declines } = state
    const endedAt = this.#components.clock.now()
    void this.#tail.then(() => {
      // Whoever answered without a seat is let go too.
      for (const stream of this.#streams.values()) void stream.close()
      const transcript = [...this.#transcript, ...declines.map((read) => read.signed)]
      this.#ended.resolve({ outcome, transcript, endedAt, isBusy: isBusy(state) })
    })
  }

  async #perform(effect: JobEffect): Promise<void> {
    switch (effect.type) {
      case 'send': {
        const { message, to, claims, publish } = effect
        const signed = await this.#sign(message)
        this.#send(signed, to, claims ? { outputs: distinctOutputs(claims) } : {})
        return publish && this.#components.jobs.publish(signed)
      }
      case 'seat': {
        const { salt, tensors } = this.#init.input
        if (this.#award) this.#send(this.#award, [effect.peer], { input: { salt, tensors } })
        return
      }
      case 'close':
        return this.#close(effect.peer, effect.fault)
      default:
        return effect satisfies never
    }
  }

  async #sign(message: Message): Promise<Signed> {
    const signed = await this.#components.sign(message)
    this.#transcript.push(signed)
    if (message.kind === 'award') this.#award = signed
    return signed
  }

  /** A stream that cannot take the frame has ended, which its own loop notices. */
  #send(
    signed: Signed,
    to: readonly PeerId[],
    beside: Omit<Extract<Frame, { type: 'message' }>, 'type' | 'signed'> = {},
  ): void {
    for (const peer of to)
      this.#streams
        .get(peer)
        ?.send({ type: 'message', signed, ...beside })
        .catch(() => {})
  }

  #close(peer: PeerId, detail?: Fault): void {
    const stream = this.#streams.get(peer)
    if (detail) stream?.abort(detail)
    else void stream?.close()
  }

  #armTimer(): void {
    this.#cancelTimer()
    const at = wakeAt(this.#job, this.#components.charter)
    if (at === undefined) return
    const { clock } = this.#components
    this.#cancelTimer = clock.after(Math.max(0, at - clock.now()), () => this.#apply({ type: 'tick', at: clock.now() }))
  }
}

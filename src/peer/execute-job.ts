import type { Charter } from '../domain/charter/charter.ts'
import {
  executionStep,
  lastMoment,
  openExecution,
  type Execution,
  type ExecutionEffect,
  type ExecutionEvent,
} from '../domain/execution.ts'
import { fault, faultOf, sentence } from '../domain/fault.ts'
import { fromHex } from '../domain/hash.ts'
import type { Signed } from '../domain/envelope.ts'
import { isKind, readAs, type DeclineReason, type MessageKind, type MessageOf, type Read } from '../domain/messages.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import { encodeReceipt, KEPT_INPUT } from '../domain/receipt.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { bytesOf, type Tensors } from '../domain/tensor.ts'
import type { Clock, RandomBytes } from '../ports/clock.ts'
import type { InferenceEngine, InferenceResult, LoadedModel } from '../ports/inference-engine.ts'
import { MAX_OUTPUT, type Frame, type JobStream } from '../protocols/jobs/index.ts'
import type { ProvideModel } from './carry-models.ts'
import type { JobCase } from './disputes/keep-cases.ts'
import type { Leaving } from './governance/judge-award.ts'
import { blankOutputs, type Misconduct } from './plant-fault.ts'
import type { SignMessage } from './sign-message.ts'

/** Milliseconds between two signs of life while a seat fetches or computes: a fraction of the charter's patience. */
const HEARTBEAT = 1_000

/** How often a model is loaded again that jobs on other models pushed out of the engine between its load and its run. */
const MAX_RELOADS = 3

/** What a receipt file holds of a job, in its order, after the offer. */
const KEPT: readonly MessageKind[] = ['award', 'commit-set', 'reveal-set', 'receipt']

interface JobInput {
  readonly salt: Uint8Array
  readonly tensors: Tensors
}

type Say = (doing: 'fetching' | 'computing', fraction: number) => void

export interface ExecutionComponents {
  readonly self: PeerId
  readonly sign: SignMessage
  readonly clock: Clock
  readonly random: RandomBytes
  readonly charter: Charter
  readonly engine: InferenceEngine
  /** Why this device leaves a job that its award names it in; undefined where it goes on. */
  readonly judgeAward: (offer: Read<MessageOf<'offer'>>, award: Read<MessageOf<'award'>>) => Leaving | undefined
  readonly provideModel: ProvideModel
  /** What is known of a model. */
  readonly manifestOf: (model: ModelId) => Manifest | undefined
  /** Makes room for so many bytes of input; gives the way to free it, or nothing where there is none. */
  readonly hold: (bytes: number) => (() => void) | undefined
  /** The same for the model that the job brings, until an engine has it. */
  readonly holdModel: () => (() => void) | undefined
  /** Gives the engine to a task when it is this job's turn. */
  readonly turn: <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T>
}

/** Performs one job, which it accepts: computes, binds itself, opens only when all are bound. */
export class JobExecution {
  readonly done: Promise<Execution>
  readonly #components: ExecutionComponents
  readonly #stream: JobStream
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<Execution>()
  readonly #misconduct: Misconduct | undefined
  #state: Execution
  #tail: Promise<void> = Promise.resolve()
  #cancelTimer: () => void = () => {}
  /** By kind: what the requester said, in the order of `KEPT`. */
  readonly #kept = new Map<MessageKind, Signed>()
  #input: JobInput | undefined
  #outputs: readonly Tensors[] = []

  constructor(
    components: ExecutionComponents,
    stream: JobStream,
    offer: Read<MessageOf<'offer'>>,
    accept: Read<MessageOf<'accept'>>,
    misconduct?: Misconduct,
  ) {
    this.#components = components
    this.#stream = stream
    this.#state = openExecution(offer, accept, components.clock.now())
    this.done = this.#ended.promise
    this.#misconduct = misconduct
    this.#armTimer()
    this.#send({ type: 'message', signed: accept.signed })
    void this.#listen()
  }

  /** Whether it was accepted, but not given a seat, which may never come. */
  get isWaiting(): boolean {
    return this.#state.phase === 'waiting'
  }

  /** Leaves, with a signed word, unless the output is out already. */
  withdraw(reason: DeclineReason, note: string): void {
    this.#apply({ type: 'withdraw', at: this.#now(), reason, note })
  }

  async #listen(): Promise<void> {
    try {
      for await (const frame of this.#stream.frames()) {
        if (frame.type === 'progress') continue
        const { read, input, outputs } = frame
        this.#keep(read, input, outputs)
        this.#apply({ type: 'received', at: this.#now(), read, ...(input ? { input } : {}) })
        if (isKind('award', read)) this.#judge(read)
      }
    } catch {
      // Lost, or brought something that does not hold: nothing more comes on it.
    } finally {
      this.#apply({ type: 'gone', at: this.#now() })
    }
  }

  /** Who is drawn may leave at no cost, where the draw or the court is not what it goes by. */
  #judge(award: Read<MessageOf<'award'>>): void {
    if (this.#state.phase === 'ended') return
    const leaving = this.#components.judgeAward(this.#state.offer, award)
    if (leaving) this.withdraw(leaving.reason, leaving.note)
  }

  /** Whatever the requester said is what a contest is about; what it said out of place, `check-receipt` finds. */
  #keep({ message, signed }: Read, input: JobInput | undefined, outputs: readonly Tensors[] | undefined): void {
    if (!KEPT.includes(message.kind) || this.#state.phase === 'ended') return
    this.#kept.set(message.kind, signed)
    // What the rules accept with an AWARD is bound by the OFFER; beside anything else it is nobody's.
    if (input && message.kind === 'award') this.#input = input
    if (message.kind === 'reveal-set' && outputs) this.#outputs = outputs
  }

  /** The job as its executor can contest it: as a whole, once its receipt came. */
  get case(): JobCase | undefined {
    const { components, input } = { components: this.#components, input: this.#input }
    const { offer } = this.#state
    const said = this.#kept.get('receipt')
    const manifest = components.manifestOf(offer.message.model)
    if (said === undefined || input === undefined || manifest === undefined) return undefined
    const { job, state, claims } = readAs('receipt', said).message
    const file = encodeReceipt({
      moot: 'receipt',
      version: 1,
      manifest,
      messages: [offer.signed, ...KEPT.flatMap((kind) => this.#kept.get(kind) ?? [])],
      ...(bytesOf(input.tensors) <= KEPT_INPUT ? { input } : {}),
      outputs: [...this.#outputs],
    })
    const executors = claims.map(({ peer }) => peer)
    const { model } = offer.message
    const endedAt = this.#now()
    return {
      job,
      requester: offer.author,
      executors,
      model,
      manifest,
      state,
      file,
      input: input.tensors,
      salt: input.salt,
      endedAt,
    }
  }

  #apply(event: ExecutionEvent): void {
    if (this.#state.phase === 'ended') return
    const { state, effects } = executionStep(this.#state, event, this.#components.self, this.#components.charter)
    this.#state = state
    for (const effect of effects) this.#tail = this.#tail.then(() => this.#perform(effect)).catch(() => {})
    this.#armTimer()
    if (state.phase === 'ended') void this.#tail.then(() => this.#ended.resolve(state))
  }

  async #perform(effect: ExecutionEffect): Promise<void> {
    switch (effect.type) {
      case 'send':
        if (effect.message.kind === 'commit' && this.#misconduct === 'keeps-commit') return
        return this.#send({ type: 'message', signed: await this.#components.sign(effect.message) })
      case 'reveal': {
        if (this.#misconduct === 'keeps-reveal') return
        if (this.#misconduct === 'vanishes') return this.#stream.abort({ code: 'CANCELLED' })
        // A copycat's salt does not open its COMMIT.
        const { sign, random } = this.#components
        const message = this.#misconduct === 'copies' ? { ...effect.message, salt: random(32) } : effect.message
        const signed = await sign(message)
        return this.#send({ type: 'message', signed, outputs: [effect.outputs] })
      }
      case 'compute':
        // Not awaited: what comes off the stream meanwhile is still acted on.
        void this.#compute(effect.input)
        return
      case 'stop':
        return this.#stop.abort()
      case 'close':
        return effect.fault ? this.#stream.abort(effect.fault) : this.#stream.close()
      default:
        return effect satisfies never
    }
  }

  /** Not awaited, so that a requester who does not read holds up nothing; a stream that has ended is noticed by its own loop. */
  #send(frame: Frame): void {
    void this.#stream.send(frame).catch(() => {})
  }

  async #compute(input: Tensors): Promise<void> {
    if (this.#misconduct === 'silent') return
    const { random, hold } = this.#components
    const free = hold(bytesOf(input))
    if (free === undefined) return this.withdraw('busy', 'It holds as much input as it can.')
    let beat = () => {}
    const say: Say = (doing, fraction) => {
      beat()
      if (this.#stop.signal.aborted) return
      this.#send({ type: 'progress', doing, fraction })
      beat = this.#components.clock.after(HEARTBEAT, () => say(doing, fraction))
    }
    try {
      const { outputs, computeMs } = await (this.#misconduct === 'copies' ? this.#copy(say) : this.#run(input, say))
      const bytes = bytesOf(outputs)
      if (bytes > MAX_OUTPUT) throw fault({ code: 'TOO_LARGE', what: 'output', bytes, limit: MAX_OUTPUT })
      this.#apply({ type: 'computed', at: this.#now(), outputs, computeMs, salt: random(32) })
    } catch (error) {
      const detail = faultOf(error)
      if (detail.code === 'RATE_LIMITED') this.withdraw('busy', sentence(detail))
      else this.#apply({ type: 'failed', at: this.#now(), note: sentence(detail) })
    } finally {
      beat()
      free()
    }
  }

  async #run(input: Tensors, say: Say, reloads = MAX_RELOADS): Promise<InferenceResult> {
    const { engine, turn, holdModel } = this.#components
    const { model: id } = this.#state.offer.message
    const { signal } = this.#stop
    const isWarm = engine.has(id)
    const free = isWarm ? () => {} : holdModel()
    if (free === undefined) throw fault({ code: 'RATE_LIMITED', what: 'models' })
    try {
      const model = isWarm ? undefined : await this.#fetch(say)
      say('computing', 0)
      return await turn(async () => {
        if (model !== undefined && !engine.has(id)) await engine.load(model, { signal })
        return engine.run(id, input, { signal })
      }, signal)
    } catch (error) {
      if (faultOf(error).code !== 'MODEL_NOT_LOADED' || reloads === 0) throw error
      return await this.#run(input, say, reloads - 1)
    } finally {
      free()
    }
  }

  /** What a copycat shows in the place of a result. */
  async #copy(say: Say): Promise<InferenceResult> {
    const { manifest } = await this.#fetch(say)
    return { outputs: blankOutputs(manifest), computeMs: 0 }
  }

  #fetch(say: Say): Promise<LoadedModel> {
    const { message, author } = this.#state.offer
    // Another job may be fetching it already: a sign of life all the same.
    say('fetching', 0)
    return this.#components.provideModel(message.model, {
      from: { peer: author, addresses: message.addresses },
      limit: message.modelSize,
      signal: this.#stop.signal,
      onProgress: (fraction) => say('fetching', fraction),
    })
  }

  #armTimer(): void {
    this.#cancelTimer()
    if (this.#state.phase === 'ended') return
    const { clock, charter } = this.#components
    const wait = Math.max(0, lastMoment(this.#state, charter) - clock.now())
    this.#cancelTimer = clock.after(wait, () => this.#apply({ type: 'tick', at: clock.now() }))
  }

  #now(): number {
    return this.#components.clock.now()
  }
}

/** The ACCEPT with which this peer would enter a job. */
export async function signAccept(
  { engine, random, sign }: Pick<ExecutionComponents, 'engine' | 'random' | 'sign'>,
  offer: Read<MessageOf<'offer'>>,
  chain: Uint8Array,
): Promise<Read<MessageOf<'accept'>>> {
  const signed = await sign({
    kind: 'accept',
    offer: offer.digest,
    engine: engine.info.kind,
    build: engine.info.build.slice(0, 128),
    wasm: fromHex(engine.info.wasmSha256),
    chain,
    nonce: random(32),
  })
  return readAs('accept', signed)
}

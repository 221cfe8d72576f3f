import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { commitToInput, commitToOutput, hashTensors } from '../../src/domain/commitment.ts'
import { executionStep, openExecution, type Execution, type ExecutionEffect } from '../../src/domain/execution.ts'
import { fromHex, hash, hashBytes } from '../../src/domain/hash.ts'
import { openJob, step } from '../../src/domain/job.ts'
import type { Ended, Job, JobEffect, JobEvent } from '../../src/domain/job-state.ts'
import type { Numerics } from '../../src/domain/agreement.ts'
import type { MessageOf, Read } from '../../src/domain/messages.ts'
import { encodeReceipt } from '../../src/domain/receipt.ts'
import type { EngineKind } from '../../src/domain/states.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { Signed } from '../../src/domain/envelope.ts'
import { person, type Person } from './keys.ts'
import { published } from './manifests.ts'
import { floats, logits } from './tensors.ts'

const bytes = (name: string) => hashBytes(new TextEncoder().encode(name))

export const MANIFEST = await published()
export const INPUT: Tensors = { image: floats(0.25, 0.5) }
const ANSWER: Tensors = logits(1, 2, 3)
export const SALT = bytes('input salt')
const SECRET = bytes('lot secret')
const WASM = fromHex(FIRST_CHARTER.canons[0]?.wasmSha256 ?? '')

export interface Executor extends Person {
  readonly engine: EngineKind
  readonly output: Tensors
}

export const executor = (name: string, engine: EngineKind = 'cpu', output: Tensors = ANSWER): Executor => ({
  ...person(name),
  engine,
  output,
})

export const someOffer = (change: Partial<MessageOf<'offer'>> = {}): MessageOf<'offer'> => ({
  kind: 'offer',
  room: 'story',
  charter: cidOf(FIRST_CHARTER),
  model: cidOf(MANIFEST),
  modelSize: 3,
  input: commitToInput(SALT, INPUT),
  replication: 3,
  engine: 'any',
  lot: hash('moot/lot-secret', SECRET),
  chain: bytes('chain'),
  attempt: 1,
  excluded: [],
  deadline: 60_000,
  addresses: [],
  nonce: bytes('nonce'),
  ...change,
})

/** One attempt at a job, told message by message: the rules run, nobody else does. Time stands still unless it is told to pass. */
export class JobStory {
  job: Job
  now = 0
  readonly requester: Person
  readonly offer: Read<MessageOf<'offer'>>
  readonly executors: readonly Executor[]
  readonly effects: JobEffect[] = []
  readonly transcript: Signed[]

  constructor(
    executors: readonly Executor[],
    options: { offer?: Partial<MessageOf<'offer'>>; numerics?: Numerics; trees?: ReadonlyMap<string, string> } = {},
  ) {
    this.executors = executors
    this.requester = person('the requester')
    this.offer = this.requester.say(someOffer(options.offer))
    this.transcript = [this.offer.signed]
    const candidates = executors.map((one) => one.peer)
    this.job = openJob({
      offer: this.offer,
      secret: SECRET,
      numerics: options.numerics ?? MANIFEST,
      candidates,
      trees: options.trees ?? new Map(),
      at: 0,
    })
  }

  apply(event: JobEvent): JobEffect[] {
    const { state, effects } = step(this.job, event, FIRST_CHARTER)
    this.job = state
    this.effects.push(...effects)
    for (const effect of effects)
      if (effect.type === 'send') this.transcript.push(this.requester.signNow(effect.message))
    return [...effects]
  }

  hear(read: Read, outputs?: Tensors): JobEffect[] {
    return this.apply({ type: 'received', at: this.now, read, ...(outputs ? { outputs } : {}) })
  }

  tick(ms: number): JobEffect[] {
    this.now += ms
    return this.apply({ type: 'tick', at: this.now })
  }

  gone(who: Executor): JobEffect[] {
    return this.apply({ type: 'gone', at: this.now, from: who.peer })
  }

  acceptOf(who: Executor, change: Partial<MessageOf<'accept'>> = {}): Read<MessageOf<'accept'>> {
    const nonce = bytes(`nonce of ${who.name}`)
    const fixed = { build: 'story', wasm: WASM, chain: bytes('chain'), nonce }
    return who.say<'accept'>({ kind: 'accept', offer: this.offer.digest, engine: who.engine, ...fixed, ...change })
  }

  commitOf(who: Executor, output: Tensors = who.output): Read<MessageOf<'commit'>> {
    const job = this.jobId
    const claim = {
      job,
      peer: who.peer,
      engine: who.engine,
      outputHash: hashTensors(output),
      salt: bytes(`salt of ${who.name}`),
    }
    return who.say<'commit'>({ kind: 'commit', job, engine: who.engine, commitment: commitToOutput(claim) })
  }

  revealOf(who: Executor, output: Tensors = who.output): Read<MessageOf<'reveal'>> {
    const fixed = { salt: bytes(`salt of ${who.name}`), computeMs: 1 }
    const set = this.job.phase === 'committed' ? this.job.set : new Uint8Array(32)
    return who.say<'reveal'>({ kind: 'reveal', job: this.jobId, set, output: hashTensors(output), ...fixed })
  }

  get jobId(): Uint8Array {
    if (this.job.phase === 'awarded' || this.job.phase === 'committed') return this.job.job
    throw new Error(`no job id while ${this.job.phase}`)
  }

  /** Those who sit now, in their order. */
  get seated(): Executor[] {
    if (this.job.phase !== 'awarded' && this.job.phase !== 'committed') return []
    return this.job.seats.flatMap((seat) => this.executors.filter((one) => one.peer === seat.peer))
  }

  everybodyAccepts(): void {
    for (const who of this.executors) this.hear(this.acceptOf(who))
  }
  everybodyCommits(): void {
    for (const who of this.seated) this.hear(this.commitOf(who))
  }
  everybodyReveals(): void {
    for (const who of this.seated) this.hear(this.revealOf(who), who.output)
  }

  /** The whole job, with nobody failing. */
  run(): Ended {
    this.everybodyAccepts()
    this.everybodyCommits()
    this.everybodyReveals()
    return this.ended
  }

  get ended(): Ended {
    if (this.job.phase !== 'ended') throw new Error(`the job is ${this.job.phase}`)
    return this.job
  }

  /** The outcome, by its kind and, where decided, its state. */
  get outcome(): string {
    const { outcome } = this.ended
    return outcome.kind === 'decided' ? outcome.verdict.state : outcome.kind
  }

  receiptFile(manifest = MANIFEST): Uint8Array {
    const { outcome } = this.ended
    const outputs = outcome.kind === 'decided' ? outcome.verdict.groups.flat().map((claim) => claim.outputs) : []
    const distinct = [...new Map(outputs.map((output) => [String(hashTensors(output)), output])).values()]
    return encodeReceipt({
      moot: 'receipt',
      version: 1,
      manifest,
      messages: this.transcript,
      input: { salt: SALT, tensors: INPUT },
      outputs: distinct,
    })
  }
}

/** One executor's side, driven against a `JobStory`'s requester. */
export class ExecutionStory {
  state: Execution
  readonly me: Executor
  readonly story: JobStory

  constructor(story: JobStory, me: Executor) {
    this.story = story
    this.me = me
    this.state = openExecution(story.offer, story.acceptOf(me), 0)
  }

  apply(event: Parameters<typeof executionStep>[1]): readonly ExecutionEffect[] {
    const { state, effects } = executionStep(this.state, event, this.me.peer, FIRST_CHARTER)
    this.state = state
    return effects
  }

  hear(read: Read, input?: { tensors: Tensors; salt: Uint8Array }): readonly ExecutionEffect[] {
    return this.apply({ type: 'received', at: 0, read, ...(input ? { input } : {}) })
  }

  /** The requester's message of a kind that it sent in the story, as this executor reads it. */
  sent<K extends Read['message']['kind']>(kind: K): Read<MessageOf<K>> {
    for (const effect of this.story.effects)
      if (effect.type === 'send' && effect.message.kind === kind)
        return this.story.requester.say(effect.message as MessageOf<K>)
    throw new Error(`no ${kind} was sent`)
  }

  award(input: { tensors: Tensors; salt: Uint8Array } = { tensors: INPUT, salt: SALT }): readonly ExecutionEffect[] {
    return this.hear(this.sent('award'), input)
  }

  compute(): readonly ExecutionEffect[] {
    const salt = bytes(`salt of ${this.me.name}`)
    return this.apply({ type: 'computed', at: 0, outputs: this.me.output, computeMs: 1, salt })
  }
}

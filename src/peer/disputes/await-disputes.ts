import { whyNotContest } from '../../domain/dispute/contest.ts'
import { hex } from '../../domain/hash.ts'
import type { MessageOf, Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Net } from '../../ports/net.ts'
import { listenForDisputes } from '../../protocols/disputes/listen.ts'
import type { DisputeView, Refusal } from '../dispute-view.ts'
import { dropOldest } from '../drop-oldest.ts'
import { Late } from '../late.ts'
import type { DisputesComponents, Falsehood, HeldDisputes } from './hold-disputes.ts'
import { Cases, partiesOf, type JobCase } from './keep-cases.ts'

/** Receipts of others' jobs that are remembered until the first contest comes. */
const MAX_RECEIPTS = 2_048

export interface AwaitComponents extends Omit<DisputesComponents, 'onJob' | 'net'> {
  readonly net: DisputesComponents['net'] & Pick<Net, 'subscribe' | 'handle'>
  /** This peer took part in a job that was decided. */
  readonly onCase: (one: JobCase) => void
}

/** The disputes of a room. Most tabs never see one: until a contest comes this only keeps what it could be about. */
export class Disputes {
  readonly #components: AwaitComponents
  readonly #cases = new Cases()
  readonly #receipts = new Map<string, Read<MessageOf<'receipt'>>>()
  readonly #listeners = new Set<(job: string) => void>()
  readonly #late = new Late(() => this.#load())
  #held: HeldDisputes | undefined

  constructor(components: AwaitComponents) {
    this.#components = components
  }

  start(): () => void {
    const { net, room } = this.#components
    const stop = listenForDisputes(net, room, () => this.#here())
    return () => {
      stop()
      this.#held?.close()
      void this.#late.begun?.then((held) => held.close()).catch(() => {})
    }
  }

  list(): readonly DisputeView[] {
    return this.#held?.list() ?? []
  }

  refused(): readonly Refusal[] {
    return this.#held?.refused() ?? []
  }

  view(job: string): DisputeView | undefined {
    return this.#held?.view(job)
  }

  /** Calls back with the job, hex, of every dispute that changes. Returns the way to stop. */
  watch(listener: (job: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Takes note of how a job ended, as its requester announced it. */
  noteReceipt(read: Read<MessageOf<'receipt'>>): void {
    if (this.#held) return this.#held.noteReceipt(read)
    this.#receipts.set(hex(read.message.job), read)
    dropOldest(this.#receipts, MAX_RECEIPTS)
  }

  /** Keeps a job that this peer took part in. One whose claims lie outside the rule is contested by itself; resolves when that is over. */
  async noteCase(one: JobCase): Promise<void> {
    this.#cases.put(one)
    this.#components.onCase(one)
    this.#components.onChange()
    if (one.state === 'contested' || this.#late.begun) await (await this.#here()).noteCase(one)
  }

  async noteFalsehood(falsehood: Falsehood): Promise<void> {
    await (await this.#here()).noteFalsehood(falsehood)
  }

  mayContest(job: string): boolean {
    if (this.#held) return this.#held.whyNotContest(job) === undefined
    const { self, clock, charter } = this.#components
    const one = this.#cases.get(job)
    return whyNotContest(one && { ...one, parties: partiesOf(one) }, self, clock.now(), charter) === undefined
  }

  /** Rejects with `CONTEST_REFUSED`. */
  async contest(job: string, note = '', reason: MessageOf<'contest'>['reason'] = 'objection'): Promise<void> {
    await (await this.#here()).contest(job, note, reason)
  }

  /** A job that this peer took part in, while it keeps it. */
  case(job: string): JobCase | undefined {
    return this.#cases.get(job)
  }

  /** The receipt file of a job, as a party shows it to whom it may. */
  async fetchCase(peer: PeerId, job: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> {
    return (await this.#here()).fetchCase(peer, job, options)
  }

  /** Resolves once a contest that is open here is over. */
  async over(job: string): Promise<DisputeView | undefined> {
    return (await this.#here()).over(job)
  }

  /** Looks into a dispute of others. Rejects with `CONTEST_REFUSED`, `UNREACHABLE`. */
  async follow(job: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    await (await this.#here()).follow(job, options)
  }

  /** Rejects with `CONTEST_REFUSED` where there is none. */
  async evidenceOf(job: string): Promise<Uint8Array> {
    return (await this.#here()).evidenceOf(job)
  }

  #here(): Promise<HeldDisputes> {
    return this.#late.here()
  }

  async #load(): Promise<HeldDisputes> {
    const module = await import('./hold-disputes.ts')
    const onJob = (job: string) => {
      for (const listener of this.#listeners) listener(job)
    }
    const held = new module.HeldDisputes({ ...this.#components, onJob }, this.#cases)
    for (const read of this.#receipts.values()) held.noteReceipt(read)
    this.#receipts.clear()
    this.#held = held
    return held
  }
}

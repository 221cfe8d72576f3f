import type { Signed } from '../domain/envelope.ts'
import type { ModelId } from '../domain/manifest.ts'
import { nicknameOf } from '../domain/nickname.ts'
import { encodeOpinion, readOpinion, type ReadOpinion } from '../domain/opinion.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Clock } from '../ports/clock.ts'
import type { Net } from '../ports/net.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { Signer, VerifySignature } from '../ports/signer.ts'
import { MAX_NAMED, opinions, OpinionTable, type OpinionBook, type Opinions } from '../protocols/opinions/index.ts'
import type { Presence } from '../protocols/presence/index.ts'
import { OpinionRecords } from './keep-opinions.ts'
import { signBody } from './sign-message.ts'
import type { Opinion } from './view.ts'

/** Milliseconds over which models that are new to the room gather before linked peers are asked about them, and how many peers are. */
const ASK_WITHIN = 10_000
const ASKED_AT_ONCE = 2

/** Models that count as named by the room, for as long as this peer is in it. Past them none is added. */
const MAX_ROOM_MODELS = 4_096

/** Own words that are told to the room again after joining; whoever asks is told all. */
const MAX_ANNOUNCED = 64

export interface JudgeComponents {
  /** As it is called on the wire. */
  readonly room: string
  /** Milliseconds since 1970 at the start: a word of this run counts over those of earlier ones, kept or not. */
  readonly epoch: number
  readonly net: Pick<Net, 'self' | 'links' | 'open' | 'handle' | 'publish' | 'subscribe' | 'on'>
  readonly presence: Pick<Presence, 'on'>
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  /** By model and author. */
  readonly records: RecordStore
  /** Whether a model is listed on this device. */
  readonly isListed: (model: ModelId) => boolean
  /** Whether jobs were done together with a peer. */
  readonly hasWorkedWith: (peer: PeerId) => boolean
  readonly isBlocked: (peer: PeerId) => boolean
  readonly onChange: () => void
}

/** What is said of models, by this peer and by others: kept, passed on, and said again where it may not have been heard. */
export class ModelJudge implements OpinionBook {
  readonly #components: JudgeComponents
  readonly #protocol: Opinions
  readonly #table: OpinionTable
  readonly #records: OpinionRecords
  /** Models that somebody of this room held or holds. */
  readonly #named = new Set<ModelId>()
  /** Those of them that nobody was asked about. */
  readonly #unasked = new Set<ModelId>()
  readonly #asked = new Set<PeerId>()
  readonly #announced = new Set<ModelId>()
  readonly #stopped = new AbortController()
  #loaded: Promise<void> = Promise.resolve()
  #asking: (() => void) | undefined
  #judging: Promise<void> = Promise.resolve()
  /** Whether anybody would hear what is published. */
  #isHeard = false

  constructor(components: JudgeComponents) {
    this.#components = components
    const { room, net, verify, clock, records } = components
    const isNamed = (model: ModelId) => this.#isNamed(model)
    this.#table = new OpinionTable({ self: net.self, isNamed, isFamiliar: (peer) => this.#isFamiliar(peer) })
    this.#protocol = opinions({ room })({ net, verify, clock, book: this })
    this.#records = new OpinionRecords({ records, verify, clock, current: (read) => this.#worthKeeping(read) })
  }

  /** Listens, reads what was kept, asks whom it links with. Before `net.start`. Returns the way to stop. */
  start(): () => Promise<void> {
    const { net, presence } = this.#components
    const stops = [
      this.#protocol.start(),
      this.#protocol.on('opinion', (read) => this.#take(read)),
      presence.on('presence', ({ models }) => this.#name(models)),
      net.on('link', ({ peer }) => void this.#ask(peer)),
      net.on('unlink', ({ peer }) => void this.#asked.delete(peer)),
      net.on('subscriber', ({ topic }) => {
        if (topic !== this.#protocol.topic) return
        this.#isHeard = true
        this.#announce()
      }),
    ]
    this.#loaded = this.#load()
    return async () => {
      for (const stop of stops) stop()
      this.#stopped.abort()
      this.#asking?.()
      await this.#records.stop()
    }
  }

  /** Says what this peer holds of a model; `undefined` takes it back. Rejects with `TOO_LARGE`, or `MALFORMED` for what is no text. */
  judge(model: ModelId, stand: Opinion['stand'] | undefined, reason = ''): Promise<void> {
    const judged = this.#judging.then(() => this.#judge(model, stand ?? 'none', reason.replace(/\s+/g, ' ').trim()))
    this.#judging = judged.catch(() => {})
    return judged
  }

  /** What is said of a model: this peer's own word first, then by who spoke first. */
  of(model: ModelId): readonly Opinion[] {
    const { net, isBlocked } = this.#components
    const shown = this.#table.of(model).flatMap(({ author: peer, opinion: { stand, reason } }): Opinion[] => {
      if (stand === 'none' || isBlocked(peer)) return []
      return [{ peer, nickname: nicknameOf(peer), stand, reason }]
    })
    return shown.toSorted((a, b) => Number(b.peer === net.self) - Number(a.peer === net.self))
  }

  wants(read: ReadOpinion): boolean {
    return this.#table.wants(read)
  }

  /** This peer's own words first, then those of whom it knows: what is over in an answer is of strangers. */
  tell(asker: PeerId, models: readonly ModelId[] | undefined): readonly Signed[] {
    const { net, isBlocked } = this.#components
    if (isBlocked(asker)) return []
    const known = models
      ? [...new Set(models)].flatMap((model) => this.#table.of(model))
      : this.#table.all().filter(({ opinion }) => this.#isNamed(opinion.model))
    const rank = new Map(
      known.map(({ author }) => [author, author === net.self ? 2 : Number(this.#isFamiliar(author))]),
    )
    return known.toSorted((a, b) => (rank.get(b.author) ?? 0) - (rank.get(a.author) ?? 0)).map(({ signed }) => signed)
  }

  async #judge(model: ModelId, stand: Opinion['stand'] | 'none', reason: string): Promise<void> {
    const { epoch, net, signer } = this.#components
    await this.#loaded
    const known = this.#table.of(model).find(({ author }) => author === net.self)?.opinion
    if (stand === (known?.stand ?? 'none') && reason === (known?.reason ?? '')) return
    const seq = Math.max(epoch, (known?.seq ?? 0) + 1)
    const read = readOpinion(await signBody(signer, encodeOpinion({ kind: 'opinion', model, stand, reason, seq })))
    this.#take(read)
    this.#announced.add(model)
    // Where nobody hears it now, whoever comes later asks.
    await Promise.allSettled([this.#records.write(), this.#protocol.publish(read.signed)])
  }

  #take(read: ReadOpinion): void {
    const gone = this.#table.take(read)
    if (gone === undefined) return
    for (const each of [...gone, read]) this.#records.changed(each)
    this.#components.onChange()
  }

  #isNamed(model: ModelId): boolean {
    return this.#named.has(model) || this.#components.isListed(model)
  }

  #isFamiliar(peer: PeerId): boolean {
    const { net, hasWorkedWith, isBlocked } = this.#components
    if (isBlocked(peer)) return false
    return hasWorkedWith(peer) || net.links().some((link) => link.peer === peer)
  }

  /** Somebody of the room holds these. */
  #name(models: readonly ModelId[]): void {
    const fresh = models.filter((model) => !this.#named.has(model)).slice(0, MAX_ROOM_MODELS - this.#named.size)
    if (fresh.length === 0) return
    for (const model of fresh) {
      this.#named.add(model)
      this.#unasked.add(model)
      for (const read of this.#table.named(model)) this.#records.changed(read)
    }
    this.#announce()
    this.#asking ??= this.#components.clock.after(ASK_WITHIN, () => this.#askAbout())
  }

  /** Asks linked peers about what was named since they were asked: they may know it from another day. */
  #askAbout(): void {
    this.#asking = undefined
    const { net, isBlocked } = this.#components
    const models = [...this.#unasked].slice(0, MAX_NAMED)
    this.#unasked.clear()
    const linked = net.links().filter(({ peer }) => !isBlocked(peer))
    for (const { peer } of linked.slice(0, ASKED_AT_ONCE)) void this.#ask(peer, models)
  }

  async #ask(peer: PeerId, models?: readonly ModelId[]): Promise<void> {
    if ((models === undefined && this.#asked.has(peer)) || this.#components.isBlocked(peer)) return
    if (models === undefined) this.#asked.add(peer)
    try {
      await this.#protocol.ask(peer, models, { signal: this.#stopped.signal })
    } catch {
      // Not there yet, or it lied: a link that changes its path is another occasion.
      if (models === undefined) this.#asked.delete(peer)
    }
  }

  /** Says own words again to a room that may not have heard them. */
  #announce(): void {
    if (!this.#isHeard) return
    const { net } = this.#components
    const own = this.#table.all().filter(({ author, opinion }) => author === net.self && this.#isNamed(opinion.model))
    for (const { signed, opinion } of own) {
      if (this.#announced.has(opinion.model) || this.#announced.size >= MAX_ANNOUNCED) continue
      this.#announced.add(opinion.model)
      this.#protocol.publish(signed).catch(() => {})
    }
  }

  async #load(): Promise<void> {
    await this.#records.load(this.#components.net.self, (read) => void this.#table.take(read, { named: true }))
    this.#announce()
    this.#components.onChange()
  }

  /** What is said of models that nobody named is not worth the room. */
  #worthKeeping(read: ReadOpinion): ReadOpinion | undefined {
    const kept = this.#table.get(read)
    return kept && (kept.author === this.#components.net.self || kept.named) ? kept : undefined
  }
}

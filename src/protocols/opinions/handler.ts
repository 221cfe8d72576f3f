import { Emitter } from '../../domain/emitter.ts'
import { signingBytes, type Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import type { ModelId } from '../../domain/manifest.ts'
import type { ReadOpinion } from '../../domain/opinion.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import * as limits from './constants.ts'
import { answerFrames, encodeGossip, encodeRequest, readAnswer, readGossip, readRequest } from './messages.ts'

export interface OpinionsInit {
  readonly room: string
}

/** What is known here. */
export interface OpinionBook {
  /** Whether an opinion would be kept if its signature held: others are not worth the checking. */
  wants(read: ReadOpinion): boolean
  /** What a peer is told of the models that it names, or of all that the room does; nothing where it is not to be. */
  tell(peer: PeerId, models: readonly ModelId[] | undefined): readonly Signed[]
}

export interface OpinionsComponents {
  readonly net: Pick<Net, 'publish' | 'subscribe' | 'open' | 'handle'>
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly book: OpinionBook
}

export interface OpinionsEvents {
  /** One that the book wants and whose signature holds. */
  opinion: ReadOpinion
}

/** What is said of models: a new word by gossip, and what was said before to whoever asks. */
export class OpinionProtocol extends Emitter<OpinionsEvents> {
  readonly topic: string
  readonly #components: OpinionsComponents
  readonly #asked = new Map<PeerId, { readonly since: number; readonly times: number }>()
  #verifying = 0
  #answering = 0

  constructor(init: OpinionsInit, components: OpinionsComponents) {
    super()
    this.#components = components
    this.topic = limits.opinionsTopic(init.room)
  }

  /** Begins to listen and to answer. Returns the way to stop listening. */
  start(): () => void {
    const { net } = this.#components
    const { PROTOCOL, MAX_REQUEST, MAX_STREAMS } = limits
    net.handle(PROTOCOL, { maxFrame: MAX_REQUEST, maxStreams: MAX_STREAMS }, (channel) => void this.#receive(channel))
    return net.subscribe(this.topic, (data) => void this.#hear(data))
  }

  /** Tells the room. */
  async publish(signed: Signed): Promise<void> {
    await this.#components.net.publish(this.topic, encodeGossip(signed))
  }

  /**
   * Asks a linked peer what it knows, of some models or of all. Whoever answers with what does not hold loses the stream.
   * Rejects with `UNREACHABLE`, and with the fault of what was sent.
   */
  async ask(peer: PeerId, models?: readonly ModelId[], { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    const { net, clock } = this.#components
    const options = { maxFrame: limits.MAX_FRAME, ...(signal ? { signal } : {}) }
    const channel = await net.open(peer, limits.PROTOCOL, options)
    const giveUp = () => channel.abort('no longer waited for')
    const cancel = clock.after(limits.PATIENCE, giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
    try {
      await channel.send(encodeRequest(models))
      let told = 0
      for await (const frame of channel.frames()) {
        const answers = readAnswer(frame)
        told += answers.length
        if (told > limits.MAX_TOLD) throw fault({ code: 'RATE_LIMITED', what: 'opinions' })
        for (const read of answers) await this.#judge(read, models)
      }
      await channel.close()
    } catch (error) {
      channel.abort('the answer does not hold')
      throw error
    } finally {
      cancel()
      signal?.removeEventListener('abort', giveUp)
    }
  }

  async #judge(read: ReadOpinion, models: readonly ModelId[] | undefined): Promise<void> {
    const { model } = read.opinion
    if (models?.includes(model) === false) throw fault({ code: 'OUT_OF_ORDER', what: 'opinion', during: 'answering' })
    if (!(await this.#take(read))) throw fault({ code: 'BAD_SIGNATURE', what: 'opinion' })
  }

  /** Gossip that does not hold is dropped: its sender is unknown, so nobody is to blame. */
  async #hear(data: Uint8Array): Promise<void> {
    if (this.#verifying >= limits.MAX_VERIFYING) return
    this.#verifying++
    try {
      await this.#take(readGossip(data))
    } catch {
      // Malformed.
    } finally {
      this.#verifying--
    }
  }

  /** False where the signature of what is wanted does not hold. */
  async #take(read: ReadOpinion): Promise<boolean> {
    const { book, verify } = this.#components
    const { key, body, signature } = read.signed
    if (!book.wants(read)) return true
    if (!(await verify(key, signingBytes(body), signature))) return false
    // a newer word may have come meanwhile
    if (book.wants(read)) this.emit('opinion', read)
    return true
  }

  async #receive(channel: Channel): Promise<void> {
    const { book, clock } = this.#components
    if (this.#answering >= limits.MAX_ANSWERING || !this.#mayAsk(channel.remote))
      return channel.abort('asked too often')
    this.#answering++
    const cancel = clock.after(limits.PATIENCE, () => channel.abort('it took too long'))
    try {
      const { value: frame, done } = await channel.frames()[Symbol.asyncIterator]().next()
      const told = done === true ? [] : book.tell(channel.remote, readRequest(frame)).slice(0, limits.MAX_TOLD)
      for (const answer of answerFrames(told)) await channel.send(answer)
      await channel.close()
    } catch {
      channel.abort('that was no request')
    } finally {
      cancel()
      this.#answering--
    }
  }

  #mayAsk(peer: PeerId): boolean {
    const now = this.#components.clock.now()
    for (const [asker, { since }] of this.#asked) if (now - since >= limits.ASKS_WITHIN) this.#asked.delete(asker)
    const { since = now, times = 0 } = this.#asked.get(peer) ?? {}
    if (times >= limits.MAX_ASKS || (times === 0 && this.#asked.size >= limits.MAX_ASKERS)) return false
    this.#asked.set(peer, { since, times: times + 1 })
    return true
  }
}

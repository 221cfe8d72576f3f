import type { OpenedTrace } from '../../domain/dispute/evidence.ts'
import type { Place } from '../../domain/dispute/opened-trace.ts'
import { Emitter } from '../../domain/emitter.ts'
import { authorOf, signingBytes, type Signed } from '../../domain/envelope.ts'
import { fault, faultOf, sentence, type Fault } from '../../domain/fault.ts'
import { isKind, readMessage, type MessageOf, type Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import * as limits from './constants.ts'
import { Times } from './count-times.ts'
import {
  encodeAnswer,
  encodeGossip,
  encodeRequest,
  expecting,
  readAnswer,
  readGossip,
  readRequest,
} from './messages.ts'
import type { Answer, Request } from './messages.ts'
import { Turns } from './take-turns.ts'

export interface DisputesInit {
  readonly room: string
}

/** What this peer shows of the disputes that it knows; undefined where it has nothing to show. */
export interface DisputeBook {
  /** Whether a message would be heeded if its signature held: others are not worth the checking. */
  wants(read: DisputeRead): boolean
  /** `to`: who asks. */
  case(job: Uint8Array, to: PeerId): Uint8Array | undefined
  trace(job: Uint8Array, root: Uint8Array, nodes: readonly Place[] | undefined): OpenedTrace | undefined
  values(job: Uint8Array, root: Uint8Array, values: readonly number[]): Promise<Tensors | undefined>
  outputs(job: Uint8Array, root: Uint8Array): Tensors | undefined
  evidence(job: Uint8Array): Uint8Array | undefined
}

/** Who may look into the book. */
export interface DisputeDoor {
  /** Whether a peer is answered at all: of others nothing is read. */
  answers(peer: PeerId): boolean
}

export interface DisputesComponents {
  readonly net: Pick<Net, 'publish' | 'open'>
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly book: DisputeBook & DisputeDoor
}

export type DisputeKind = 'contest' | 'assert' | 'settlement'
export type DisputeRead = Read<MessageOf<DisputeKind>>

export interface DisputesEvents {
  /** By gossip, or told by the peer named. Its signature holds, and the book wants it. */
  message: { readonly read: DisputeRead; readonly told?: PeerId }
}

/** Contests, assertions and settlements by gossip; what proves them to whoever asks. */
export class DisputeProtocol extends Emitter<DisputesEvents> {
  readonly #components: DisputesComponents
  readonly #room: string
  readonly #topic: string
  /** Apart from each other: who floods with one of them fills no other's place in another. */
  readonly #asked: Times
  readonly #askedValues: Times
  readonly #told: Times
  readonly #turns = new Turns()
  #verifying = 0

  constructor(init: DisputesInit, components: DisputesComponents) {
    super()
    this.#components = components
    this.#room = init.room
    this.#topic = limits.disputesTopic(init.room)
    const times = (most: number) =>
      new Times(components.clock, { most, within: limits.ASKS_WITHIN, keys: limits.MAX_COUNTED })
    this.#asked = times(limits.MAX_ASKS)
    this.#askedValues = times(limits.MAX_VALUE_ASKS)
    this.#told = times(limits.MAX_TOLD)
  }

  /** Tells the room. */
  async publish(signed: Signed): Promise<void> {
    await this.#components.net.publish(this.#topic, encodeGossip(signed))
  }

  /** Tells one peer, whose word that it heard is waited for. Rejects as `#ask`. */
  async tell(peer: PeerId, signed: Signed, options: AskOptions): Promise<void> {
    await this.#ask(peer, { ask: 'hear', signed }, options)
  }

  /** All of these reject with `UNREACHABLE`, `MALFORMED` or `TIMED_OUT`, and resolve with undefined where the peer has nothing to show. */
  async case(peer: PeerId, job: Uint8Array, options: AskOptions): Promise<Uint8Array | undefined> {
    return expecting('case', await this.#ask(peer, { ask: 'case', job }, options))?.file
  }

  async trace(
    peer: PeerId,
    of: { job: Uint8Array; root: Uint8Array; nodes?: readonly Place[] },
    options: AskOptions,
  ): Promise<OpenedTrace | undefined> {
    const { nodes, ...rest } = of
    const request: Request = { ask: 'trace', ...rest, ...(nodes ? { nodes: [...nodes] } : {}) }
    return expecting('trace', await this.#ask(peer, request, options))?.trace
  }

  async values(
    peer: PeerId,
    of: { job: Uint8Array; root: Uint8Array; values: readonly number[] },
    options: AskOptions,
  ): Promise<Tensors | undefined> {
    return expecting('values', await this.#ask(peer, { ask: 'values', ...of, values: [...of.values] }, options))?.values
  }

  async outputs(
    peer: PeerId,
    of: { job: Uint8Array; root: Uint8Array },
    options: AskOptions,
  ): Promise<Tensors | undefined> {
    return expecting('values', await this.#ask(peer, { ask: 'outputs', ...of }, options))?.values
  }

  async evidence(peer: PeerId, job: Uint8Array, options: AskOptions): Promise<Uint8Array | undefined> {
    return expecting('evidence', await this.#ask(peer, { ask: 'evidence', job }, options))?.file
  }

  async #ask(peer: PeerId, request: Request, { signal, limitMs }: AskOptions): Promise<Answer> {
    const { net, clock } = this.#components
    const late = new AbortController()
    const cancel = clock.after(limitMs, () => late.abort())
    const stop = signal ? AbortSignal.any([signal, late.signal]) : late.signal
    const options = { maxFrame: limits.MAX_ANSWER + 1024, signal: stop }
    let channel: Channel | undefined
    const giveUp = () => channel?.abort('no longer waited for')
    stop.addEventListener('abort', giveUp, { once: true })
    try {
      channel = await net.open(peer, limits.PROTOCOL, options)
      if (stop.aborted) giveUp()
      await channel.send(encodeRequest(request))
      for await (const frame of channel.frames()) {
        const answer = readAnswer(frame)
        void channel.close()
        return answer
      }
      return { answer: 'none' }
    } catch (error) {
      channel?.abort('the answer does not hold')
      throw error
    } finally {
      cancel()
      stop.removeEventListener('abort', giveUp)
    }
  }

  /** Gossip that does not hold is dropped: its sender is unknown, so nobody is to blame. */
  async hear(data: Uint8Array): Promise<void> {
    if (data.length > limits.MAX_GOSSIP) return
    try {
      await this.#take(readGossip(data))
    } catch {
      // Malformed, or wrongly signed.
    }
  }

  async #take(signed: Signed, told?: PeerId): Promise<void> {
    const { book, verify } = this.#components
    if (this.#verifying >= limits.MAX_VERIFYING) return
    const read = readMessage(signed)
    if (!isOfDispute(read) || read.message.room !== this.#room || !book.wants(read)) return
    // A key that floods is not even checked; whoever uses another's name gets no further than its signature.
    this.#verifying++
    try {
      const valid = await verify(signed.key, signingBytes(signed.body), signed.signature)
      if (!valid || this.#told.isTooMany(authorOf(signed))) return
      if (book.wants(read)) this.emit('message', { read, ...(told ? { told } : {}) })
    } finally {
      this.#verifying--
    }
  }

  /** Answers one request. */
  async answer(channel: Channel): Promise<void> {
    const { book, clock } = this.#components
    const { remote } = channel
    if (!book.answers(remote)) return channel.abort('not answered')
    if (this.#asked.isTooMany(remote)) return channel.abort(sentence(TOO_MANY))
    const cancel = clock.after(limits.ANSWER_WITHIN, () => channel.abort('too slow'))
    try {
      if (!(await this.#turns.take(remote))) return channel.abort(sentence(TOO_MANY))
      await this.#answerOne(channel).finally(() => this.#turns.leave(remote))
    } catch (error) {
      channel.abort(sentence(faultOf(error)))
    } finally {
      cancel()
    }
  }

  async #answerOne(channel: Channel): Promise<void> {
    const cancel = this.#components.clock.after(limits.REQUEST_WITHIN, () => channel.abort('nothing was asked'))
    try {
      for await (const frame of channel.frames()) {
        cancel()
        const answer = encodeAnswer(await this.#answerTo(channel.remote, readRequest(frame)))
        await channel.send(answer.length > limits.MAX_ANSWER ? encodeAnswer({ answer: 'none' }) : answer)
        break
      }
      await channel.close()
    } finally {
      cancel()
    }
  }

  async #answerTo(from: PeerId, request: Request): Promise<Answer> {
    const { book } = this.#components
    switch (request.ask) {
      case 'case': {
        const file = book.case(request.job, from)
        return file ? { answer: 'case', file } : NONE
      }
      case 'trace': {
        const trace = book.trace(request.job, request.root, request.nodes)
        return trace ? { answer: 'trace', trace } : NONE
      }
      case 'values': {
        if (this.#askedValues.isTooMany(from)) throw fault(TOO_MANY)
        const values = await book.values(request.job, request.root, request.values)
        return values ? { answer: 'values', values } : NONE
      }
      case 'outputs': {
        const values = book.outputs(request.job, request.root)
        return values ? { answer: 'values', values } : NONE
      }
      case 'evidence': {
        const file = book.evidence(request.job)
        return file ? { answer: 'evidence', file } : NONE
      }
      case 'hear':
        await this.#take(request.signed, from)
        return { answer: 'heard' }
      default:
        return request satisfies never
    }
  }
}

export interface AskOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for the whole of it. */
  readonly limitMs: number
}

const NONE: Answer = { answer: 'none' }
const TOO_MANY: Fault = { code: 'RATE_LIMITED', what: 'requests' }

const isOfDispute = (read: Read): read is DisputeRead =>
  isKind('contest', read) || isKind('assert', read) || isKind('settlement', read)

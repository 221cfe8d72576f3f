import { decode, encode } from '@ipld/dag-cbor'
import { Emitter } from '../../domain/emitter.ts'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { isKind, parse, SignedSchema, type MessageOf, type Read, readMessage } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel, Net } from '../../ports/net.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { FIRST_MESSAGE, jobsTopic, MAX_FRAME, MAX_GOSSIP, MAX_STREAMS, MAX_VERIFYING, PROTOCOL } from './constants.ts'
import { LocalChannel } from './local-channel.ts'
import { readSigned } from './messages.ts'
import { JobStream } from './stream.ts'

export interface JobsInit {
  readonly room: string
}

export interface JobsComponents {
  readonly net: Pick<Net, 'self' | 'open' | 'handle' | 'publish' | 'subscribe'>
  readonly verify: VerifySignature
  readonly clock: Clock
}

export interface JobsEvents {
  /** Somebody in the room asks. Signature checked; whether it was seen before is the listener's to know. */
  offer: Read<MessageOf<'offer'>>
  /** Somebody in the room tells how a job ended. */
  receipt: Read<MessageOf<'receipt'>>
  /** An executor answers one of our offers: its first message, and the stream for the rest. */
  answer: { readonly read: Read; readonly stream: JobStream }
}

/** Offers and receipts over gossip; everything else of a job over one stream, which the executor opens to the requester. */
export class JobProtocol extends Emitter<JobsEvents> {
  readonly #components: JobsComponents
  readonly #room: string
  readonly #topic: string
  #verifying = 0

  constructor(init: JobsInit, components: JobsComponents) {
    super()
    this.#components = components
    this.#room = init.room
    this.#topic = jobsTopic(init.room)
  }

  /** Begins to listen. Returns the way to stop listening to gossip. */
  start(): () => void {
    const { net } = this.#components
    net.handle(PROTOCOL, { maxFrame: MAX_FRAME, maxStreams: MAX_STREAMS }, (channel) => void this.#receive(channel))
    return net.subscribe(this.#topic, (data) => void this.#hear(data))
  }

  /** Tells the room. */
  async publish(signed: Signed): Promise<void> {
    const read = readMessage(signed)
    // Gossip does not come back to who sent it, who is of the room as well.
    if (isKind('receipt', read)) this.emit('receipt', read)
    await this.#components.net.publish(this.#topic, encode(signed))
  }

  /** Opens an executor's stream to a requester. Rejects with `UNREACHABLE`. */
  async open(requester: PeerId, options: { addresses: readonly string[]; signal?: AbortSignal }): Promise<JobStream> {
    const { net } = this.#components
    if (requester === net.self) {
      const [near, far] = LocalChannel.pair(net.self)
      void this.#receive(far)
      return new JobStream(near, this.#components)
    }
    const channel = await net.open(requester, PROTOCOL, { maxFrame: MAX_FRAME, ...options })
    return new JobStream(channel, this.#components)
  }

  /** Gossip that does not hold is dropped: its sender is unknown, so nobody is to blame. */
  async #hear(data: Uint8Array): Promise<void> {
    if (data.length > MAX_GOSSIP || this.#verifying >= MAX_VERIFYING) return
    this.#verifying++
    try {
      const read = await readSigned(parse(SignedSchema, decode(data), 'gossip'), this.#components.verify)
      // Signed for another room, and carried here by somebody else.
      if (!('room' in read.message) || read.message.room !== this.#room) return
      if (isKind('offer', read)) this.emit('offer', read)
      else if (isKind('receipt', read)) this.emit('receipt', read)
    } catch {
      // Malformed or wrongly signed.
    } finally {
      this.#verifying--
    }
  }

  /** Waits, a bounded time, for the first message; the listener takes the stream from there. */
  async #receive(channel: Channel): Promise<void> {
    const stream = new JobStream(channel, this.#components)
    const late = { code: 'TIMED_OUT', what: 'first message', limitMs: FIRST_MESSAGE } as const
    const cancel = this.#components.clock.after(FIRST_MESSAGE, () => stream.abort(late))
    try {
      const { value } = await stream.frames().next()
      if (value?.type !== 'message') throw fault({ code: 'OUT_OF_ORDER', what: 'frame', during: 'opening' })
      this.emit('answer', { read: value.read, stream })
    } catch {
      stream.abort({ code: 'OUT_OF_ORDER', what: 'stream', during: 'opening' })
    } finally {
      cancel()
    }
  }
}

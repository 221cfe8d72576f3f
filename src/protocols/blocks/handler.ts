import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { BlockStore } from '../../ports/block-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import {
  IDLE,
  KEPT_OUT,
  MAX_READ,
  MAX_READ_FOR_ONE,
  MAX_REQUEST,
  MAX_SERVED,
  MAX_STREAMS,
  MAX_VAIN,
  MAX_WAITING,
  PROTOCOL,
  SENDING,
} from './constants.ts'
import { Pace } from './pace.ts'
import { Remembered } from './remembered.ts'
import { Turns } from './turns.ts'

const NOTHING = new Uint8Array(0)

export interface ServeComponents {
  readonly net: Pick<Net, 'handle'>
  readonly blocks: Pick<BlockStore, 'get'>
  readonly clock: Clock
  /** Bytes per second to all together, 0 for no limit. */
  readonly limit: () => number
}

export interface BlockServer {
  /** Bytes of blocks handed to the network since the start. */
  sent(): number
  /** Resets every stream, and takes no more of them. */
  stop(): void
}

/**
 * Answers requests, each with the block's bytes or with nothing; of one stream in their order, and of those who ask at a
 * time each in turn, however many streams it has.
 */
export function serveBlocks(components: ServeComponents): BlockServer {
  const server = new Server(components)
  const limits = { maxFrame: MAX_REQUEST, maxStreams: MAX_STREAMS }
  components.net.handle(PROTOCOL, limits, (channel) => void server.accept(channel))
  return server
}

interface Stream {
  readonly channel: Channel
  /** Requests not yet answered. */
  waiting: number
  /** Requests in a row for what is not here. */
  vain: number
  /** Answers leave in the order of the requests, whatever each has to wait for. */
  tail: Promise<void>
}

interface Request {
  readonly stream: Stream
  readonly digest: Uint8Array
}

class Server implements BlockServer {
  readonly #components: ServeComponents
  readonly #pace: Pace
  readonly #streams = new Set<Stream>()
  readonly #requests = new Turns<Request>()
  /** Blocks being read or sent, by whom they are for. */
  readonly #reading: PeerId[] = []
  /** Who did not read, and when. */
  readonly #deaf = new Remembered()
  #sent = 0
  #stopped = false

  constructor(components: ServeComponents) {
    this.#components = components
    this.#pace = new Pace(components.clock, components.limit)
  }

  sent(): number {
    return this.#sent
  }

  stop(): void {
    this.#stopped = true
    this.#pace.stop()
    for (const { channel } of this.#streams) channel.abort('no more blocks are served')
  }

  async accept(channel: Channel): Promise<void> {
    const deafAt = this.#deaf.at(channel.remote)
    const isKeptOut = deafAt !== undefined && this.#components.clock.now() - deafAt < KEPT_OUT
    if (this.#stopped || isKeptOut || this.#streams.size >= MAX_SERVED) return channel.abort('too many ask at a time')
    const stream = { channel, waiting: 0, vain: 0, tail: Promise.resolve() }
    this.#streams.add(stream)
    const idle = new Idle(stream, this.#components.clock)
    try {
      for await (const digest of channel.frames()) {
        idle.restart()
        if (digest.length !== MAX_REQUEST)
          throw fault({ code: 'MALFORMED', what: 'request', why: 'it is not 32 bytes' })
        if (++stream.waiting > MAX_WAITING) throw fault({ code: 'RATE_LIMITED', what: 'requests' })
        this.#requests.add(channel.remote, { stream, digest })
        this.#next()
      }
    } catch {
      channel.abort('that is no way to ask')
    } finally {
      idle.stop()
      this.#streams.delete(stream)
      this.#requests.drop(channel.remote, (request) => request.stream === stream)
    }
  }

  #next(): void {
    const may = (peer: PeerId) => this.#reading.filter((other) => other === peer).length < MAX_READ_FOR_ONE
    while (this.#reading.length < MAX_READ) {
      const request = this.#requests.take(may)
      if (request === undefined) return
      const { remote } = request.stream.channel
      this.#reading.push(remote)
      void this.#answer(request).finally(() => {
        this.#reading.splice(this.#reading.indexOf(remote), 1)
        this.#next()
      })
    }
  }

  /** Reads the block at once and sends it when it is its turn. Never rejects. */
  #answer({ stream, digest }: Request): Promise<void> {
    const reading = this.#components.blocks.get(digest).catch(() => undefined)
    stream.tail = stream.tail
      .then(async () => this.#send(stream, await reading))
      .catch(() => stream.channel.abort('the stream was lost'))
    return stream.tail
  }

  async #send(stream: Stream, block: Uint8Array | undefined): Promise<void> {
    const { channel } = stream
    stream.vain = block === undefined ? stream.vain + 1 : 0
    if (stream.vain > MAX_VAIN) throw fault({ code: 'RATE_LIMITED', what: 'requests' })
    if (block !== undefined) await this.#pace.pass(block.length)
    const cancel = this.#components.clock.after(SENDING, () => {
      this.#deaf.add(channel.remote, this.#components.clock.now())
      channel.abort('it does not read')
    })
    try {
      await channel.send(block ?? NOTHING)
      this.#sent += block?.length ?? 0
      stream.waiting--
    } finally {
      cancel()
    }
  }
}

/** Closes a stream on which nobody asks any more. */
class Idle {
  readonly #stream: Stream
  readonly #clock: Clock
  #cancel = (): void => {}

  constructor(stream: Stream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    this.restart()
  }

  restart(): void {
    this.#cancel()
    this.#cancel = this.#clock.after(IDLE, () => {
      if (this.#stream.waiting > 0) this.restart()
      else void this.#stream.channel.close().catch(() => {})
    })
  }

  stop(): void {
    this.#cancel()
  }
}

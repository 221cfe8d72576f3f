import { fault, faultOf } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import { MAX_BLOCK, PATIENCE, PROTOCOL, SLOW } from './constants.ts'

export interface Holder {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

export interface WantedBlock {
  /** Sha-256, 32 bytes. */
  readonly digest: Uint8Array
  /** Bytes; left out where they are not known before the block is. */
  readonly length?: number
}

export interface FetchComponents {
  readonly net: Pick<Net, 'open'>
  readonly clock: Clock
}

/** Why a stream with a holder ended: it sent what was not asked for, has nothing more of it, said nothing, or went away. */
export type HolderEnd = 'lied' | 'lacks' | 'silent' | 'gone'

/** One stream with one holder, and what it was asked for. */
export class Source<B extends WantedBlock> {
  readonly peer: PeerId
  /** Not yet answered, in the order of asking, which is the order of the answers. */
  readonly asked: B[] = []
  readonly lacking = new Set<B>()
  /** Blocks in a row that it said it lacks. */
  lacked = 0
  /** Blocks that it answered and whose hash is not known yet. */
  checking = 0
  /** Blocks that it was the first to bring. */
  brought = 0
  /** Set once it ended: `done` where it was no longer needed. */
  end: HolderEnd | 'done' | undefined
  readonly #components: FetchComponents
  readonly #addresses: readonly string[]
  readonly #stop = new AbortController()
  #channel: Channel | undefined
  #openedAt = 0
  #waitingSince: number
  #cancelPatience = (): void => {}

  constructor(components: FetchComponents, { peer, addresses }: Holder) {
    this.#components = components
    this.#addresses = addresses
    this.peer = peer
    this.#waitingSince = components.clock.now()
  }

  /** Whether it lets itself be waited for: for the stream, or for an answer. */
  get isSlow(): boolean {
    const waits = this.#channel === undefined || this.asked.length > 0
    return waits && this.#components.clock.now() - this.#waitingSince > SLOW
  }

  get open(): boolean {
    return this.#channel !== undefined && this.end === undefined
  }

  /** Milliseconds that it takes for a block. */
  get pace(): number {
    return (this.#components.clock.now() - this.#openedAt) / Math.max(1, this.brought)
  }

  /** Opens the stream, and tells so, and of each answer with what was asked, until the stream ends, however it does. Never rejects. */
  async listen(onOpen: () => void, onAnswer: (block: B, bytes: Uint8Array) => void): Promise<void> {
    const { net, clock } = this.#components
    try {
      const options = { maxFrame: MAX_BLOCK, addresses: this.#addresses, signal: this.#stop.signal }
      this.#channel = await net.open(this.peer, PROTOCOL, options)
      this.#openedAt = clock.now()
      if (this.end !== undefined) return
      onOpen()
      for await (const bytes of this.#channel.frames()) {
        const block = this.asked.shift()
        if (block === undefined) return this.stop('lied')
        this.#await()
        onAnswer(block, bytes)
      }
    } catch (error) {
      // More than a block can have: nobody was asked for that.
      if (faultOf(error).code === 'TOO_LARGE') this.stop('lied')
    } finally {
      this.stop('gone')
      this.#give()
    }
  }

  /** Asks for a block. Where the stream is lost on the way, `listen` ends. */
  ask(block: B): void {
    this.asked.push(block)
    if (this.asked.length === 1) this.#await()
    this.#channel?.send(block.digest).catch(() => this.stop('gone'))
  }

  /** Ends the stream. The first reason counts. */
  stop(end: HolderEnd | 'done'): void {
    if (this.end !== undefined) return
    this.end = end
    this.#cancelPatience()
    this.#stop.abort(fault({ code: 'CANCELLED' }))
    this.#give()
  }

  /** Gives the stream back, in an orderly way where nothing is left on its way. */
  #give(): void {
    if (this.asked.length > 0 || this.end === 'lied') this.#channel?.abort('nothing more is wanted of it')
    else this.#channel?.close().catch(() => {})
  }

  /** Waits for the next answer, if there is one to come. */
  #await(): void {
    this.#cancelPatience()
    this.#waitingSince = this.#components.clock.now()
    if (this.asked.length > 0 && this.end === undefined)
      this.#cancelPatience = this.#components.clock.after(PATIENCE, () => this.stop('silent'))
  }
}

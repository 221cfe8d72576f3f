import { Emitter } from '../../domain/emitter.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import { MAX_FRAME, MAX_STREAMS, PROTOCOL, REOPEN } from './constants.ts'
import { encodeGoodbye, readGoodbye } from './messages.ts'

export interface ControlComponents {
  readonly net: Pick<Net, 'self' | 'links' | 'open' | 'handle' | 'on'>
  readonly clock: Clock
}

export interface ControlEvents {
  /** A neighbour leaves, by its own word. */
  goodbye: { readonly peer: PeerId; readonly seq: number }
}

/**
 * One stream held with each neighbour, so that whoever leaves can say so in the moment a page has for it. No heartbeat:
 * the transport's own pings notice who is silent. The smaller id opens it.
 */
export class ControlProtocol extends Emitter<ControlEvents> {
  readonly #components: ControlComponents
  readonly #held = new Map<PeerId, Channel>()
  readonly #opening = new Set<PeerId>()
  readonly #waiting = new Map<PeerId, () => void>()
  readonly #stopped = new AbortController()
  #stop: (() => void)[] = []

  constructor(components: ControlComponents) {
    super()
    this.#components = components
  }

  start(): void {
    const { net } = this.#components
    net.handle(PROTOCOL, { maxFrame: MAX_FRAME, maxStreams: MAX_STREAMS }, (channel) => void this.#hold(channel))
    this.#stop = [net.on('link', ({ peer }) => void this.#open(peer))]
    for (const { peer } of net.links()) void this.#open(peer)
  }

  /** Tells every neighbour that we leave. What is sent is sent before this returns its promise: a closing page has no later. */
  async goodbye(seq: number): Promise<void> {
    for (const stop of [...this.#stop, ...this.#waiting.values()]) stop()
    this.#stopped.abort()
    const frame = encodeGoodbye(seq)
    await Promise.allSettled(
      [...this.#held.values()].map(async (channel) => {
        await channel.send(frame)
        await channel.close()
      }),
    )
    this.#held.clear()
  }

  async #open(peer: PeerId): Promise<void> {
    const { net, clock } = this.#components
    const { signal } = this.#stopped
    const direct = net.links().some((link) => link.peer === peer && link.path === 'direct')
    if (!direct || net.self > peer || signal.aborted || this.#held.has(peer) || this.#opening.has(peer)) return
    this.#opening.add(peer)
    try {
      await this.#hold(await net.open(peer, PROTOCOL, { maxFrame: MAX_FRAME, signal }))
    } catch {
      // The far side is not there yet, or no longer: while the link holds, try again.
    } finally {
      this.#opening.delete(peer)
    }
    if (signal.aborted) return
    this.#waiting.get(peer)?.()
    const again = () => {
      this.#waiting.delete(peer)
      void this.#open(peer)
    }
    this.#waiting.set(peer, clock.after(REOPEN, again))
  }

  /** Holds a channel until it ends; the one frame that may come is a goodbye. */
  async #hold(channel: Channel): Promise<void> {
    const peer = channel.remote
    this.#held.set(peer, channel)
    try {
      for await (const frame of channel.frames()) {
        const { seq } = readGoodbye(frame)
        this.emit('goodbye', { peer, seq })
        break
      }
      await channel.close()
    } catch {
      channel.abort('not a goodbye')
    } finally {
      if (this.#held.get(peer) === channel) this.#held.delete(peer)
    }
  }
}

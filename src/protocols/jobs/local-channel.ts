import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel } from '../../ports/net.ts'

/** One end of a channel from a peer to itself: the only tab in a room answers its own ask by the same protocol as any other. */
export class LocalChannel implements Channel {
  readonly remote: PeerId
  readonly path = 'direct'
  readonly #inbox: Uint8Array[] = []
  #far: LocalChannel | undefined
  #state: 'open' | 'closed' | 'reset' = 'open'
  #changed = Promise.withResolvers<void>()

  private constructor(self: PeerId) {
    this.remote = self
  }

  static pair(self: PeerId): [LocalChannel, LocalChannel] {
    const [near, far] = [new LocalChannel(self), new LocalChannel(self)]
    near.#far = far
    far.#far = near
    return [near, far]
  }

  async send(frame: Uint8Array): Promise<void> {
    if (this.#state !== 'open') throw this.#closed()
    this.#far?.receive(frame)
  }

  private receive(frame: Uint8Array): void {
    this.#inbox.push(frame)
    this.#wake()
  }

  async *frames(): AsyncIterable<Uint8Array> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame !== undefined) yield frame
      else if (this.#state === 'reset') throw this.#closed()
      else if (this.#state === 'closed') return
      else await this.#changed.promise
    }
  }

  async close(): Promise<void> {
    this.end('closed')
    this.#far?.end('closed')
  }

  abort(): void {
    this.end('reset')
    this.#far?.end('reset')
  }

  private end(how: 'closed' | 'reset'): void {
    if (this.#state === 'open') this.#state = how
    this.#wake()
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  readonly #closed = () => fault({ code: 'UNREACHABLE', peer: this.remote, why: 'the channel is closed' })
}

import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel, Path } from '../../ports/net.ts'

/** Bytes that may lie unread at the far side before `send` waits: what libp2p keeps for an unread WebRTC stream. */
const HIGH_WATER = 4 << 20

type Deliver = (task: () => void) => void

export interface ChannelInit {
  readonly remote: PeerId
  readonly path: Path
  /** Bytes of the largest frame that this end accepts. */
  readonly maxFrame: number
  /** Runs a task when what was sent now arrives. */
  readonly deliver: Deliver
  readonly onClosed: () => void
}

/** One end of a channel within this process. `pair` makes two. */
export class MemoryChannel implements Channel {
  readonly remote: PeerId
  readonly path: Path
  readonly #init: ChannelInit
  #far: MemoryChannel | undefined
  #inbox: Uint8Array[] = []
  #unread = 0
  #open = true
  #lost: Error | undefined
  #changed = Promise.withResolvers<void>()

  constructor(init: ChannelInit) {
    this.#init = init
    this.remote = init.remote
    this.path = init.path
  }

  static pair(near: ChannelInit, far: ChannelInit): [MemoryChannel, MemoryChannel] {
    const ends: [MemoryChannel, MemoryChannel] = [new MemoryChannel(near), new MemoryChannel(far)]
    ends[0].#far = ends[1]
    ends[1].#far = ends[0]
    return ends
  }

  async send(frame: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted()
    const far = this.#far
    if (!this.#open || !far) throw this.#lost ?? this.#unreachable('the channel is closed')
    const copy = frame.slice()
    far.#unread += copy.length
    this.#init.deliver(() => far.#receive(copy))
    while (this.#open && far.#open && far.#unread > HIGH_WATER) await untilAborted(far.#changed.promise, signal)
  }

  async *frames(): AsyncIterable<Uint8Array> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame) {
        this.#unread -= frame.length
        this.#wake()
        yield frame
      } else if (this.#lost) throw this.#lost
      else if (!this.#open) return
      else await this.#changed.promise
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return
    const far = this.#far
    this.#end()
    this.#inbox = []
    if (far) this.#init.deliver(() => far.#end())
  }

  abort(reason: string): void {
    if (!this.#open) return
    const far = this.#far
    this.lose(this.#unreachable(`reset here: ${reason}`))
    this.#init.deliver(() => far?.reset())
  }

  /** The far side reset this channel, or the connection under it is gone. */
  reset(): void {
    this.lose(this.#unreachable('the channel was reset'))
  }

  /** This end learns that the channel is gone without having been closed. */
  lose(error: Error): void {
    if (!this.#open) return
    this.#lost = error
    this.#inbox = []
    this.#end()
  }

  #receive(frame: Uint8Array): void {
    if (!this.#open) return
    if (frame.length > this.#init.maxFrame) {
      const far = this.#far
      this.lose(fault({ code: 'TOO_LARGE', what: 'message', bytes: frame.length, limit: this.#init.maxFrame }))
      this.#init.deliver(() => far?.reset())
      return
    }
    this.#inbox.push(frame)
    this.#wake()
  }

  #end(): void {
    if (!this.#open) return
    this.#open = false
    this.#init.onClosed()
    this.#wake()
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #unreachable(why: string): Error {
    return fault({ code: 'UNREACHABLE', peer: this.remote, why })
  }
}

async function untilAborted(task: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return task
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([task, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

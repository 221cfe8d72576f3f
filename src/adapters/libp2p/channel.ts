import type { Connection, Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel, Path } from '../../ports/net.ts'
import { encodeFrame, endOfFrames, FrameDecoder } from './frames.ts'
import { pathOf } from './links.ts'

/** Bytes of unread frames at which the stream is paused: libp2p keeps 4 MiB more, then resets where it cannot hold the sender back. */
const HIGH_WATER = 1 << 20

/** Milliseconds that an orderly close may take: the last frame, of up to 16 MiB, has to arrive over a slow line first. */
const CLOSE_TIMEOUT = 30_000

/** Frames over one libp2p stream. */
export class StreamChannel implements Channel {
  readonly remote: PeerId
  readonly path: Path
  readonly #stream: Stream
  readonly #connection: Connection
  readonly #decoder: FrameDecoder
  #inbox: Uint8Array[] = []
  #unread = 0
  #open = true
  #lost: Error | undefined
  #changed = Promise.withResolvers<void>()
  #drained = Promise.withResolvers<void>()

  constructor(stream: Stream, connection: Connection, maxFrame: number) {
    this.remote = connection.remotePeer.toString()
    this.path = pathOf(connection) ?? 'relay'
    this.#stream = stream
    this.#connection = connection
    this.#decoder = new FrameDecoder(maxFrame)
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('drain', this.#onDrain)
    stream.addEventListener('remoteCloseWrite', this.#onGone)
    stream.addEventListener('close', this.#onGone)
    if (stream.status !== 'open') this.#onGone()
  }

  async send(frame: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted()
    if (!this.#open) throw this.#lost ?? this.#unreachable('the channel is closed')
    try {
      for (const piece of encodeFrame(this.path === 'direct' ? frame : frame.slice())) this.#stream.send(piece)
      // libp2p's own `onDrain` waits once in a stream's life
      while (this.#open && this.#stream.writeBufferLength > 0) await unlessAborted(this.#drained.promise, signal)
    } catch (error) {
      signal?.throwIfAborted()
      throw this.#lost ?? this.#unreachable(error instanceof Error ? error.message : String(error))
    }
    if (this.#lost) throw this.#lost
  }

  async *frames(): AsyncIterable<Uint8Array> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame) {
        this.#unread -= frame.length
        if (this.#unread <= HIGH_WATER && this.#stream.readStatus === 'paused') this.#stream.resume()
        yield frame
      } else if (this.#lost) throw this.#lost
      else if (!this.#open) return
      else await this.#changed.promise
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#settle()
    this.#discard()
    await this.#finish()
  }

  abort(reason: string): void {
    if (!this.#open) return
    this.#lose(this.#unreachable(`reset here: ${reason}`))
    this.#stream.abort(new Error(reason))
  }

  readonly #onMessage = ({ data }: StreamMessageEvent): void => {
    if (this.#decoder.ended || this.#lost) return
    try {
      const frames = this.#decoder.push(data.subarray())
      if (this.#open) {
        this.#inbox.push(...frames)
        this.#unread += frames.reduce((sum, frame) => sum + frame.length, 0)
        if (this.#unread > HIGH_WATER && this.#stream.readStatus === 'readable') this.#stream.pause()
      }
      if (this.#decoder.ended && this.#open) {
        this.#settle()
        void this.#finish()
      } else this.#wake()
    } catch (error) {
      this.#lose(error instanceof Error ? error : new Error(String(error)))
      this.#stream.abort(new Error('frame over the limit'))
    }
  }

  readonly #onDrain = (): void => {
    this.#drained.resolve()
    this.#drained = Promise.withResolvers()
  }

  readonly #onGone = (event?: Event): void => {
    if (!this.#open) return
    // the mark of closing may lie unread in a stream that was paused
    if (event?.type === 'remoteCloseWrite' && this.#stream.readBufferLength > 0) return
    const error = (event as StreamCloseEvent | undefined)?.error
    if (error) return this.#lose(this.#unreachable(`the channel was reset: ${error.message}`))
    this.#lose(this.#unreachable('the connection was lost'))
    // the far page is gone: its channels tell so at once, and pings only after seconds
    if (this.path === 'direct') this.#connection.abort(new Error('the far side is gone'))
  }

  /** Says goodbye and gives the stream back, at the latest after `CLOSE_TIMEOUT`. */
  async #finish(): Promise<void> {
    const stream = this.#stream
    const signal = AbortSignal.timeout(CLOSE_TIMEOUT)
    const late = () => stream.abort(new Error('the far side did not close'))
    signal.addEventListener('abort', late, { once: true })
    stream.addEventListener('close', () => signal.removeEventListener('abort', late), { once: true })
    try {
      stream.send(endOfFrames())
      await stream.close({ signal })
    } catch {
      stream.abort(new Error('the far side did not close'))
    }
  }

  #lose(error: Error): void {
    if (!this.#open) return
    this.#lost = error
    this.#inbox = []
    this.#settle()
  }

  #settle(): void {
    this.#open = false
    this.#wake()
    this.#onDrain()
  }

  /** Lets go of what nobody will read, so that the far side's mark of closing is not stuck behind it. */
  #discard(): void {
    this.#inbox = []
    this.#unread = 0
    if (this.#stream.readStatus === 'paused') this.#stream.resume()
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #unreachable(why: string): Error {
    return fault({ code: 'UNREACHABLE', peer: this.remote, why })
  }
}

async function unlessAborted(task: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return task
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([task, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

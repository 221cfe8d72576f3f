import { fault, faultOf, sentence, type Fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { CLOSING, MAX_FRAMES } from './constants.ts'
import { encodeFrame, readFrame, type Frame, type MessageFrame, type ProgressFrame } from './messages.ts'

/** One job's stream with one peer, from the accept to the receipt. */
export class JobStream {
  readonly remote: PeerId
  readonly #channel: Channel
  readonly #verify: VerifySignature
  readonly #clock: Clock
  /** Frames leave in the order of `send`, whatever each has to wait for. */
  #tail: Promise<unknown> = Promise.resolve()
  #received = 0

  constructor(channel: Channel, { verify, clock }: { verify: VerifySignature; clock: Clock }) {
    this.#channel = channel
    this.#verify = verify
    this.#clock = clock
    this.remote = channel.remote
  }

  send(frame: Frame): Promise<void> {
    const sent = this.#tail.then(() => this.#channel.send(encodeFrame(frame)))
    this.#tail = sent.catch(() => {})
    return sent
  }

  /**
   * Frames in order, each checked; a message by anyone but the stream's other end is refused. The stream is reset at the
   * first that does not hold, and the fault thrown.
   */
  async *frames(): AsyncGenerator<MessageFrame | ProgressFrame, void> {
    try {
      for await (const data of this.#channel.frames()) {
        if (++this.#received > MAX_FRAMES) throw fault({ code: 'RATE_LIMITED', what: 'frames' })
        const frame = await readFrame(data, this.#verify)
        if (frame.type === 'message' && frame.read.author !== this.remote)
          throw fault({ code: 'BAD_SIGNATURE', what: frame.read.message.kind })
        yield frame
      }
    } catch (error) {
      const detail = faultOf(error, (why) => ({ code: 'UNREACHABLE', peer: this.remote, why }))
      this.abort(detail)
      throw fault(detail)
    }
  }

  /** Lets what was sent arrive, then closes; resets the stream of whoever does not take it. */
  async close(): Promise<void> {
    const late = { code: 'TIMED_OUT', what: 'last frame', limitMs: CLOSING } as const
    const cancel = this.#clock.after(CLOSING, () => this.abort(late))
    try {
      await this.#tail
      await this.#channel.close()
    } finally {
      cancel()
    }
  }

  abort(detail: Fault): void {
    this.#channel.abort(sentence(detail))
  }
}

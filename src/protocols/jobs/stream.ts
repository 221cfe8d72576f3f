import { fault, faultOf, sentence, type Fault } from '../../domain/fault.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Channel } from '../../ports/net.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { encodeFrame, readFrame, type Frame, type MessageFrame, type ProgressFrame } from './messages.ts'

/** One job's stream with one peer, from the accept to the receipt. */
export class JobStream {
  readonly remote: PeerId
  readonly #channel: Channel
  readonly #verify: VerifySignature
  /** Frames leave in the order of `send`, whatever each has to wait for. */
  #tail: Promise<unknown> = Promise.resolve()

  constructor(channel: Channel, verify: VerifySignature) {
    this.#channel = channel
    this.#verify = verify
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

  /** Lets what was sent arrive, then closes. */
  async close(): Promise<void> {
    await this.#tail
    await this.#channel.close()
  }

  abort(detail: Fault): void {
    this.#channel.abort(sentence(detail))
  }
}

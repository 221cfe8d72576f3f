import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel } from '../../ports/net.ts'
import { MAX_FRAME, MAX_TOLD, PATIENCE, SILENCE } from './constants.ts'
import { readFrame, type LedgerFrame } from './messages.ts'

/** The frames of a stream, as long as they come. */
export class Frames {
  readonly #channel: Channel
  readonly #clock: Clock
  readonly #iterator: AsyncIterator<Uint8Array>
  readonly #patience: () => void
  #silence: () => void = () => {}

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel
    this.#clock = clock
    this.#iterator = channel.frames()[Symbol.asyncIterator]()
    this.#patience = clock.after(PATIENCE, () => channel.abort('it took too long'))
    this.heard()
  }

  /** The far side gives a sign of life. */
  heard(): void {
    this.#silence()
    this.#silence = this.#clock.after(SILENCE, () => this.#channel.abort('it took too long'))
  }

  async next(): Promise<LedgerFrame | undefined> {
    const { value, done } = await this.#iterator.next()
    this.heard()
    return done === true ? undefined : readFrame(value)
  }

  /** The entries of an answer, frame by frame. */
  async *entries(onProofs: (entries: readonly Signed[]) => Promise<void>): AsyncGenerator<readonly Signed[]> {
    let left = MAX_TOLD + MAX_FRAME
    for (let frame = await this.next(); frame; frame = await this.next()) {
      if (frame.kind !== 'entries' && frame.kind !== 'proofs') throw outOfOrder(frame.kind)
      left -= frame.entries.reduce((sum, { body }) => sum + body.length, 0)
      if (left < 0) throw fault({ code: 'RATE_LIMITED', what: 'entries' })
      if (frame.kind === 'entries') yield frame.entries
      else await onProofs(frame.entries)
    }
  }

  end(): void {
    this.#patience()
    this.#silence()
  }
}

export const outOfOrder = (what: string) => fault({ code: 'OUT_OF_ORDER', what, during: 'answering' })

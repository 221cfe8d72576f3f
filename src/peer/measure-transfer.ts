import type { PeerId } from '../domain/peer-id.ts'
import type { Clock } from '../ports/clock.ts'
import type { Transfer } from './view.ts'

/** Milliseconds behind the rate: long enough to be calm, short enough to follow a line that changes. */
const WINDOW = 8_000

/** Milliseconds of transfer before its end is foretold. */
const LEAST = 500

/** Bytes as they come, and when the last of them will. */
export class TransferMeter {
  readonly #clock: Clock
  readonly #total: number | undefined
  readonly #from = new Set<PeerId>()
  /** Of the last seconds: when, and how many had come by then. */
  #samples: { readonly at: number; readonly bytes: number }[]
  #bytes: number

  /** `already` bytes are here from before. */
  constructor(clock: Clock, total: number | undefined, already = 0) {
    this.#clock = clock
    this.#total = total
    this.#bytes = already
    this.#samples = [{ at: clock.now(), bytes: already }]
  }

  add(bytes: number, from?: PeerId): void {
    const at = this.#clock.now()
    this.#bytes += bytes
    if (from !== undefined) this.#from.add(from)
    const recent = this.#samples.filter((sample) => at - sample.at <= WINDOW)
    this.#samples = [...(recent.length > 0 ? recent : this.#samples.slice(-1)), { at, bytes: this.#bytes }]
  }

  get transfer(): Transfer {
    const left = this.#secondsLeft()
    return {
      bytes: this.#bytes,
      ...(this.#total === undefined ? {} : { total: this.#total }),
      ...(left === undefined ? {} : { secondsLeft: left }),
      ...(this.#from.size === 0 ? {} : { from: [...this.#from] }),
    }
  }

  #secondsLeft(): number | undefined {
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    if (this.#total === undefined || first === undefined || last === undefined) return undefined
    const [ms, bytes] = [last.at - first.at, last.bytes - first.bytes]
    if (ms < LEAST || bytes === 0) return undefined
    return ((this.#total - this.#bytes) * ms) / bytes / 1_000
  }
}

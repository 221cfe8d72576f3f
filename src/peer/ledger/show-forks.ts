import type { ForkProof } from '../../domain/ledger/proof.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'

/** Milliseconds within which whoever found a fork writes it down, unless somebody else has: all who find one at a time would. */
const WITHIN = 3_000

/** Forks that this peer writes down within a minute: keys that fork are free, and an own log is not endless. All are told. */
const MAX_WRITTEN = 4
const MINUTE = 60_000

export interface ForkNoticesComponents {
  readonly clock: Clock
  readonly random: RandomBytes
  /** Tells the room. */
  readonly publish: (proof: ForkProof) => Promise<void>
  /** Writes it into the own log. */
  readonly write: (proof: ForkProof) => Promise<void>
}

/** Says once what logs this peer found to have forked: at once to the room, and in its own log where nobody else has said it there. */
export class ForkNotices {
  readonly #components: ForkNoticesComponents
  /** The earliest place of each log that somebody's FORKED_LOG shows. */
  readonly #shown = new Map<PeerId, number>()
  readonly #waiting = new Map<PeerId, () => void>()
  #written: readonly number[] = []

  constructor(components: ForkNoticesComponents) {
    this.#components = components
  }

  readonly stop = (): void => {
    for (const cancel of this.#waiting.values()) cancel()
    this.#waiting.clear()
  }

  /** Somebody has written it down. */
  shown({ first }: ForkProof): void {
    const seq = this.#shown.get(first.author) ?? Infinity
    this.#shown.set(first.author, Math.min(seq, first.entry.seq))
  }

  found(proof: ForkProof): void {
    const { clock, random, publish } = this.#components
    publish(proof).catch(() => {})
    const { author } = proof.first
    this.#waiting.get(author)?.()
    const wait = ((random(1)[0] ?? 0) / 256) * WITHIN
    this.#waiting.set(
      author,
      clock.after(wait, () => {
        this.#waiting.delete(author)
        this.#write(proof)
      }),
    )
  }

  #write(proof: ForkProof): void {
    const { clock, write } = this.#components
    const { author, entry } = proof.first
    if ((this.#shown.get(author) ?? Infinity) <= entry.seq) return
    const now = clock.now()
    this.#written = this.#written.filter((at) => now - at < MINUTE)
    if (this.#written.length >= MAX_WRITTEN) return
    this.#written = [...this.#written, now]
    // an own log that forked takes no more: then it is told, and not written
    write(proof).catch(() => {})
  }
}

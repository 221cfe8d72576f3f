import type { ReadEntry } from '../../domain/ledger/entry.ts'
import type { PeerId } from '../../domain/peer-id.ts'

/** Entries that came before the one before them, in all and of one log: gossip changes places with what was said just before it. */
const MAX_KEPT = 256
const MAX_OF_LOG = 16

/** Names of entries that are lacking: what finds no room is learnt by asking in its turn. */
const MAX_NAMED = 256

/** Holds entries of gossip until what comes before them is there, and knows what is lacking. What finds no room is learnt by asking. */
export class Gaps {
  readonly #kept = new Map<PeerId, ReadEntry[]>()
  readonly #named = new Set<string>()
  #size = 0

  /** Whether something that others have is lacking here, as far as gossip showed. */
  get isOpen(): boolean {
    return this.#size + this.#named.size > 0
  }

  /** Somebody has seen an entry that is not here. */
  name(id: string): void {
    if (this.#named.size < MAX_NAMED) this.#named.add(id)
  }

  /** What was named may be made up: it is asked for once. */
  asked(): void {
    this.#named.clear()
  }

  keep(read: ReadEntry): void {
    const waiting = this.#kept.get(read.author) ?? []
    if (this.#size >= MAX_KEPT || waiting.length >= MAX_OF_LOG) return
    waiting.push(read)
    this.#kept.set(read.author, waiting)
    this.#size++
  }

  /** Those that may follow an entry that is held now. */
  after({ author, name, entry }: ReadEntry): readonly ReadEntry[] {
    this.#named.delete(name)
    const waiting = this.#kept.get(author)
    if (waiting === undefined) return []
    const next = waiting.filter((read) => read.entry.seq <= entry.seq + 1)
    const rest = waiting.filter((read) => read.entry.seq > entry.seq + 1)
    this.#size -= next.length
    if (rest.length > 0) this.#kept.set(author, rest)
    else this.#kept.delete(author)
    return next
  }
}

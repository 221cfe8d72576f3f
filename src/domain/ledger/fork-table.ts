import type { Signed } from '../envelope.ts'
import type { PeerId } from '../peer-id.ts'
import type { ReadEntry } from './entry.ts'
import type { Fork } from './ledger-view.ts'
import { MAX_FORK_BYTES, MAX_FORKS, MAX_VOID } from './limits.ts'
import { forkBetween, forkOf, type ForkProof } from './proof.ts'

/** Where logs forked: of each the earliest place, shown by the two least ids that were seen there. */
export class ForkTable {
  readonly #forks = new Map<PeerId, { readonly fork: Fork; readonly proof: ForkProof }>()
  /** Entries from beyond a fork that others name, and the last others, which may yet be named. */
  readonly #named = new Map<string, ReadEntry>()
  readonly #spare = new Map<string, ReadEntry>()
  #bytes = 0
  #list: readonly Fork[] | undefined

  get(author: PeerId): Fork | undefined {
    return this.#forks.get(author)?.fork
  }

  list(): readonly Fork[] {
    this.#list ??= [...this.#forks.values()].map(({ fork }) => fork).toSorted((a, b) => (a.author < b.author ? -1 : 1))
    return this.#list
  }

  /** What shows the forks, and what is remembered from beyond them. */
  entries(): readonly Signed[] {
    const shown = [...this.#forks.values()].flatMap(({ proof }) => [proof.first, proof.second])
    const all = new Map([...shown, ...this.#named.values()].map((read) => [read.name, read.signed]))
    return [...all.values()]
  }

  /** A fork that is earlier than the one known of its log. Where there are too many, one of a key without a log is forgotten, the last first. */
  add(proof: ForkProof, hasLog: (author: PeerId) => boolean): Fork {
    const { author } = proof.first
    this.#remove(author)
    while (this.#forks.size >= MAX_FORKS || this.#bytes + bytesOf(proof) > MAX_FORK_BYTES) {
      const authors = [...this.#forks.keys()].toReversed()
      const last = authors.find((other) => !hasLog(other)) ?? authors[0]
      if (last === undefined) break
      this.#remove(last)
    }
    return this.#set(proof)
  }

  /** An entry at or past a fork that is known. */
  beyond(read: ReadEntry, isNamed: boolean): void {
    const known = this.#forks.get(read.author)
    if (known === undefined || read.entry.seq < known.fork.seq) return
    const { first, second } = known.proof
    const better = read.entry.seq === known.fork.seq && read.name < second.name ? forkBetween(read, first) : undefined
    if (better) {
      this.#remove(read.author)
      this.#set(better)
    }
    if (isNamed && this.#named.size < MAX_VOID) this.#named.set(read.name, read)
    else this.#spare.set(read.name, read)
    const [oldest] = this.#spare.keys()
    if (this.#spare.size > MAX_VOID && oldest !== undefined) this.#spare.delete(oldest)
  }

  /** Somebody names this, and it is not held. */
  named(name: string): void {
    const spare = this.#spare.get(name)
    if (spare === undefined || this.#named.size >= MAX_VOID) return
    this.#spare.delete(name)
    this.#named.set(name, spare)
  }

  /** An entry from beyond a fork, where it is remembered. */
  lost(name: string): ReadEntry | undefined {
    return this.#named.get(name) ?? this.#spare.get(name)
  }

  /** The fork beyond which an entry lies, where that is known of it. */
  forkBefore(name: string): Fork | undefined {
    const read = this.lost(name)
    return read && this.get(read.author)
  }

  #set(proof: ForkProof): Fork {
    const fork = forkOf(proof)
    this.#forks.set(fork.author, { fork, proof })
    this.#bytes += bytesOf(proof)
    this.#list = undefined
    return fork
  }

  #remove(author: PeerId): void {
    const known = this.#forks.get(author)
    if (known === undefined) return
    this.#forks.delete(author)
    this.#bytes -= bytesOf(known.proof)
    this.#list = undefined
  }
}

const bytesOf = ({ first, second }: ForkProof): number => first.signed.body.length + second.signed.body.length

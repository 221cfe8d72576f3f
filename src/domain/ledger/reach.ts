import type { PeerId } from '../peer-id.ts'
import { refsOf, type CausalOrder, type Node } from './causal-order.ts'
import type { ReadEntry } from './entry.ts'
import type { Fork, Past } from './ledger-view.ts'

/** What of the ledger a reach needs to know. */
export interface Graph {
  readonly order: Pick<CausalOrder, 'get'>
  /** The entries of a log. */
  nodes(author: PeerId): readonly Node[]
  /** Of an entry that lies beyond a fork: what came before that fork is all of its log that counts. */
  voided(name: string): Pick<Fork, 'author' | 'seq'> | undefined
}

/** How far into each log some entries reach. Grows by what is added; each entry is looked at once. */
export class Reach implements Past {
  readonly #graph: Graph
  readonly #lengths: Map<PeerId, number>
  /** Names of what is reached and not held. */
  #missing: Set<string>

  constructor(graph: Graph, of?: Reach) {
    this.#graph = graph
    this.#lengths = new Map(of ? of.#lengths : [])
    this.#missing = new Set(of ? of.#missing : [])
  }

  get isWhole(): boolean {
    return this.#missing.size === 0
  }

  get missing(): readonly string[] {
    return [...this.#missing]
  }

  lengthOf(author: PeerId): number {
    return this.#lengths.get(author) ?? 0
  }

  has({ author, entry }: ReadEntry): boolean {
    return entry.seq < this.lengthOf(author)
  }

  /** Adds entries by name, with all that lies before them. */
  add(names: Iterable<string>): void {
    const ends: Node[] = []
    const push = (name: string) => {
      const node = this.#graph.order.get(name)
      if (node) return void ends.push(node)
      const fork = this.#graph.voided(name)
      const stands = fork ? this.#graph.nodes(fork.author) : []
      if (fork === undefined || stands.length < fork.seq) return void this.#missing.add(name)
      const last = stands[fork.seq - 1]
      if (last) ends.push(last)
    }
    for (const name of names) push(name)
    for (let end = ends.pop(); end; end = ends.pop()) {
      const { author, entry } = end.read
      const from = this.lengthOf(author)
      if (entry.seq < from) continue
      this.#lengths.set(author, entry.seq + 1)
      const nodes = this.#graph.nodes(author)
      for (let seq = from; seq <= entry.seq; seq++) {
        const node = nodes[seq]
        if (node === undefined) continue
        for (const earlier of node.before) ends.push(earlier)
        if (node.names === node.before.length) continue
        for (const name of refsOf(node.read)) if (!this.#graph.order.get(name)) push(name)
      }
    }
  }

  /** Looks again for what was missing. */
  retry(): void {
    if (this.#missing.size === 0) return
    const missing = this.#missing
    this.#missing = new Set()
    this.add(missing)
  }
}

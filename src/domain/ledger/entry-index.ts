import { causally, type CausalOrder, type Node } from './causal-order.ts'
import type { ReadEntry } from './entry.ts'

/** Entries of one kind in causal order. What is added at the end costs nothing; what comes between, or goes, is sorted when it is asked for. */
export class EntryIndex {
  readonly #order: CausalOrder
  #nodes: Node[] = []
  #sorted = true
  #gone = 0
  #changes = 0
  #reads: readonly ReadEntry[] | undefined

  constructor(order: CausalOrder) {
    this.#order = order
  }

  add(node: Node): void {
    const last = this.#nodes.at(-1)
    if (last && causally(last, node) > 0) this.#sorted = false
    this.#nodes.push(node)
    this.#reads = undefined
  }

  /** One of what it holds is held no longer. False where none is left. */
  drop(): boolean {
    this.#gone++
    this.#reads = undefined
    return this.#gone < this.#nodes.length
  }

  reads(): readonly ReadEntry[] {
    this.#order.settle()
    if (this.#changes !== this.#order.changes) {
      this.#changes = this.#order.changes
      this.#sorted = false
      this.#reads = undefined
    }
    if (this.#reads) return this.#reads
    if (this.#gone > 0) this.#nodes = this.#nodes.filter(({ held }) => held)
    if (!this.#sorted) this.#nodes = sorted(this.#nodes)
    this.#gone = 0
    this.#sorted = true
    this.#reads = this.#nodes.map(({ read }) => read)
    return this.#reads
  }
}

/** By depth first, each depth then by name: far fewer texts are compared than by sorting all at once. */
function sorted(nodes: readonly Node[]): Node[] {
  const byDepth = new Map<number, Node[]>()
  for (const node of nodes) {
    const same = byDepth.get(node.depth)
    if (same) same.push(node)
    else byDepth.set(node.depth, [node])
  }
  return [...byDepth.keys()].toSorted((a, b) => a - b).flatMap((depth) => byDepth.get(depth)?.sort(causally) ?? [])
}

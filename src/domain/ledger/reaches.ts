import { hex } from '../hash.ts'
import type { PeerId } from '../peer-id.ts'
import type { Past } from './ledger-view.ts'
import { MAX_PASTS } from './limits.ts'
import { Reach, type Graph } from './reach.ts'

/** Answers about what reaches what, the last of which are kept: none changes but by what goes. */
export class Reaches {
  readonly #graph: Graph
  readonly #pasts = new Map<string, Past>()
  /** By author: what lies before the newest of its entries that was asked about. Each job names a newer one, which reaches all of that. */
  readonly #newest = new Map<PeerId, { readonly reach: Reach; readonly seq: number }>()
  /** Of whole logs, up to some length. */
  readonly #logs = new Map<PeerId, { readonly reach: Reach; readonly length: number }>()

  constructor(graph: Graph) {
    this.#graph = graph
  }

  past(heads: readonly Uint8Array[]): Past | undefined {
    const names = heads.map(hex).toSorted()
    const key = names.join(' ')
    const known = this.#pasts.get(key)
    if (known) return known
    const reach = this.#from(names)
    if (!reach.isWhole) return undefined
    keep(this.#pasts, key, reach)
    const only = names.length === 1 ? this.#graph.order.get(key) : undefined
    if (only) keep(this.#newest, only.read.author, { reach, seq: only.read.entry.seq })
    return reach
  }

  missing(heads: readonly Uint8Array[], most: number): readonly string[] {
    return this.#from(heads.map(hex)).missing.slice(0, most)
  }

  /** What a log reaches, as far as that is held: the caller's own, to go on from. */
  of(author: PeerId): Reach {
    const nodes = this.#graph.nodes(author)
    const { reach, length } = this.#logs.get(author) ?? { reach: new Reach(this.#graph), length: 0 }
    reach.retry()
    const end = nodes.at(-1)
    if (end && length < nodes.length) reach.add([end.read.name])
    keep(this.#logs, author, { reach, length: nodes.length })
    return new Reach(this.#graph, reach)
  }

  /** Something is held no longer. */
  clear(): void {
    this.#pasts.clear()
    this.#newest.clear()
    this.#logs.clear()
  }

  #from(names: readonly string[]): Reach {
    const [first = ''] = names
    const only = names.length === 1 ? this.#graph.order.get(first)?.read : undefined
    const before = only && this.#newest.get(only.author)
    const reach = new Reach(this.#graph, before && before.seq <= only.entry.seq ? before.reach : undefined)
    reach.add(names)
    return reach
  }
}

/** Sets the newest, and lets go of the oldest where there are too many. */
function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MAX_PASTS && oldest !== undefined) map.delete(oldest)
}

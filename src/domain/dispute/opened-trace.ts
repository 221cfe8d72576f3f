import { equalBytes } from '../hash.ts'
import type { OpenedTrace } from './evidence.ts'
import { ARITY, levelsOf, nodeOf, rootOf } from './trace.ts'

/** A node of a trace's tree: level 1 lies over the hashes themselves. */
export interface Place {
  readonly level: number
  readonly index: number
}

/** Children by place. */
type Nodes = ReadonlyMap<string, readonly Uint8Array[]>

/** Parts of a trace that were shown and that its root binds. */
export class Opened {
  readonly root: Uint8Array
  readonly count: number
  readonly #nodes: Nodes

  private constructor({ root, count }: Pick<OpenedTrace, 'root' | 'count'>, nodes: Nodes) {
    this.root = root
    this.count = count
    this.#nodes = nodes
  }

  /** Undefined where a node does not lie under the root, or has more or fewer children than it must. */
  static read({ root, count, nodes }: OpenedTrace): Opened | undefined {
    const shown = new Map(nodes.map((node) => [keyOf(node), childrenOf(node.children)]))
    const bound = new Map<string, readonly Uint8Array[]>()
    const height = heightOf(count)
    const bind = ({ level, index }: Place, hash: Uint8Array | undefined): boolean => {
      const children = shown.get(keyOf({ level, index }))
      if (children === undefined) return true
      if (children.length !== widthOf(count, { level, index })) return false
      const node = nodeOf(children)
      const holds = hash === undefined ? equalBytes(rootOf(count, node), root) : equalBytes(node, hash)
      if (!holds) return false
      bound.set(keyOf({ level, index }), children)
      return level === 1 || children.every((child, i) => bind({ level: level - 1, index: index * ARITY + i }, child))
    }
    const holds = shown.size === nodes.length && bind({ level: height, index: 0 }, undefined)
    // A node whose parent was not shown is bound by nothing.
    return holds && bound.size === shown.size ? new Opened({ root, count }, bound) : undefined
  }

  /** The trace of somebody who holds all of it. */
  static whole(hashes: readonly Uint8Array[]): Opened {
    const levels = levelsOf(hashes)
    const nodes = new Map(
      levels
        .slice(1)
        .flatMap((nodesOf, below) =>
          nodesOf.map((_, index) => [
            keyOf({ level: below + 1, index }),
            (levels[below] ?? []).slice(index * ARITY, (index + 1) * ARITY),
          ]),
        ),
    )
    const [top] = levels.at(-1) ?? []
    if (top === undefined) throw new RangeError('a trace holds one hash at least')
    return new Opened({ root: rootOf(hashes.length, top), count: hashes.length }, nodes)
  }

  get top(): Place {
    return { level: heightOf(this.count), index: 0 }
  }

  children(place: Place): readonly Uint8Array[] | undefined {
    return this.#nodes.get(keyOf(place))
  }

  /** The hash at a place of the list, where the way to it was shown. */
  hashAt(index: number): Uint8Array | undefined {
    return this.children({ level: 1, index: Math.floor(index / ARITY) })?.[index % ARITY]
  }

  /** As it travels and as evidence keeps it: all of it, or the nodes named. */
  show(places: readonly Place[] = this.#places()): OpenedTrace {
    const nodes = places.flatMap((place) => {
      const children = this.children(place)
      return children ? [{ ...place, children: joined(children) }] : []
    })
    return { root: this.root, count: this.count, nodes }
  }

  #places(): Place[] {
    return [...this.#nodes.keys()].map((key) => {
      const [level = 0, index = 0] = key.split('/').map(Number)
      return { level, index }
    })
  }
}

/** Where two traces of one length first differ: a place in the list, the node that it takes to go on, or nowhere. */
export function compareOpened(a: Opened, b: Opened): { at: number } | { need: Place } | undefined {
  if (equalBytes(a.root, b.root)) return undefined
  let place = a.top
  for (;;) {
    const [left, right] = [a.children(place), b.children(place)]
    if (left === undefined || right === undefined) return { need: place }
    const child = left.findIndex((hash, i) => !equalBytes(hash, right[i] ?? new Uint8Array()))
    if (child < 0) return undefined
    const index = place.index * ARITY + child
    if (place.level === 1) return { at: index }
    place = { level: place.level - 1, index }
  }
}

/** The nodes from the top down to a place of the list. */
export function wayTo(place: number, count: number): Place[] {
  const way: Place[] = []
  for (let index = Math.floor(place / ARITY), level = 1; level <= heightOf(count); level++) {
    way.unshift({ level, index })
    index = Math.floor(index / ARITY)
  }
  return way
}

/** All nodes of a tree. */
export const nodesOf = (count: number): number => {
  let [nodes, width] = [0, count]
  while (width > 1) nodes += width = Math.ceil(width / ARITY)
  return nodes
}

/** Levels of nodes over a list of so many hashes: two at least. */
function heightOf(count: number): number {
  let height = 0
  for (let width = count; width > 1; width = Math.ceil(width / ARITY)) height++
  return height
}

/** How many children a node has: 16, but for the last of its level. */
function widthOf(count: number, { level, index }: Place): number {
  let below = count
  for (let i = 1; i < level; i++) below = Math.ceil(below / ARITY)
  return Math.max(0, Math.min(ARITY, below - index * ARITY))
}

const keyOf = ({ level, index }: Place): string => `${level}/${index}`

function childrenOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 32) }, (_, i) => bytes.subarray(i * 32, (i + 1) * 32))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.length * 32)
  parts.forEach((part, i) => whole.set(part, i * 32))
  return whole
}

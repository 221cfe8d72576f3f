import { hex } from '../hash.ts'
import type { ReadEntry } from './entry.ts'
import { namedBy } from './subjects.ts'

/** An entry in the graph of links. */
export interface Node {
  readonly read: ReadEntry
  /** The one before it in its log, and the one behind it. */
  readonly prev: Node | undefined
  next: Node | undefined
  /** Those of others that it names and that are held; those that are held and name it. */
  before: readonly Node[]
  after: readonly Node[]
  /** How many others' entries it names, held or not. */
  readonly names: number
  /** 1, or one more than the greatest depth of what lies before it and is held. Right only after `settle`. */
  depth: number
  held: boolean
}

/** Most entries name few others, and few name them: none has a list of its own until it needs one. */
const NONE: readonly Node[] = []

/** Nodes whose depth is corrected at once when something that they name comes after them. More are left for the next who asks. */
const AT_ONCE = 256

/**
 * The graph of what is held, and the depth of each entry in it: equal for equal sets of entries, in whatever order they came. An entry is
 * added in constant time; what comes late, or goes, has all depths worked out anew when they are next asked for.
 */
export class CausalOrder {
  readonly #nodes = new Map<string, Node>()
  /** Those who name what is not held, by its name. */
  readonly #awaited = new Map<string, Node[]>()
  #stale = false
  /** Grows whenever the depth of what was held already changes. */
  #changes = 0

  get size(): number {
    return this.#nodes.size
  }

  get changes(): number {
    return this.#changes
  }

  get(name: string): Node | undefined {
    return this.#nodes.get(name)
  }

  isAwaited(name: string): boolean {
    return this.#awaited.has(name)
  }

  /** The caller has checked that it follows `prev`. */
  add(read: ReadEntry, prev: Node | undefined): Node {
    const refs = refsOf(read)
    const names = refs.length
    const node: Node = { read, prev, next: undefined, before: NONE, after: NONE, names, depth: 1, held: true }
    if (prev) prev.next = node
    this.#nodes.set(read.name, node)
    for (const name of refs) this.#link(node, name)
    if (!this.#stale) node.depth = depthOf(node)
    const awaiting = this.#awaited.get(read.name)
    if (awaiting) {
      this.#awaited.delete(read.name)
      for (const late of awaiting) {
        if (!late.held) continue
        join(late, node)
      }
      this.#raise(node)
    }
    return node
  }

  /** Takes entries out, with all that follow them in their logs. What named them awaits them again. */
  remove(nodes: readonly Node[]): void {
    for (const node of nodes) {
      node.held = false
      this.#nodes.delete(node.read.name)
      if (node.prev?.held) node.prev.next = undefined
    }
    for (const node of nodes) {
      for (const later of node.after) {
        if (!later.held) continue
        later.before = later.before.filter(({ held }) => held)
        this.#await(later, node.read.name)
        this.#stale = true
      }
      for (const earlier of node.before) {
        if (earlier.held) earlier.after = earlier.after.filter(({ held }) => held)
      }
      for (const name of refsOf(node.read)) this.#forget(name)
    }
  }

  /** Those who name what is not held, one or more for each name. */
  awaiting(): Iterable<readonly Node[]> {
    return this.#awaited.values()
  }

  /** Makes every depth right. */
  settle(): void {
    if (!this.#stale) return
    const left = new Map<Node, number>()
    const ready: Node[] = []
    for (const node of this.#nodes.values()) {
      const count = node.before.length + (node.prev ? 1 : 0)
      node.depth = 1
      if (count === 0) ready.push(node)
      else left.set(node, count)
    }
    const arrive = (node: Node, depth: number) => {
      if (depth > node.depth) node.depth = depth
      const count = (left.get(node) ?? 1) - 1
      if (count > 0) left.set(node, count)
      else ready.push(node)
    }
    for (let at = 0; at < ready.length; at++) {
      const node = ready[at]
      if (node === undefined) break
      const depth = node.depth + 1
      for (const later of node.after) arrive(later, depth)
      if (node.next) arrive(node.next, depth)
    }
    this.#stale = false
    this.#changes++
  }

  #link(node: Node, name: string): void {
    const held = this.#nodes.get(name)
    if (held === undefined) return this.#await(node, name)
    join(node, held)
  }

  #await(node: Node, name: string): void {
    const others = this.#awaited.get(name)
    if (others) others.push(node)
    else this.#awaited.set(name, [node])
  }

  #forget(name: string): void {
    const awaiting = this.#awaited.get(name)?.filter(({ held }) => held)
    if (awaiting?.length === 0) this.#awaited.delete(name)
    else if (awaiting) this.#awaited.set(name, awaiting)
  }

  /** Corrects what comes behind a node that came late, where that is little. */
  #raise(from: Node): void {
    if (this.#stale) return
    const queue = [from]
    for (let at = 0; at < queue.length; at++) {
      if (at > AT_ONCE) {
        this.#stale = true
        return
      }
      const node = queue[at]
      if (node === undefined) break
      for (const later of node.next ? [node.next, ...node.after] : node.after) {
        if (later.depth > node.depth) continue
        later.depth = node.depth + 1
        this.#changes++
        queue.push(later)
      }
    }
  }
}

function join(later: Node, earlier: Node): void {
  if (later.before === NONE) later.before = [earlier]
  else (later.before as Node[]).push(earlier)
  if (earlier.after === NONE) earlier.after = [later]
  else (earlier.after as Node[]).push(later)
}

/** Names of all that an entry names but the one before it, each once. */
export function refsOf({ entry }: ReadEntry): readonly string[] {
  const named = namedBy(entry)
  const all = named.length === 0 ? entry.seen.map(hex) : [...entry.seen, ...named].map(hex)
  return all.length < 2 ? all : [...new Set(all)]
}

function depthOf(node: Node): number {
  let depth = node.prev ? node.prev.depth : 0
  for (const earlier of node.before) if (earlier.depth > depth) depth = earlier.depth
  return depth + 1
}

/** By depth, then by id. */
export const causally = (a: Node, b: Node): number =>
  a.depth - b.depth || (a.read.name < b.read.name ? -1 : a.read.name > b.read.name ? 1 : 0)

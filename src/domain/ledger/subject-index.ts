import type { CausalOrder, Node } from './causal-order.ts'
import type { ReadEntry } from './entry.ts'
import { EntryIndex } from './entry-index.ts'
import { subjectsOf } from './subjects.ts'

/** Entries by what they are about. Of most subjects there is one, and no list. */
export class SubjectIndex {
  readonly #order: CausalOrder
  readonly #subjects = new Map<string, EntryIndex | Node>()

  constructor(order: CausalOrder) {
    this.#order = order
  }

  about(subject: string): readonly ReadEntry[] {
    const found = this.#subjects.get(subject)
    if (found instanceof EntryIndex) return found.reads()
    return found?.held ? [found.read] : []
  }

  add(node: Node): void {
    for (const subject of subjectsOf(node.read.entry)) this.#add(subject, node)
  }

  /** An entry is held no longer. */
  drop(node: Node): void {
    for (const subject of subjectsOf(node.read.entry)) {
      const found = this.#subjects.get(subject)
      const left = found instanceof EntryIndex ? found.drop() : found?.held
      if (!left) this.#subjects.delete(subject)
    }
  }

  #add(subject: string, node: Node): void {
    const found = this.#subjects.get(subject)
    if (found instanceof EntryIndex) return found.add(node)
    if (!found?.held) return void this.#subjects.set(subject, node)
    const index = new EntryIndex(this.#order)
    index.add(found)
    index.add(node)
    this.#subjects.set(subject, index)
  }
}

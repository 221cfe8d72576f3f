import { faultOf } from '../domain/fault.ts'
import type { ModelOrigin } from '../ports/model-source.ts'
import { titleOf } from './title-origin.ts'
import type { Import, ImportView, ModelSummary, Proposal } from './view.ts'

/** An import whose own code is still on its way: most tabs never import anything. */
export class LateImport implements Import {
  readonly settled: Promise<ImportView>
  readonly #listeners = new Set<(view: ImportView) => void>()
  readonly #import: Promise<Import>
  #view: ImportView
  #over = false

  constructor(id: number, origin: ModelOrigin, begin: Promise<Import>) {
    this.#view = { id, title: titleOf(origin), phase: 'looking', choices: [] }
    this.#import = begin
    this.settled = this.#follow()
  }

  get view(): ImportView {
    return this.#view
  }

  subscribe(listener: (view: ImportView) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  choose(path: string): void {
    void this.#import.then((begun) => begun.choose(path)).catch(() => {})
  }

  async publish(proposal: Proposal): Promise<ModelSummary> {
    return (await this.#import).publish(proposal)
  }

  cancel(): void {
    this.#over = true
    void this.#import.then((begun) => begun.cancel()).catch(() => {})
  }

  async #follow(): Promise<ImportView> {
    try {
      const begun = await this.#import
      if (this.#over) begun.cancel()
      begun.subscribe((view) => this.#show(view))
      this.#show(begun.view)
      this.#show(await begun.settled)
    } catch (error) {
      this.#show({ ...this.#view, phase: 'failed', fault: faultOf(error) })
    }
    return this.#view
  }

  #show(view: ImportView): void {
    this.#view = { ...view, id: this.#view.id }
    for (const listener of this.#listeners) listener(this.#view)
  }
}

import { openNodeCanon } from '../adapters/onnx/node.ts'
import type { CanonEngine, OpenCanon } from '../ports/canon-engine.ts'

/** The canons that one task needs, each opened once and all closed after it. */
export class NodeCanons {
  readonly #opened = new Map<string, Promise<CanonEngine>>()

  readonly open: OpenCanon = (wasmSha256, options) => {
    const opened = this.#opened.get(wasmSha256) ?? openNodeCanon(wasmSha256, options)
    this.#opened.set(wasmSha256, opened)
    return opened
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#opened.values()].map(async (opened) => (await opened).close()))
  }
}

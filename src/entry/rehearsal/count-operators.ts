import { readFile } from 'node:fs/promises'
import { openSurgery } from '../../adapters/onnx/surgery/index.ts'
import { readShipped } from '../read-shipped.ts'
import { SHIPPED } from '../shipped-models.ts'

/** How many operators a model has: one that comes with the app, by its name, or a file. Undefined where it is neither, or cannot be read. */
export async function countOperators(model: string): Promise<number | undefined> {
  const shipped = SHIPPED.find(({ draft }) => draft.name === model)
  try {
    const bytes = shipped ? await readShipped(shipped.path) : new Uint8Array(await readFile(model))
    return (await openSurgery({ bytes, weights: [] })).outline.operators.length
  } catch {
    // What is wrong with it is told where it is imported.
    return undefined
  }
}

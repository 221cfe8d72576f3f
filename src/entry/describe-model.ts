import { canonicalRunOf, manifestOf, type ModelEngine } from '../adapters/onnx/index.ts'
import type { DescribeModel } from '../ports/model-inspector.ts'

/** Names and versions that a file gets on this device: its hash tells it from others of the same name. */
const VERSION = 'file'

/** Reads a file's own description, and asks the canon for what the file leaves out: outputs, and which run is canonical. */
export const describeModelWith =
  (engine: ModelEngine): DescribeModel =>
  async (name, bytes, options = {}) => {
    const manifest = await manifestOf(bytes, {
      name: name.replace(/\.onnx$/i, '').slice(0, 128),
      version: VERSION,
      describe: (file) => engine.describe(file, options),
    })
    return { ...manifest, canonicalRun: await canonicalRunOf(engine, bytes, manifest, options) }
  }

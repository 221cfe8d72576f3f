import { inspector } from '../adapters/onnx/inspector.ts'
import type { ModelEngine } from '../adapters/onnx/index.ts'
import { sources } from '../adapters/sources/index.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { ImportTools } from '../peer/room-models.ts'

/** What it takes to import models, in a tab and in Node. */
export const importTools = (engines: {
  readonly cpu: ModelEngine
  readonly gpu: () => InferenceEngine | undefined
}): ImportTools => ({ openSource: sources(), inspector: inspector(engines) })

import { inspector, type InspectorComponents } from '../adapters/onnx/inspector.ts'
import { sources } from '../adapters/sources/index.ts'
import { claim } from '../adapters/system/claim.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { ImportTools } from '../peer/room-models.ts'

/** What it takes to import models, in a tab and in Node. */
export const importTools = (engines: InspectorComponents): ImportTools => ({
  openSource: sources({ clock: systemClock }),
  inspector: inspector(engines),
  claim,
})

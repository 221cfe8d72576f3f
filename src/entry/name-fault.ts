import { coarserWeights } from '../adapters/onnx/coarser-weights.ts'
import { openSurgery } from '../adapters/onnx/surgery/index.ts'
import { disturbEngine } from '../peer/disturb-engine.ts'
import { parseFault } from '../peer/parse-fault.ts'
import type { Disturb, PlantedFault } from '../peer/plant-fault.ts'

/** Puts faults into engines, of single operators too. */
export const disturb: Disturb = (engine, planted) =>
  disturbEngine(engine, planted, { openSurgery, otherVersion: coarserWeights })

/** A fault that somebody plants in a tab of their own, by its name, and what plants it. Throws `MALFORMED`. */
export const faultNamed = (text: string): { readonly fault: PlantedFault; readonly disturb: Disturb } => ({
  fault: parseFault(text),
  disturb,
})

import { disturbEngine } from '../peer/disturb-engine.ts'
import { parseFault } from '../peer/parse-fault.ts'
import type { Disturb, PlantedFault } from '../peer/plant-fault.ts'

/** A fault that somebody plants in a tab of their own, by its name, and what plants it. Throws `MALFORMED`. */
export const faultNamed = (text: string): { readonly fault: PlantedFault; readonly disturb: Disturb } => ({
  fault: parseFault(text),
  disturb: disturbEngine,
})

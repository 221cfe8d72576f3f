import { elementwise } from './sweep/elementwise.ts'
import { engineOwn, quantised, sequences, signals } from './sweep/others.ts'
import { shapes } from './sweep/shapes.ts'
import { convolutions, normalisations, products, reductions } from './sweep/sums.ts'
import type { Swept } from './sweep/swept.ts'

/** Models about one operator each: most of what the canon knows, at small sizes, from seeds. */
export const sweep: readonly Swept[] = [
  ...elementwise,
  ...convolutions,
  ...products,
  ...normalisations,
  ...reductions,
  ...shapes,
  ...sequences,
  ...quantised,
  ...engineOwn,
  ...signals,
]

export type { Swept }

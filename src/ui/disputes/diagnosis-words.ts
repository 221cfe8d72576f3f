import type { Diagnosis } from '../../peer/dispute-view.ts'
import { cut } from '../words.ts'

type Fault = Diagnosis['faults'][number]

export const shapeOf = (dims: readonly number[]): string => `[${dims.join(', ')}]`

/** What a GPU was found to compute, in a sentence. */
export function diagnosisWords({ faults, compared, modelName }: Diagnosis): string {
  const [first, ...others] = faults
  if (first === undefined) {
    const which = compared === 1 ? 'the one operator' : `all ${compared} operators`
    const were = compared === 1 ? 'was' : 'were'
    return `This GPU computes ${which} of ${cut(modelName, 40)} that ${were} compared as the reference does, within the rule.`
  }
  const more =
    others.length === 0 ? '' : `, and ${others.length} more ${others.length === 1 ? 'operator' : 'operators'}`
  return `This GPU computes ${cut(first.operator.type, 24)} differently from the reference: ${shapesOf(first)}${more}. The CPU answers for this model.`
}

/** From the shape of its first input to that of its output. */
export const shapesOf = ({ inputs, output }: Fault): string =>
  `${inputs[0] ? `${shapeOf(inputs[0].dims)} → ` : ''}${shapeOf(output.dims)}`

import type { Inspection, Scan } from '../../ports/model-inspector.ts'
import { ModelReader, type ModelFacts } from './inspect-model.ts'
import { reading, standard } from './refusals.ts'
import { Skim } from './skim.ts'

/** Reads an ONNX file of any size as it streams past, and refuses it as soon as that is certain. */
export function scanModel(): Scan {
  const reader = new ModelReader()
  const skim = new Skim(reader)
  return {
    push: (chunk) => reading(() => skim.push(chunk)),
    finish: () =>
      reading(() => {
        skim.finish()
        return inspectionOf(reader.facts(skim.position))
      }),
  }
}

function inspectionOf(facts: ModelFacts): Inspection {
  const { trace: _, intermediates: __, operators, ...said } = facts
  return {
    ...said,
    operators: operators
      .map(({ domain, type, count }) => ({ type: standard(domain) === '' ? type : `${domain}.${type}`, count }))
      .toSorted((a, b) => b.count - a.count),
  }
}

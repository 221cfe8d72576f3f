import { fromHex } from '../../domain/hash.ts'
import type { ValueInfo } from '../../domain/manifest.ts'
import type { Inspection, ModelInspector } from '../../ports/model-inspector.ts'
import { calibrate } from './calibrate.ts'
import type { ModelEngine } from './model-engine.ts'
import { refused } from './refusals.ts'
import { scanModel } from './scan-model.ts'

export interface InspectorComponents {
  readonly cpu: ModelEngine
  /** The GPU's engine, where one runs at the time. */
  readonly gpu?: () => ModelEngine | undefined
}

/** Describes ONNX files: while they stream past, and by what they compute. Only an import needs it. */
export const inspector = ({ cpu, gpu }: InspectorComponents): ModelInspector => ({
  scan: scanModel,
  async calibrate(model, inspection, options = {}) {
    const { signal } = options
    const undeclared = inspection.undeclaredOutputs.length > 0
    const known = undeclared ? await cpu.describe(model, signal ? { signal } : {}) : []
    const outputs = allOutputs(inspection, known)
    const measured = await calibrate({ cpu, gpu: gpu?.() }, model, inspection, outputs, options)
    return { outputs, canon: fromHex(cpu.info.wasmSha256), ...measured }
  },
  uncalibrated: (inspection) => ({
    outputs: allOutputs(inspection, []),
    canon: fromHex(cpu.info.wasmSha256),
    canonicalRun: 'exposed',
    note: 'It is too large to be run here, so nobody has tried it.',
  }),
})

/** The outputs that the file declares, and those that the engine inferred. */
function allOutputs({ outputs, undeclaredOutputs }: Inspection, known: readonly ValueInfo[]): readonly ValueInfo[] {
  const inferred = undeclaredOutputs.map((name) => {
    const output = known.find((value) => value.name === name)
    if (!output) throw refused(`its output "${name}" does not declare a type of numbers`)
    return output
  })
  return [...outputs, ...inferred]
}

import { readFile } from 'node:fs/promises'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import type { ModelEngine } from '../../src/adapters/onnx/model-engine.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { firstDifference } from '../../src/domain/dispute/trace.ts'
import { hex } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { CanonEngine, Trace } from '../../src/ports/canon-engine.ts'
import type { LoadedModel } from '../../src/ports/inference-engine.ts'
import type { Outline } from '../../src/ports/surgery.ts'
import { loaded } from './inference-engine.ts'
import { published } from './manifests.ts'

/** A model, what it is asked, and what the canon makes of it. */
export interface Subject {
  readonly model: LoadedModel
  readonly outline: Outline
  readonly inputs: Tensors
  readonly honest: Trace
}

/** A model of this machine, loaded into the canon and run on inputs of a seed. */
export async function subject(engine: ModelEngine, file: URL, seed = 3): Promise<Subject> {
  const bytes = new Uint8Array(await readFile(file))
  const { id, manifest } = await loaded(file.pathname, bytes, engine)
  const { inputs: taken, outputs, arithmetic, canonicalRun } = manifest
  const change = { inputs: [...taken], outputs: [...outputs], arithmetic, canonicalRun }
  const model = { id, bytes, weights: [], manifest: await published(change, { bytes }) }
  await engine.load(model)
  const inputs = seededInputs(manifest, seed)
  const { outline } = await openSurgery(model)
  return { model, outline, inputs, honest: await engine.trace(model, inputs) }
}

/** What a device with a fault makes of a model, and where its trace first differs. */
export interface Faulty {
  /** Hex, of what it claims. */
  readonly claimed: string
  readonly trace: Trace
  /** The operator that makes the first value on which it differs from the canon. */
  readonly differsAt: number | undefined
  /** The output is right to the bit: nobody could tell, and nobody is harmed. */
  readonly isMasked: boolean
}

export async function faulty(
  engine: CanonEngine,
  named: string,
  { model, inputs, honest, outline }: Subject,
): Promise<Faulty> {
  const device = disturb(engine, parseFault(named))
  await device.load(model)
  const { outputs } = await device.run(model.id, inputs)
  const trace = await device.trace(model, inputs)
  const place = firstDifference(honest.values, trace.values)
  const claimed = hex(hashTensors(outputs))
  return {
    claimed,
    trace,
    differsAt: place === undefined ? undefined : outline.values[place]?.operator,
    isMasked: claimed === hex(hashTensors(honest.outputs)),
  }
}

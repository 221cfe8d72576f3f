import { within } from '../domain/agreement.ts'
import { faultOf } from '../domain/fault.ts'
import type { Manifest, ValueInfo } from '../domain/manifest.ts'
import { oneStepDeviation, oneStepLimit } from '../domain/one-step.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { CanonEngine } from '../ports/canon-engine.ts'
import type { Clock } from '../ports/clock.ts'
import type { EngineInfo, LoadedModel } from '../ports/inference-engine.ts'
import type { OpenSurgery } from '../ports/surgery.ts'
import type { Diagnosis } from './dispute-view.ts'
import { patterned, reportOf, type OperatorFacts, type Sample } from './report-diagnosis.ts'
import { Search } from './search-operators.ts'

/** Seeds of the inputs that are tried: the same everywhere, so that a report can be repeated. Three: a rare fault shows on one of them. */
const SEEDS = [1, 2, 3]

/** A GPU as it is, its engine's own checks left out. */
export interface GpuUnderTest {
  readonly info: EngineInfo
  /** Runs a small model once. Undefined where its engine leaves an operator of it to the CPU. Rejects as engines do. */
  run(model: Uint8Array, inputs: Tensors, options: { signal?: AbortSignal }): Promise<Tensors | undefined>
  close(): Promise<void>
}

/** What a diagnosis needs to know of a model: real ones and self-tests alike. */
export interface DiagnosedModel extends Pick<LoadedModel, 'id' | 'bytes' | 'weights'> {
  readonly manifest: Pick<Manifest, 'name' | 'inputs' | 'outputs' | 'arithmetic' | 'canonicalRun'>
}

export interface GpuDiagnosisComponents {
  readonly canon: Pick<CanonEngine, 'info' | 'runOnce'> & {
    trace(model: DiagnosedModel, ...rest: Tail<Parameters<CanonEngine['trace']>>): ReturnType<CanonEngine['trace']>
  }
  readonly gpu: GpuUnderTest
  readonly openSurgery: OpenSurgery
  /** What the file of one operator says of it. */
  readonly describe: (model: Uint8Array) => OperatorFacts
  /** Sizes of inputs on which a model with free dimensions may run, by input name, the cheapest first. */
  readonly inputSizes: (inputs: readonly ValueInfo[]) => readonly Readonly<Record<string, readonly number[]>>[]
  readonly clock: Clock
  /** As the browser names itself, for the report. */
  readonly browser?: string
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

export interface GpuDiagnosisOptions {
  /** Of a job that the GPU computed wrong: tried as well, and never shown to anybody. */
  readonly inputs?: Tensors
  readonly signal?: AbortSignal
}

/**
 * Runs each operator of a model alone, on this device's GPU and in the canon, on the same inputs, and names those whose values
 * lie further apart than rounding explains. An operator with bodies (`If`, `Loop`) counts as one. Rejects as engines and surgery do.
 */
export async function diagnoseGpu(
  components: GpuDiagnosisComponents,
  model: DiagnosedModel,
  { inputs, signal }: GpuDiagnosisOptions = {},
): Promise<Diagnosis> {
  const options = signal ? { signal } : {}
  const search = new Search(components, model, await components.openSurgery(model), options)
  const [first = 0, ...others] = SEEDS
  await search.overSeed(first, inputs)
  if (inputs) await search.over(inputs, 'given')
  for (const seed of others) await search.overSeed(seed, inputs)
  const { sample, compared, leftToCpu } = search
  const [faults, failures] = [search.faults(), search.skipped()]
  const shown = sample && (await simplified(components, sample, options))
  const facts = {
    model: model.id,
    modelName: model.manifest.name,
    adapter: components.gpu.info.adapter ?? 'unnamed',
    build: components.gpu.info.build,
    canon: components.canon.info.build,
    faults,
    compared: compared.size,
    leftToCpu: leftToCpu.size,
    skipped: failures.length,
  }
  return {
    ...facts,
    ...(shown ? { reproduction: { model: shown.model, inputs: shown.inputs } } : {}),
    report: reportOf({
      ...facts,
      binaries: { gpu: components.gpu.info.wasmSha256, canon: components.canon.info.wasmSha256 },
      failures,
      ...(components.browser === undefined ? {} : { browser: components.browser }),
      ...(shown ? { sample: shown } : {}),
    }),
  }
}

/** The sample on inputs that a reader can write down in a line, where the GPU computes those wrong too. */
async function simplified(
  { canon, gpu }: Pick<GpuDiagnosisComponents, 'canon' | 'gpu'>,
  sample: Sample,
  options: { signal?: AbortSignal },
): Promise<Sample> {
  const inputs = patterned(sample.inputs)
  try {
    const expected = (await canon.runOnce(sample.model, inputs, options)).outputs[sample.output]
    const got = (await gpu.run(sample.model, inputs, options))?.[sample.output]
    if (!expected || !got) return sample
    const { type } = sample.operator
    const isWrong = !within(oneStepDeviation(type, expected, got), oneStepLimit(type, expected))
    return isWrong ? { ...sample, inputs, expected, got, isPatterned: true } : sample
  } catch (error) {
    if (faultOf(error).code === 'CANCELLED') throw error
    return sample
  }
}

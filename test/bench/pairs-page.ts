import { openCpuEngine, openGpuEngine } from '../../src/adapters/onnx/index.ts'
import { inspector } from '../../src/adapters/onnx/inspector.ts'
import type { ModelEngine, Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { enginesFor, type Deviation } from '../../src/domain/agreement.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { faultOf } from '../../src/domain/fault.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { EngineKind } from '../../src/domain/states.ts'
import type { Tensor, Tensors } from '../../src/domain/tensor.ts'
import { compareClaims, type Claim } from '../../src/domain/verdict.ts'
import { diagnosisTools } from '../../src/entry/diagnosis-tools.ts'
import { diagnoseGpu } from '../../src/peer/diagnose-gpu.ts'
import { sweep } from '../kits/operator-sweep.ts'

/** Milliseconds to load a model on an emulated GPU, which computes it six times for that. */
const PATIENCE = 180_000

export type Pair = 'cpu-cpu' | 'cpu-gpu' | 'gpu-gpu'

/** What came of the pairs of claims on one model. */
export interface Subject {
  readonly name: string
  readonly arithmetic: string
  readonly runs: Readonly<Record<Pair, number>>
  /** Claims that the product would refute, held against the canon's output, and pairs that it would contest. */
  readonly refuted: Readonly<Record<Pair, number>>
  readonly contested: Readonly<Record<Pair, number>>
  /** The greatest of a gpu's claim from the canon. */
  readonly seen: Deviation
  /** Why the GPU does not answer for it: its own check, or no tolerance. */
  readonly leftToCpu?: string
  /** What the diagnosis finds wrong with the GPU on it, where the check or a claim was. */
  readonly faults?: readonly { readonly operator: string; readonly inputs: string; readonly deviation: Deviation }[]
}

const createWorker = () =>
  new Worker(new URL('../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })
const openGpu = (options: { skipSelfTest?: boolean; signal?: AbortSignal } = {}) =>
  openGpuEngine({ createWorker, allowSoftwareGpu: true, loadLimit: PATIENCE, runLimit: PATIENCE, ...options })

const [cpu, cpuToo] = await Promise.all([openCpuEngine({ createWorker }), openCpuEngine({ createWorker })])
const [gpu, gpuToo] = await Promise.all([openGpu(), openGpu()])

/** One operator of the sweep, its numbers shifted along by the seed: they stay what the operator takes. */
async function sweptOperator(index: number, seeds: readonly number[]): Promise<Subject> {
  const one = sweep[index]
  if (!one) throw new RangeError(`there is no operator ${index}`)
  const inputs = seeds.map((seed) => shifted(one.inputs, seed))
  return await measured(`operator: ${one.name}`, one.bytes, () => inputs)
}

async function model(url: string, name: string, sizes: Record<string, number[]>, seeds: readonly number[]) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  return await measured(name, bytes, (manifest) => seeds.map((seed) => seededInputs(manifest, seed, sizes)))
}

async function measured(
  name: string,
  bytes: Uint8Array,
  inputsOf: (manifest: Runnable['manifest']) => readonly Tensors[],
): Promise<Subject> {
  const runnable = await imported(name, bytes)
  const { manifest } = runnable
  const tally = { 'cpu-cpu': 0, 'cpu-gpu': 0, 'gpu-gpu': 0 }
  const [runs, refuted, contested] = [{ ...tally }, { ...tally }, { ...tally }]
  let seen: Deviation = { rms: 0, scaled: 0 }
  let leftToCpu = enginesFor(manifest) === 'cpu' ? 'no tolerance' : await refusal(runnable)
  const all = inputsOf(manifest)
  for (const inputs of all) {
    const claims: Claim[] = [await claim(cpu, runnable, inputs), await claim(cpuToo, runnable, inputs)]
    try {
      if (leftToCpu === undefined)
        claims.push(await claim(gpu, runnable, inputs), await claim(gpuToo, runnable, inputs))
    } catch (error) {
      leftToCpu = wordsFor(error)
    }
    const [canonical, second, third, fourth] = claims
    const pairs: [Pair, Claim | undefined, Claim | undefined][] = [
      ['cpu-cpu', canonical, second],
      ['cpu-gpu', second, third],
      ['gpu-gpu', third, fourth],
    ]
    for (const [pair, a, b] of pairs) {
      if (!canonical || !a || !b) continue
      runs[pair] += 1
      if (compareClaims(a, b, manifest).agree !== true) contested[pair] += 1
      for (const each of [a, b]) {
        const { agree, seen: deviation } = compareClaims(canonical, each, manifest)
        if (agree !== true) refuted[pair] += 1
        if (each.engine === 'gpu' && deviation)
          seen = { rms: Math.max(seen.rms, deviation.rms), scaled: Math.max(seen.scaled, deviation.scaled) }
      }
    }
  }
  await Promise.all([cpu, cpuToo, gpu, gpuToo].map((engine) => engine.release(name)))
  const isSuspect = refuted['cpu-gpu'] + refuted['gpu-gpu'] > 0 || (leftToCpu?.startsWith('its own check') ?? false)
  const faults = isSuspect ? await diagnosed(runnable, all[0]) : undefined
  return {
    name,
    arithmetic: manifest.arithmetic,
    runs,
    refuted,
    contested,
    seen,
    ...(leftToCpu === undefined ? {} : { leftToCpu }),
    ...(faults ? { faults } : {}),
  }
}

/** As an import makes it: its outputs inferred, its tolerance measured. */
async function imported(name: string, bytes: Uint8Array): Promise<Runnable> {
  const scan = scanModel()
  scan.push(bytes)
  const inspection = scan.finish()
  const files = { bytes, weights: [] }
  const needsTolerance = inspection.arithmetic === 'fp16' || inspection.arithmetic === 'qdq'
  const engines = inspector(needsTolerance ? { cpu, gpu: () => gpu } : { cpu })
  const { outputs, canonicalRun, tolerance } = await engines.calibrate(files, inspection)
  const { inputs, arithmetic } = inspection
  return {
    id: name,
    ...files,
    manifest: { inputs, outputs, arithmetic, canonicalRun, ...(tolerance ? { tolerance } : {}) },
  }
}

async function refusal(runnable: Runnable): Promise<string | undefined> {
  try {
    await gpu.load(runnable)
    return undefined
  } catch (error) {
    return wordsFor(error)
  }
}

function wordsFor(error: unknown): string {
  const fault = faultOf(error)
  return fault.code === 'SELF_TEST_FAILED'
    ? `its own check: ${fault.operator} (${fault.why})`
    : `it declines: ${'why' in fault ? fault.why : fault.code}`
}

async function claim(engine: ModelEngine, model: Runnable, inputs: Tensors): Promise<Claim> {
  await engine.load(model)
  const { outputs, computeMs } = await engine.run(model.id, inputs)
  const kind: EngineKind = engine.info.kind
  return { peer: '', engine: kind, outputHash: hashTensors(outputs), outputs, computeMs }
}

async function diagnosed(
  { id, bytes, weights, manifest }: Runnable,
  inputs: Tensors | undefined,
): Promise<Subject['faults']> {
  const tools = diagnosisTools({ cpu, openGpu: (options) => openGpu({ ...options, skipSelfTest: true }) })
  const sick = await tools.openGpu({})
  try {
    const subject = { id, bytes, weights, manifest: { ...manifest, name: id } }
    const { faults } = await diagnoseGpu({ ...tools, gpu: sick, clock: systemClock }, subject, inputs ? { inputs } : {})
    return faults.map(({ operator, inputs: taken, deviation }) => ({
      operator: `${operator.type} ${operator.index}`,
      inputs: taken.map(({ dims }) => `[${dims.join(', ')}]`).join(', '),
      deviation,
    }))
  } finally {
    await sick.close()
  }
}

const shifted = (inputs: Tensors, seed: number): Tensors =>
  Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, shiftedTensor(tensor, seed)]))

/** Whole numbers mean something (an index, a size) and stay where they are. */
function shiftedTensor(tensor: Tensor, seed: number): Tensor {
  if (tensor.dtype !== 'float32') return tensor
  const at = (4 * ((seed * 31) % Math.max(1, tensor.data.length / 4))) | 0
  return { ...tensor, data: Uint8Array.of(...tensor.data.subarray(at), ...tensor.data.subarray(0, at)) }
}

const benches = { sweptOperator, model, operators: () => sweep.length }

declare global {
  /** What the bench in Node calls. */
  var pairsBench: typeof benches
}
globalThis.pairsBench = benches

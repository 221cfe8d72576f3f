import { deviationOf, FP32_RULE, within, type Deviation } from '../../domain/agreement.ts'
import { hashTensors } from '../../domain/commitment.ts'
import { MootError, sentence, type Fault } from '../../domain/fault.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import { MAX_TOLERANCE, type Arithmetic, type Tolerance } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import type { Calibration, Inspection } from '../../ports/model-inspector.ts'
import { inputSizes, type Sizes } from './input-sizes.ts'
import type { ModelEngine, Runnable } from './model-engine.ts'

/** Inputs on which two engines are compared. Five: a sixth deviates more than all of them once in six times, and the margin is for that. */
const RUNS = 5

/** Inputs on which a plain run is held against an exposed one. Two: one that happens to give equal bits says little. */
const PLAIN_RUNS = 2

/** How many times what was seen is allowed: another GPU sums in another order, and one value more that falls on the other side of a rounding doubles it. */
const MARGIN = 4

export interface Engines {
  readonly cpu: ModelEngine
  readonly gpu?: ModelEngine | undefined
}

export interface CalibrateOptions {
  readonly signal?: AbortSignal
  /** After each run: the share of all of them that is done. */
  readonly onProgress?: (fraction: number) => void
}

/** What is under way: the model, and what is told of each run. */
interface Trial {
  readonly model: Pick<LoadedModel, 'bytes' | 'weights'>
  readonly manifest: Runnable['manifest']
  readonly options: { readonly signal?: AbortSignal }
  onRun(): void
}

type Measured = Pick<Calibration, 'canonicalRun' | 'tolerance' | 'note'>

/** Runs a model on seeded inputs, in the canon and on the GPU where there is one. Rejects as engines do, where the canon cannot load it. */
export async function calibrate(
  { cpu, gpu }: Engines,
  model: Trial['model'],
  { inputs, arithmetic }: Pick<Inspection, 'inputs' | 'arithmetic'>,
  outputs: Calibration['outputs'],
  { signal, onProgress }: CalibrateOptions = {},
): Promise<Measured> {
  let done = 0
  const all = PLAIN_RUNS + (gpu ? 2 * RUNS : PLAIN_RUNS)
  const trial: Trial = {
    model,
    manifest: { inputs, outputs, arithmetic, canonicalRun: 'exposed' },
    options: signal ? { signal } : {},
    onRun: () => onProgress?.(Math.min(1, ++done / all)),
  }
  const found = await onceLoaded(cpu, trial, (run) => canonicalOutputs(run, trial, gpu ? RUNS : PLAIN_RUNS))
  if ('note' in found) return { canonicalRun: 'exposed', note: found.note }
  // An engine runs half precision exposed whatever it is told.
  const canonicalRun = arithmetic !== 'fp16' && (await isPlain(cpu, trial, found)) ? 'plain' : 'exposed'
  const settled: Trial = { ...trial, manifest: { ...trial.manifest, canonicalRun } }
  const measured = gpu ? await measure(cpu, gpu, settled, found) : withoutGpu(arithmetic)
  return { canonicalRun, ...measured }
}

/** What the canon computes from the first seeds, at a size that it runs on. */
interface Found {
  readonly sizes: Sizes
  readonly references: readonly Tensors[]
}

type Run = (seed: number, sizes: Sizes) => Promise<Tensors>

/** Loads a model for a while. */
async function onceLoaded<T>(engine: ModelEngine, trial: Trial, task: (run: Run) => Promise<T>): Promise<T> {
  const { model, manifest, options } = trial
  const id = `calibration ${hex(crypto.getRandomValues(new Uint8Array(8)))}`
  try {
    await engine.load({ ...model, id, manifest }, options)
    return await task(async (seed, sizes) => {
      const { outputs } = await engine.run(id, seededInputs(manifest, seed, sizes), options)
      trial.onRun()
      return outputs
    })
  } finally {
    await engine.release(id)
  }
}

/** Tries sizes until the model runs on one. Where it runs on none: why not. */
async function canonicalOutputs(run: Run, { manifest }: Trial, runs: number): Promise<Found | { note: string }> {
  const candidates = inputSizes(manifest.inputs)
  let last: Fault | undefined
  for (const sizes of candidates) {
    try {
      const references = [await run(1, sizes)]
      for (let seed = 2; seed <= runs; seed++) references.push(await run(seed, sizes))
      return { sizes, references }
    } catch (error) {
      last = faultOfModel(error)
      if (last.code === 'ENGINE_FAILED') continue
      // It takes too much: a model of one size always does, and one of any size takes no less at the next.
      if (candidates.length === 1) throw error
      break
    }
  }
  return {
    note: `It ran on no random input, so nobody knows yet how GPUs round in it. ${last ? sentence(last) : ''}`.trim(),
  }
}

/** Whether a plain run gives the canon's bits, which are those of a run with every intermediate exposed. */
async function isPlain(cpu: ModelEngine, trial: Trial, { sizes, references }: Found): Promise<boolean> {
  const plain: Trial = { ...trial, manifest: { ...trial.manifest, canonicalRun: 'plain' } }
  try {
    return await onceLoaded(cpu, plain, async (run) => {
      for (const [i, reference] of references.slice(0, PLAIN_RUNS).entries())
        if (!equalBytes(hashTensors(await run(i + 1, sizes)), hashTensors(reference))) return false
      return true
    })
  } catch (error) {
    faultOfModel(error)
    return false
  }
}

/** Compares the GPU with the canon, and sets a limit where what is seen leaves room for one. */
async function measure(
  cpu: ModelEngine,
  gpu: ModelEngine,
  trial: Trial,
  { sizes, references }: Found,
): Promise<Pick<Measured, 'tolerance' | 'note'>> {
  const { arithmetic } = trial.manifest
  try {
    const lenient: Trial = { ...trial, manifest: { ...trial.manifest, tolerance: MAX_TOLERANCE } }
    const seen = await onceLoaded(gpu, lenient, async (run) => {
      let most: Deviation = { rms: 0, scaled: 0 }
      for (const [i, reference] of references.entries()) {
        const deviation = deviationOf(reference, await run(i + 1, sizes))
        most = { rms: Math.max(most.rms, deviation.rms), scaled: Math.max(most.scaled, deviation.scaled) }
      }
      return most
    })
    const limit = limitFor(arithmetic, seen)
    if (!limit)
      return { note: `This GPU deviates from the CPU by ${words(seen)}: too much to tell rounding from a fault.` }
    return { tolerance: { ...limit, seen, runs: references.length, ...measuredOn(cpu, gpu) } }
  } catch (error) {
    return { note: wordsFor(faultOfModel(error)) }
  }
}

/** The greatest deviation to allow: that of the rule of agreement, or a multiple of what was seen. Undefined where that tells nothing. */
function limitFor(arithmetic: Arithmetic, seen: Deviation): Deviation | undefined {
  switch (arithmetic) {
    case 'integer':
      return within(seen, 'exact') ? seen : undefined
    case 'fp32':
      return within(seen, FP32_RULE) ? FP32_RULE : undefined
    case 'fp16':
    case 'qdq': {
      const limit = {
        rms: Math.max(FP32_RULE.rms, MARGIN * seen.rms),
        scaled: Math.max(FP32_RULE.scaled, MARGIN * seen.scaled),
      }
      return within(limit, MAX_TOLERANCE) ? limit : undefined
    }
    default:
      return arithmetic satisfies never
  }
}

const measuredOn = (cpu: ModelEngine, gpu: ModelEngine): Pick<Tolerance, 'adapter' | 'builds'> => ({
  adapter: (gpu.info.adapter ?? 'unnamed').slice(0, 128),
  builds: [cpu.info.build, gpu.info.build],
})

const withoutGpu = (arithmetic: Arithmetic): Pick<Measured, 'note'> =>
  arithmetic === 'fp32' || arithmetic === 'integer'
    ? {}
    : { note: 'No GPU was here to measure its rounding on, so CPUs alone answer for it.' }

const wordsFor = (cause: Fault): string =>
  cause.code === 'SELF_TEST_FAILED'
    ? `This GPU computes ${cause.operator} wrong in it (${cause.why}), so its CPU answers for it.`
    : `This GPU cannot run it, and its CPU can: ${'why' in cause ? cause.why : sentence(cause)}.`

const words = ({ rms, scaled }: Deviation): string =>
  Number.isFinite(rms) ? `${rms.toPrecision(2)} (rms), ${scaled.toPrecision(2)} (largest)` : 'more than any number says'

/** What the model or the engine did wrong. All else is thrown on: what a person cancelled, and what is no fault. */
function faultOfModel(error: unknown): Fault {
  if (error instanceof MootError && error.fault.code !== 'CANCELLED') return error.fault
  throw error
}

import * as ort from 'onnxruntime-web/wasm'
import glue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import binary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { manifestOf, openCpuEngine } from '../../src/adapters/onnx/index.ts'
import type { Manifest } from '../../src/domain/manifest.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'

/** Runs that are not counted: memory grows, code is compiled. */
const WARM_UP = 5

/** Milliseconds of each of two kinds of run, taken in turns so that whatever else the machine does weighs on both alike. */
export type Turns = readonly [readonly number[], readonly number[]]

interface Subject {
  readonly bytes: Uint8Array
  readonly manifest: Manifest
  readonly inputs: Tensors
}

type Run = () => Promise<unknown>

/** The cpu engine in its worker, against bare onnxruntime-web in the same tab with the same session options. */
export async function workerAgainstBare(model: string, turns: number): Promise<Turns> {
  const subject = await fetched(model)
  return await inTurns(await inWorker(subject), await inTab(subject, 'disabled'), turns)
}

/** The canon's session options against all optimisations. */
export async function canonAgainstOptimised(model: string, turns: number): Promise<Turns> {
  const subject = await fetched(model)
  return await inTurns(await inTab(subject, 'disabled'), await inTab(subject, 'all'), turns)
}

async function inTurns(first: Run, second: Run, turns: number): Promise<Turns> {
  const times: [number[], number[]] = [[], []]
  for (let turn = -WARM_UP; turn < turns; turn++) {
    const pair = [await timed(first), await timed(second)] as const
    if (turn < 0) continue
    times[0].push(pair[0])
    times[1].push(pair[1])
  }
  return times
}

async function timed(run: Run): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

async function fetched(model: string): Promise<Subject> {
  const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer())
  const manifest = await manifestOf(bytes, { name: 'bench', version: '1', canonicalRun: 'plain' })
  return { bytes, manifest, inputs: seededInputs(manifest, 1) }
}

async function inWorker({ bytes, manifest, inputs }: Subject): Promise<Run> {
  const engine = await openCpuEngine({
    createWorker: () => new Worker(new URL('../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' }),
  })
  await engine.load({ id: 'bench', manifest, bytes })
  return () => engine.run('bench', inputs)
}

async function inTab({ bytes, inputs }: Subject, graphOptimizationLevel: 'disabled' | 'all'): Promise<Run> {
  ort.env.wasm.numThreads = 1
  ort.env.wasm.wasmPaths = { mjs: new URL(glue, location.href).href, wasm: new URL(binary, location.href).href }
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'], graphOptimizationLevel })
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      new ort.Tensor('float32', new Float32Array(data.slice().buffer), dims),
    ]),
  )
  return () => session.run(feeds)
}

declare global {
  /** What the bench in Node calls. */
  var engineBench: { workerAgainstBare: typeof workerAgainstBare; canonAgainstOptimised: typeof canonAgainstOptimised }
}
globalThis.engineBench = { workerAgainstBare, canonAgainstOptimised }

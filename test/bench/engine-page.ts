import { openCpuEngine } from '../../src/adapters/onnx/index.ts'
import type { Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { bareEngine } from './bare-engine.ts'

/** Runs that are not counted: memory grows, code is compiled. */
const WARM_UP = 5

/** Runs in a row of each kind: a switch between threads leaves the processor's caches to the other, which is neither's cost. */
const IN_A_ROW = 10

/** Milliseconds of each of two kinds of run, taken in turns so that whatever else the machine does weighs on both alike. */
export type Turns = readonly [readonly number[], readonly number[]]

interface Subject {
  readonly bytes: Uint8Array
  readonly manifest: Runnable['manifest']
  readonly inputs: Tensors
}

type Run = () => Promise<unknown>

/** The cpu engine in its worker, against bare onnxruntime-web in the same tab with the same session options. */
async function workerAgainstBare(model: string, turns: number): Promise<Turns> {
  const subject = await fetched(model)
  return await inTurns(await inWorker(subject), await bareEngine(subject.bytes, subject.inputs, 'disabled'), turns)
}

/** The cpu engine in its worker, against bare onnxruntime-web in a worker of the same tab: what our own layer adds. */
async function workerAgainstBareWorker(model: string, turns: number): Promise<Turns> {
  const subject = await fetched(model)
  return await inTurns(await inWorker(subject), await inBareWorker(subject), turns)
}

/** The canon's session options against all optimisations. */
async function canonAgainstOptimised(model: string, turns: number): Promise<Turns> {
  const subject = await fetched(model)
  return await inTurns(
    await bareEngine(subject.bytes, subject.inputs, 'disabled'),
    await bareEngine(subject.bytes, subject.inputs, 'all'),
    turns,
  )
}

async function inTurns(first: Run, second: Run, turns: number): Promise<Turns> {
  const times: [number[], number[]] = [[], []]
  for (let i = 0; i < WARM_UP; i++) await Promise.all([first(), second()])
  while (times[1].length < turns) {
    for (let i = 0; i < IN_A_ROW; i++) times[0].push(await timed(first))
    for (let i = 0; i < IN_A_ROW; i++) times[1].push(await timed(second))
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
  const scan = scanModel()
  scan.push(bytes)
  const manifest = { ...scan.finish(), canonicalRun: 'plain' } as const
  return { bytes, manifest, inputs: seededInputs(manifest, 1) }
}

async function inWorker({ bytes, manifest, inputs }: Subject): Promise<Run> {
  const engine = await openCpuEngine({
    createWorker: () => new Worker(new URL('../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' }),
  })
  await engine.load({ id: 'bench', manifest, bytes, weights: [] })
  return () => engine.run('bench', inputs)
}

async function inBareWorker({ bytes, inputs }: Subject): Promise<Run> {
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { type: 'module' })
  const ask = (subject: unknown) =>
    new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve()
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.postMessage(subject)
    })
  await ask({ bytes, inputs })
  return () => ask(undefined)
}

const benches = { workerAgainstBare, workerAgainstBareWorker, canonAgainstOptimised }

declare global {
  /** What the bench in Node calls. */
  var engineBench: typeof benches
}
globalThis.engineBench = benches

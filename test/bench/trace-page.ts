import { openCpuEngine, type ModelEngine } from '../../src/adapters/onnx/index.ts'
import type { Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { convChain } from '../kits/conv-chain.ts'

/** Milliseconds of each. */
export interface Times {
  readonly plain: readonly number[]
  readonly traced: readonly number[]
  /** What the engine itself computed of the traced ones. */
  readonly computed: readonly number[]
  /** To cut an operator out and run it alone, median of its runs, for each operator that makes a tensor. */
  readonly alone: readonly number[]
}

interface Subject {
  readonly engine: ModelEngine
  readonly model: Runnable
  readonly inputs: Tensors
}

const RUNS = 15
const RUNS_ALONE = 3

let chain: Subject | undefined

/** A chain of convolutions whose plain run is over: what comes after grows the memory by itself. */
async function openChain(length: number): Promise<void> {
  chain = await subject(convChain(length))
  await chain.engine.run(chain.model.id, chain.inputs)
}

async function runChain(): Promise<void> {
  const { engine, model, inputs } = opened()
  await engine.run(model.id, inputs)
}

async function traceChain(): Promise<number> {
  const { engine, model, inputs } = opened()
  return (await engine.trace(model, inputs)).values.length
}

function opened(): Subject {
  if (!chain) throw new Error('the chain was not opened')
  return chain
}

async function subject(bytes: Uint8Array): Promise<Subject> {
  const engine = await openCpuEngine({
    createWorker: () => new Worker(new URL('../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' }),
  })
  const scan = scanModel()
  scan.push(bytes)
  const manifest = { ...scan.finish(), canonicalRun: 'plain' } as const
  const model = { id: 'bench', manifest, bytes, weights: [] }
  await engine.load(model)
  return { engine, model, inputs: seededInputs(manifest, 1) }
}

/** Plain and traced runs in turns, so that whatever else the machine does weighs on both alike, and each operator alone. */
async function times(url: string): Promise<Times> {
  const { engine, model, inputs } = await subject(new Uint8Array(await (await fetch(url)).arrayBuffer()))
  const surgery = await openSurgery(model)
  const { values } = surgery.outline
  const { kept } = await engine.trace(model, inputs, { keep: values.map(({ name }) => name) })
  await engine.run(model.id, inputs)
  const [plain, traced, computed, alone]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let i = 0; i < RUNS; i++) {
    plain.push(await timed(() => engine.run(model.id, inputs)))
    traced.push(await timed(async () => computed.push((await engine.trace(model, inputs)).computeMs)))
  }
  const known = { ...inputs, ...kept }
  for (const [place, { name }] of values.entries()) {
    if (!kept[name]) continue
    const runs: number[] = []
    for (let i = 0; i < RUNS_ALONE; i++) {
      runs.push(
        await timed(() => {
          const leaf = surgery.leaf(place, (other) => values[other]!.name in kept)
          return engine.runOnce(surgery.cut(leaf, known), only(known, leaf.needs))
        }),
      )
    }
    alone.push(runs.toSorted((a, b) => a - b)[RUNS_ALONE >> 1]!)
  }
  await engine.close()
  return { plain, traced, computed, alone }
}

const only = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.map((name) => [name, tensors[name]!]))

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

const benches = { openChain, runChain, traceChain, times }

declare global {
  /** What the bench in Node calls. */
  var traceBench: typeof benches
}
globalThis.traceBench = benches

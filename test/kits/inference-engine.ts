import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelEngine, Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { scanModel } from '../../src/adapters/onnx/scan-model.ts'
import type { EngineOptions } from '../../src/adapters/onnx/worker-engine.ts'
import { MootError, type Fault } from '../../src/domain/fault.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { BYTES_PER_ELEMENT, type DType, type Tensors } from '../../src/domain/tensor.ts'
import type { Inspection } from '../../src/ports/model-inspector.ts'
import {
  buildModel,
  doubling,
  echo,
  endless,
  floats,
  greedy,
  longs,
  parted,
  unheardOf,
  weighted,
} from './onnx-builder.ts'
import type { GraphInit } from '../../src/adapters/onnx/build-model.ts'

/** What a file says of itself, read in one piece. */
export function inspected(bytes: Uint8Array): Inspection {
  const scan = scanModel()
  scan.push(bytes)
  return scan.finish()
}

/** A model as an engine is given it, its weights in one file. Its id is its name: no engine looks into an id. */
export async function loaded(
  name: string,
  model: GraphInit | Uint8Array,
  engine?: Pick<ModelEngine, 'describe'>,
): Promise<Runnable> {
  const bytes = model instanceof Uint8Array ? model : buildModel(model)
  const { inputs, outputs, undeclaredOutputs, arithmetic } = inspected(bytes)
  const inferred = undeclaredOutputs.length > 0 ? ((await engine?.describe({ bytes, weights: [] })) ?? []) : outputs
  const manifest = { inputs, outputs: inferred, arithmetic, canonicalRun: 'exposed' } as const
  return { id: name, bytes, weights: [], manifest }
}

/** `weighted`, its weights in a file of their own. */
function partedModel(id: string): Runnable {
  const { bytes, weights } = parted()
  const { inputs, outputs, arithmetic } = inspected(bytes)
  return { id, bytes, weights, manifest: { inputs, outputs, arithmetic, canonicalRun: 'exposed' } }
}

export async function faultFrom(task: Promise<unknown>): Promise<Fault> {
  const error = await task.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof MootError) return error.fault
  throw new Error(`expected a fault, and got ${String(error)}`)
}

const DTYPES = Object.keys(BYTES_PER_ELEMENT).filter((name): name is DType => name in BYTES_PER_ELEMENT)

/** What every engine must do, whatever it runs on. `open` gives one that stops a job after a second. */
export function inferenceEngineKit(name: string, open: (options: EngineOptions) => Promise<ModelEngine>): void {
  describe(`${name}, as an inference engine`, () => {
    let engine: ModelEngine
    const two: Tensors = { x: floats([2], 1, 2.5) }

    beforeAll(async () => {
      engine = await open({
        runLimit: 1_000,
        loadLimit: 5_000,
        memoryLimit: 512 << 20,
        outputLimit: 1 << 20,
        maxModels: 3,
      })
    })
    afterAll(() => engine.close())

    const stillRuns = async (): Promise<void> => {
      await engine.load(await loaded('doubling', doubling))
      const { outputs } = await engine.run('doubling', two)
      expect(outputs).toEqual({ y: floats([2], 2, 5) })
    }

    /** Loads and runs: some engines try a model out when it is loaded, and fail there. */
    const attempt = async (model: Runnable, inputs: Tensors, signal?: AbortSignal): Promise<Tensors> => {
      await engine.load(model, { ...(signal ? { signal } : {}) })
      return (await engine.run(model.id, inputs, { ...(signal ? { signal } : {}) })).outputs
    }

    test('runs a model and says how long it computed, and on what', async () => {
      await engine.load(await loaded('doubling', doubling))
      expect(engine.has('doubling')).toBe(true)
      const result = await engine.run('doubling', two)
      expect(result.outputs).toEqual({ y: floats([2], 2, 5) })
      expect(result.computeMs).toBeGreaterThanOrEqual(0)
      expect(engine.info.build).toMatch(/^onnxruntime-web \d/)
      expect(engine.info.wasmSha256).toMatch(/^[0-9a-f]{64}$/)
    })

    test.each(DTYPES)('carries %s in and out, from any offset of a buffer', async (dtype) => {
      const model = await loaded(`echo ${dtype}`, echo(dtype))
      if (engine.info.kind === 'gpu' && model.manifest.arithmetic === 'fp16') {
        expect(await faultFrom(engine.load(model))).toMatchObject({ code: 'MODEL_REFUSED' })
        return
      }
      await engine.load(model)
      const { x } = seededInputs(model.manifest, 5, { x: [3] })
      if (!x) throw new Error('no input was made')
      const shifted = new Uint8Array(x.data.length + 1)
      shifted.set(x.data, 1)
      const { outputs } = await engine.run(model.id, { x: { ...x, data: shifted.subarray(1) } })
      expect(outputs).toEqual({ y: x })
      expect(shifted.subarray(1)).toEqual(x.data)
    })

    test('answers many at once, each with its own result', async () => {
      await engine.load(await loaded('doubling', doubling))
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, i) => engine.run('doubling', { x: floats([1], i) })),
      )
      expect(results.map(({ outputs }) => outputs)).toEqual(
        Array.from({ length: 20 }, (_, i) => ({ y: floats([1], 2 * i) })),
      )
    })

    test('says what is wrong with an input before anything is computed', async () => {
      await engine.load(await loaded('doubling', doubling))
      const run = (inputs: Tensors) => faultFrom(engine.run('doubling', inputs))
      expect(await run({})).toMatchObject({ code: 'WRONG_INPUT', input: 'x', got: 'nothing' })
      expect(await run({ ...two, z: floats([1], 1) })).toMatchObject({ code: 'WRONG_INPUT', input: 'z' })
      expect(await run({ x: floats([2, 1], 1, 2) })).toMatchObject({ code: 'WRONG_INPUT', got: 'the shape [2, 1]' })
      expect(await run({ x: floats([3], 1, 2) })).toMatchObject({ code: 'WRONG_INPUT', got: '8 bytes' })
      expect(await run({ x: longs([1], 1n) })).toEqual({
        code: 'WRONG_DTYPE',
        input: 'x',
        expected: 'float32',
        got: 'int64',
      })
      await stillRuns()
    })

    test('does not know a model that was never loaded', async () => {
      expect(await faultFrom(engine.run('nobody', two))).toEqual({ code: 'MODEL_NOT_LOADED', model: 'nobody' })
    })

    test('refuses bytes that are no model', async () => {
      const model = { ...(await loaded('no model', doubling)), bytes: new TextEncoder().encode('just a text file') }
      expect(await faultFrom(engine.load(model))).toMatchObject({ code: 'MODEL_NOT_ONNX' })
      expect(engine.has('no model')).toBe(false)
      await stillRuns()
    })

    test('runs a model whose weights lie beside it as it runs the same model in one file', async () => {
      const [whole, parted] = [await loaded('whole', weighted), partedModel('parted')]
      const inputs = seededInputs(whole.manifest, 4)
      for (const canonicalRun of ['plain', 'exposed'] as const) {
        const [a, b] = await Promise.all(
          [whole, parted].map((model) =>
            attempt(
              { ...model, id: `${model.id} ${canonicalRun}`, manifest: { ...model.manifest, canonicalRun } },
              inputs,
            ),
          ),
        )
        expect(a).toEqual(b)
      }
    })

    test('refuses a model whose weights are missing or too short, and names their file', async () => {
      const { weights, ...model } = partedModel('bereft')
      const missing = faultFrom(engine.load({ ...model, weights: [] }))
      expect(await missing).toEqual({
        code: 'MODEL_REFUSED',
        why: 'its weights lie in data/weights.bin, which is missing',
      })
      const short = weights.map(({ path, bytes }) => ({ path, bytes: bytes.subarray(1) }))
      const fault = await faultFrom(engine.load({ ...model, weights: short }))
      expect(fault).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining('data/weights.bin') })
      await stillRuns()
    })

    test('lets go of a model when it is told to', async () => {
      await engine.load(await loaded('guest', doubling))
      await engine.release('guest')
      expect(engine.has('guest')).toBe(false)
      await engine.release('guest')
      await stillRuns()
    })

    test('refuses an operator that it lacks, and names it', async () => {
      const fault = await faultFrom(engine.load(await loaded('unheard of', unheardOf)))
      expect(fault).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining('Transmogrify') })
      await stillRuns()
    })

    test('refuses a manifest that declares other inputs than the file', async () => {
      const model = await loaded('liar', doubling)
      const inputs = [{ name: 'x', dtype: 'int64', dims: [1] }] as const
      const fault = await faultFrom(engine.load({ ...model, manifest: { ...model.manifest, inputs } }))
      expect(fault).toMatchObject({ code: 'MODEL_REFUSED' })
      await stillRuns()
    })

    test('stops a model that computes without end', async () => {
      const model = await loaded('endless', endless)
      const [stopped, waiting] = [faultFrom(attempt(model, { x: floats([1], 1) })), stillRuns()]
      expect(await stopped).toMatchObject({ code: 'ENGINE_TIMED_OUT' })
      await waiting
      await stillRuns()
    })

    test.each([1, 64])('stops a model that asks for %i GiB', async (gibibytes) => {
      const model = await loaded(`greedy ${gibibytes}`, greedy(gibibytes))
      const fault = await faultFrom(attempt(model, { x: floats([1], 1) }))
      expect(fault).toEqual({ code: 'ENGINE_OUT_OF_MEMORY', limitBytes: 512 << 20 })
      await stillRuns()
    })

    test('refuses an output past the limit', async () => {
      await engine.load(await loaded('doubling', doubling))
      const many = { x: { dtype: 'float32', dims: [1 << 19], data: new Uint8Array(1 << 21) } } as const
      expect(await faultFrom(engine.run('doubling', many))).toMatchObject({ code: 'TOO_LARGE', bytes: 1 << 21 })
      await stillRuns()
    })

    test('drops a job that is cancelled while it waits, and stops one that runs', async () => {
      await stillRuns()
      const endlessModel = await loaded('endless', endless)
      const [running, waiting] = [new AbortController(), new AbortController()]
      const first = faultFrom(attempt(endlessModel, { x: floats([1], 1) }, running.signal))
      const second = faultFrom(engine.run('doubling', two, { signal: waiting.signal }))
      const third = engine.run('doubling', two)
      waiting.abort()
      expect(await second).toEqual({ code: 'CANCELLED' })
      running.abort()
      expect(await first).toEqual({ code: 'CANCELLED' })
      expect((await third).outputs).toEqual({ y: floats([2], 2, 5) })
    })

    test('keeps the models used last warm, and forgets the others', async () => {
      for (const name of ['a', 'b', 'c']) await engine.load(await loaded(name, doubling))
      await engine.run('a', two)
      await engine.load(await loaded('d', doubling))
      expect(['a', 'b', 'c', 'd'].map((name) => engine.has(name))).toEqual([true, false, true, true])
      expect(await faultFrom(engine.run('b', two))).toMatchObject({ code: 'MODEL_NOT_LOADED' })
    })
  })
}

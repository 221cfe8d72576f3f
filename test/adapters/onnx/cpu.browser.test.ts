import { expect, test } from 'vitest'
import { canonOpener, openCpuEngine } from '../../../src/adapters/onnx/index.ts'
import { canonicalOutputsKit } from '../../kits/canonical-outputs.ts'
import { faultFrom, inferenceEngineKit, loaded } from '../../kits/inference-engine.ts'
import { CANONS } from '../../../src/adapters/onnx/canons.ts'
import { hashTensors } from '../../../src/domain/commitment.ts'
import { hex } from '../../../src/domain/hash.ts'
import { seededInputs } from '../../../src/domain/seeded-inputs.ts'
import { doubling, endless, floats, normalised } from '../../kits/onnx-builder.ts'
import { NORMALISED_BY } from '../../kits/real-models.ts'
import { realTracesKit, tracesKit } from '../../kits/traces.ts'
import { sharedModel, withSharedModels } from './shared-models.ts'

const createWorker = () =>
  new Worker(new URL('../../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

inferenceEngineKit('the cpu engine in a tab', (options) => openCpuEngine({ createWorker, ...options }))
canonicalOutputsKit(
  'the cpu engine in a tab',
  () => openCpuEngine({ createWorker }),
  withSharedModels ? sharedModel : undefined,
)

tracesKit('the canon in a tab', (options) => openCpuEngine({ createWorker, ...options }))
realTracesKit(
  'the canon in a tab',
  (options) => openCpuEngine({ createWorker, ...options }),
  withSharedModels ? sharedModel : undefined,
)

test('an older canon is opened from what the app has, and computes what it computes in Node', async () => {
  const [, old] = CANONS
  const open = canonOpener({ createWorker })
  const engine = await open(old.wasmSha256)
  expect(engine.info).toEqual({ kind: 'cpu', build: old.id, wasmSha256: old.wasmSha256 })
  const model = await loaded('normalised', normalised)
  const { outputs } = await engine.trace(model, seededInputs(model.manifest, 3))
  expect(hex(hashTensors(outputs))).toBe(NORMALISED_BY['1.22.0'])
  await engine.close()
  expect(await faultFrom(open('00'.repeat(32)))).toMatchObject({ code: 'CANON_UNKNOWN' })
})

test('a worker whose script is missing is an engine that cannot be used', async () => {
  const missing = () => new Worker(new URL('/missing.js', location.href), { type: 'module' })
  expect(await faultFrom(openCpuEngine({ createWorker: missing }))).toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    engine: 'cpu',
  })
})

test('a worker that crashes fails its job alone, and another takes its place', async () => {
  const workers: Worker[] = []
  const engine = await openCpuEngine({
    createWorker: () => {
      const worker = createWorker()
      workers.push(worker)
      return worker
    },
  })
  await engine.load(await loaded('doubling', doubling))
  await engine.load(await loaded('endless', endless))
  const crashed = faultFrom(engine.run('endless', { x: floats([1], 1) }))
  const next = engine.run('doubling', { x: floats([1], 4) })
  await Promise.resolve()
  workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'out of order' }))
  expect(await crashed).toEqual({ code: 'ENGINE_FAILED', why: 'its worker stopped: out of order' })
  expect((await next).outputs).toEqual({ y: floats([1], 8) })
  expect(workers).toHaveLength(2)
  await engine.close()
})

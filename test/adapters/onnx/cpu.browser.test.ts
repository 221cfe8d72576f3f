import { expect, test } from 'vitest'
import { openCpuEngine } from '../../../src/adapters/onnx/index.ts'
import type { EngineOptions } from '../../../src/adapters/onnx/index.ts'
import { faultFrom, inferenceEngineKit } from '../../kits/inference-engine.ts'

const createWorker = () => new Worker(new URL('../../../src/entry/inference-worker.ts', import.meta.url), { type: 'module' })

inferenceEngineKit('the cpu engine in a tab', (options: EngineOptions) => openCpuEngine({ createWorker, ...options }))

test('a worker whose script is missing is an engine that cannot be used', async () => {
  const missing = () => new Worker(new URL('/missing.js', location.href), { type: 'module' })
  expect(await faultFrom(openCpuEngine({ createWorker: missing }))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'cpu' })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspector } from '../../src/adapters/onnx/inspector.ts'
import type { ModelEngine } from '../../src/adapters/onnx/model-engine.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { hex } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { inspected, loaded } from './inference-engine.ts'
import { CANONICAL_OUTPUTS, REAL_MODELS, SIZES } from './real-models.ts'

/** What the canon computes, bit for bit, wherever it runs. `read` gives a real model's bytes. */
export function canonicalOutputsKit(
  name: string,
  open: () => Promise<ModelEngine>,
  read: ((model: string) => Promise<Uint8Array>) | undefined,
): void {
  describe.skipIf(read === undefined)(`${name}, on real models`, () => {
    let engine: ModelEngine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.close())

    const realModel = async (model: string) => {
      if (!read) throw new Error('there are no real models')
      return await loaded(model, await read(model), engine)
    }

    test.each(REAL_MODELS)('computes the canonical bits of %s', async (id) => {
      const model = await realModel(id)
      await engine.load(model)
      const { outputs } = await engine.run(id, seededInputs(model.manifest, 3, SIZES[id]))
      expect(hex(hashTensors(outputs))).toBe(CANONICAL_OUTPUTS[id])
    })

    test('a plain run of half-precision numbers gives other bits than the canon, and of floats the same', async () => {
      const calibrated = async (model: string) => {
        const { bytes } = await realModel(model)
        return await inspector({ cpu: engine }).calibrate({ bytes, weights: [] }, inspected(bytes))
      }
      expect(await calibrated('squeezenet_fp16')).toMatchObject({ canonicalRun: 'exposed' })
      expect(await calibrated('squeezenet_fp32')).toMatchObject({ canonicalRun: 'plain' })
    })
  })
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelEngine, Runnable } from '../../src/adapters/onnx/model-engine.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import type { EngineOptions } from '../../src/adapters/onnx/worker-engine.ts'
import { valueHash } from '../../src/domain/dispute/trace.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { hex } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import type { Trace } from '../../src/ports/canon-engine.ts'
import { loaded } from './inference-engine.ts'
import { CANONICAL_OUTPUTS, REAL_MODELS, SIZES } from './real-models.ts'

const hexes = ({ values }: Trace): string[] => values.map(hex)

/** Every value of a model, wherever and however it is traced. `read` gives a real model's bytes. */
export function tracesKit(
  name: string,
  open: (options?: EngineOptions) => Promise<ModelEngine>,
  read: ((model: string) => Promise<Uint8Array>) | undefined,
): void {
  describe.skipIf(read === undefined)(`${name}, tracing real models`, () => {
    let engine: ModelEngine
    /** One that has room for no two values of any size. */
    let narrow: ModelEngine
    beforeAll(async () => {
      ;[engine, narrow] = await Promise.all([open(), open({ traceRoom: 1 })])
    })
    afterAll(() => Promise.all([engine.close(), narrow.close()]))

    const realModel = async (model: string): Promise<{ model: Runnable; inputs: Tensors }> => {
      if (!read) throw new Error('there are no real models')
      const runnable = await loaded(model, await read(model), engine)
      return { model: runnable, inputs: seededInputs(runnable.manifest, 3, SIZES[model]) }
    }

    test.each(REAL_MODELS)('gives one hash for each value of %s, in one piece and in segments', async (id) => {
      const { model, inputs } = await realModel(id)
      const { outline } = await openSurgery(model)
      const whole = await engine.trace(model, inputs)
      expect(hex(hashTensors(whole.outputs))).toBe(CANONICAL_OUTPUTS[id])
      expect(whole.values).toHaveLength(outline.values.length)
      for (const [output, tensor] of Object.entries(whole.outputs)) {
        const place = outline.values.findIndex((value) => value.name === output)
        expect(hex(whole.values[place] ?? new Uint8Array())).toBe(hex(valueHash(output, tensor)))
      }
      const inSegments = await narrow.trace(model, inputs)
      expect(hexes(inSegments)).toEqual(hexes(whole))
      expect(inSegments.outputs).toEqual(whole.outputs)
    })
  })
}

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { NodeInit } from '../../../src/adapters/onnx/build-model.ts'
import { manifestOf } from '../../../src/adapters/onnx/manifest-of.ts'
import { putInteger, putMessage, putText, written } from '../../../src/adapters/onnx/wire.ts'
import { BLOCK_SIZE } from '../../../src/domain/manifest.ts'
import type { Tensor } from '../../../src/domain/tensor.ts'
import { faultFrom } from '../../kits/inference-engine.ts'
import { buildModel, doubling, value } from '../../kits/onnx-builder.ts'

const init = { name: 'test/doubling', version: '1' }
const refusal = (bytes: Uint8Array) => faultFrom(manifestOf(bytes, init))
const using = (type: string, more: Partial<NodeInit> = {}) =>
  buildModel({ ...doubling, nodes: [{ type, inputs: ['x'], outputs: ['y'], ...more }] })

describe('a manifest', () => {
  test('holds what the file says, and the digest of each of its blocks', async () => {
    const weights: Tensor = { dtype: 'float32', dims: [400_000], data: new Uint8Array(1_600_000).fill(7) }
    const bytes = buildModel({ ...doubling, initialisers: { w: weights } })
    const manifest = await manifestOf(bytes, init)
    expect(manifest).toEqual({
      ...init,
      file: {
        size: bytes.length,
        blocks: [bytes.subarray(0, BLOCK_SIZE), bytes.subarray(BLOCK_SIZE)].map(
          (block) => new Uint8Array(createHash('sha256').update(block).digest()),
        ),
      },
      inputs: doubling.inputs,
      outputs: doubling.outputs,
      arithmetic: 'fp32',
      canonicalRun: 'exposed',
    })
  })

  test.each([
    ['random operators', using('RandomNormalLike'), 'RandomNormalLike'],
    ['a Dropout that drops', using('Dropout', { inputs: ['x', 'ratio', 'training'] }), 'Dropout'],
    ['operators of others', using('Tokenize', { domain: 'ai.onnx.contrib' }), 'ai.onnx.contrib'],
    ['an opset from the future', buildModel(doubling, { opset: 99 }), 'opset 99'],
    ['weights in another file', Uint8Array.of(...buildModel(doubling), ...elsewhere()), 'another file'],
    [
      'functions of its own',
      Uint8Array.of(...buildModel(doubling), ...written(putMessage(25, putText(1, 'f')))),
      'of its own',
    ],
    ['inputs of strings', stringInput(), '"words"'],
  ])('is refused to a model with %s, which the sentence names', async (_, bytes, named) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining(named) })
  })

  test('asks the engine for an output that the file leaves open', async () => {
    const open = Uint8Array.of(
      ...buildModel({ ...doubling, outputs: [] }),
      ...written(putMessage(7, putMessage(12, putText(1, 'y')))),
    )
    expect(await refusal(open)).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining('"y"') })
    const described = value('y', 'float32', null)
    expect(await manifestOf(open, { ...init, describe: async () => [described] })).toMatchObject({
      outputs: [described],
    })
  })
})

/** A graph with one weight that says it lies elsewhere. */
function elsewhere(): Uint8Array {
  return written(putMessage(7, putMessage(5, putText(8, 'w'), putInteger(14, 1))))
}

function stringInput(): Uint8Array {
  const more = written(
    putMessage(7, putMessage(11, putText(1, 'words'), putMessage(2, putMessage(1, putInteger(1, 8))))),
  )
  return Uint8Array.of(...buildModel(doubling), ...more)
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { inspector } from '../../src/adapters/onnx/inspector.ts'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { filesOf, importer } from '../kits/importer.ts'

const shared = new URL('../../../shared/models/', import.meta.url)
const read = async (name: string) => new Uint8Array(await readFile(new URL(name, shared)))

describe.skipIf(!existsSync(shared))('real models, dropped onto a tab', { timeout: 120_000 }, () => {
  test('SqueezeNet with its labels beside it is proposed whole, but for what its planes are', async () => {
    const cpu = await openNodeCpuEngine()
    try {
      const { imports, published } = await importer({ inspector: inspector({ cpu }) })
      const importing = imports.import(
        filesOf({
          'imagenet_labels.txt': await read('imagenet_labels.txt'),
          'squeezenet_fp32.onnx': await read('squeezenet_fp32.onnx'),
        }),
      )
      const { fault, inspection, proposal } = await importing.settled
      expect(fault).toBeUndefined()
      expect(inspection?.operators[0]).toEqual({ type: 'Conv', count: 26 })
      expect(proposal).toMatchObject({
        name: 'squeezenet_fp32',
        version: '1',
        task: 'image-classification',
        image: { input: 'data_0', planes: ['red', 'green', 'blue'] },
        labels: { output: 'softmaxout_1', activation: 'none' },
      })
      expect(proposal?.labels?.names).toHaveLength(1000)
      expect(proposal?.labels?.names[281]).toBe('tabby, tabby cat')
      // Nobody says that it wants blue first, less the mean of its pictures: a person does.
      const image = { ...proposal!.image!, planes: ['blue', 'green', 'red'] as const }
      await importing.publish({ ...proposal!, image: { ...image, mean: [104, 117, 123], deviation: [1, 1, 1] } })
      expect(published[0]?.manifest).toMatchObject({ arithmetic: 'fp32', image: { mean: [104, 117, 123] } })
    } finally {
      await cpu.close()
    }
  })

  test('MNIST says of itself which pictures it wants; silero wants none', async () => {
    const cpu = await openNodeCpuEngine()
    try {
      const { imports } = await importer({ inspector: inspector({ cpu }) })
      const mnist = await imports.import(filesOf({ 'mnist.onnx': await read('mnist.onnx') })).settled
      expect(mnist.proposal?.image).toEqual({ input: 'Input3', planes: ['gray'], mean: [0], deviation: [1] })
      const silero = await imports.import(filesOf({ 'vad.onnx': await read('silero_vad_16k_op15.onnx') })).settled
      expect(silero.phase).toBe('ready')
      expect(silero.proposal).toEqual({ name: 'vad', version: '1', licence: 'unknown' })
    } finally {
      await cpu.close()
    }
  })
})

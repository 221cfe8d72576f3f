import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { env, InferenceSession, Tensor } from 'onnxruntime-web'
import { beforeAll, describe, expect, it } from 'vitest'
import { DRAWN, rasterised } from './drawn-digits.ts'
import { outlineOf } from './onnx-outline.ts'

// As the canon runs them.
env.wasm.numThreads = 1
const OPTIONS: InferenceSession.SessionOptions = { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled' }

const models = new URL('../../public/models/', import.meta.url)
const fileOf = (name: string) => new Uint8Array(readFileSync(new URL(name, models)))

interface Training {
  files: Record<'digits-fp32.onnx' | 'digits-int8.onnx', { accuracy: number; bytes: number; sha256: string }>
}
const training = JSON.parse(readFileSync(new URL('digits.json', models), 'utf8')) as Training

interface Holdout {
  labels: string
  images: string
  /** Of digits-int8.onnx, as the training script computes its operators, float32. */
  int8Logits: string
}
const holdout = JSON.parse(readFileSync(new URL('digits-holdout.json', import.meta.url), 'utf8')) as Holdout
const unpacked = (text: string) => inflateSync(Buffer.from(text, 'base64'))

const PIXELS = 28 * 28
const images = Float32Array.from(unpacked(holdout.images), (level) => level / 255)
const labels = Array.from(holdout.labels, Number)

/** One point: two of the 200 images may fall otherwise than among the thousands of the recorded accuracy. */
const LEEWAY = 0.01

const FLOAT_OPERATORS = ['Conv', 'Relu', 'MaxPool', 'Flatten', 'MatMul']
const INTEGER_OPERATORS = ['QLinearConv', 'MaxPool', 'Flatten', 'QLinearMatMul']

const largest = (logits: ArrayLike<number>) =>
  Array.from(logits).reduce((best, x, i) => (x > logits[best]! ? i : best), 0)

describe.each([
  { name: 'digits-fp32.onnx', operators: FLOAT_OPERATORS },
  { name: 'digits-int8.onnx', operators: ['QuantizeLinear', ...INTEGER_OPERATORS, 'DequantizeLinear'] },
] as const)('$name', ({ name, operators }) => {
  const bytes = fileOf(name)
  const outline = outlineOf(bytes)
  let session: InferenceSession

  beforeAll(async () => {
    session = await InferenceSession.create(bytes, OPTIONS)
    return () => session.release()
  })

  const logitsOf = async (image: Float32Array<ArrayBuffer>) => {
    const { logits } = await session.run({ image: new Tensor('float32', image, [1, 1, 28, 28]) })
    return logits!.data as Float32Array
  }

  it('is the file whose training was recorded', () => {
    const { sha256, bytes: size } = training.files[name]
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    expect(bytes.length).toBe(size)
  })

  it('takes an image and gives ten logits', async () => {
    expect(session.inputNames).toEqual(['image'])
    expect(session.outputNames).toEqual(['logits'])
    expect(await logitsOf(images.slice(0, PIXELS))).toHaveLength(10)
  })

  it('is made of the operators that its arithmetic promises', () => {
    expect(new Set(outline.operators)).toEqual(new Set(operators))
  })

  it('has channels in multiples of four between the one plane that comes in and the ten digits that go out', () => {
    const weights = [...outline.constants.values()].filter((dims) => dims.length > 1)
    const inner = weights
      .map(([a, b]) => [a!, b!])
      .flat()
      .filter((channels) => channels !== 1 && channels !== 10)
    expect(weights).toHaveLength(5)
    expect(inner.length).toBe(8)
    expect(inner.filter((channels) => channels % 4 !== 0)).toEqual([])
  })

  it('reads held-out strokes as well as was recorded', async () => {
    let right = 0
    for (const [i, label] of labels.entries()) {
      if (largest(await logitsOf(images.slice(i * PIXELS, (i + 1) * PIXELS))) === label) right++
    }
    expect(labels).toHaveLength(200)
    expect(right / labels.length).toBeGreaterThanOrEqual(training.files[name].accuracy - LEEWAY)
  })

  describe.each([14, 22, 30])('under a brush of %i pixels', (brush) => {
    it.each(Object.entries(DRAWN))('reads %s', async (_, { digit, strokes }) => {
      expect(largest(await logitsOf(rasterised(strokes, brush)))).toBe(digit)
    })
  })
})

it('computes the int8 file bit for bit as its operators are specified', async () => {
  const session = await InferenceSession.create(fileOf('digits-int8.onnx'), OPTIONS)
  const expected = new Float32Array(Uint8Array.from(unpacked(holdout.int8Logits)).buffer)
  try {
    for (let i = 0; i < labels.length; i++) {
      const image = new Tensor('float32', images.slice(i * PIXELS, (i + 1) * PIXELS), [1, 1, 28, 28])
      const { logits } = await session.run({ image })
      expect(logits!.data).toEqual(expected.slice(i * 10, i * 10 + 10))
    }
  } finally {
    await session.release()
  }
})

it('weighs less than a megabyte with both files', () => {
  expect(fileOf('digits-fp32.onnx').length + fileOf('digits-int8.onnx').length).toBeLessThan(1e6)
})

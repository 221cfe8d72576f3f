import { describe, expect, test } from 'vitest'
import { elements } from '../../src/domain/elements.ts'
import { MootError } from '../../src/domain/fault.ts'
import type { ImageInput, Manifest } from '../../src/domain/manifest.ts'
import { frameInk, inkBox, inkOf } from '../../src/ui/picture/ink.ts'
import { pictureTensor, readsInk, type Pixels } from '../../src/ui/picture/picture-tensor.ts'
import { resample, type Plane } from '../../src/ui/picture/resample.ts'
import { digits, photographs, sums } from '../kits/fake-models.ts'

/** A picture of one colour with a rectangle of another in it: [x, y, width, height]. */
function picture(
  size: number,
  paper: number,
  ink: number,
  [x, y, w, h]: readonly [number, number, number, number],
): Pixels {
  const data = new Uint8ClampedArray(size * size * 4)
  for (let i = 0; i < size * size; i++) {
    const [px, py] = [i % size, Math.floor(i / size)]
    const inside = px >= x && px < x + w && py >= y && py < y + h
    data.set([inside ? ink : paper, inside ? ink : paper, inside ? ink : paper, 255], i * 4)
  }
  return { width: size, height: size, data }
}

const inkIn = (pixels: Pixels): Plane => ({
  width: 28,
  height: 28,
  values: Float32Array.from(elements(pictureTensor(digits.manifest, pixels)['image']!)),
})
const boxOf = (pixels: Pixels) => inkBox({ ...inkIn(pixels), values: inkIn(pixels).values.map((v) => v * 255) })

describe('a picture for a model that reads ink', () => {
  test('becomes ink 1 on paper 0, whichever way round it was drawn', () => {
    const dark = inkIn(picture(100, 250, 10, [40, 20, 20, 60]))
    const light = inkIn(picture(100, 5, 245, [40, 20, 20, 60]))
    expect(dark.values).toEqual(light.values)
    expect([Math.min(...dark.values), Math.max(...dark.values)]).toEqual([0, expect.closeTo(1, 1)])
  })

  test('has its ink scaled to 20 of 28 pixels and centred, wherever and however small it was', () => {
    const box = { x: 11, y: 4, width: 6, height: 20 }
    expect(boxOf(picture(100, 255, 0, [40, 20, 18, 60]))).toEqual(box)
    expect(boxOf(picture(300, 255, 0, [3, 200, 27, 90]))).toEqual(box)
  })

  test('keeps its proportions', () => {
    expect(boxOf(picture(100, 255, 0, [10, 45, 80, 8]))).toEqual({ x: 4, y: 13, width: 20, height: 2 })
  })

  test('is blank where the paper is', () => {
    expect(Math.max(...inkIn(picture(50, 255, 255, [0, 0, 0, 0])).values)).toBe(0)
    expect(frameInk({ width: 2, height: 2, values: new Float32Array(4) }, 3, 3).values).toEqual(new Float32Array(9))
  })

  test('has ink that holds its strength on paper that is grey', () => {
    const plane = { width: 3, height: 3, values: Float32Array.from([200, 200, 200, 200, 0, 200, 200, 200, 200]) }
    expect(inkOf(plane).values[4]).toBe(255)
  })

  test('is whole levels of 255, so that quantising it loses nothing', () => {
    const { values } = inkIn(picture(97, 255, 0, [30, 11, 31, 70]))
    for (const value of values) expect(value * 255).toBeCloseTo(Math.round(value * 255), 4)
  })
})

describe('a picture for a model that sees photographs', () => {
  test('fills the input in the order of the planes, each scaled as the manifest says', () => {
    const tensor = pictureTensor(photographs.manifest, picture(10, 124, 124, [0, 0, 0, 0]))['data']!
    expect(tensor.dims).toEqual([1, 3, 224, 224])
    const values = elements(tensor)
    const each = [0, 1, 2].map((plane) => values[plane * 224 * 224])
    expect(each).toEqual([0, expect.closeTo(8 / 57, 5), expect.closeTo(20 / 57, 5)])
  })

  test('is seen over white where it is transparent', () => {
    const clear = { width: 1, height: 1, data: new Uint8ClampedArray(4) }
    expect(elements(pictureTensor(photographs.manifest, clear)['data']!)[0]).toBeCloseTo((255 - 124) / 58, 5)
  })

  test('is laid pixel by pixel where the model wants it so', () => {
    const { image, inputs } = photographs.manifest
    const manifest: Manifest = {
      ...photographs.manifest,
      inputs: [{ ...inputs[0]!, dims: [1, 224, 224, 3] }],
      image: { ...image!, layout: 'nhwc' },
    }
    const tensor = pictureTensor(manifest, picture(10, 124, 124, [0, 0, 0, 0]))['data']!
    expect(tensor.dims).toEqual([1, 224, 224, 3])
    expect(Array.from(elements(tensor)).slice(0, 3)).toEqual([0, expect.closeTo(8 / 57, 5), expect.closeTo(20 / 57, 5)])
  })

  test('has its middle cut out where the model wants it so', () => {
    const wide = { width: 300, height: 100, data: new Uint8ClampedArray(300 * 100 * 4).fill(255) }
    // White in the middle third; what lies beside it is black.
    for (let i = 0; i < 300 * 100; i++) if (i % 300 < 100 || i % 300 >= 200) wide.data.set([0, 0, 0, 255], i * 4)
    const manifest = (image: Partial<ImageInput>): Manifest => ({
      ...photographs.manifest,
      image: { ...photographs.manifest.image!, mean: [0, 0, 0], deviation: [255, 255, 255], ...image },
    })
    const darkest = (image: Partial<ImageInput>) =>
      Math.min(...Array.from(elements(pictureTensor(manifest(image), wide)['data']!)).slice(0, 224 * 224))
    expect(darkest({ shorterSide: 256 })).toBeCloseTo(1, 5)
    expect(darkest({})).toBe(0)
  })

  test('of a size that no tab could carry is refused before it is made', () => {
    const manifest = {
      ...photographs.manifest,
      inputs: [{ ...photographs.manifest.inputs[0]!, dims: [1, 3, 1e5, 1e5] }],
    }
    expect(() => pictureTensor(manifest, picture(4, 0, 0, [0, 0, 0, 0]))).toThrow('too large')
  })

  test('is no ink', () => {
    expect([digits, photographs, sums].map(({ manifest }) => readsInk(manifest))).toEqual([true, false, false])
  })
})

test('a model that takes numbers refuses a picture, in words', () => {
  expect(() => pictureTensor(sums.manifest, picture(4, 0, 0, [0, 0, 0, 0]))).toThrow(MootError)
  expect(() => pictureTensor(sums.manifest, picture(4, 0, 0, [0, 0, 0, 0]))).toThrow('numbers, not pictures')
})

describe('resampling', () => {
  const ramp: Plane = { width: 4, height: 1, values: Float32Array.from([0, 1, 2, 3]) }
  const all = { x: 0, y: 0, width: 4, height: 1 }

  test('changes nothing at the same size', () => {
    expect(resample(ramp, all, 4, 1).values).toEqual(ramp.values)
  })

  test('keeps the mean on the way down and invents no extremes on the way up', () => {
    expect(Array.from(resample(ramp, all, 1, 1).values)).toEqual([expect.closeTo(1.5, 5)])
    const up = resample(ramp, all, 16, 3).values
    expect([Math.min(...up), Math.max(...up)]).toEqual([0, 3])
  })
})

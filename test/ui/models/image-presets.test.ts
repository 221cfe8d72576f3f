import { describe, expect, test } from 'vitest'
import type { ImageInput, ValueInfo } from '../../../src/domain/manifest.ts'
import {
  guessImage,
  imageWords,
  pictureInputs,
  PRESETS,
  presetOf,
  withPlanes,
  withPreset,
} from '../../../src/ui/models/image-presets.ts'
import { moods, photographs, sums } from '../../kits/fake-models.ts'

const input = (...dims: (number | null)[]): ValueInfo => ({ name: 'data', dtype: 'float32', dims })
const colours = guessImage(input(1, 3, 224, 224))
const preset = (key: string) => PRESETS.find((each) => each.key === key)!
/** What becomes of a pixel of this level in every plane. */
const seen = ({ mean, deviation }: ImageInput, level: number) => mean.map((m, i) => (level - m) / deviation[i]!)

describe('a preset', () => {
  test.for(PRESETS)('$name is known again, for colours and for gray', (each) => {
    expect(presetOf(withPreset(colours, each))).toBe(each)
    const gray = guessImage(input(1, 1, 28, 28))
    expect(withPreset(gray, each).planes).toEqual(['gray'])
    expect(presetOf(withPreset(gray, each))?.key).toBe(each.key)
  })

  test('does what its example says', () => {
    const [unit, signed, imagenet] = ['unit', 'signed', 'imagenet'].map((key) => withPreset(colours, preset(key)))
    expect([seen(unit!, 0), seen(unit!, 255)]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ])
    expect([seen(signed!, 0)[0], seen(signed!, 255)[0]]).toEqual([-1, 1])
    expect(seen(imagenet!, 255)[1]).toBeCloseTo(2.4, 1)
    expect(seen(imagenet!, 0)[1]).toBeCloseTo(-2.0, 1)
  })

  test('of Caffe brings its own order, each colour with its number', () => {
    const caffe = withPreset(colours, preset('caffe'))
    expect([caffe.planes, caffe.mean]).toEqual([
      ['blue', 'green', 'red'],
      [104, 117, 123],
    ])
  })

  test('keeps each number with its colour in another order', () => {
    const imagenet = withPreset(colours, preset('imagenet'))
    expect(withPlanes(imagenet, ['blue', 'green', 'red']).mean).toEqual(imagenet.mean.toReversed())
    const own = { ...colours, mean: [1, 2, 3], deviation: [4, 5, 6] }
    expect(presetOf(own)).toBeUndefined()
    expect(withPlanes(own, ['blue', 'green', 'red'])).toMatchObject({ mean: [3, 2, 1], deviation: [6, 5, 4] })
    expect(withPlanes(own, ['gray'])).toMatchObject({ mean: [1], deviation: [4] })
  })
})

describe('an input', () => {
  test('that may be a picture is offered, and others are not', () => {
    const candidates = [input(1, 3, 224, 224), input(null, null, null, 3), input(28, 28)]
    expect(pictureInputs(candidates)).toEqual(candidates)
    expect(
      pictureInputs([
        ...sums.manifest.inputs,
        ...moods.manifest.inputs,
        input(1, 4),
        input(),
        input(null, null),
        input(2, null, 128),
      ]),
    ).toEqual([])
  })

  test('is guessed by where its planes lie', () => {
    expect(guessImage(input(1, 224, 224, 3))).toMatchObject({ planes: ['red', 'green', 'blue'], layout: 'nhwc' })
    expect(guessImage(input(1, 1, 28, 28))).toMatchObject({ planes: ['gray'] })
    expect(guessImage(input(1, 1, 28, 28))).not.toHaveProperty('layout')
    expect(guessImage(input(28, 28)).planes).toEqual(['gray'])
  })

  test('is told in a line', () => {
    const { image, inputs } = photographs.manifest
    expect(imageWords({ ...image!, shorterSide: 256 }, inputs)).toBe(
      'shorter side to 256, the middle 224 × 224; red, green, blue; plane by plane; ImageNet mean and deviation',
    )
  })
})

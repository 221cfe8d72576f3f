import type { ImageInput, ValueInfo } from '../../domain/manifest.ts'
import { frameOf } from '../picture/picture-tensor.ts'

type Plane = ImageInput['planes'][number]

/** A way in which many models want their pictures scaled. */
export interface Preset {
  readonly key: string
  readonly name: string
  /** What becomes of a white and of a black pixel, in words. */
  readonly example: string
  /** By the colour of a plane. */
  readonly mean: Readonly<Record<Plane, number>>
  readonly deviation: Readonly<Record<Plane, number>>
}

const each = (value: number): Readonly<Record<Plane, number>> => ({
  gray: value,
  red: value,
  green: value,
  blue: value,
})

/** The means and deviations of ImageNet's colours, as torchvision gives them for 0..1, times 255. */
const IMAGENET = {
  mean: { red: 123.675, green: 116.28, blue: 103.53, gray: 117.3 },
  deviation: { red: 58.395, green: 57.12, blue: 57.375, gray: 57.4 },
} as const

export const PRESETS: readonly Preset[] = [
  {
    key: 'levels',
    name: '0 to 255, as it is',
    example: 'White is 255, black is 0. What models take that scale by themselves.',
    mean: each(0),
    deviation: each(1),
  },
  {
    key: 'unit',
    name: '0 to 1',
    example: 'White is 1, black is 0.',
    mean: each(0),
    deviation: each(255),
  },
  {
    key: 'signed',
    name: '−1 to 1',
    example: 'White is 1, black is −1: MobileNet and Inception of TensorFlow.',
    mean: each(127.5),
    deviation: each(127.5),
  },
  {
    key: 'imagenet',
    name: 'ImageNet mean and deviation',
    example: 'White is about 2.4, black about −2.0: nearly everything trained with PyTorch.',
    ...IMAGENET,
  },
  {
    key: 'caffe',
    name: 'Caffe mean',
    example: 'Blue minus 104, green minus 117, red minus 123, in that order: what came from Caffe.',
    mean: { blue: 104, green: 117, red: 123, gray: 117 },
    deviation: each(1),
  },
]

/** Orders of planes that models want. */
export const PLANE_ORDERS: readonly { readonly name: string; readonly planes: readonly Plane[] }[] = [
  { name: 'Gray', planes: ['gray'] },
  { name: 'Red, green, blue', planes: ['red', 'green', 'blue'] },
  { name: 'Blue, green, red', planes: ['blue', 'green', 'red'] },
]

/** A picture's scaling after a preset. Caffe's also has an order of its own. */
export function withPreset(image: ImageInput, { key, mean, deviation }: Preset): ImageInput {
  const planes: readonly Plane[] =
    key === 'caffe' && image.planes.length === 3 ? ['blue', 'green', 'red'] : image.planes
  return {
    ...image,
    planes,
    mean: planes.map((plane) => mean[plane]),
    deviation: planes.map((plane) => deviation[plane]),
  }
}

/** A picture's planes in another order, each with the numbers of its colour. */
export function withPlanes(image: ImageInput, planes: readonly Plane[]): ImageInput {
  const preset = presetOf(image)
  if (preset) {
    const { mean, deviation } = preset
    return {
      ...image,
      planes,
      mean: planes.map((plane) => mean[plane]),
      deviation: planes.map((plane) => deviation[plane]),
    }
  }
  const numbers = (values: readonly number[], otherwise: number) =>
    planes.map((plane, i) => values[image.planes.indexOf(plane)] ?? values[i] ?? otherwise)
  return { ...image, planes, mean: numbers(image.mean, 0), deviation: numbers(image.deviation, 1) }
}

/** How far a number may be from a preset's to be taken for it: what rounding to whole levels leaves. */
const NEAR = 0.51

/** Which preset a picture's scaling is; `undefined` where the numbers are its own. */
export const presetOf = ({ planes, mean, deviation }: ImageInput): Preset | undefined =>
  PRESETS.find((preset) =>
    planes.every(
      (plane, i) =>
        Math.abs((mean[i] ?? 0) - preset.mean[plane]) < NEAR &&
        Math.abs((deviation[i] ?? 1) / preset.deviation[plane] - 1) < 0.01,
    ),
  )

/** The inputs that may be pictures: rows and columns of numbers, in 1 or 3 planes. */
export const pictureInputs = (inputs: readonly ValueInfo[]): readonly ValueInfo[] =>
  inputs.filter(({ dtype, dims }) => (dtype === 'float32' || dtype === 'uint8') && mayBePicture(dims))

function mayBePicture(dims: ValueInfo['dims']): boolean {
  const [c, b, a] = [dims.at(-1), dims.at(-2), dims.at(-3)]
  // Two free sizes alone may be anything.
  if (dims.length === 2) return c !== null && b !== null && isSide(c) && isSide(b)
  if (dims.length < 3 || dims.length > 5) return false
  return (isPlanes(a) && isSide(b) && isSide(c)) || (isPlanes(c) && isSide(a) && isSide(b))
}

const isPlanes = (dim: number | null | undefined): boolean => dim === null || dim === 1 || dim === 3

/** Pixels of a side: at least as many as the smallest pictures in use have. */
const isSide = (dim: number | null | undefined): boolean => dim === null || (dim !== undefined && dim >= 8)

/** What is most likely meant where a person says that an input is a picture. */
export function guessImage({ name, dims }: ValueInfo): ImageInput {
  const last = dims.at(-1)
  const isLast = dims.length >= 3 && (last === 1 || last === 3)
  const count = (isLast ? last : dims.at(-3)) ?? 3
  const planes: readonly Plane[] = count === 1 || dims.length === 2 ? ['gray'] : ['red', 'green', 'blue']
  return {
    input: name,
    planes,
    mean: planes.map(() => 0),
    deviation: planes.map(() => 255),
    ...(isLast ? { layout: 'nhwc' } : {}),
  }
}

/** How a picture becomes an input, in a line. */
export function imageWords(image: ImageInput, inputs: readonly ValueInfo[]): string {
  const { planes, shorterSide, layout, mean, deviation } = image
  const input = inputs.find(({ name }) => name === image.input)
  const { width, height } = frameOf(input ?? { dims: [] }, image)
  const size = `${width} × ${height}`
  const order = PLANE_ORDERS.find((each) => each.planes.join() === planes.join())?.name ?? planes.join(', ')
  return [
    shorterSide === undefined ? `stretched to ${size}` : `shorter side to ${shorterSide}, the middle ${size}`,
    order.toLowerCase(),
    layout === 'nhwc' ? 'pixel by pixel' : 'plane by plane',
    presetOf(image)?.name ?? `minus ${mean.join(', ')}, divided by ${deviation.join(', ')}`,
  ].join('; ')
}

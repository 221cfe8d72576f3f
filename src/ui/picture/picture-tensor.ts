import { fault } from '../../domain/fault.ts'
import type { ImageInput, Manifest, ValueInfo } from '../../domain/manifest.ts'
import type { Tensors } from '../../domain/tensor.ts'
import { frameInk, inkOf } from './ink.ts'
import { resample, type Box, type Plane } from './resample.ts'

/** Pixels as a canvas gives them: red, green, blue, alpha, row by row. */
export type Pixels = Pick<ImageData, 'width' | 'height' | 'data'>

interface Frame {
  readonly width: number
  readonly height: number
}

/** Longest side of the input of a model that reads strokes, pixels. Larger models of one gray plane see photographs. */
const MAX_STROKES = 64
/** Numbers of the largest input that a picture is made into: what a job may carry. A manifest is a stranger's word. */
const MAX_VALUES = 16 * 1024 * 1024
/** Side given to an input whose size is free, pixels. */
const FREE_SIDE = 224

/** Whether a model reads ink on paper, so that there is a pad to draw on. */
export function readsInk(manifest: Manifest): boolean {
  const { image, inputs } = manifest
  const input = inputs.find(({ name }) => name === image?.input)
  if (image?.planes.join() !== 'gray' || input === undefined || input.dims.length < 2) return false
  const { width, height } = frameOf(input, image)
  return width <= MAX_STROKES && height <= MAX_STROKES
}

/** What a model gets for a picture, made once, here. Throws `WRONG_INPUT` or `WRONG_DTYPE` where it takes no such picture. */
export function pictureTensor(manifest: Manifest, pixels: Pixels): Tensors {
  const { image } = manifest
  if (image === undefined)
    throw fault({ code: 'WRONG_INPUT', input: 'picture', expected: 'numbers, not pictures', got: 'a picture' })
  const input = inputOf(manifest, image)
  const frame = frameOf(input, image)
  const count = frame.width * frame.height * image.planes.length
  if (count > MAX_VALUES) throw fault({ code: 'TOO_LARGE', what: 'picture', bytes: count * 4, limit: MAX_VALUES * 4 })
  const planes = image.planes.map((name) => {
    const plane = planeOf(pixels, name)
    return readsInk(manifest)
      ? frameInk(inkOf(plane), frame.width, frame.height)
      : resample(plane, boxOf(plane, frame, image.shorterSide), frame.width, frame.height)
  })
  const values = interleave(planes, image)
  const dims = dimsOf(input, image, frame)
  if (dims.reduce((a, b) => a * b, 1) !== values.length) throw misfit(input, `${planes.length} planes`)
  return { [input.name]: { dtype: input.dtype, dims, data: bytesOf(input, values) } }
}

/** The planes as the model wants them, scaled: one after the other, or pixel by pixel. */
function interleave(planes: readonly Plane[], { layout, mean, deviation }: ImageInput): Float64Array {
  const [count, size] = [planes.length, planes[0]?.values.length ?? 0]
  const values = new Float64Array(count * size)
  planes.forEach((plane, p) => {
    const [shift, scale] = [mean[p] ?? 0, deviation[p] ?? 1]
    plane.values.forEach((value, i) => {
      values[layout === 'nhwc' ? i * count + p : p * size + i] = (value - shift) / scale
    })
  })
  return values
}

/** The input's own dimensions, with what it leaves free filled in. */
function dimsOf({ dims }: ValueInfo, { layout, planes }: ImageInput, { width, height }: Frame): number[] {
  const rank = dims.length
  const [h, w, c] = layout === 'nhwc' ? [rank - 3, rank - 2, rank - 1] : [rank - 2, rank - 1, rank - 3]
  return dims.map((dim, i) => (i === h ? height : i === w ? width : (dim ?? (i === c ? planes.length : 1))))
}

/** The part of a picture that the model sees: all of it, or the middle once its shorter side has the length wanted. */
function boxOf({ width, height }: Plane, frame: Frame, shorterSide: number | undefined): Box {
  if (shorterSide === undefined) return { x: 0, y: 0, width, height }
  const scale = Math.min(width, height) / shorterSide
  const seen = { width: Math.min(width, frame.width * scale), height: Math.min(height, frame.height * scale) }
  return { x: (width - seen.width) / 2, y: (height - seen.height) / 2, ...seen }
}

function inputOf(manifest: Manifest, image: ImageInput): ValueInfo {
  const input = manifest.inputs.find((value) => value.name === image.input)
  if (input === undefined || input.dims.length < 2) throw misfit({ name: image.input, dims: [] }, 'a picture')
  return input
}

const misfit = ({ name, dims }: Pick<ValueInfo, 'name' | 'dims'>, got: string) =>
  fault({ code: 'WRONG_INPUT', input: name, expected: dims.map((dim) => dim ?? '?').join(' × ') || 'no picture', got })

/** Pixels of the input: where it lets any size through, those that most image models were trained on. */
export function frameOf({ dims }: Pick<ValueInfo, 'dims'>, { layout }: Pick<ImageInput, 'layout'>): Frame {
  const [height, width] = layout === 'nhwc' ? [dims.at(-3), dims.at(-2)] : [dims.at(-2), dims.at(-1)]
  return { width: width ?? FREE_SIDE, height: height ?? FREE_SIDE }
}

/** One plane of the picture, over white where it is transparent. Luma after Rec. 601, in whole thousandths. */
function planeOf({ width, height, data }: Pixels, name: ImageInput['planes'][number]): Plane {
  const channel = (i: number, offset: number) => {
    const alpha = (data[i + 3] ?? 255) / 255
    return (data[i + offset] ?? 0) * alpha + 255 * (1 - alpha)
  }
  const read = {
    red: (i: number) => channel(i, 0),
    green: (i: number) => channel(i, 1),
    blue: (i: number) => channel(i, 2),
    gray: (i: number) => (299 * channel(i, 0) + 587 * channel(i, 1) + 114 * channel(i, 2)) / 1000,
  }[name]
  return { width, height, values: Float32Array.from({ length: width * height }, (_, i) => read(i * 4)) }
}

function bytesOf({ name, dtype }: ValueInfo, values: Float64Array): Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer)
    case 'uint8':
      return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value))))
    default:
      throw fault({
        code: 'WRONG_DTYPE',
        input: name,
        expected: dtype,
        got: 'a picture, which is made float32 or uint8',
      })
  }
}

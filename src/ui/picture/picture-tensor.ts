import { fault } from '../../domain/fault.ts'
import type { ImageInput, Manifest, ValueInfo } from '../../domain/manifest.ts'
import type { Tensors } from '../../domain/tensor.ts'
import { frameInk, inkOf } from './ink.ts'
import { resample, type Plane } from './resample.ts'

/** Pixels as a canvas gives them: red, green, blue, alpha, row by row. */
export type Pixels = Pick<ImageData, 'width' | 'height' | 'data'>

/** Longest side of the input of a model that reads strokes, pixels. Larger models of one gray plane see photographs. */
const MAX_STROKES = 64
/** Side given to an input whose size is free, pixels: what most image models were trained on. */
const FREE_SIDE = 224

/** Whether a model reads ink on paper, so that there is a pad to draw on. */
export function readsInk(manifest: Manifest): boolean {
  if (manifest.image?.planes.join() !== 'gray') return false
  const { width, height } = frameOf(inputOf(manifest, manifest.image))
  return width <= MAX_STROKES && height <= MAX_STROKES
}

/** What a model gets for a picture, made once, here. Throws `WRONG_INPUT` or `WRONG_DTYPE` where it takes no such picture. */
export function pictureTensor(manifest: Manifest, pixels: Pixels): Tensors {
  const { image } = manifest
  if (image === undefined)
    throw fault({ code: 'WRONG_INPUT', input: 'picture', expected: 'numbers, not pictures', got: 'a picture' })
  const input = inputOf(manifest, image)
  const { width, height } = frameOf(input)
  const planes = image.planes.map((name) => {
    const plane = planeOf(pixels, name)
    return readsInk(manifest)
      ? frameInk(inkOf(plane), width, height)
      : resample(plane, { x: 0, y: 0, width: plane.width, height: plane.height }, width, height)
  })
  const values = planes.flatMap((plane, i) =>
    Array.from(plane.values, (value) => (value - (image.mean[i] ?? 0)) / (image.deviation[i] ?? 1)),
  )
  const lead = input.dims.slice(0, -2).map((dim, i, all) => dim ?? (i === all.length - 1 ? planes.length : 1))
  const dims = [...lead, height, width]
  if (dims.reduce((a, b) => a * b, 1) !== values.length) throw misfit(input, `${planes.length} planes`)
  return { [input.name]: { dtype: input.dtype, dims, data: bytesOf(input, values) } }
}

function inputOf(manifest: Manifest, image: ImageInput): ValueInfo {
  const input = manifest.inputs.find((value) => value.name === image.input)
  if (input === undefined || input.dims.length < 2) throw misfit({ name: image.input, dims: [] }, 'a picture')
  return input
}

const misfit = ({ name, dims }: Pick<ValueInfo, 'name' | 'dims'>, got: string) =>
  fault({ code: 'WRONG_INPUT', input: name, expected: dims.map((dim) => dim ?? '?').join(' × ') || 'no picture', got })

function frameOf({ dims }: ValueInfo): { width: number; height: number } {
  return { width: dims.at(-1) ?? FREE_SIDE, height: dims.at(-2) ?? FREE_SIDE }
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

function bytesOf({ name, dtype }: ValueInfo, values: readonly number[]): Uint8Array {
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

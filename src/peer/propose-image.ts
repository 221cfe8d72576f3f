import type { ImageInput, ValueInfo } from '../domain/manifest.ts'
import type { Inspection } from '../ports/model-inspector.ts'
import type { ModelSettings } from './read-model-settings.ts'

type Preprocessor = NonNullable<ModelSettings['preprocessor']>
type Plane = ImageInput['planes'][number]

/** An input that may take a picture, and how its dimensions lie. */
interface Frame {
  readonly input: ValueInfo
  readonly layout: 'nchw' | 'nhwc'
  /** Planes, where the shape says how many. */
  readonly planes: number | undefined
}

/** Element types that pixels can be made into. */
const PIXELS: readonly string[] = ['float32', 'float16', 'uint8']
/** Pixels along the shorter side of the least picture: what is smaller is no picture. */
const LEAST_SIDE = 8
/** Pixels of the longest side that a picture is scaled to. */
const MAX_SIDE = 8_192
const RGB: readonly Plane[] = ['red', 'green', 'blue']
/** Mean and deviation of ImageNet's photographs, as torchvision publishes them: of planes in 0..1. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }

/** How a picture might become an input: as files beside the model say, or its own metadata; else as most models of its kind. */
export function proposeImage(
  { inputs, metadata }: Pick<Inspection, 'inputs' | 'metadata'>,
  { preprocessor }: ModelSettings,
): ImageInput | undefined {
  const frames = inputs.flatMap((input) => frameOf(input, preprocessor !== undefined) ?? [])
  const [frame, ...others] = frames
  if (frame === undefined || others.length > 0) return undefined
  const layout = frame.layout === 'nhwc' ? ({ layout: 'nhwc' } as const) : {}
  const pixels = preprocessor ? bySettings(frame, preprocessor) : (byMetadata(frame, metadata) ?? byCustom(frame))
  return { input: frame.input.name, ...pixels, ...layout }
}

function frameOf(input: ValueInfo, saysSo: boolean): Frame | undefined {
  const { dims, dtype, name } = input
  if (dims.length !== 4 || !PIXELS.includes(dtype)) return undefined
  const [, second, third, last] = dims
  const isSide = (dim: number | null | undefined) => dim === null || (dim !== undefined && dim >= LEAST_SIDE)
  const isCount = (dim: number | null | undefined) => dim === 1 || dim === 3
  if (isCount(second) && isSide(third) && isSide(last)) return { input, layout: 'nchw', planes: second ?? undefined }
  if (isCount(last) && isSide(second) && isSide(third)) return { input, layout: 'nhwc', planes: last ?? undefined }
  // All free: only where there are settings for pictures, or the name that exporters give to such an input.
  const free = dims.every((dim) => dim === null)
  return free && (saysSo || name === 'pixel_values') ? { input, layout: 'nchw', planes: undefined } : undefined
}

/** `(channel × rescale − mean) / std`, in terms of channels of 0..255. */
function bySettings({ planes }: Frame, settings: Preprocessor): Omit<ImageInput, 'input'> {
  const {
    do_rescale = true,
    rescale_factor,
    do_normalize = true,
    do_flip_channel_order,
    image_mean,
    image_std,
  } = settings
  const scale = do_rescale ? (rescale_factor ?? 1 / 255) || 1 : 1
  const count = planes ?? image_mean?.length ?? 3
  const mean = Array.from({ length: count }, (_, i) => (do_normalize ? round((image_mean?.[i] ?? 0) / scale) : 0))
  const deviation = Array.from({ length: count }, (_, i) => round(((do_normalize && image_std?.[i]) || 1) / scale))
  const shorterSide = shorterSideOf(settings)
  return {
    planes: count === 3 ? (do_flip_channel_order ? RGB.toReversed() : RGB) : Array<Plane>(count).fill('gray'),
    mean,
    deviation,
    ...(shorterSide === undefined ? {} : { shorterSide }),
  }
}

/** Pixels of the shorter side, where the middle is cut out of what was resized. */
function shorterSideOf({ do_resize = true, do_center_crop, size, crop_pct }: Preprocessor): number | undefined {
  const shortest = typeof size === 'object' ? size.shortest_edge : size
  if (!do_resize || shortest === undefined) return undefined
  if (crop_pct !== undefined && crop_pct < 1) return Math.min(MAX_SIDE, Math.round(shortest / crop_pct))
  return do_center_crop || typeof size === 'object' ? shortest : undefined
}

/** What Windows ML and its converters write (https://learn.microsoft.com/windows/ai/windows-ml/mlmetadata). */
function byMetadata({ planes }: Frame, metadata: Inspection['metadata']): Omit<ImageInput, 'input'> | undefined {
  const format = metadata['Image.BitmapPixelFormat']
  const range = metadata['Image.NominalPixelRange']
  if (format === undefined && range === undefined) return undefined
  const count = planes ?? (format?.startsWith('Gray') ? 1 : 3)
  const names = count === 1 ? (['gray'] as const) : format?.startsWith('Bgr') ? RGB.toReversed() : RGB
  const [mean, deviation] = range === 'Normalized_0_1' ? [0, 255] : range === 'Normalized_1_1' ? [127.5, 127.5] : [0, 1]
  return { planes: names, mean: names.map(() => mean), deviation: names.map(() => deviation) }
}

/** Nobody said: photographs as ImageNet's, strokes in 0..1, whole numbers as they are. */
function byCustom({ input, planes }: Frame): Omit<ImageInput, 'input'> {
  const names = planes === 1 ? (['gray'] as const) : RGB
  if (input.dtype === 'uint8') return { planes: names, mean: names.map(() => 0), deviation: names.map(() => 1) }
  if (planes === 1) return { planes: names, mean: [0], deviation: [255] }
  return {
    planes: names,
    mean: IMAGENET.mean.map((value) => round(value * 255)),
    deviation: IMAGENET.deviation.map((value) => round(value * 255)),
  }
}

/** To six digits: what people compare and type. Never 0, by which something is divided. */
const round = (value: number): number => Number(value.toPrecision(6))

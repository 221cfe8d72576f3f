import { resample, type Box, type Plane } from './resample.ts'

/** Luma (0..255) under which a pixel counts as blank, once ink is light on dark: the noise of a photograph. */
const BLANK = 48
/** The ink's longer side, as a share of the frame: 20 of 28 pixels, as MNIST has it (http://yann.lecun.com/exdb/mnist/). */
const SHARE = 20 / 28

/** Makes the ink light and the paper dark, whichever way round it was drawn: the paper is what lies along the edge. */
export function inkOf(luma: Plane): Plane {
  const { width, height, values } = luma
  const edge = [
    ...values.subarray(0, width),
    ...values.subarray(width * (height - 1)),
    ...Array.from({ length: height }, (_, y) => values[y * width] ?? 0),
    ...Array.from({ length: height }, (_, y) => values[y * width + width - 1] ?? 0),
  ].toSorted((a, b) => a - b)
  const paper = edge[edge.length >> 1] ?? 0
  const span = Math.max(paper, 255 - paper)
  const inverted = paper > 127
  return { ...luma, values: values.map((v) => Math.max(0, (255 * (inverted ? paper - v : v - paper)) / span)) }
}

/** The smallest box that holds all ink, or `undefined` where there is none. */
export function inkBox({ width, height, values }: Plane): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1]
  values.forEach((value, i) => {
    if (value < BLANK) return
    const [x, y] = [i % width, Math.floor(i / width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  })
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** The ink scaled to its share of a frame and centred in it; an empty frame where there is no ink. Whole numbers 0..255. */
export function frameInk(ink: Plane, width: number, height: number): Plane {
  const frame = { width, height, values: new Float32Array(width * height) }
  const box = inkBox(ink)
  if (box === undefined) return frame
  const scale = Math.min((width * SHARE) / box.width, (height * SHARE) / box.height)
  const [across, down] = [Math.max(1, Math.round(box.width * scale)), Math.max(1, Math.round(box.height * scale))]
  const [x, y] = [Math.round((width - across) / 2), Math.round((height - down) / 2)]
  const small = resample(ink, box, across, down)
  small.values.forEach((value, i) => {
    frame.values[(y + Math.floor(i / across)) * width + x + (i % across)] = Math.min(255, Math.round(value))
  })
  return frame
}

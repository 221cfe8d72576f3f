type Point = readonly [x: number, y: number]

/** Width and height of the canvas that the strokes are drawn on, and of the image, pixels. */
const CANVAS = 280
const SIDE = 28
/** Samples across each pixel of the image: 17 levels of grey are enough. */
const SAMPLES = 4

/** Strokes as a mouse leaves them on the canvas: corners only, drawn by nothing that trained the model. */
export const DRAWN: Readonly<Record<string, { digit: number; strokes: readonly (readonly Point[])[] }>> = {
  'a round zero': { digit: 0, strokes: [ring(140, 140, 60, 90)] },
  'a small zero low in a corner': { digit: 0, strokes: [ring(210, 200, 32, 52)] },
  'a one that is a bare line': {
    digit: 1,
    strokes: [
      [
        [150, 40],
        [146, 240],
      ],
    ],
  },
  'a one with a long European flag': {
    digit: 1,
    strokes: [
      [
        [85, 125],
        [160, 45],
        [160, 240],
      ],
    ],
  },
  'a two with a straight foot': {
    digit: 2,
    strokes: [
      [
        [85, 85],
        [105, 50],
        [145, 40],
        [185, 60],
        [188, 100],
        [85, 235],
        [205, 235],
      ],
    ],
  },
  'a two with a loop': {
    digit: 2,
    strokes: [
      [
        [85, 80],
        [130, 40],
        [185, 70],
        [170, 140],
        [110, 225],
        [80, 215],
        [95, 185],
        [140, 205],
        [205, 225],
      ],
    ],
  },
  'a three with a flat top': {
    digit: 3,
    strokes: [
      [
        [85, 50],
        [190, 50],
        [135, 120],
        [180, 140],
        [195, 185],
        [160, 230],
        [85, 225],
      ],
    ],
  },
  'a closed four': {
    digit: 4,
    strokes: [
      [
        [165, 240],
        [165, 40],
        [70, 175],
        [215, 175],
      ],
    ],
  },
  'an open four': {
    digit: 4,
    strokes: [
      [
        [90, 45],
        [75, 150],
        [205, 150],
      ],
      [
        [180, 55],
        [175, 240],
      ],
    ],
  },
  'a five with its top drawn last': {
    digit: 5,
    strokes: [
      [
        [95, 50],
        [90, 130],
        [140, 115],
        [190, 145],
        [190, 200],
        [145, 235],
        [85, 220],
      ],
      [
        [95, 50],
        [195, 48],
      ],
    ],
  },
  'a six': {
    digit: 6,
    strokes: [
      [
        [180, 45],
        [115, 90],
        [88, 165],
        [100, 225],
        [150, 240],
        [190, 205],
        [180, 160],
        [135, 145],
        [92, 175],
      ],
    ],
  },
  'a seven with a bar': {
    digit: 7,
    strokes: [
      [
        [75, 50],
        [205, 50],
        [120, 240],
      ],
      [
        [115, 145],
        [195, 145],
      ],
    ],
  },
  'a seven without one': {
    digit: 7,
    strokes: [
      [
        [75, 50],
        [205, 50],
        [120, 240],
      ],
    ],
  },
  'an eight of two rings': { digit: 8, strokes: [ring(140, 88, 42, 46), ring(140, 186, 54, 52)] },
  'a nine with a straight tail': {
    digit: 9,
    strokes: [
      ring(135, 95, 52, 52),
      [
        [190, 60],
        [190, 240],
      ],
    ],
  },
}

function ring(x: number, y: number, rx: number, ry: number): Point[] {
  const turns = Array.from({ length: 21 }, (_, i) => (i / 20) * 2 * Math.PI)
  return turns.map((turn) => [x + rx * Math.sin(turn), y - ry * Math.cos(turn)])
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(x - ax - along * dx, y - ay - along * dy)
}

/** The strokes under a round brush, the canvas then averaged down to float32 [28 × 28] with ink 1 on 0. */
export function rasterised(strokes: readonly (readonly Point[])[], brush: number): Float32Array<ArrayBuffer> {
  const segments = strokes.flatMap((stroke) => stroke.slice(1).map((end, i) => [stroke[i]!, end] as const))
  const inked = (point: Point) => segments.some(([start, end]) => distance(point, start, end) <= brush / 2)
  const image = new Float32Array(SIDE * SIDE)
  const across = SIDE * SAMPLES
  const step = CANVAS / across
  for (let y = 0; y < across; y++) {
    for (let x = 0; x < across; x++) {
      const pixel = Math.floor(y / SAMPLES) * SIDE + Math.floor(x / SAMPLES)
      if (inked([(x + 0.5) * step, (y + 0.5) * step])) image[pixel]! += 1 / SAMPLES ** 2
    }
  }
  return image
}

import type { Point, Stroke } from './strokes.ts'

/** Chords of an arc: enough that none is seen on a projector. */
const CHORDS = 90

/** Points along a quarter or more of an ellipse: centre, radii, and angles in degrees, clockwise from the right. */
const arc = (x: number, y: number, across: number, down: number, from: number, to: number): Point[] =>
  Array.from({ length: CHORDS + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / CHORDS) * Math.PI) / 180
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)] as const
  })

/** One drawing of each digit, for whoever cannot or would not draw. */
export const SAMPLE_DIGITS: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.2, 0.3, -90, 270)],
  [
    [
      [0.4, 0.32],
      [0.53, 0.2],
      [0.53, 0.8],
    ],
  ],
  [[...arc(0.5, 0.38, 0.19, 0.18, -160, 40), [0.32, 0.8], [0.71, 0.8]]],
  [[...arc(0.48, 0.34, 0.19, 0.15, -150, 90), ...arc(0.48, 0.65, 0.21, 0.16, -90, 150)]],
  [
    [
      [0.55, 0.2],
      [0.29, 0.62],
      [0.73, 0.62],
    ],
    [
      [0.6, 0.42],
      [0.6, 0.82],
    ],
  ],
  [[[0.68, 0.2], [0.37, 0.2], [0.34, 0.46], ...arc(0.48, 0.61, 0.2, 0.19, -125, 145)]],
  [[[0.6, 0.19], [0.44, 0.34], ...arc(0.5, 0.63, 0.18, 0.18, 190, 550)]],
  [
    [
      [0.31, 0.21],
      [0.7, 0.21],
      [0.46, 0.81],
    ],
  ],
  [[...arc(0.5, 0.35, 0.16, 0.15, 90, -270), ...arc(0.5, 0.65, 0.19, 0.15, -90, 270)]],
  [[...arc(0.49, 0.38, 0.18, 0.17, 0, -360), [0.66, 0.5], [0.58, 0.82]]],
]

/** Numbers in rows: luma, ink, or one colour. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
}

/** A part of a plane, in its pixels; edges may fall between them. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Resizes a part of a plane with a triangle filter as wide as an output pixel, so that nothing is skipped on the way
 * down and edges stay soft on the way up. Sums only: the same bits in every browser.
 */
export function resample(plane: Plane, box: Box, width: number, height: number): Plane {
  const columns = taps(box.x, box.width, width, plane.width)
  const rows = taps(box.y, box.height, height, plane.height)
  const wide = new Float32Array(width * plane.height)
  for (let y = 0; y < plane.height; y++)
    columns.forEach(({ first, weights }, x) => {
      wide[y * width + x] = weights.reduce((sum, w, i) => sum + w * (plane.values[y * plane.width + first + i] ?? 0), 0)
    })
  const values = new Float32Array(width * height)
  rows.forEach(({ first, weights }, y) => {
    for (let x = 0; x < width; x++)
      values[y * width + x] = weights.reduce((sum, w, i) => sum + w * (wide[(first + i) * width + x] ?? 0), 0)
  })
  return { width, height, values }
}

/** Which source pixels make each output pixel, and how much of each. */
function taps(start: number, extent: number, count: number, limit: number): { first: number; weights: number[] }[] {
  const scale = extent / count
  const reach = Math.max(1, scale)
  return Array.from({ length: count }, (_, i) => {
    const centre = start + (i + 0.5) * scale
    const first = Math.max(0, Math.ceil(centre - reach - 0.5))
    const last = Math.min(limit - 1, Math.floor(centre + reach - 0.5))
    const raw = Array.from({ length: Math.max(1, last - first + 1) }, (_, j) =>
      Math.max(0, 1 - Math.abs((first + j + 0.5 - centre) / reach)),
    )
    const sum = raw.reduce((a, b) => a + b, 0) || 1
    return { first: Math.min(first, limit - 1), weights: raw.map((weight) => weight / sum) }
  })
}

/** Corners of a stone's outline. */
const CORNERS = 8
/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): for looks only. */
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * The outline of the stone that stands for a peer: the same key has the same stone on every screen. Path data about
 * (0, 0) that lies within the given radius. A likeness to know again, never a proof of who it is.
 */
export function stonePath(key: string, radius: number): string {
  let bits = seedOf(key)
  const corners = Array.from({ length: CORNERS }, (_, i) => {
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) ^ (i + 1)
    const reach = radius * (0.74 + (0.26 * ((bits >>> 8) & 255)) / 255)
    const angle = (i / CORNERS) * 2 * Math.PI + 0.3
    return [Math.cos(angle) * reach * 0.92, Math.sin(angle) * reach] as const
  })
  const at = (i: number) => corners[(i + CORNERS) % CORNERS] ?? ([0, 0] as const)
  const middle = (i: number) => [(at(i)[0] + at(i + 1)[0]) / 2, (at(i)[1] + at(i + 1)[1]) / 2] as const
  const curves = corners.map((corner, i) => `Q${pair(corner)} ${pair(middle(i))}`)
  return `M${pair(middle(-1))}${curves.join('')}Z`
}

function seedOf(key: string): number {
  let bits = FNV_OFFSET
  for (const letter of key) bits = Math.imul(bits ^ (letter.codePointAt(0) ?? 0), FNV_PRIME)
  return bits
}

const pair = ([x, y]: readonly [number, number]): string => `${x.toFixed(2)} ${y.toFixed(2)}`

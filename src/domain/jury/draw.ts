import { sha256 } from '@noble/hashes/sha2.js'
import { fault } from '../fault.ts'
import type { PeerId } from '../peer-id.ts'

/** Somebody who could be drawn. */
export interface Candidate {
  readonly peer: PeerId
  /** A whole number over 0. All together are under 2^53. */
  readonly weight: number
  /** To which introducer trees it belongs: one for each side that sees trees of its own. */
  readonly trees: readonly PeerId[]
}

/** Numbers that a hash gives: as many values as a double holds apart. */
const RANGE = 2 ** 53

/**
 * All candidates in the order in which they are drawn: by weight, without replacement. Whole numbers and hashes alone, so that everybody
 * draws the same; the candidates' own order does not matter. Throws `MALFORMED` for weights that are no such numbers.
 */
export function drawOrder<T extends Pick<Candidate, 'peer' | 'weight'>>(
  candidates: readonly T[],
  seed: Uint8Array,
): readonly T[] {
  const left = candidates.toSorted((a, b) => (a.peer < b.peer ? -1 : 1))
  let total = 0
  for (const { weight } of left) total += weight
  if (!left.every(({ weight }) => Number.isSafeInteger(weight) && weight > 0) || total >= RANGE)
    throw fault({ code: 'MALFORMED', what: 'weights', why: 'they are whole, over 0, and under 2^53 together' })
  const below = uniform(seed)
  const order: T[] = []
  while (left.length > 0) {
    let at = 0
    for (let rest = below(total); at < left.length - 1; at++) {
      const { weight = 0 } = left[at] ?? {}
      if (rest < weight) break
      rest -= weight
    }
    for (const drawn of left.splice(at, 1)) {
      order.push(drawn)
      total -= drawn.weight
    }
  }
  return order
}

/**
 * Whole numbers under a bound, each as likely: of sha-256 over the seed and a counter (8 bytes, the most significant first) each eight bytes
 * are a number, of which the lower 53 bits count. What lies past the greatest multiple of the bound is drawn again.
 */
function uniform(seed: Uint8Array): (bound: number) => number {
  const input = new Uint8Array(seed.length + 8)
  input.set(seed)
  const counter = new DataView(input.buffer, seed.length)
  let block = new DataView(new ArrayBuffer(0))
  let [blocks, at] = [0, 0]
  const next = (): number => {
    if (at === block.byteLength) {
      counter.setUint32(4, blocks++)
      const digest = sha256(input)
      block = new DataView(digest.buffer, digest.byteOffset, digest.byteLength)
      at = 0
    }
    const value = (block.getUint32(at) & 0x1fffff) * 2 ** 32 + block.getUint32(at + 4)
    at += 8
    return value
  }
  return (bound) => {
    const most = RANGE - (RANGE % bound)
    let value = next()
    while (value >= most) value = next()
    return value % bound
  }
}

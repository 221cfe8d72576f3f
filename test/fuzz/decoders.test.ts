import { expect, test } from 'vitest'
import { DECODERS, fuzz } from '../kits/decoders.ts'

/** Of all decoders together: the bench has a hundred thousand. */
const CASES = 2_500

test.each(DECODERS)(
  'whatever the bytes, reading a $name gives a value or a fault',
  { timeout: 30_000 },
  async (decoder) => {
    const cases = Math.round((CASES * decoder.share) / 100)
    const { read, refused } = await fuzz(decoder, cases)
    expect(read + refused).toBe(cases)
    expect(decoder.name === 'relays.json' || refused > 0).toBe(true)
  },
)

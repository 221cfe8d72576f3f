import { DECODERS, fuzz } from '../kits/decoders.ts'
import type { Bench } from './figure.ts'

/** Cases of all decoders together. */
const CASES = 110_000

export const bench: Bench = async () => {
  const raw: Record<string, { cases: number; read: number; refused: number; ms: number }> = {}
  for (const decoder of DECODERS) {
    const cases = Math.round((CASES * decoder.share) / 100)
    const startedAt = performance.now()
    const fuzzed = await fuzz(decoder, cases)
    raw[decoder.name] = { cases, ...fuzzed, ms: Math.round(performance.now() - startedAt) }
  }
  const all = Object.values(raw)
  return [
    {
      what: 'cases of foreign bytes, each read or refused with a fault',
      value: all.reduce((sum, { cases }) => sum + cases, 0),
      unit: 'cases',
      raw,
    },
    {
      what: 'of them, read as what they should be',
      value: all.reduce((sum, { read }) => sum + read, 0),
      unit: 'cases',
    },
    { what: 'time', value: Math.round(all.reduce((sum, { ms }) => sum + ms, 0) / 1000), unit: 's' },
  ]
}

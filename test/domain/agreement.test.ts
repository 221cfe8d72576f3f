import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviationOf, FP32_RULE, ruleFor, tensorDeviation, within } from '../../src/domain/agreement.ts'
import { canonicalData, hashTensors } from '../../src/domain/commitment.ts'
import { castLot, jobIdOf, numberTrees, seatsDue } from '../../src/domain/lot.ts'
import { hashBytes } from '../../src/domain/hash.ts'
import { keyFromPeerId, peerIdFromKey } from '../../src/domain/peer-id.ts'
import { floats, logits } from '../kits/tensors.ts'

describe('agreement', () => {
  test.each([
    ['cpu', 'cpu', 'fp32', 'exact'],
    ['cpu', 'gpu', 'fp32', FP32_RULE],
    ['gpu', 'gpu', 'fp32', FP32_RULE],
    ['cpu', 'gpu', 'integer', 'exact'],
    ['gpu', 'gpu', 'qdq', 'exact'],
    ['cpu', 'gpu', 'fp16', 'exact'],
  ] as const)('of a %s and a %s on %s arithmetic is held to %o', (a, b, arithmetic, rule) => {
    expect(ruleFor({ arithmetic }, a, b)).toEqual(rule)
  })

  test('takes honest rounding and refuses one channel a hundredth off', () => {
    const reference = logits(0.1, -4, 12)
    expect(within(deviationOf(reference, logits(0.1000001, -4.000002, 12.000004)), FP32_RULE)).toBe(true)
    expect(within(deviationOf(reference, logits(0.1, -4.04, 12)), FP32_RULE)).toBe(false)
  })

  test('never holds between different shapes, types, names or NaNs', () => {
    for (const other of [
      logits(1, 2),
      { scores: floats(1, 2, 3) },
      {},
      logits(1, Number.NaN, 3),
      logits(1, Infinity, 3),
    ])
      expect(within(deviationOf(logits(1, 2, 3), other), FP32_RULE)).toBe(false)
    expect(tensorDeviation(floats(Number.NaN, Infinity), floats(Number.NaN, Infinity))).toEqual({ rms: 0, scaled: 0 })
  })

  test('rounds no integer: a token is the same or another', () => {
    const token = (n: bigint) =>
      ({ dtype: 'int64', dims: [1], data: new Uint8Array(BigInt64Array.of(n).buffer) }) as const
    expect(within(tensorDeviation(token(50_000n), token(50_001n)), FP32_RULE)).toBe(false)
    expect(within(tensorDeviation(token(2n ** 60n), token(2n ** 60n + 1n)), FP32_RULE)).toBe(false)
    expect(within(tensorDeviation(token(7n), token(7n)), FP32_RULE)).toBe(true)
  })

  test('is the same by the documented formula', () => {
    const { rms, scaled } = tensorDeviation(floats(3, 4), floats(3, 4.5))
    expect(rms).toBeCloseTo(0.1, 12)
    expect(scaled).toBeCloseTo(0.125, 12)
  })
})

describe('the hash of tensors', () => {
  test('names type, shape and name, and forgets their order', () => {
    const plain = floats(1, 2, 3, 4)
    const hashes = [
      { a: plain },
      { b: plain },
      { a: { ...plain, dims: [2, 2] } },
      { a: { ...plain, dtype: 'int32' as const } },
    ].map(hashTensors)
    expect(new Set(hashes.map(String)).size).toBe(4)
    expect(hashTensors({ a: plain, b: floats(9) })).toEqual(hashTensors({ b: floats(9), a: plain }))
  })

  test('gives every NaN the same bits, in place at no other cost', () => {
    const odd = new Uint8Array(Uint32Array.of(0xffc12345, 0x7f800001, 0x3f800000).buffer)
    const tensor = { dtype: 'float32', dims: [3], data: odd } as const
    expect(new Uint32Array(canonicalData(tensor).slice().buffer)).toEqual(
      Uint32Array.of(0x7fc00000, 0x7fc00000, 0x3f800000),
    )
    expect(new Uint32Array(odd.buffer)[0]).toBe(0xffc12345)
    const half = { dtype: 'float16', dims: [2], data: new Uint8Array(Uint16Array.of(0xfe01, 0x7c00).buffer) } as const
    expect(new Uint16Array(canonicalData(half).slice().buffer)).toEqual(Uint16Array.of(0x7e00, 0x7c00))
  })
})

describe('the lot', () => {
  const peers = Array.from({ length: 20 }, (_, i) => ({ peer: `peer ${i}`, engine: 'gpu' as const }))
  const bytes = (n: number) => hashBytes(Uint8Array.of(n & 255, n >> 8))

  test('is the same for whoever knows the secret and the accepts, in whatever order they came', () => {
    const draw = (tickets: typeof peers) => castLot({ secret: bytes(1), job: bytes(2), tickets })
    expect(draw(peers)).toEqual(draw(peers.toReversed()))
    expect(jobIdOf(bytes(1), [bytes(2), bytes(3)])).toEqual(jobIdOf(bytes(1), [bytes(3), bytes(2)]))
  })

  test('seats everybody about equally often', () => {
    const rounds = 4_000
    const seats = new Map<string, number>()
    for (let i = 0; i < rounds; i++)
      for (const { peer } of seatsDue(castLot({ secret: bytes(i), job: bytes(0), tickets: peers }), { seats: 3 }))
        seats.set(peer, (seats.get(peer) ?? 0) + 1)
    const expected = (rounds * 3) / peers.length
    const chiSquare = peers.reduce((sum, { peer }) => sum + ((seats.get(peer) ?? 0) - expected) ** 2 / expected, 0)
    // 19 degrees of freedom: exceeded once in 10,000 fair draws; the draws here are fixed by their seeds.
    expect(chiSquare).toBeLessThan(49)
  })

  test('seats a cpu for as long as one is present, and never unseats who stays', () => {
    const ticket = fc.record({ engine: fc.constantFrom('cpu' as const, 'gpu' as const), tree: fc.nat(4) })
    const engines = fc.array(ticket, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        engines,
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.nat(11), { maxLength: 8 }),
        (kinds, seats, leaving) => {
          const order = kinds.map((kind, i) => ({ peer: `peer ${i}`, ...kind }))
          let absent: string[] = []
          for (const i of leaving) {
            const before = seatsDue(order, { seats, absent })
            absent = [...absent, `peer ${i}`]
            const after = seatsDue(order, { seats, absent })
            const present = order.filter((ticket) => !absent.includes(ticket.peer))
            expect(after).toHaveLength(Math.min(seats, present.length))
            expect(after.some((ticket) => ticket.engine === 'cpu')).toBe(
              present.some((ticket) => ticket.engine === 'cpu'),
            )
            expect(before.filter((ticket) => ticket.peer !== `peer ${i}` && !after.includes(ticket))).toEqual([])
          }
        },
      ),
    )
  })

  test('seats one of each introducer tree before it seats a second of any, and a thousand keys of none take one such seat', () => {
    const flood = Array.from({ length: 1_000 }, (_, i) => ({ peer: `sock ${i}`, engine: 'cpu' as const }))
    const introduced = [1, 1, 1, 2, 3].map((tree, i) => ({ peer: `friend ${i}`, engine: 'cpu' as const, tree }))
    for (let i = 0; i < 50; i++) {
      const order = castLot({ secret: bytes(i), job: bytes(0), tickets: [...flood, ...introduced] })
      const trees = seatsDue(order, { seats: 4 }).map(({ tree = 0 }) => tree)
      expect(trees.toSorted()).toEqual([0, 1, 2, 3])
      expect(seatsDue(order, { seats: 6 }).filter(({ tree = 0 }) => tree === 0)).not.toHaveLength(0)
    }
  })

  test('numbers trees by who accepted, and names none where nobody was introduced', () => {
    const roots = new Map([
      ['ann', 'ann'],
      ['ben', 'ann'],
      ['dan', 'cat'],
    ])
    expect(numberTrees(['dan', 'eve', 'ann', 'ben'], roots)).toEqual([1, 0, 2, 2])
    expect(numberTrees(['eve', 'fay'], roots)).toBeUndefined()
  })

  test('keeps everybody in the order, and a cpu among the seated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('cpu' as const, 'gpu' as const), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(65_535),
        (engines, seats, seed) => {
          const tickets = engines.map((engine, i) => ({ peer: `peer ${i}`, engine }))
          const order = castLot({ secret: bytes(seed), job: bytes(1), tickets })
          expect(order.map((ticket) => ticket.peer).toSorted()).toEqual(tickets.map((ticket) => ticket.peer).toSorted())
          if (seats >= 2 && engines.includes('cpu'))
            expect(seatsDue(order, { seats }).some((ticket) => ticket.engine === 'cpu')).toBe(true)
        },
      ),
    )
  })
})

test('a peer id is a key, and the other way round', () => {
  const key = hashBytes(Uint8Array.of(1))
  expect(keyFromPeerId(peerIdFromKey(key))).toEqual(key)
  expect(peerIdFromKey(key)).toMatch(/^12D3KooW/)
  for (const bad of ['', 'x', '12D3KooW', `${peerIdFromKey(key)}1`, '0'.repeat(52)])
    expect(() => keyFromPeerId(bad)).toThrow('peer id')
})

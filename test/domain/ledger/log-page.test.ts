import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beginningOf,
  packedLength,
  packLoose,
  packPage,
  unpackLoose,
  unpackPage,
} from '../../../src/domain/ledger/log-page.ts'
import { Writer } from '../../kits/logs.ts'

const ann = new Writer('ann')
for (let n = 0; n < 5; n++) ann.note('x'.repeat(n * 30))
const ben = new Writer('ben')
const entries = ann.log.map(({ signed }) => signed)
const key = ann.person.publicKey
const page = packPage(entries)

describe('a page of a log', () => {
  test('gives back what was packed, by 72 bytes more than its bodies', () => {
    expect(unpackPage(page, key)).toEqual(entries)
    expect(page.length).toBe(packedLength(entries))
    expect(page.length - entries.reduce((sum, { body }) => sum + body.length, 0)).toBe(72 * entries.length)
    const loose = [...entries, ben.head.signed, ...entries]
    expect(unpackLoose(packLoose(loose))).toEqual(loose)
    expect(unpackPage(new Uint8Array(0), key)).toEqual([])
  })

  test('begins as a shorter one does', () => {
    expect(beginningOf(page, 2)).toEqual({ bytes: packPage(entries.slice(0, 2)), entries: 2 })
    expect(beginningOf(page, 99)).toEqual({ bytes: page, entries: entries.length })
    expect(beginningOf(page.slice(0, 300), 99).entries).toBe(unpackPage(page.slice(0, 300), key).length)
  })

  test('of which a part was lost gives what came before that, and never anything else', () => {
    let whole = 0
    fc.assert(
      fc.property(fc.nat(page.length - 1), fc.nat(255), fc.nat(page.length), (at, byte, end) => {
        const damaged = page.slice()
        damaged[at] = byte
        const read = unpackPage(damaged.subarray(0, Math.max(end, at)), key)
        expect(read).toEqual(entries.slice(0, read.length))
        if (read.length > 0) whole++
      }),
      { numRuns: 1_000 },
    )
    expect(whole).toBeGreaterThan(300)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect([unpackPage(bytes, key), unpackLoose(bytes)]).toEqual([[], []])
      }),
    )
  })
})

import { decode, encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHARTERS, cidOf, FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import {
  charterDigest,
  charterIdOf,
  encodeCharter,
  MAX_AUTHORS,
  MAX_TITLE,
  readCharter,
} from '../../../src/domain/charter/charter-document.ts'
import { cidOfDigest, digestOfCid } from '../../../src/domain/cids.ts'
import { MootError } from '../../../src/domain/fault.ts'
import { MAX_CHARTER } from '../../../src/domain/ledger/entry.ts'
import { person } from '../../kits/keys.ts'

const first = FIRST_CHARTER
const { jury, timeouts, verification } = first
const ann = person('ann').peer

describe('a charter as a document', () => {
  test.each(CHARTERS)('$title is read as it was written, and its name is that of its bytes', (charter) => {
    const document = encodeCharter(charter)
    expect(readCharter(document)).toEqual(charter)
    expect(charterIdOf(document)).toBe(cidOf(charter))
    expect(cidOfDigest(charterDigest(document))).toBe(cidOf(charter))
    expect(digestOfCid(cidOf(charter), 'charter')).toEqual(charterDigest(document))
  })

  test.each<[string, unknown]>([
    ['a field too many', { ...first, stake: 1 }],
    ['a field too few', { ...first, retention: undefined }],
    ['a rule too many in a part', { ...first, jury: { ...jury, fee: 1 } }],
    ['a majority of more than all', { ...first, jury: { ...jury, threshold: 1.01 } }],
    ['a majority of none', { ...first, jury: { ...jury, threshold: 0 } }],
    ['a quorum of more than all', { ...first, jury: { ...jury, quorum: 1.5 } }],
    ['a share that is no number', { ...first, jury: { ...jury, gamma: '0.25' } }],
    ['ratified by more than all', { ...first, amendment: { sponsors: 3, ratifyShare: 2 } }],
    ['an even jury', { ...first, jury: { ...jury, sizes: [3, 6, 11] } }],
    ['juries that shrink', { ...first, jury: { ...jury, sizes: [5, 3, 11] } }],
    ['juries that stay the same', { ...first, jury: { ...jury, sizes: [3, 3, 11] } }],
    ['no jury', { ...first, jury: { ...jury, sizes: [] } }],
    ['a jury of more than anybody draws', { ...first, jury: { ...jury, sizes: [3, 5, 35] } }],
    ['appeals to juries that it does not have', { ...first, appeal: { levels: 3 } }],
    ['a time without end', { ...first, timeouts: { ...timeouts, signing: 2 ** 31 } }],
    ['no time', { ...first, timeouts: { ...timeouts, vote: 0 } }],
    ['half a millisecond', { ...first, timeouts: { ...timeouts, vote: 0.5 } }],
    ['more executors than one job seats', { ...first, verification: { ...verification, replication: 12 } }],
    ['another way of checking', { ...first, verification: { ...verification, mode: 'oracle' } }],
    ['a parent that is no CID', { ...first, parents: ['first charter'] }],
    ['one parent twice', { ...first, parents: [cidOf(first), cidOf(first)] }],
    ['an author that is no key', { ...first, authors: ['ann'] }],
    ['one author twice', { ...first, authors: [ann, ann] }],
    [
      'authors without end',
      { ...first, authors: Array.from({ length: MAX_AUTHORS + 1 }, (_, i) => person(`${i}`).peer) },
    ],
    ['no engine', { ...first, canons: [] }],
    ['an engine without a digest', { ...first, canons: [{ library: 'x', version: '1', wasmSha256: 'ab' }] }],
    ['one engine twice', { ...first, canons: [...first.canons, ...first.canons] }],
    ['an empty title', { ...first, title: ' ' }],
    ['a title that is too long', { ...first, title: 'x'.repeat(MAX_TITLE + 1) }],
    ['a title that turns what follows it', { ...first, title: 'Fair \u202e rules' }],
    ['a rule to keep that is markup', { ...first, entrenched: ['<b>'] }],
  ])('with %s is none', (_, value) => {
    const plainValue = Object.fromEntries(Object.entries(value as object).filter(([, each]) => each !== undefined))
    expect(() => readCharter(encode(plainValue))).toThrow('The charter could not be read')
    expect(() => encodeCharter(value as typeof first)).toThrow(MootError)
  })

  test('that is too large is refused unread', () => {
    expect(() => readCharter(new Uint8Array(MAX_CHARTER + 1))).toThrow('The charter is too large')
  })

  test('of the greatest that its schema lets through fits where entries hold it', () => {
    const most = {
      ...first,
      title: '語'.repeat(MAX_TITLE),
      parents: Array.from({ length: 4 }, (_, i) => cidOf(i)),
      authors: Array.from({ length: MAX_AUTHORS }, (_, i) => person(`${i}`).peer),
      entrenched: Array.from({ length: 32 }, (_, i) => `${'x'.repeat(60)}${i}`),
      canons: Array.from({ length: 16 }, (_, i) => ({
        library: '語'.repeat(64),
        version: '語'.repeat(64),
        wasmSha256: i.toString(16).padStart(64, '0'),
      })),
    }
    expect(encodeCharter(most).length).toBeLessThanOrEqual(MAX_CHARTER)
  })

  test('in other bytes than its own is none, whatever those mean', () => {
    const document = encodeCharter(first)
    // A version of 1 written in two bytes, where one is enough; and the same as a 64-bit float.
    const at = Buffer.from(document).indexOf('gversion\u0001') + 8
    expect(document[at]).toBe(1)
    const longer = Uint8Array.of(...document.subarray(0, at), 0x18, 1, ...document.subarray(at + 1))
    const float = Uint8Array.of(
      ...document.subarray(0, at),
      0xfb,
      0x3f,
      0xf0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...document.subarray(at + 1),
    )
    const fields = Object.entries(first).flatMap(([name, value]) => [...encode(name), ...encode(value)])
    const unordered = Uint8Array.of(0xa0 | Object.keys(first).length, ...fields)
    // These two the decoder lets through.
    expect([float, unordered].map((bytes) => decode(bytes))).toEqual([first, first])
    for (const other of [float, unordered])
      expect(() => readCharter(other)).toThrow('it is not in the one encoding that its name goes by')
    expect(() => readCharter(longer)).toThrow('The charter could not be read')
  })

  test('has one name: whatever is read is what its bytes say', () => {
    const altered = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
      const copy = encodeCharter(first).slice()
      copy[at % copy.length] = byte
      return copy
    })
    let read = 0
    fc.assert(
      fc.property(altered, (bytes) => {
        try {
          const charter = readCharter(bytes)
          read++
          expect(encodeCharter(charter)).toEqual(bytes)
          expect(charterIdOf(bytes)).toBe(cidOf(charter))
        } catch (error) {
          if (!(error instanceof MootError)) throw error
        }
      }),
      { numRuns: 500 },
    )
    expect(read).toBeGreaterThan(10)
  })
})

import { encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MootError } from '../../src/domain/fault.ts'
import { encodeMessage, MAX_BODY, readAs, readMessage } from '../../src/domain/messages.ts'
import { person } from '../kits/keys.ts'
import { executor, JobStory, someOffer } from '../kits/moot.ts'

const ann = person('ann')
const signed = (body: Uint8Array) => ({ body, key: ann.publicKey, signature: new Uint8Array(64) })

/** One message of each kind, as an honest job makes them. */
function everyKind() {
  const story = new JobStory(['ann', 'ben', 'cat'].map((name) => executor(name)))
  story.run()
  const decline = ann.signNow({ kind: 'decline', offer: story.offer.digest, reason: 'busy', note: '' })
  const listed = story.transcript.flatMap((one) => {
    const { message } = readMessage(one)
    if (message.kind === 'award') return message.accepts
    if (message.kind === 'commit-set') return message.commits
    return message.kind === 'reveal-set' ? message.reveals : []
  })
  return [...story.transcript, ...listed, decline]
}

describe('reading a message', () => {
  test('gives back what was written, for every kind', () => {
    const kinds = everyKind().map((one) => {
      const { message } = readMessage(one)
      expect(Buffer.compare(encodeMessage(message), one.body)).toBe(0)
      return message.kind
    })
    expect(new Set(kinds).size).toBe(9)
  })

  test.each([
    ['an unknown kind', { kind: 'gift' }],
    ['a field too many', { ...someOffer(), tip: 1 }],
    ['a field too few', { kind: 'accept' }],
    ['a digest too short', { ...someOffer(), nonce: new Uint8Array(31) }],
    ['too many seats', { ...someOffer(), replication: 12 }],
    ['no seat', { ...someOffer(), replication: 0 }],
    ['half a seat', { ...someOffer(), replication: 1.5 }],
    ['an invitation of nobody', { ...someOffer(), invited: [] }],
    ['an invitation of too many', { ...someOffer(), invited: Array.from({ length: 65 }, () => ann.peer) }],
    ['a text without end', { ...someOffer(), room: 'r'.repeat(200) }],
  ])('refuses %s', (_, value) => {
    expect(() => readMessage(signed(encode(value)))).toThrow(MootError)
  })

  test('refuses one that is too large, and one of another kind than was due', () => {
    expect(() => readMessage(signed(new Uint8Array(MAX_BODY + 1)))).toThrow('too large')
    expect(() => readAs('award', signed(encode(someOffer())))).toThrow('it is of kind offer')
  })

  test('never throws anything but a fault, whatever the bytes', () => {
    const real = everyKind().map((one) => one.body)
    const mutated = fc
      .tuple(fc.constantFrom(...real), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }))
      .map(([body, changes]) => {
        const copy = body.slice()
        for (const [at, byte] of changes) copy[at % copy.length] = byte
        return copy
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (body) => {
        try {
          readMessage(signed(body))
        } catch (error) {
          expect(error).toBeInstanceOf(MootError)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})

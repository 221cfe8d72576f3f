import { encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { encodeOpinion, MAX_OPINION, readOpinion } from '../../src/domain/opinion.ts'
import { person } from '../kits/keys.ts'
import { modelNamed, opinionOf } from '../kits/opinions.ts'

const model = modelNamed('a model')
const said = { kind: 'opinion', model, stand: 'flags', reason: 'It calls every cat a dog.', seq: 3 } as const
const read = (value: unknown) =>
  readOpinion({ body: encode(value), key: person('ann').publicKey, signature: new Uint8Array(64) })

describe('an opinion', () => {
  test('is read as it was written, with who says it', async () => {
    expect(read(said)).toMatchObject({ author: person('ann').peer, opinion: said })
    expect((await opinionOf('ann', said)).opinion).toEqual(said)
  })

  test('fits, however many bytes its letters take', () => {
    expect(encodeOpinion({ ...said, reason: '語'.repeat(280), seq: Number.MAX_SAFE_INTEGER }).length).toBeLessThan(
      MAX_OPINION,
    )
  })

  test.each([
    ['another kind', { ...said, kind: 'offer' }],
    ['a field too many', { ...said, stake: 1 }],
    ['a stand that is none', { ...said, stand: 'adores' }],
    ['a model by another name', { ...said, model: model.toUpperCase() }],
    ['a reason that is too long', { ...said, reason: 'x'.repeat(281) }],
    ['a reason that turns what follows it', { ...said, reason: 'fine \u202e gpj.exe' }],
    ['a reason with a control character', { ...said, reason: 'a\u0007b' }],
    ['half a number', { ...said, seq: 1.5 }],
    ['a number less than 0', { ...said, seq: -1 }],
  ])('with %s is none', (_, value) => {
    expect(() => read(value)).toThrow('The opinion could not be read')
  })

  test('with a body without end is refused unread', () => {
    const body = new Uint8Array(MAX_OPINION + 1)
    expect(() => readOpinion({ body, key: new Uint8Array(32), signature: new Uint8Array(64) })).toThrow('too large')
  })

  test('is not written with a reason that nobody would read', () => {
    expect(() => encodeOpinion({ ...said, reason: 'x'.repeat(281) })).toThrow('The reason is too large')
  })
})

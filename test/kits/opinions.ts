import { cidOf } from '../../src/domain/charter/charter.ts'
import { signingBytes, type Signed } from '../../src/domain/envelope.ts'
import type { ModelId } from '../../src/domain/manifest.ts'
import { encodeOpinion, readOpinion, type OpinionMessage, type ReadOpinion } from '../../src/domain/opinion.ts'
import { person } from './keys.ts'

export const modelNamed = (name: string): ModelId => cidOf({ name })

/** What somebody says of a model, signed. */
export async function opinionOf(
  author: string,
  change: Partial<OpinionMessage> & Pick<OpinionMessage, 'model'>,
): Promise<ReadOpinion> {
  const { publicKey, sign } = person(author)
  const body = encodeOpinion({ kind: 'opinion', stand: 'endorses', reason: '', seq: 1, ...change })
  const signed: Signed = { body, key: publicKey, signature: await sign(signingBytes(body)) }
  return readOpinion(signed)
}

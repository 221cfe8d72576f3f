import { signingBytes, type Signed } from '../domain/envelope.ts'
import { encodeMessage, type Message } from '../domain/messages.ts'
import type { Signer } from '../ports/signer.ts'

/** Makes a message ours. */
export type SignMessage = (message: Message) => Promise<Signed>

export const signMessageWith =
  (signer: Signer): SignMessage =>
  async (message) => {
    const body = encodeMessage(message)
    return { body, key: signer.publicKey, signature: await signer.sign(signingBytes(body)) }
  }

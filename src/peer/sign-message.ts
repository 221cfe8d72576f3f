import { signingBytes, type Signed } from '../domain/envelope.ts'
import { encodeMessage, type Message } from '../domain/messages.ts'
import type { Signer } from '../ports/signer.ts'

/** Makes a message ours. */
export type SignMessage = (message: Message) => Promise<Signed>

export const signMessageWith =
  (signer: Signer): SignMessage =>
  async (message) =>
    signBody(signer, encodeMessage(message))

/** Makes any message ours, once it is encoded. */
export const signBody = async (signer: Signer, body: Uint8Array): Promise<Signed> => ({
  body,
  key: signer.publicKey,
  signature: await signer.sign(signingBytes(body)),
})

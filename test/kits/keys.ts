import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { signingBytes, type Signed } from '../../src/domain/envelope.ts'
import {
  encodeMessage,
  readAs,
  type Message,
  type MessageKind,
  type MessageOf,
  type Read,
} from '../../src/domain/messages.ts'
import { peerIdFromKey, type PeerId } from '../../src/domain/peer-id.ts'
import type { Signer, VerifySignature } from '../../src/ports/signer.ts'

/** Head of an Ed25519 private key in PKCS #8 (RFC 8410): the seed follows. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Head of an Ed25519 public key in SPKI (RFC 8410): the key follows. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** Somebody with a key of their own, made from a name: the same name, the same key. Real Ed25519, by Node. */
export interface Person extends Signer {
  readonly name: string
  readonly seed: Uint8Array
  say<K extends MessageKind>(message: MessageOf<K>): Read<MessageOf<K>>
  signNow(message: Message): Signed
  /** Any body, such as an entry's. */
  signBody(body: Uint8Array): Signed
}

export function person(name: string): Person {
  const seed = new Uint8Array(createHash('sha256').update(name).digest())
  const key: KeyObject = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  const peer: PeerId = peerIdFromKey(publicKey)
  const signBytes = (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, key))
  const signBody = (body: Uint8Array): Signed => ({
    body,
    key: publicKey,
    signature: signBytes(signingBytes(body)),
  })
  const signNow = (message: Message): Signed => signBody(encodeMessage(message))
  return {
    name,
    seed,
    peer,
    publicKey,
    sign: async (bytes) => signBytes(bytes),
    signNow,
    signBody,
    say: <K extends MessageKind>(message: MessageOf<K>) => readAs(message.kind as K, signNow(message as Message)),
  }
}

export const verifyWithNode: VerifySignature = async (publicKey, bytes, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })
    return verify(null, bytes, key, signature)
  } catch {
    return false
  }
}

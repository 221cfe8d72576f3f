import { base58btc } from 'multiformats/bases/base58'
import { fault } from './fault.ts'

/** A libp2p peer id in its usual text form: base58btc of the identity multihash of an Ed25519 public key (`12D3KooW…`). */
export type PeerId = string

/** Identity multihash (0x00, 36 bytes) of the protobuf `{ type: Ed25519, data: 32 bytes }` (libp2p peer-ids specification). */
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** The peer id of a raw 32-byte Ed25519 public key. */
export function peerIdFromKey(publicKey: Uint8Array): PeerId {
  if (publicKey.length !== 32) throw fault({ code: 'MALFORMED', what: 'public key', why: 'it is not 32 bytes long' })
  const bytes = new Uint8Array(38)
  bytes.set(PREFIX)
  bytes.set(publicKey, PREFIX.length)
  return base58btc.baseEncode(bytes)
}

/** The raw 32-byte Ed25519 public key inside a peer id. Throws `MALFORMED` for any other kind of key. */
export function keyFromPeerId(peer: PeerId): Uint8Array {
  const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'peer id', why })
  if (peer.length > 64) throw malformed('it is too long')
  let bytes: Uint8Array
  try {
    bytes = base58btc.baseDecode(peer)
  } catch {
    throw malformed('it is not base58')
  }
  if (bytes.length !== 38 || PREFIX.some((byte, i) => bytes[i] !== byte)) throw malformed('it is not an Ed25519 key')
  return bytes.slice(PREFIX.length)
}

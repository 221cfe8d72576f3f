import { hex } from '../hash.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'

/** Names peers by their keys, each key once: base58 takes longer than all else that is done with a vouch. */
export function peerNames(): (key: Uint8Array) => PeerId {
  const known = new Map<string, PeerId>()
  return (key) => {
    const text = hex(key)
    const peer = known.get(text) ?? peerIdFromKey(key)
    known.set(text, peer)
    return peer
  }
}

import type { PeerId } from '../../domain/peer-id.ts'

/** What a peer's own records say when it asks: its OFFER names the head, and all that lies before that says the rest. */
export interface Standpoint {
  /** Id of its own newest entry; absent before it has one. */
  readonly head?: Uint8Array
  /** Of each key that was introduced, the root of its introducer tree. */
  readonly trees: ReadonlyMap<PeerId, PeerId>
  /** Its own trust in others, 0..1: those that its vouches reach. */
  readonly trust: ReadonlyMap<PeerId, number>
}

/** Before there are any records. */
export const NO_RECORDS: Standpoint = { trees: new Map(), trust: new Map() }

import type { Fault } from '../fault.ts'
import type { PeerId } from '../peer-id.ts'
import type { ReadEntry } from './entry.ts'
import type { Fork } from './ledger-view.ts'

/** A log that forked, and what of it was held from there on. */
export interface Cut {
  readonly fork: Fork
  readonly dropped: readonly ReadEntry[]
}

/** What became of an entry. */
export type Taken =
  /** `cut` where it shows a fork; `gaveWay` where others had to go for it: those logs end before that place now. */
  | {
      readonly kind: 'added'
      readonly read: ReadEntry
      readonly cut?: Cut
      readonly gaveWay?: readonly { readonly author: PeerId; readonly seq: number }[]
    }
  /** Held already, or beyond a fork. */
  | { readonly kind: 'known' }
  /** So many of its log are held; the next must come first. */
  | { readonly kind: 'gap'; readonly author: PeerId; readonly have: number }
  | ({ readonly kind: 'forked' } & Cut)
  /** `OUT_OF_ORDER` where it names another entry than the one held before it: its log may have forked earlier. `RATE_LIMITED` where there is no room. */
  | { readonly kind: 'refused'; readonly fault: Fault }

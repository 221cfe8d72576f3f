import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { Grade } from '../domain/ledger/entry.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Peer, Settings } from '../peer/view.ts'

/** How far joining has come, in order. */
export type JoinStep = 'loading' | 'identity' | 'network' | 'joined'

export interface JoinOptions {
  readonly room: string
  /** CID of the charter to go by; the one shipped with the app where absent. */
  readonly charter?: string
  /** How a person consents to it by joining; absent where its text was not before them: joining then signs nothing. */
  readonly grade?: Grade
  /** Look on only: never run a job. */
  readonly watching: boolean
  readonly settings: Partial<Settings>
  /** The file of a key that a person brings from another device: the tab goes on with that one. */
  readonly moved?: Uint8Array
  readonly onProgress?: (step: JoinStep) => void
}

/** Makes this tab a peer. Called after a person pressed Join or Watch only, and by nothing else. Rejects with `KEY_NOT_MOVED` where a key that is brought cannot come. */
export type Joiner = (options: JoinOptions) => Promise<Peer>

/** Checks a receipt file on this device, asking nobody: it takes no Join. Rejects with `MALFORMED`, `TOO_LARGE`. */
export type ReceiptChecker = (file: Uint8Array) => Promise<CheckedReceipt>

/** A key from another device, in its file, which was checked. */
export interface BroughtKey {
  readonly file: Uint8Array
  readonly id: PeerId
  readonly nickname: string
  /** Records that it signed itself, and all in the file. */
  readonly own: number
  readonly records: number
}

/**
 * Checks the file of a key that a person brings to a room: nothing is kept before Join. Rejects with `MALFORMED`, `TOO_LARGE`,
 * `BAD_SIGNATURE`, `LOG_FORKED`, `KEY_NOT_MOVED`.
 */
export type KeyReader = (file: Blob, room: string) => Promise<BroughtKey>

/** A key that has left this device. */
export interface GoneKey {
  readonly nickname: string
  /** What moves it elsewhere: absent where it was only forgotten. */
  readonly saved?: { readonly file: Uint8Array; readonly name: string }
}

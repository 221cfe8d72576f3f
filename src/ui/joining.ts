import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { Grade } from '../domain/ledger/entry.ts'
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
  readonly onProgress?: (step: JoinStep) => void
}

/** Makes this tab a peer. Called after a person pressed Join or Watch only, and by nothing else. */
export type Joiner = (options: JoinOptions) => Promise<Peer>

/** Checks a receipt file on this device, asking nobody: it takes no Join. Rejects with `MALFORMED`, `TOO_LARGE`. */
export type ReceiptChecker = (file: Uint8Array) => Promise<CheckedReceipt>

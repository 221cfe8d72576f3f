import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { Peer, Settings } from '../peer/view.ts'

/** How far joining has come, in order. */
export type JoinStep = 'loading' | 'identity' | 'network' | 'joined'

export interface JoinOptions {
  readonly room: string
  /** Look on only: never run a job. */
  readonly watching: boolean
  readonly settings: Partial<Settings>
  readonly onProgress?: (step: JoinStep) => void
}

/** Makes this tab a peer. Called after a person pressed Join or Watch only, and by nothing else. */
export type Joiner = (options: JoinOptions) => Promise<Peer>

/** Checks a receipt file on this device, asking nobody: it takes no Join. Rejects with `MALFORMED`, `TOO_LARGE`. */
export type ReceiptChecker = (file: Uint8Array) => Promise<CheckedReceipt>

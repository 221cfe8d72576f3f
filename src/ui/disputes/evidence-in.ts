import { readEvidence } from '../../domain/dispute/evidence.ts'
import { decodeCbor } from '../../domain/messages.ts'
import { encodeReceipt } from '../../domain/receipt.ts'

/** Whether a file says that it is evidence of a dispute. Nothing of it is checked by that. */
export function isEvidence(file: Uint8Array): boolean {
  try {
    const value = decodeCbor(file, 'file')
    return typeof value === 'object' && value !== null && 'moot' in value && value.moot === 'evidence'
  } catch {
    return false
  }
}

/** The receipt file within evidence, where its grounds have one. Throws `TOO_LARGE` or `MALFORMED`. */
export function receiptIn(file: Uint8Array): Uint8Array | undefined {
  const evidence = readEvidence(file)
  return evidence.grounds === 'contest' ? encodeReceipt(evidence.receipt) : undefined
}

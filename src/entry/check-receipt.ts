import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { checkReceipt, type CheckedReceipt } from '../domain/check-receipt.ts'
import { readReceipt } from '../domain/receipt.ts'

/** Checks a receipt file with this device's own crypto and no peer. Rejects with `MALFORMED`, `TOO_LARGE`. */
export const checkReceiptFile = async (file: Uint8Array): Promise<CheckedReceipt> =>
  checkReceipt(readReceipt(file), verifySignature)

import { signingBytes, type Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { readEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import { proofOf, type ForkProof } from '../../domain/ledger/proof.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { CHECKED_AT_ONCE } from './constants.ts'

export interface CheckComponents {
  readonly verify: VerifySignature
  /** Whether an entry is held: its signature was checked before. */
  readonly isKnown: (read: ReadEntry) => boolean
}

/** Whether all signatures hold that an entry comes with. */
export async function holds(read: ReadEntry, verify: VerifySignature): Promise<boolean> {
  const proof = proofOf(read)
  const all = proof ? [read, proof.first, proof.second] : [read]
  return (await Promise.all(all.map(({ signed }) => isSigned(signed, verify)))).every(Boolean)
}

const isSigned = ({ body, key, signature }: Signed, verify: VerifySignature): Promise<boolean> =>
  verify(key, signingBytes(body), signature)

export const proofHolds = async ({ first, second }: ForkProof, verify: VerifySignature): Promise<boolean> =>
  (await Promise.all([first, second].map(({ signed }) => isSigned(signed, verify)))).every(Boolean)

/** Rejects with `BAD_SIGNATURE`, `MALFORMED` or `TOO_LARGE` where one of them does not hold. */
async function checkTogether(entries: readonly Signed[], { verify, isKnown }: CheckComponents): Promise<ReadEntry[]> {
  const reads = entries.map((signed) => readEntry(signed))
  const good = await Promise.all(reads.map(async (read) => isKnown(read) || holds(read, verify)))
  if (!good.every(Boolean)) throw fault({ code: 'BAD_SIGNATURE', what: 'entry' })
  return reads
}

/**
 * Reads and checks entries, a few hundred at a time: while the signatures of some are checked, on other threads where there are any, the
 * next of the same page are decoded, and between them whoever else shares this thread has its turn.
 */
export async function* checkEntries(
  pages: AsyncIterable<readonly Signed[]>,
  components: CheckComponents,
): AsyncGenerator<ReadEntry[]> {
  for await (const page of pages) {
    let before: Promise<ReadEntry[]> | undefined
    for (let at = 0; at < page.length; at += CHECKED_AT_ONCE) {
      const checking = checkTogether(page.slice(at, at + CHECKED_AT_ONCE), components)
      checking.catch(() => {})
      if (before) yield await before
      before = checking
    }
    if (before) yield await before
  }
}

import { SHIPPED_CHARTERS } from '../domain/charter/charter-book.ts'
import { charterIdOf, readCharter } from '../domain/charter/charter-document.ts'
import { FIRST_CHARTER, type Charter } from '../domain/charter/charter.ts'
import type { RecordStore } from '../ports/record-store.ts'

/**
 * The charter with this CID: one of the app's own, or one whose text this device keeps. Where it is neither, the app's own, and `isAsked` is
 * false: whoever joins looks on until the text is here and they have signed it.
 */
export async function charterAtHand(
  id: string | undefined,
  records: Pick<RecordStore, 'get'>,
): Promise<{ readonly charter: Charter; readonly isAsked: boolean }> {
  if (id === undefined) return { charter: FIRST_CHARTER, isAsked: true }
  const shipped = SHIPPED_CHARTERS.get(id)
  if (shipped) return { charter: shipped.charter, isAsked: true }
  const kept = await records.get(id).catch(() => undefined)
  const charter = kept instanceof Uint8Array && charterIdOf(kept) === id ? readOrNone(kept) : undefined
  return charter ? { charter, isAsked: true } : { charter: FIRST_CHARTER, isAsked: false }
}

function readOrNone(document: Uint8Array): Charter | undefined {
  try {
    return readCharter(document)
  } catch {
    return undefined
  }
}

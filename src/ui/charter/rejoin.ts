import type { Grade } from '../../domain/ledger/entry.ts'

/** Asks the app to join the room again under a charter that was signed. `moot-app` hears it. */
export const rejoin = (from: HTMLElement, charter: string, grade: Grade): boolean =>
  from.dispatchEvent(new CustomEvent('moot-rejoin', { detail: { charter, grade }, bubbles: true, composed: true }))

import type { GovernanceView } from '../peer/governance-view.ts'

/** The words for the records that a tab holds. Pure. */

/** How much of what it has heard of a tab holds. */
export function coverageWords({ held, known }: GovernanceView['ledger']['coverage']): string {
  if (known === 0) return 'Nothing has been heard of others yet.'
  if (held < known) return `${held} of the ${known} logs that were heard of are here to their end.`
  return known === 1
    ? 'The one log that was heard of is here to its end.'
    : `All ${known} logs that were heard of are here to their end.`
}

/** What came of adding records from a file. */
export function importedWords({ added, refused }: { readonly added: number; readonly refused: number }): string {
  const came =
    added === 0 ? 'Nothing in it was new here' : `${added} ${added === 1 ? 'record was' : 'records were'} added`
  return refused === 0 ? `${came}.` : `${came}; ${refused} did not hold and ${refused === 1 ? 'was' : 'were'} refused.`
}

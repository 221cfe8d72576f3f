import { hex } from '../hash.ts'
import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { checkLink } from './seed.ts'
import type { Terms } from './terms.ts'

/** Contests of one party over one job whose links are looked at, the first in its log. */
const MAX_CONTESTS = 8

/**
 * By party: the entries in which it opened its link for a level, the first in causal order first. Whichever contest over this job it opened
 * it for: what is known can be withheld no more, and who contests twice is not drawn for twice.
 */
export function linksOf(
  ledger: LedgerView,
  { job, parties, chains }: Terms,
  level: number,
): ReadonlyMap<PeerId, readonly ReadEntry<'OPEN_LINK'>[]> {
  const contests = ledger
    .about(hex(job))
    .filter((read) => isEntry('CONTEST', read))
    .toSorted((a, b) => a.entry.seq - b.entry.seq)
  const looked = parties.flatMap((party) => contests.filter(({ author }) => author === party).slice(0, MAX_CONTESTS))
  const opened = looked.flatMap(({ name }) =>
    ledger.about(name).filter((read) => {
      if (!isEntry('OPEN_LINK', read) || read.entry.body.level !== level) return false
      const head = chains.get(read.author)
      return head !== undefined && checkLink(head, read.entry.body.link, level)
    }),
  ) as readonly ReadEntry<'OPEN_LINK'>[]
  return Map.groupBy(opened, ({ author }) => author)
}

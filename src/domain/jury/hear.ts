import type { Charter } from '../charter/charter.ts'
import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { benchOf, isSeated, type Seat } from './bench.ts'
import { ALL, docketOf, type Pasts } from './docket.ts'
import { drawOrder } from './draw.ts'
import type { Draw, Jury, Level, Sitting } from './level.ts'
import { linksOf } from './links.ts'
import { NO_COURT, outcomeOf, type Outcome } from './outcome.ts'
import { bestRuling } from './rulings.ts'
import { jurySeed } from './seed.ts'
import { sizeAt } from './sizes.ts'
import { summonsesOf } from './summons.ts'

/** Words of dissent that are shown of one ruling. */
const MAX_DISSENTS = 64

/** Hears what was said at one level of a case. */
export function hear(ledger: LedgerView, pastOf: Pasts, sitting: Sitting): Level {
  const { charter } = sitting
  const draw = drawLevel(ledger, pastOf, sitting)
  const best = bestRuling(ledger, pastOf, sitting, draw)
  const jury = best ? best.jury : firstOf(draw.juries, pastOf, charter)
  const now = jury ? benchOf(jury.docket, pastOf)(ALL) : []
  const outcome = outcomeAt(draw, jury, now, charter)
  const follows = outcome ? { outcome } : {}
  if (best) return { ...draw, now, ...follows, ...best, dissents: dissentsFrom(ledger, sitting, best) }
  return { ...draw, ...follows, ...(jury ? { jury } : {}), seats: now, now, dissents: [], appeals: [] }
}

function drawLevel(ledger: LedgerView, pastOf: Pasts, sitting: Sitting): Draw {
  const { contest, terms, charter, court, level, openers, sat } = sitting
  const { parties } = terms
  const candidates = court.pool.candidates.filter(({ peer }) => !sat.has(peer))
  const size = court.pool.common ? sizeAt(charter, level, candidates) : undefined
  const links = linksOf(ledger, terms, level)
  if (size === undefined) return { level, openers, candidates, links, juries: [] }
  const juries = summonsesOf(ledger, pastOf, { contest, level, parties, openers, links }).map((summons): Jury => {
    const docket = docketOf(ledger, {
      summons: summons.read,
      size,
      cap: charter.jury.introducerCap,
      passedOver: court.passedOver,
      order: drawOrder(candidates, jurySeed(terms.job, level, summons.links)),
      parties,
      named: summons.named,
      canBeAppealed: level < charter.appeal.levels,
    })
    return { summons, docket }
  })
  return { level, openers, candidates, size, links, juries }
}

/**
 * The jury that is heard: one that so many serve as a side needs votes comes before others, so that a link that is opened late undoes nothing
 * that has begun; else the one that was drawn by the most links.
 */
function firstOf(juries: readonly Jury[], pastOf: Pasts, { jury: { threshold } }: Charter): Jury | undefined {
  if (juries.length < 2) return juries[0]
  const hasBegun = ({ docket }: Jury) =>
    benchOf(docket, pastOf)(ALL).filter((seat) => isSeated(seat) && seat.state !== 'summoned').length >
    threshold * docket.size
  return juries.find(hasBegun) ?? juries[0]
}

function outcomeAt(
  { size }: Draw,
  jury: Jury | undefined,
  seats: readonly Seat[],
  charter: Charter,
): Outcome | undefined {
  if (size === undefined) return NO_COURT
  return jury && outcomeOf(seats, size, charter)
}

/** Of each key the first, those first who had a part in the case: nobody crowds out who was outvoted. */
function dissentsFrom(
  ledger: LedgerView,
  { terms }: Sitting,
  { ruling, seats }: Pick<Level, 'seats'> & { readonly ruling: ReadEntry<'RULING'> },
): readonly ReadEntry<'DISSENT'>[] {
  const said = new Map<PeerId, ReadEntry<'DISSENT'>>()
  for (const read of ledger.about(ruling.name))
    if (isEntry('DISSENT', read) && !said.has(read.author)) said.set(read.author, read)
  const withPart = new Set([...seats.map(({ peer }) => peer), ...terms.parties])
  const rankOf = ({ author }: ReadEntry) => Number(!withPart.has(author))
  return [...said.values()].toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MAX_DISSENTS)
}

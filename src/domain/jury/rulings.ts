import { equalBytes } from '../hash.ts'
import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { benchOf, isSeated } from './bench.ts'
import { ALL, type Pasts } from './docket.ts'
import { hearingOf, type Draw, type Level, type Sitting } from './level.ts'
import { whyNotRuling } from './ruling.ts'
import { sizeAt } from './sizes.ts'

/** Rulings of one key at one level that are looked at, the first in its log. */
const MAX_RULINGS = 4

type Ruled = Pick<Level, 'jury' | 'seats' | 'appeals' | 'nextSize'> & { readonly ruling: ReadEntry<'RULING'> }

/**
 * The ruling that counts at a level. One that was appealed stands as it was appealed; else one that decides comes before one that does not, then the
 * jury with the most links, then the most deciders, then causal order: a jury's word takes the place of a party's that nobody came.
 */
export function bestRuling(ledger: LedgerView, pastOf: Pasts, sitting: Sitting, draw: Draw): Ruled | undefined {
  const hearing = hearingOf(sitting, draw)
  const valid = rulingsAt(ledger, sitting, draw)
    .filter((ruling) => whyNotRuling(ledger, pastOf, hearing, ruling) === undefined)
    .map((ruling) => ruledBy(ledger, pastOf, sitting, draw, ruling))
  const isAppealed = ({ appeals }: Ruled) => Number(appeals.length > 0)
  const isDecided = ({ ruling }: Ruled) => Number(ruling.entry.body.outcome !== 'unresolved')
  const juryAt = ({ jury }: Ruled) => (jury ? draw.juries.indexOf(jury) : 0)
  const deciders = ({ ruling }: Ruled) => ruling.entry.body.deciders.length
  return valid.toSorted(
    (a, b) =>
      isAppealed(b) - isAppealed(a) ||
      isDecided(b) - isDecided(a) ||
      juryAt(a) - juryAt(b) ||
      deciders(b) - deciders(a),
  )[0]
}

/** The RULINGs on a level by those who had a part in it or could have been drawn: others have nothing to add. In causal order. */
function rulingsAt(
  ledger: LedgerView,
  { contest, terms }: Sitting,
  { level, candidates }: Draw,
): readonly ReadEntry<'RULING'>[] {
  const authors = new Set([...terms.parties, ...candidates.map(({ peer }) => peer)])
  const counts = new Map<PeerId, number>()
  return ledger
    .about(contest.name)
    .filter((read) => isEntry('RULING', read))
    .filter(({ author, entry }) => {
      if (entry.body.level !== level || !authors.has(author)) return false
      const count = (counts.get(author) ?? 0) + 1
      counts.set(author, count)
      return count <= MAX_RULINGS
    })
}

function ruledBy(
  ledger: LedgerView,
  pastOf: Pasts,
  { terms, charter, court, level, sat, forfeited }: Sitting,
  { size, juries }: Draw,
  ruling: ReadEntry<'RULING'>,
): Ruled {
  const { summon } = ruling.entry.body
  const jury = summon && juries.find(({ summons }) => equalBytes(summons.read.id, summon))
  const seats = jury ? benchOf(jury.docket, pastOf)(pastOf(ruling) ?? ALL) : []
  const gone = new Set([...sat, ...seats.filter(isSeated).map(({ peer }) => peer)])
  const left = court.pool.candidates.filter(({ peer }) => !gone.has(peer))
  const nextSize = size === undefined ? undefined : sizeAt(charter, level + 1, left)
  const withheld = jury?.summons.withheld ?? []
  const mayAppeal = (peer: PeerId) => terms.parties.includes(peer) && !forfeited.has(peer) && !withheld.includes(peer)
  const appeals = ledger
    .about(ruling.name)
    .filter((read) => isEntry('APPEAL', read))
    .filter(({ author }) => nextSize !== undefined && mayAppeal(author))
  return {
    ruling,
    seats,
    appeals,
    ...(jury ? { jury } : {}),
    ...(nextSize === undefined ? {} : { nextSize }),
  }
}

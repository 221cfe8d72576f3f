import { ruleName } from '../../domain/charter/clauses.ts'
import { cidOf, type Charter } from '../../domain/charter/charter.ts'
import { cidOfDigest } from '../../domain/cids.ts'
import { hex } from '../../domain/hash.ts'
import { isSeated, type Seat } from '../../domain/jury/bench.ts'
import { whyNotAppeal, type Case } from '../../domain/jury/case.ts'
import type { Duty } from '../../domain/jury/due.ts'
import type { Level } from '../../domain/jury/level.ts'
import { contradictionOf } from '../../domain/jury/refute.ts'
import { isEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import { peerIdFromKey, type PeerId } from '../../domain/peer-id.ts'
import type { CaseView, LevelView, SeatView } from '../governance-view.ts'

interface Onlooker {
  readonly self: PeerId
  /** By the calendar. */
  readonly openedAt: Date
}

/** A case as people see it. */
export function caseView(
  ledger: LedgerView,
  one: Case,
  {
    self,
    openedAt,
    duties,
    holds,
    tooLate,
  }: Onlooker & {
    duties: readonly Duty[]
    holds: (read: ReadEntry<'PROVEN'>) => boolean
    /** Why nobody here may appeal the last ruling any more. */
    tooLate?: string
  },
): CaseView {
  const { contest, terms, charter, court, levels, forfeited } = one
  const overlap = court?.pool.overlap ?? { requester: 0, executors: 0 }
  const last = levels.at(-1)
  const isJuror = levels.some(({ seats }) => seats.some((seat) => seat.peer === self && isSeated(seat)))
  const whyNot = whyNotAppeal(one, self)
  return {
    ...headOf(contest, charter),
    requester: terms.requester,
    executors: terms.executors,
    phase: phaseOf(one),
    levels: levels.map((level) => levelView(ledger, one, level, overlap, holds)),
    role:
      terms.requester === self
        ? 'requester'
        : terms.executors.includes(self)
          ? 'executor'
          : isJuror
            ? 'juror'
            : 'bystander',
    asks: [
      ...duties.flatMap(({ kind }) => (kind === 'serve' || kind === 'vote' ? [kind] : [])),
      ...(whyNot === undefined && tooLate === undefined ? (['appeal'] as const) : []),
      ...(last && mayDissent(one, last, self) ? (['dissent'] as const) : []),
    ],
    ...(forfeited.includes(self) && whyNot ? { forfeited: whyNot } : {}),
    next: last?.ruling === undefined ? 'none' : last.nextSize === undefined ? 'fork' : tooLate ? 'none' : 'appeal',
    openedAt,
  }
}

/** A contest that is none for a jury. */
export const refusedView = (
  contest: ReadEntry<'CONTEST'>,
  refusedFor: string,
  { openedAt, charter }: Onlooker & { charter: Charter | undefined },
): CaseView => ({
  ...headOf(contest, charter),
  requester: contest.author,
  executors: [],
  phase: 'refused',
  refusedFor,
  levels: [],
  role: 'bystander',
  asks: [],
  next: 'none',
  openedAt,
})

function headOf({ name, author, entry }: ReadEntry<'CONTEST'>, charter: Charter | undefined) {
  const { job, class: about, claim } = entry.body
  return {
    id: name,
    job: hex(job),
    class: about,
    claim,
    contestant: author,
    charter: charter
      ? { id: cidOf(charter), title: charter.title, version: charter.version }
      : { id: cidOfDigest(entry.charter), title: 'A charter that is not here', version: 0 },
  }
}

function phaseOf({ court, levels, terms }: Case): CaseView['phase'] {
  const last = levels.at(-1)
  if (court === undefined || last === undefined) return 'opening'
  if (last.ruling) return last.ruling.entry.body.outcome === 'unresolved' ? 'unresolved' : 'ruled'
  if (last.jury === undefined) return last.links.size < terms.parties.length ? 'opening' : 'summoning'
  const held = last.seats.filter(isSeated)
  if (held.some(({ state }) => state === 'summoned')) return 'summoning'
  return held.every(({ state }) => state === 'committed' || state === 'revealed') ? 'revealing' : 'voting'
}

/** Who was outvoted, and a party, may say why it does not agree: once. */
function mayDissent({ terms }: Case, { ruling, seats, dissents }: Level, self: PeerId): boolean {
  if (ruling === undefined || dissents.some(({ author }) => author === self)) return false
  const { outcome } = ruling.entry.body
  const vote = seats.find(({ peer }) => peer === self)?.vote
  const isOutvoted = (vote === 'uphold' && outcome !== 'upheld') || (vote === 'dismiss' && outcome !== 'dismissed')
  return isOutvoted || terms.parties.includes(self)
}

function levelView(
  ledger: LedgerView,
  { terms, charter }: Case,
  level: Level,
  overlap: LevelView['overlap'],
  holds: (read: ReadEntry<'PROVEN'>) => boolean,
): LevelView {
  const { links, candidates, size = 0, seats, ruling, dissents, jury } = level
  return {
    level: level.level,
    size,
    pool: candidates.length,
    overlap,
    linksOpened: terms.parties.filter((party) => links.has(party)),
    linksMissing: terms.parties.filter((party) => !links.has(party)),
    linksWithheld: jury?.summons.withheld ?? [],
    seats: seats.map(seatView),
    ...(ruling ? { ruling: rulingView(ruling) } : {}),
  }

  function rulingView({ name, entry: { body } }: ReadEntry<'RULING'>): NonNullable<LevelView['ruling']> {
    const votes = (vote: 'uphold' | 'dismiss') => body.deciders.filter((decider) => decider.vote === vote).length
    const proof = contradictionOf(ledger, terms, body, holds)
    return {
      id: name,
      outcome: body.outcome,
      ...(body.why ? { why: body.why } : {}),
      for: votes('uphold'),
      against: votes('dismiss'),
      clause: ruleName(charter, body.clause),
      affected: body.affected.map(({ peer, consent }) => ({
        peer: peerIdFromKey(peer),
        grade: gradeIn(ledger, consent),
      })),
      dissents: dissents.map(({ author, entry }) => ({ peer: author, note: entry.body.note })),
      ...(proof
        ? {
            refuted: {
              proof: proof.name,
              ...(proof.entry.body.operator ? { operator: proof.entry.body.operator } : {}),
            },
          }
        : {}),
    }
  }
}

const seatView = ({ peer, trees, state, vote, reason, isReplacement }: Seat): SeatView => ({
  peer,
  nickname: nicknameOf(peer),
  tree: trees[0] ?? peer,
  state,
  ...(vote ? { vote } : {}),
  ...(reason ? { reason } : {}),
  isReplacement,
})

/** How somebody came to sign what a ruling rests on. Whoever forks has written what it signs. */
function gradeIn(ledger: LedgerView, consent: Uint8Array | undefined) {
  const read = consent && ledger.get(hex(consent))
  if (read === undefined) return 'none'
  return isEntry('CONSENT', read) ? read.entry.body.grade : isEntry('FORK', read) ? 'authored' : 'none'
}

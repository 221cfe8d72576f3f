import type { Grade, Vote } from '../../domain/ledger/entry.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { CaseView, LevelView, SeatView } from '../../peer/governance-view.ts'
import { isOpenCase } from '../../peer/governance/is-open-case.ts'
import type { AnswerState } from '../../domain/states.ts'
import { rulingOf } from '../case-words.ts'
import { toneOf } from '../state-mark.ts'
import { listed, percent } from '../words.ts'

/** The words of a jury. Pure: what is known of a case in, text out. */

/** Keys that are named in a line. */
const NAMED = 4

/** Which of the marks of `state-mark` a case wears. */
export function markOfCase(contest: Pick<CaseView, 'phase' | 'levels'>): AnswerState | 'refuted' {
  if (isOpenCase(contest)) return 'contested'
  const ruling = rulingOf(contest)
  if (contest.phase === 'refused' || ruling === undefined || ruling.outcome === 'unresolved') return 'unresolved'
  return ruling.refuted ? 'refuted' : 'ruled'
}

/** Which tone of `tokens` it wears. */
export function toneOfCase(contest: Pick<CaseView, 'phase' | 'levels'>): ReturnType<typeof toneOf> {
  const mark = markOfCase(contest)
  if (contest.phase === 'refused') return 'lone'
  return mark === 'refuted' ? 'contested' : toneOf(mark)
}

const VOTES: Readonly<Record<Vote, string>> = { uphold: 'the objection holds', dismiss: 'the objection does not hold' }
/** What a vote says. */
export const voteWords = (vote: Vote): string => VOTES[vote]

const SEATS: Readonly<Record<Exclude<SeatView['state'], 'revealed'>, string>> = {
  summoned: 'was drawn; no word yet',
  serves: 'serves; has not voted yet',
  declined: 'does not serve',
  absent: 'was not heard of in time',
  committed: 'has voted; the vote is sealed',
}
/** How a seat stands. */
export function seatWords({ state, vote }: Pick<SeatView, 'state' | 'vote'>): string {
  if (state !== 'revealed') return SEATS[state]
  return vote === undefined ? 'has voted' : voteWords(vote)
}

/** Whether a seat has its juror: others take the place of those who do not serve. */
export const isTaken = ({ state }: Pick<SeatView, 'state'>): boolean => state !== 'declined' && state !== 'absent'

/** `2 of 5 have voted`, as far as a jury is. */
export function turnoutWords({ seats, size }: Pick<LevelView, 'seats' | 'size'>): string {
  const count = (...states: readonly SeatView['state'][]) => seats.filter(({ state }) => states.includes(state)).length
  const shown = count('revealed')
  if (shown > 0) return `${shown} of ${size} votes are shown`
  const voted = count('committed')
  if (voted > 0) return `${voted} of ${size} have voted`
  return `${count('serves')} of ${size} serve`
}

/** How much of each side's trust lies among those from whom the jury is drawn, and what follows. */
export function overlapWords({ overlap, pool }: Pick<LevelView, 'overlap' | 'pool'>): string {
  const { requester, executors } = overlap
  return `Drawn by lot from ${pool} ${pool === 1 ? 'key' : 'keys'}. Of the asker's trust ${percent(requester)} lies among them, of the answerers' ${percent(executors)}.`
}

/** Whose links are open: from them follows who is drawn, so that nobody chose. */
export function linkWords({
  linksOpened,
  linksMissing,
  linksWithheld,
}: Pick<LevelView, 'linksOpened' | 'linksMissing' | 'linksWithheld'>): string {
  const one = linksOpened.length === 1
  const absent = linksMissing.filter((peer) => !linksWithheld.includes(peer))
  return [
    linksOpened.length === 0
      ? 'No party has opened its link yet.'
      : `${namesOf(linksOpened)} opened ${one ? 'its link' : 'their links'}, bound before any answer was known: who is drawn follows from ${one ? 'it' : 'them'}.`,
    ...(absent.length > 0 ? [`${namesOf(absent)} did not yet.`] : []),
    ...(linksWithheld.length > 0 ? [`${namesOf(linksWithheld)} held it back, and may not appeal.`] : []),
  ].join(' ')
}

/** Who took the place of others, where anybody did. */
export function replacementWords(seats: readonly SeatView[]): string | undefined {
  const left = seats.filter((seat) => !isTaken(seat)).length
  const others = seats.filter(({ isReplacement }) => isReplacement).length
  if (left === 0 && others === 0) return undefined
  return `${left} of those drawn did not sit; ${others === 0 ? 'nobody has taken a place' : others === 1 ? 'one took a place' : `${others} took their places`}, in the order of the lot.`
}

const GRADES: Readonly<Record<Grade | 'none', string>> = {
  'authored': 'wrote it',
  'ballot': 'signed it in a ballot',
  'signed-after-diff': 'signed it after reading what it changes',
  'clicked': 'signed it with a click',
  'none': 'had not signed it',
}
/** How somebody stands to a charter. */
export const gradeWords = (grade: Grade | 'none'): string => GRADES[grade]

/** Whom a ruling binds, by how they had signed the charter. */
export function affectedWords(affected: NonNullable<LevelView['ruling']>['affected']): string {
  const grades = Object.keys(GRADES) as (Grade | 'none')[]
  const parts = grades.flatMap((grade) => {
    const count = affected.filter((each) => each.grade === grade).length
    return count === 0 ? [] : [`${count} ${gradeWords(grade)}`]
  })
  return `It affects ${affected.length} ${affected.length === 1 ? 'key' : 'keys'}: of the charter, ${listed(parts)}.`
}

/** What can follow a ruling. */
export function nextWords({ next, levels }: Pick<CaseView, 'next' | 'levels'>, sizes: readonly number[] = []): string {
  const size = sizes[levels.length]
  switch (next) {
    case 'appeal':
      return `A party may appeal: a larger jury${size === undefined ? '' : `, of ${size},`} would be drawn.`
    case 'fork':
      return 'There is no larger jury here: the next step is a fork.'
    case 'none':
      return 'Nothing follows: nobody may appeal any more.'
    default:
      return next satisfies never
  }
}

const ROLES: Readonly<Record<CaseView['role'], string>> = {
  requester: 'you asked for this answer',
  executor: 'you answered',
  juror: 'you are on the jury',
  bystander: '',
}
/** What this peer is in a case; nothing of a bystander. */
export const roleWords = (role: CaseView['role']): string => ROLES[role]

/** The first of some keys by nickname, and how many more. */
export function namesOf(peers: readonly string[]): string {
  const shown = peers.slice(0, NAMED).map(nicknameOf)
  const more = peers.length - shown.length
  return listed(more > 0 ? [...shown, `${more} more`] : shown)
}

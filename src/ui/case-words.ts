import type { ContestClass, Undecided } from '../domain/ledger/entry.ts'
import type { CaseView, LevelView } from '../peer/governance-view.ts'
import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { CourtView } from '../peer/view.ts'
import { cut, percent } from './words.ts'

/** The words for a contest that goes before a jury: what it is about, what it is at, what it came to. Pure. */

type Ruling = NonNullable<LevelView['ruling']>

const STEPS = ['opening', 'summoning', 'voting', 'revealing'] as const
const DOING: Readonly<Record<(typeof STEPS)[number], string>> = {
  opening: 'the parties open the links from which a jury is drawn',
  summoning: 'who was drawn says whether it serves',
  voting: 'the jury reads and votes; votes are sealed',
  revealing: 'the votes are shown',
}

const caseStepAt = (phase: CaseView['phase']): (typeof STEPS)[number] | undefined =>
  STEPS.find((step) => step === phase)

/** Steps of a level, and those that are behind. */
export function stepsOf({ phase }: Pick<CaseView, 'phase'>): { readonly at: number; readonly of: number } {
  const step = caseStepAt(phase)
  return { at: step === undefined ? STEPS.length : STEPS.indexOf(step) + 1, of: STEPS.length }
}

/** Which step a case is at and what is done in it; of which appeal. */
export function caseStep(contest: Pick<CaseView, 'phase' | 'levels'>): string {
  const step = caseStepAt(contest.phase)
  const level = contest.levels.length - 1
  const appeal = level > 0 ? `Appeal ${level}. ` : ''
  if (step === undefined) return `${appeal}Over`
  const { at, of } = stepsOf(contest)
  return `${appeal}Step ${at} of ${of}: ${DOING[step]}`
}

const ABOUT: Readonly<Record<ContestClass, string>> = {
  arithmetic: 'it was computed wrong',
  delivery: 'it was withheld, or came late',
  model: 'its model is broken or mislabelled',
  quality: 'it was computed right, and is a bad answer',
  rule: 'the rule itself is wrong',
}
/** What an objection says. */
export const aboutWords = (about: ContestClass): string => ABOUT[about]

const UNDECIDED: Readonly<Record<Undecided, string>> = {
  'no-quorum': 'too few of the jury voted',
  'no-majority': 'no side had enough votes',
  'no-common-court': 'these two share no court',
}
/** Why a jury came to no ruling. */
const undecidedWords = (why: Undecided): string => UNDECIDED[why]

/** The newest ruling of a case. */
export const rulingOf = ({ levels }: Pick<CaseView, 'levels'>): Ruling | undefined =>
  levels.findLast(({ ruling }) => ruling !== undefined)?.ruling

/** What a ruling says of the objection: a jury's word, not arithmetic's. */
const holds = (outcome: Ruling['outcome'], also = ''): string =>
  `the objection ${outcome === 'upheld' ? `${also}holds` : `${also}does not hold`}`

/** `4 to 1`: the winning side first. */
export const countWords = ({ for: yes, against: no }: Pick<Ruling, 'for' | 'against'>): string =>
  `${Math.max(yes, no)} to ${Math.min(yes, no)}`

/** What a ruling came to. Where arithmetic says otherwise, both are said. */
export function rulingWords(ruling: Ruling): string {
  const { outcome, why, refuted } = ruling
  if (outcome === 'unresolved') return `Unresolved: don't rely on this${why ? ` (${undecidedWords(why)})` : ''}`
  if (refuted === undefined) return `Settled by jury, ${countWords(ruling)} (${holds(outcome)})`
  const operator = refuted.operator === undefined ? 'the operator' : cut(refuted.operator, 40)
  return `Jury says ${holds(outcome)}; re-running ${operator} says it ${outcome === 'upheld' ? 'does not' : 'does'}`
}

/** What a case came to; while it is open, that it is. */
export function caseOutcome(contest: Pick<CaseView, 'phase' | 'levels' | 'refusedFor'>): string {
  const ruling = rulingOf(contest)
  if (contest.phase === 'refused')
    return `Not before a jury${contest.refusedFor ? ` (${cut(contest.refusedFor, 140)})` : ''}`
  if (isOpenCase(contest)) return ruling === undefined ? 'Contested. Before a jury' : 'Contested. Before a larger jury'
  return ruling === undefined ? "Unresolved: don't rely on this" : rulingWords(ruling)
}

/** What is asked of a peer that was drawn. */
export const dutyWords = ({ asks, class: about }: Pick<CaseView, 'asks' | 'class'>): string =>
  asks.includes('vote')
    ? `A jury waits for your vote. The objection to an answer: ${aboutWords(about)}.`
    : `You were drawn by lot for a jury. The objection to an answer: ${aboutWords(about)}.`

/** Numbers of the rules that decision lines name, by their paths in a charter. */
export const RULES: Readonly<Record<string, string>> = {
  'verification.mode': '2.1',
  'verification.tolerancePolicy': '2.7',
  'jury.threshold': '3.2',
  'jury.quorum': '3.3',
  'jury.minOverlap': '3.8',
  'canons': '8.1',
}

/** A rule by its number; a path that no decision line names, as it is. */
export const ruleWords = (path: string): string => `rule ${RULES[path] ?? cut(path, 64)}`

/** What a jury over an answer could be drawn from: said while it is being made, when leaving costs nothing. */
export function courtWords({ common, pool, overlap }: CourtView): string {
  const { requester, executors } = overlap
  if (!common)
    return 'You share no court with these tabs: a contest over this could be settled by arithmetic alone. You may cancel; it costs nothing.'
  const keys = pool === 1 ? '1 key' : `${pool} keys`
  return `A jury over this would be drawn from ${keys}: ${percent(requester)} of your trust lies there, and ${percent(executors)} of theirs.`
}

import { sentence, type Fault } from '../../domain/fault.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { AnswerState } from '../../domain/states.ts'
import type { AssertionView, DisputeView, EvidenceReport } from '../../peer/dispute-view.ts'
import { toneOf } from '../state-mark.ts'
import { lossWords, operatorName } from '../contest-words.ts'
import { listed, shortWords } from '../words.ts'

/** The words of a dispute. Pure: what was seen of it in, text out. */

/** Which of the marks of `state-mark` a dispute wears. */
export function markOf({ phase, overturned }: Pick<DisputeView, 'phase' | 'overturned'>): AnswerState | 'overturned' {
  if (overturned) return 'overturned'
  return phase === 'settled' || phase === 'proven' || phase === 'unresolved' ? phase : 'contested'
}

/** Which tone of `tokens` it wears. */
export function toneOfDispute(dispute: Pick<DisputeView, 'phase' | 'overturned' | 'heard'>): ReturnType<typeof toneOf> {
  const mark = markOf(dispute)
  if (dispute.heard) return 'lone'
  return mark === 'overturned' ? 'contested' : toneOf(mark)
}

const REASONS: Readonly<Record<DisputeView['reason'], string>> = {
  'outside-rule': 'the answers differ by more than the rule allows',
  'objection': 'a party objected',
  'audit': 'a check by another tab came out differently',
}
/** Why it was opened. */
export const reasonWords = (reason: DisputeView['reason']): string => REASONS[reason]

const STANDINGS: Readonly<Record<AssertionView['standing'], string>> = {
  open: 'open: nothing speaks against it yet',
  stands: 'stands',
  refuted: 'did not stand',
  withheld: 'was not shown when asked for',
  contradicted: 'contradicts another of the same key',
}
/** How an account of the reference run stands. */
export const standingWords = (standing: AssertionView['standing']): string => STANDINGS[standing]

/** Why something that another sent was refused. */
export function refusalWords(fault: Fault): string {
  switch (fault.code) {
    case 'RATE_LIMITED':
      return `Too many ${fault.what} at a time.`
    case 'BAD_SIGNATURE':
      return `The signature on its ${fault.what} did not hold.`
    default:
      return sentence(fault)
  }
}

type Verdict = NonNullable<EvidenceReport['verdict']>

/** What a replay of evidence came to. */
export const verdictHeading = ({ state, operator, losers }: Verdict): string =>
  losers.some((loser) => loser.for === 'false-reveal')
    ? 'Proven by its own signatures'
    : `${shortWords(state)}${operator ? ` (${operatorName(operator)})` : ''}`

/** Whose claims stand by it, and what did not. */
export function verdictWords({ stands, losers }: Verdict): string {
  const standing = stands.length > 0 ? `What ${listed(stands.map(nicknameOf))} claimed stands. ` : ''
  return `${standing}${losers.map((loser) => `${nicknameOf(loser.peer)}: ${lossWords(loser.for)}.`).join(' ')}`
}

interface TitledCheck {
  readonly title: string
  readonly holds: boolean | undefined
}

/** Why a replay did not come to the verdict: something speaks against the evidence, or what it takes is not at hand here. */
export function shortfallWords(checks: readonly TitledCheck[]): {
  readonly heading: string
  readonly what: string
  readonly advice: string
} {
  const titled = (holds: boolean | undefined) =>
    listed(checks.filter((check) => check.holds === holds).map(({ title }) => title.toLowerCase()))
  const [fails, missing] = [titled(false), titled(undefined)]
  if (fails === '' && missing !== '')
    return {
      heading: 'This evidence could not be replayed whole here',
      what: `What could not be checked: ${missing}.`,
      advice: 'Nothing speaks against the rest. What is missing is told below.',
    }
  return {
    heading: 'This evidence does not hold',
    what: fails === '' ? 'Its verdict was not reached again.' : `What fails: ${fails}.`,
    advice: "It was altered, or it never held: don't rely on it.",
  }
}

/** Significant digits that tell two float32 values apart to the eye, and those of a figure that is only read. */
export const EXACT = 7
const ROUGH = 4

/** A number of any size, short. */
export const figure = (value: number, digits = ROUGH): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits))).replace('-', '−') : String(value)

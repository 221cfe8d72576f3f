import type { LostFor, UnresolvedReason } from '../domain/messages.ts'
import type { DisputeView } from '../peer/view.ts'
import { cut, shortWords } from './words.ts'

/** The words for what a contest is at, and what it came to. Pure. */

/** Whether a dispute goes on. */
export const isOpen = ({ phase }: Pick<DisputeView, 'phase'>): boolean =>
  phase === 'asserting' || phase === 'comparing' || phase === 'rerunning'

const DOING: Readonly<Partial<Record<DisputeView['phase'], string>>> = {
  asserting: ': tabs run it again on the reference engine',
  comparing: ': their accounts differ and are compared',
  rerunning: ': one operator is run again',
}

/** Which step a dispute is at, and what is done in it. */
export const disputeStep = ({ phase, step }: Pick<DisputeView, 'phase' | 'step'>): string =>
  `Step ${step.at} of ${step.of}${DOING[phase] ?? ''}`

/** What a dispute came to; while it is open, that it is. `of`: the claims it is about, where they are not its own alone. */
export function outcomeWords(
  dispute: DisputeView,
  of: { readonly stands: number; readonly claims: number } = {
    stands: dispute.claims.filter((claim) => claim.stands).length,
    claims: dispute.claims.length,
  },
): string {
  const { phase, overturned, heard } = dispute
  if (heard && !isOpen(dispute))
    return `Others say: ${uncapitalised(shortWords(phase === 'settled' || phase === 'proven' ? phase : 'unresolved'))}`
  const now = endWords(dispute, of)
  if (!overturned) return now
  return `Overturned. The earlier answer did not stand (now: ${uncapitalised(now.replace(/ \((.*)\)$/, ', $1'))})`
}

function endWords(
  { phase, leaf, strip, unresolved }: DisputeView,
  { stands, claims }: { readonly stands: number; readonly claims: number },
): string {
  switch (phase) {
    case 'settled':
      return settledWords(stands, claims)
    case 'proven': {
      const operator = leaf?.operator ?? strip?.operators[strip.differs ?? -1]
      return operator
        ? `Settled by re-running one operator (${operatorName(operator)})`
        : 'Settled by comparing the accounts (an output other than its own last value)'
    }
    case 'unresolved':
      return `${shortWords('unresolved')} (${UNRESOLVED[unresolved ?? 'canon-unavailable']})`
    default:
      return 'Contested. Being run again'
  }
}

/** How many of so many claims stand. */
export const settledWords = (stands: number, claims: number): string =>
  claims === 0
    ? shortWords('settled')
    : `Settled by running it again: ${stands} of ${claims} ${claims === 1 ? 'answer' : 'answers'} ${stands === 1 ? 'stands' : 'stand'}`

const UNRESOLVED: Readonly<Record<UnresolvedReason, string>> = {
  'canon-unavailable': 'no tab could run it on the reference engine',
  'canon-unknown': 'no tab here knows the engine that it names',
  'input-missing': 'what was asked is no longer at hand',
  'no-assertion-stands': 'no account of the reference run held',
}

const LOSSES: Readonly<Record<LostFor, string>> = {
  'claim': 'its claim did not stand',
  'assertion': 'its account of the reference run did not stand',
  'contradiction': 'it signed two accounts that contradict each other',
  'withheld': 'it committed to an output and did not show it',
  'false-reveal': 'it showed an output other than the one committed to',
}
/** For what a peer lost: what became of its words, and nothing of itself. */
export const lossWords = (lostFor: LostFor): string => LOSSES[lostFor]

/** An operator by its type and its place in the file: `MatMul 17`. The type is a stranger's word. */
export const operatorName = ({ type, index }: { readonly type: string; readonly index: number }): string =>
  `${cut(type, 24)} ${index}`

const uncapitalised = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)

import { isOpenCase } from '../peer/governance/is-open-case.ts'
import type { Answer, ClaimView } from '../peer/view.ts'
import { caseOutcome, rulingOf, ruleWords } from './case-words.ts'
import { isOpen, outcomeWords, settledWords } from './contest-words.ts'
import { charterName, clock, engineName, lostWords, percent, plain, shortWords, tabs } from './words.ts'

/** The words for how far to trust an answer, who decided it and on what grounds. Pure. */

/** How far to trust an answer. */
export function stateWords(
  answer: Pick<
    Answer,
    | 'state'
    | 'replication'
    | 'executors'
    | 'claims'
    | 'drawnFrom'
    | 'fault'
    | 'rounding'
    | 'checked'
    | 'dispute'
    | 'case'
    | 'stands'
  >,
): string {
  const { claims, drawnFrom, replication, rounding, dispute, stands } = answer
  // A jury was asked after all that arithmetic could say, and its ruling tells of what arithmetic says against it.
  if (answer.case && answer.case.phase !== 'refused') return caseOutcome(answer.case)
  if (dispute && !isOpen(dispute))
    return outcomeWords(dispute, stands && { stands: stands.length, claims: claims.length })
  switch (answer.state) {
    case 'one-tab':
      return `One tab said so${recordWords(answer.checked)}`
    case 'checking': {
      const seated = answer.executors.length || replication
      return `Being ${seated === 1 ? 'answered' : 'checked'} by ${tabs(seated)}${fewerThan(replication, seated)}`
    }
    case 'agreed': {
      const byLot = drawnFrom > claims.length ? ' drawn by lot' : ''
      return `Agreed by ${claims.length} tabs${byLot}${fewerThan(replication, claims.length)}`
    }
    case 'agreed-gpus-only':
      return `Agreed by ${claims.length} GPUs; no CPU has checked`
    case 'lost':
      return lostWords(answer.fault)
    case 'agreed-rounding':
      return rounding
        ? `Agreed within rounding (largest difference ${plain(rounding.seen.scaled)}, limit ${plain(rounding.limit.scaled)})`
        : 'Agreed within rounding'
    case 'contested': {
      const answers = new Set(claims.map((claim) => claim.group)).size
      return `Contested${answers > 1 ? `: ${answers} answers` : ''}${dispute ? '. Being run again' : ''}`
    }
    case 'settled':
      return stands ? settledWords(stands.length, claims.length) : shortWords('settled')
    default:
      return shortWords(answer.state)
  }
}

const fewerThan = (asked: number, answered: number): string => (answered < asked ? `; ${asked} were asked for` : '')

/** What an adaptive ask knew of the tab that answered, and how it checked it. */
function recordWords(checked: Answer['checked']): string {
  if (checked === undefined) return ''
  const { streak, by, agrees } = checked
  const before =
    streak === 0
      ? '; it had no record here'
      : `; it had been right ${streak === 1 ? 'once' : `${streak} times in a row`} here`
  if (by === 'none' || agrees !== true) return before
  return `${before}${streak === 0 ? ',' : ''} and was ${by === 'audit' ? 'checked by another' : 'run again on this device'}`
}

/** Who decided, how they were chosen and under what rules; `contestUntil`: for how long a party may still object. */
export function decisionLine(
  answer: Pick<Answer, 'claims' | 'drawnFrom' | 'replication' | 'state' | 'case'>,
  charter: { readonly title: string; readonly version: number },
  contestUntil?: Date,
): string | undefined {
  const { claims, drawnFrom, replication, state } = answer
  const [first, ...others] = claims.toSorted((a, b) => a.group - b.group)
  if (first === undefined) return undefined
  const who = others.length === 0 ? first.nickname : `${first.nickname} + ${others.length}`
  const verb = state.startsWith('agreed') || state === 'one-tab' ? 'Decided' : 'Answered'
  const chosen = choiceWords({ answered: claims.length, drawnFrom, replication })
  const settled =
    state === 'settled' || state === 'proven'
      ? ' Settled by arithmetic, which any tab can repeat.'
      : jurorsWords(answer.case)
  const until = contestUntil ? ` Contest until ${clock(contestUntil)}.` : ''
  return `${verb} by ${who}, ${chosen}, under ${charterName(charter)}, ${ruleOf(answer)}.${settled}${until}`
}

/** Who ruled, and how they came to. */
function jurorsWords(contest: Answer['case']): string {
  if (contest === undefined || isOpenCase(contest)) return ''
  const level = contest.levels.findLast(({ ruling }) => ruling && ruling.outcome !== 'unresolved')
  const [first, ...others] = level?.seats.filter(({ vote }) => vote !== undefined) ?? []
  if (level === undefined || first === undefined) return ''
  const who = others.length === 0 ? first.nickname : `${first.nickname} + ${others.length}`
  return ` Ruled by ${who}, a jury drawn by lot from ${level.pool}.`
}

/** The rule of the charter by which an answer is what it is. */
function ruleOf({ state, case: contest }: Pick<Answer, 'state' | 'case'>): string {
  const ruling = contest && !isOpenCase(contest) ? rulingOf(contest) : undefined
  if (ruling) return ruleWords(ruling.clause)
  switch (state) {
    case 'one-tab':
      return ruleWords('verification.mode')
    case 'settled':
    case 'proven':
      return ruleWords('canons')
    default:
      return ruleWords('verification.tolerancePolicy')
  }
}

/** How those who answered were chosen: of `drawnFrom` who accepted, with `replication` asked for. A lot that leaves nobody out is none. */
export function choiceWords({
  answered,
  drawnFrom,
  replication,
}: {
  readonly answered: number
  readonly drawnFrom: number
  readonly replication: number
}): string {
  const others = drawnFrom - answered
  if (answered < replication)
    return `${answered} of the ${replication} asked for (${others > 0 ? `${others} more accepted and left` : 'nobody else accepted'})`
  if (others > 0) return `drawn by lot from ${drawnFrom}`
  return answered === 1 ? 'the only one to accept' : 'all who accepted'
}

/** What stands behind an answer: `3 keys · 2 CPU, 1 GPU · you knew 1 of these 3 keys before · independence not proven`. */
export function evidenceWords(
  claims: readonly Pick<ClaimView, 'peer' | 'engine'>[],
  { checked, known }: Pick<Answer, 'checked' | 'known'> = {},
): string {
  const keys = new Set(claims.map((claim) => claim.peer)).size
  const engines = (['cpu', 'gpu'] as const)
    .map((engine) => [claims.filter((claim) => claim.engine === engine).length, engineName(engine)] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
  const grounds = keys > 1 ? 'independence not proven' : checkWords(checked)
  return [`${keys} ${keys === 1 ? 'key' : 'keys'}`, engines.join(', '), ...knownWords(known), grounds].join(' · ')
}

/** Whom of those who answered this peer had met before, and whom nobody has introduced. */
function knownWords(known: Answer['known']): readonly string[] {
  if (known === undefined || known.of === 0) return []
  const { keys, of, unintroduced } = known
  const these = of === 1 ? 'this key' : `${keys === 0 ? 'none' : keys} of these ${of} keys`
  const met = of === 1 && keys === 0 ? 'you did not know this key before' : `you knew ${these} before`
  if (unintroduced === 0) return [met]
  return [
    met,
    `nobody vouches for ${of === 1 ? 'it' : unintroduced === of ? 'any of them' : `${unintroduced} of them`}`,
  ]
}

function checkWords(checked: Answer['checked']): string {
  if (checked === undefined) return 'nobody checked it'
  switch (checked.by) {
    case 'audit':
      return 'checked by another tab, in secret'
    case 'rerun':
      return 'run again on this device'
    case 'none':
      return `not checked this time (${percent(checked.probability)} of such answers are)`
    default:
      return checked.by satisfies never
  }
}

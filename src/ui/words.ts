import type { AgainReason } from '../domain/job-state.ts'
import type { LostFor, UnresolvedReason } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { AnswerState, EngineKind } from '../domain/states.ts'
import type {
  Answer,
  ClaimView,
  DisputeView,
  ExecutorProgress,
  ModelSummary,
  Opinion,
  RoomReceipt,
} from '../peer/view.ts'

/** The words for everything that the app says of an answer. Pure: an answer in, text out. */

/** Flaggers named in a line. */
const FLAGS_NAMED = 3

const ENGINE_NAMES: Readonly<Record<EngineKind, string>> = { cpu: 'CPU', gpu: 'GPU' }
export const engineName = (engine: EngineKind): string => ENGINE_NAMES[engine]

export const tabs = (count: number): string => (count === 1 ? 'one tab' : `${count} tabs`)

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
    | 'stands'
  >,
): string {
  const { claims, drawnFrom, replication, rounding, dispute, stands } = answer
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

/** What became of an ask that has no answer. */
export function lostWords(fault: Answer['fault']): string {
  switch (fault?.code) {
    case 'CANCELLED':
      return 'Cancelled'
    case 'DECLINED':
      return 'No tab could run it'
    default:
      return shortWords('lost')
  }
}

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

const settledWords = (stands: number, claims: number): string =>
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

/** The same for a list, where there is room for a word or two. */
export function shortWords(state: AnswerState): string {
  switch (state) {
    case 'one-tab':
      return 'One tab'
    case 'checking':
      return 'Being checked'
    case 'agreed':
      return 'Agreed'
    case 'agreed-rounding':
      return 'Agreed within rounding'
    case 'agreed-gpus-only':
      return 'Agreed by GPUs only'
    case 'contested':
      return 'Contested'
    case 'settled':
      return 'Settled by running it again'
    case 'proven':
      return 'Settled by re-running one operator'
    case 'ruled':
      return 'Settled by jury'
    case 'unresolved':
      return "Unresolved: don't rely on this"
    case 'lost':
      return 'Lost: nobody answered'
    default:
      return state satisfies never
  }
}

/** Who decided, how they were chosen and under what rules; `contestUntil`: for how long a party may still object. */
export function decisionLine(
  { claims, drawnFrom, replication, state }: Pick<Answer, 'claims' | 'drawnFrom' | 'replication' | 'state'>,
  charter: { readonly title: string; readonly version: number },
  contestUntil?: Date,
): string | undefined {
  const [first, ...others] = claims.toSorted((a, b) => a.group - b.group)
  if (first === undefined) return undefined
  const who = others.length === 0 ? first.nickname : `${first.nickname} + ${others.length}`
  const verb = state.startsWith('agreed') || state === 'one-tab' ? 'Decided' : 'Answered'
  const chosen = choiceWords({ answered: claims.length, drawnFrom, replication })
  const settled = state === 'settled' || state === 'proven' ? ' Settled by arithmetic, which any tab can repeat.' : ''
  const until = contestUntil ? ` Contest until ${clock(contestUntil)}.` : ''
  return `${verb} by ${who}, ${chosen}, under ${charterName(charter)}.${settled}${until}`
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

export const charterName = ({ title, version }: { readonly title: string; readonly version: number }): string =>
  `${cut(title, 60)} ${version}`

/** What stands behind an answer: `3 keys · 2 CPU, 1 GPU · independence not proven`. */
export function evidenceWords(
  claims: readonly Pick<ClaimView, 'peer' | 'engine'>[],
  checked?: Answer['checked'],
): string {
  const keys = new Set(claims.map((claim) => claim.peer)).size
  const engines = (['cpu', 'gpu'] as const)
    .map((engine) => [claims.filter((claim) => claim.engine === engine).length, engineName(engine)] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
  const grounds = keys > 1 ? 'independence not proven' : checkWords(checked)
  return [`${keys} ${keys === 1 ? 'key' : 'keys'}`, engines.join(', '), grounds].join(' · ')
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

/** Why an attempt was asked again by itself. */
export function againWords({ reason, who }: { readonly reason: AgainReason; readonly who: readonly PeerId[] }): string {
  const names = listed(who.map(nicknameOf)) || 'a tab'
  switch (reason) {
    case 'nobody-accepted':
      return 'Asked again by itself: nobody took it up'
    case 'nobody-committed':
      return `Asked again by itself: ${names} vanished before committing`
    case 'short-handed':
      return `Asked again by itself: ${names} gave it up, and another tab is free to take the place`
    case 'withdrew':
      return `Asked again by itself: ${names} committed to an answer, then withdrew`
    case 'no-reveal':
      return `Asked again by itself: ${names} vanished after committing`
    case 'false-reveal':
      return `Asked again by itself: ${names} showed an output other than the one committed to`
    default:
      return reason satisfies never
  }
}

/** A decided job of the room, in a line. */
export function receiptWords({ requester, state, deciders, drawnFrom }: RoomReceipt): string {
  const drawn = drawnFrom > deciders.length ? `, drawn from ${drawnFrom}` : ''
  const answered = `${listed(deciders.map(nicknameOf))} answered${drawn}`
  return `${nicknameOf(requester)} asked; ${answered}: ${shortWords(state).toLowerCase()}`
}

/** Who still brings the model, and how far they are on the whole: `3 tabs are fetching (41 %)`. */
export function fetchingWords(executors: readonly Pick<ExecutorProgress, 'doing' | 'fraction'>[]): string | undefined {
  const fetching = executors.filter(({ doing }) => doing === 'fetching')
  if (fetching.length === 0) return undefined
  const known = fetching.flatMap(({ fraction }) => (fraction === undefined ? [] : [fraction]))
  const share = known.length === 0 ? '' : ` (${percent(known.reduce((a, b) => a + b, 0) / known.length)})`
  return `${fetching.length === 1 ? 'One tab is' : `${fetching.length} tabs are`} fetching${share}`
}

/** Where a model's bytes are, as far as whoever asks cares. */
export function whereWords({
  cached,
  inMemory,
  holders,
}: Pick<ModelSummary, 'cached' | 'inMemory' | 'holders'>): string {
  if (cached) return inMemory ? 'here, in memory only' : 'kept here'
  if (holders.length === 0) return 'nobody here holds it'
  return `${holders.length === 1 ? 'one tab holds' : `${holders.length} tabs hold`} it: those who compute fetch it`
}

/** What was said against a model, by whom: `Flagged by Kind Tiger: “Weights of another.”`; `undefined` where nothing was. */
export function flagWords(opinions: readonly Opinion[]): string | undefined {
  const flags = opinions.filter(({ stand }) => stand === 'flags')
  if (flags.length === 0) return undefined
  const reason = flags.find((flag) => flag.reason !== '')?.reason
  const shown = flags.slice(0, FLAGS_NAMED).map(({ nickname }) => nickname)
  const more = flags.length - shown.length
  const who = listed(more > 0 ? [...shown, `${more} more`] : shown)
  return `Flagged by ${who}${reason === undefined ? '.' : `: “${cut(reason, 140)}”`}`
}

export const clock = (date: Date): string => date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`

/** Text that a stranger wrote, at most so long. */
export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** A small number without an exponent, two significant digits: `0.00002`. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return 'without bound'
  return value === 0
    ? '0'
    : value.toLocaleString('en', { maximumSignificantDigits: 2, maximumFractionDigits: 12, useGrouping: false })
}

export const milliseconds = (ms: number): string =>
  ms === 0
    ? '0 ms'
    : ms < 10
      ? `${ms.toFixed(1)} ms`
      : ms < 10_000
        ? `${Math.round(ms)} ms`
        : `${(ms / 1000).toFixed(1)} s`

export function byteSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KiB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MiB`
  return `${Number((bytes / 1024 ** 3).toFixed(1))} GiB`
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`

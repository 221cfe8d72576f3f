import type { AgainReason } from '../domain/job-state.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { AnswerState, EngineKind } from '../domain/states.ts'
import type { Answer, ExecutorProgress, ModelSummary, Opinion, RoomReceipt } from '../peer/view.ts'

/** The words for everything that the app says of an answer. Pure: an answer in, text out. */

/** Flaggers named in a line. */
const FLAGS_NAMED = 3

const ENGINE_NAMES: Readonly<Record<EngineKind, string>> = { cpu: 'CPU', gpu: 'GPU' }
export const engineName = (engine: EngineKind): string => ENGINE_NAMES[engine]

export const tabs = (count: number): string => (count === 1 ? 'one tab' : `${count} tabs`)

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

export const charterName = ({ title, version }: { readonly title: string; readonly version: number }): string =>
  `${cut(title, 60)} ${version}`

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

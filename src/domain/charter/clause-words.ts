import type { PeerId } from '../peer-id.ts'
import { nicknameOf } from '../nickname.ts'

/** Values of a charter's clauses, in words that a person reads: each unit has one way of saying them. */

const counted =
  (one: string, many = `${one}s`) =>
  (value: number): string =>
    `${grouped(value)} ${value === 1 ? one : many}`

/** 100000 as `100,000`: the same in every language of a browser. */
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

const FRACTIONS: readonly (readonly [share: number, words: string])[] = [
  [0, 'none'],
  [1 / 4, 'a quarter'],
  [1 / 3, 'a third'],
  [1 / 2, 'half'],
  [2 / 3, 'two thirds'],
  [3 / 4, 'three quarters'],
  [1, 'all'],
]

/** A share of 0 to 1: as a fraction where it has a name, else in percent to one decimal. */
export function shareWords(share: number): string {
  const named = FRACTIONS.find(([value]) => Math.abs(value - share) < 1e-9)
  return named?.[1] ?? `${Math.round(share * 1_000) / 10} %`
}

const TIMES: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
]

/** Milliseconds in the largest unit that divides them. */
export function timeWords(ms: number): string {
  const [size, unit] = TIMES.find(([each]) => ms >= each && ms % each === 0) ?? [0, '']
  if (size > 0) return counted(unit)(ms / size)
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
}

/** Characters of a CID or a key that are shown: enough to tell two apart that nobody made to look alike. */
const SHOWN = 8

/** The end of a CID: all begin alike. */
export const shortCid = (cid: string): string => `…${cid.slice(-SHOWN)}`

const keyWords = (peer: PeerId): string => `${nicknameOf(peer)} (…${peer.slice(-SHOWN)})`

const listed = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '))

/** What a charter keeps for those who come after it, by the names in its `entrenched`. */
const KEPT: Readonly<Record<string, string>> = {
  'arithmetic': 'arithmetic decides what it can',
  'deciders-named': 'every decision names its deciders and its rule',
  'unresolved': 'what nobody settles stays unresolved',
  'dissent-and-fork': 'a majority binds only who signed, and anybody may fork',
  'recomputable': 'every number can be worked out again',
}

export const keptWords = (name: string): string => KEPT[name] ?? name

const MODES: Readonly<Record<string, string>> = {
  'one-tab': 'one tab, unchecked',
  'replicated': 'several tabs, whose answers must agree',
  'adaptive': 'one tab, checked as often as its record leaves in doubt',
}

const POLICIES: Readonly<Record<string, string>> = {
  app: "the app's own limits",
  calibrated: "each publisher's limits, where it calibrated them",
}

interface CanonName {
  readonly library: string
  readonly version: string
  readonly wasmSha256: string
}

/** By unit: how a value is said. Each is given only what a charter's schema lets through. */
const UNITS = {
  text: (value: string) => `“${value}”`,
  number: (value: number) => String(value),
  share: shareWords,
  time: timeWords,
  tabs: counted('tab'),
  tries: (value: number) => (value === 1 ? 'once' : `${value} times`),
  results: counted('result'),
  rulings: counted('ruling'),
  vouches: counted('vouch', 'vouches'),
  jobs: counted('job'),
  sponsors: counted('sponsor'),
  entries: counted('entry', 'entries'),
  levels: counted('level'),
  seats: (value: readonly number[]) => `${value.join(', then ')} seats`,
  seatsEach: (value: number) => `${value === 1 ? 'one seat' : `${value} seats`} for each introducer`,
  charters: (value: readonly string[]) => listed(value.map(shortCid)),
  keys: (value: readonly PeerId[]) => listed(value.map(keyWords)),
  kept: (value: readonly string[]) => listed(value.map(keptWords)),
  mode: (value: string) => MODES[value] ?? value,
  policy: (value: string) => POLICIES[value] ?? value,
  engines: (value: readonly CanonName[]) =>
    listed(value.map(({ library, version, wasmSha256 }) => `${library} ${version} (${wasmSha256.slice(0, SHOWN)})`)),
} as const

export type Unit = keyof typeof UNITS

/** A value of a unit, in words. */
export const valueWords = (unit: Unit, value: unknown): string => (UNITS[unit] as (value: unknown) => string)(value)

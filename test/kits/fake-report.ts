import {
  DRAWER,
  PANEL,
  type Band,
  type Measure,
  type MeasureKey,
  type Ranked,
  type Report,
  type Uncertainty,
} from '../../src/domain/authority/report-shape.ts'
import { MEASURE_TEXTS } from '../../src/domain/authority/measure-texts.ts'
import type { Route } from '../../src/domain/states.ts'
import { idOf } from './fake-models.ts'

/** Reports as a room may give them: one of fourteen tabs, an empty one, a young one, a captured one, one full of strangers' words. */

const NAMES = 'oak ash elm yew fir bay me box may gum fig nut pea rye'.split(' ')
const id = (i: number): string => i.toString(16).padStart(4, '0').repeat(16)
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => id(i * 977 + 4099))

type Counts = Readonly<Record<Route, number>>
const ORDER = ['arithmetic', 'agreement', 'rule', 'jury', 'requester', 'default', 'timeout', 'unresolved'] as const
const counts = (...of: number[]): Counts => Object.fromEntries(ORDER.map((route, i) => [route, of[i] ?? 0])) as Counts

function routes(windows: readonly Counts[]): Report['routes'] {
  const sum = (all: Counts) => ORDER.reduce((total, route) => total + all[route], 0)
  const total = Object.fromEntries(
    ORDER.map((route) => [route, windows.reduce((all, each) => all + each[route], 0)]),
  ) as Counts
  return { total, windows: windows.map((each) => ({ decisions: sum(each), counts: each })) }
}

const ranked = (shares: readonly number[], members = 1): Ranked[] =>
  shares.map((share, i) => ({
    actor: idOf(NAMES[i] ?? `peer${i}`),
    members: members === 1 ? 1 : Math.max(1, members - i),
    share,
    decisions: Math.round(share * 138) + 1,
  }))

const measureOf = (key: MeasureKey, said: Partial<Measure>): Measure => ({
  key,
  ...MEASURE_TEXTS[key],
  value: null,
  why: null,
  beside: null,
  n: 138,
  series: [],
  collapses: null,
  entries: ids(60),
  entryCount: 138,
  ...said,
})

const line = (from: number, to: number, waver: number): number[] =>
  Array.from({ length: 10 }, (_, i) => from + ((to - from) * i) / 9 + Math.sin(i * 2.4) * waver)

const SAID: Readonly<Record<MeasureKey, Partial<Measure>>> = {
  'effective-deciders': {
    value: 4.18,
    series: line(6.4, 4.1, 0.4),
    collapses: { peer: 6.31, tree: 4.18, bloc: 4.72 },
  },
  'independent-voices': {
    value: 5.4,
    beside: { name: 'seats', value: 11 },
    n: 46,
    series: [null, null, 6.1, 5.8, 5.2, 5.9, 5.6, 5.1, 5.3, 5.4],
  },
  'consent-coverage': { value: 0.81, n: 743, series: line(0.92, 0.8, 0.03) },
  'capital-alignment': { value: 0.62, n: 14, series: line(0.1, 0.6, 0.12) },
  'default-grip': { value: 0.88, n: 16 },
  'unresolved-overturned': {
    value: 0.06,
    beside: { name: 'overturned', value: 0.021 },
    n: 200,
    series: line(0.04, 0.07, 0.02),
  },
  'exit-reachability': { value: 0.42, beside: { name: 'of your hosts', value: 0.67 }, n: 9 },
  'nakamoto': { value: 3, collapses: { peer: 3, tree: 2, bloc: 2 } },
  'gini': { value: 0.47, n: 14 },
  'herfindahl': { value: 0.17 },
  'entropy': { value: 7.9 },
  'turnover': { value: 0.71, n: 9, beside: { name: 'of the first 5 replaced', value: 0.2 } },
  'power': { value: 0.31, n: 5, beside: { name: 'of all orders of joining', value: 0.29 } },
  'introducer-concentration': { value: 2.6, n: 31, beside: { name: 'members through the largest', value: 6 } },
  'agenda': {
    why: 'Too few proposals (4) to tell concentration from chance',
    n: 4,
    entries: [],
    entryCount: 0,
  },
  'seniority-alignment': { value: 0.18, n: 14 },
  'exits': { value: 0.07, n: 14 },
  'forks': { value: 0, n: 14 },
}

const measures = (keys: readonly MeasureKey[]): Measure[] => keys.map((key) => measureOf(key, SAID[key]))

export const report: Report = {
  recipe: {
    code: '5d'.repeat(32),
    root: '3f9a61c0'.repeat(8),
    window: 200,
    scope: 'mine',
    viewer: idOf('me'),
    coverage: { held: 13, known: 14 },
  },
  sentence: '3 of 14 tabs made half of the last 200 decisions. You made 2.',
  decisions: 200,
  discretionary: 138,
  peers: 14,
  routes: routes([
    counts(3, 10, 1, 3, 1, 2, 0, 0),
    counts(2, 10, 1, 3, 2, 1, 0, 1),
    counts(3, 9, 1, 3, 1, 2, 1, 0),
    counts(2, 9, 0, 4, 1, 2, 1, 1),
    counts(3, 8, 1, 4, 1, 2, 0, 1),
    counts(2, 8, 1, 4, 1, 3, 0, 1),
    counts(2, 7, 1, 5, 1, 2, 1, 1),
    counts(2, 7, 0, 5, 1, 3, 0, 2),
    counts(1, 6, 1, 6, 1, 3, 1, 1),
    counts(2, 5, 1, 6, 1, 3, 0, 2),
  ]),
  panel: measures(PANEL),
  drawer: measures(DRAWER),
  ranked: {
    peer: ranked([0.21, 0.17, 0.13, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.03, 0.02, 0.01, 0.01]),
    tree: ranked([0.38, 0.24, 0.17, 0.12, 0.09], 5),
    bloc: ranked([0.33, 0.26, 0.16, 0.14, 0.11], 4),
  },
  flips: [
    { rule: 'compute', flipped: 3, of: 18, rulings: ids(3) },
    { rule: 'seniority', flipped: 1, of: 18, rulings: ids(1) },
    { rule: 'one-each', flipped: 5, of: 18, rulings: ids(5) },
  ],
  consent: { 'authored': 61, 'ballot': 102, 'signed-after-diff': 143, 'clicked': 296, 'none': 141 },
  marked: [
    { why: 'their log forked before them', entries: 12 },
    { why: 'the contest names a job that nobody here has a record of', entries: 3 },
  ],
}

const doubt = (
  key: MeasureKey,
  interval: Band | null,
  chance: Band | null,
  drift: [direction: -1 | 0 | 1, p: number, significant: boolean] | null,
  p: number | null = null,
): Uncertainty['measures'][number] => ({
  key,
  interval,
  chance,
  drift: drift && { direction: drift[0], p: drift[1], significant: drift[2], alarms: [] },
  p,
})

export const uncertainty: Uncertainty = {
  recipe: report.recipe,
  measures: [
    doubt('effective-deciders', { low: 3.1, high: 5.4 }, { low: 6.8, high: 9.1 }, [-1, 0.004, true]),
    doubt('independent-voices', { low: 4.1, high: 7.2 }, { low: 6.9, high: 10.4 }, [0, 0.41, false]),
    doubt('consent-coverage', { low: 0.78, high: 0.84 }, null, [-1, 0.012, true]),
    doubt('capital-alignment', { low: 0.18, high: 0.86 }, { low: -0.53, high: 0.53 }, [1, 0.0004, true], 0.017),
    doubt('default-grip', { low: 0.79, high: 0.94 }, null, null),
    doubt('unresolved-overturned', { low: 0.037, high: 0.096 }, null, [1, 0.22, false]),
    doubt('exit-reachability', { low: 0.19, high: 0.69 }, null, null),
    doubt('nakamoto', { low: 2, high: 4 }, { low: 4, high: 5 }, null),
    doubt('gini', { low: 0.38, high: 0.55 }, { low: 0.21, high: 0.34 }, null),
  ],
  halfByChance: { low: 5, high: 7 },
}

const without = (why: string, n: number): Measure[] =>
  measures(PANEL).map((each) => ({
    ...each,
    value: null,
    why,
    n,
    series: [],
    beside: null,
    collapses: null,
    entries: [],
    entryCount: 0,
  }))

export const emptyReport: Report = {
  ...report,
  recipe: { ...report.recipe, coverage: { held: 1, known: 1 } },
  sentence: 'Nothing has been decided yet, as far as is known here.',
  decisions: 0,
  discretionary: 0,
  peers: 1,
  routes: routes([]),
  panel: without('Nothing has been decided yet.', 0),
  drawer: [],
  ranked: { peer: [], tree: [], bloc: [] },
  flips: [],
  consent: { 'authored': 0, 'ballot': 0, 'signed-after-diff': 0, 'clicked': 0, 'none': 0 },
  marked: [],
}

export const youngReport: Report = {
  ...emptyReport,
  sentence: '1 of 4 tabs made half of the 5 rulings and amendments among all 12 decisions. You made none.',
  decisions: 12,
  discretionary: 5,
  peers: 4,
  routes: routes([counts(2, 5, 0, 1, 3, 1, 0, 0)]),
  panel: without('Too few seats (5) to tell concentration from chance', 5),
  ranked: { peer: ranked([0.5, 0.3, 0.2]), tree: ranked([1], 3), bloc: [] },
  flips: (['compute', 'seniority', 'one-each'] as const).map((rule) => ({ rule, flipped: 0, of: 0, rulings: [] })),
  consent: { 'authored': 0, 'ballot': 0, 'signed-after-diff': 2, 'clicked': 20, 'none': 4 },
}

const captured: Readonly<Partial<Record<MeasureKey, Partial<Measure>>>> = {
  'effective-deciders': { value: 1.3, series: line(7.8, 1.3, 0.3), collapses: { peer: 3.1, tree: 1.3, bloc: 1.4 } },
  'independent-voices': { value: 1.2, series: line(8, 1.2, 0.3) },
  'consent-coverage': { value: 0.12 },
  'capital-alignment': { value: 0.94 },
  'default-grip': { value: 0.998, beside: null },
  'unresolved-overturned': { value: 0, beside: { name: 'overturned', value: 0.34 } },
  'exit-reachability': { value: 0.04, beside: { name: 'of your hosts', value: 0 } },
}

/** Weight given to three tabs of one introducer, as in the demo session. */
export const capturedReport: Report = {
  ...report,
  sentence: '2 of 14 tabs made half of the last 200 decisions. You made none.',
  routes: routes(
    Array.from({ length: 10 }, (_, i) =>
      counts(6 - Math.ceil(i / 3), 10 - Math.floor(i / 2), 0, 2 + i, 1, 1, 0, i % 4 === 0 ? 1 : 0),
    ),
  ),
  panel: report.panel.map((each) => ({ ...each, ...captured[each.key] })),
  ranked: {
    peer: ranked([0.31, 0.3, 0.29, 0.04, 0.03, 0.02, 0.01]),
    tree: ranked([0.9, 0.06, 0.04], 3),
    bloc: ranked([0.91, 0.05, 0.04], 3),
  },
  flips: report.flips.map((flip) => ({ ...flip, flipped: flip.rule === 'one-each' ? 16 : flip.flipped })),
}

export const capturedUncertainty: Uncertainty = {
  ...uncertainty,
  measures: uncertainty.measures.map((each) => {
    const value = capturedReport.panel.find(({ key }) => key === each.key)?.value ?? 0
    return { ...each, interval: { low: value * 0.86, high: Math.min(value * 1.2 + 0.01, value < 1 ? 1 : 14) } }
  }),
}

/** Long and hostile words wherever others can put some. */
export const STRANGE_ENTRY = {
  type: 'CONTEST',
  author: idOf('yew'),
  seq: 41,
  body: `{"claim": "<b>Look</b> at the sheep \u202E${'x'.repeat(400)}"}`,
} as const
export const strangeReport: Report = {
  ...report,
  panel: report.panel.map((each) => ({ ...each, value: each.unit === 'of' ? 123_456.7 : each.value })),
  peers: 123_457,
  marked: Array.from({ length: 30 }, (_, i) => ({ why: `<i>reason</i> ${i} ${'y'.repeat(300)}`, entries: i + 1 })),
  ranked: { ...report.ranked, peer: ranked(Array.from({ length: 400 }, () => 1 / 400)) },
}

import { describe, expect, test } from 'vitest'
import { DRAWER, PANEL, type Measure } from '../../../src/domain/authority/report-shape.ts'
import {
  ABOUT,
  besideWords,
  chanceWords,
  driftShape,
  driftWords,
  intervalWords,
  isBeyondChance,
  readOut,
} from '../../../src/ui/authority/measure-words.ts'
import { report, uncertainty } from '../../kits/fake-report.ts'

const measure = (key: string): Measure => [...report.panel, ...report.drawer].find((each) => each.key === key)!
const doubt = (key: string) => uncertainty.measures.find((each) => each.key === key) ?? null

test('every measure says what it asks and what it is, and promises nothing', () => {
  for (const key of [...PANEL, ...DRAWER]) {
    expect(ABOUT[key].asks.length).toBeGreaterThan(10)
    expect(`${ABOUT[key].asks} ${ABOUT[key].what}`).not.toMatch(/\b(true|score|fair|decentral\w+|cheat\w*)\b/i)
  }
})

test.for([
  ['effective-deciders', 'of 14'],
  ['independent-voices', 'beside 11 seats'],
  ['consent-coverage', ''],
  ['capital-alignment', 'p 0.017'],
  ['unresolved-overturned', 'unresolved, 2\u00A0% overturned'],
  ['exit-reachability', '67\u00A0% of your hosts'],
] as const)('beside %s stands “%s”', ([key, words]) => {
  expect(besideWords(measure(key), 14, doubt(key))).toBe(words)
})

test('a p that is on its way keeps its place', () => {
  expect(besideWords(measure('capital-alignment'), 14, undefined)).toBe('p: on its way')
  expect(besideWords(measure('capital-alignment'), 14, null)).toBe('')
})

test('what a worker adds is on its way, there, not to be had, or not of this measure', () => {
  const deciders = measure('effective-deciders')
  expect([intervalWords(deciders, undefined), chanceWords(deciders, undefined)]).toEqual(['on its way', 'on its way'])
  expect(intervalWords(deciders, doubt('effective-deciders'))).toBe('3.1 to 5.4')
  expect([intervalWords(deciders, null), chanceWords(deciders, null)]).toEqual(['not known', 'not known'])
  expect(chanceWords(measure('consent-coverage'), doubt('consent-coverage'))).toBe('does not apply')
  expect(intervalWords(measure('agenda'), undefined)).toBe('none')
})

test('beyond chance is outside the band, on either side', () => {
  const deciders = measure('effective-deciders')
  const given = doubt('effective-deciders')
  expect([4.18, 7, 9.2].map((value) => isBeyondChance({ ...deciders, value }, given))).toEqual([true, false, true])
  expect(isBeyondChance(deciders, undefined)).toBeUndefined()
})

describe('drift', () => {
  const deciders = measure('effective-deciders')
  const drifting = (direction: -1 | 0 | 1, significant: boolean) => ({
    key: deciders.key,
    interval: null,
    chance: null,
    p: null,
    drift: { direction, p: 0.004, significant, alarms: [] },
  })

  test.for([
    [1, true, 'rises', 'rises, p 0.004'],
    [-1, true, 'falls', 'falls, p 0.004'],
    [-1, false, 'steady', 'no clear drift, p 0.004'],
    [0, true, 'steady', 'no clear drift, p 0.004'],
  ] as const)('%d, significant %s: %s', ([direction, significant, shape, words]) => {
    expect(driftShape(deciders, drifting(direction, significant))).toBe(shape)
    expect(driftWords(deciders, drifting(direction, significant))).toBe(words)
  })

  test('has no arrow where it cannot be told', () => {
    expect(driftShape(deciders, undefined)).toBe('unknown')
    expect(driftWords(deciders, undefined)).toBe('drift: on its way')
    expect(driftWords(measure('exit-reachability'), doubt('exit-reachability'))).toBe('too short to tell')
    expect(driftWords(measure('agenda'), undefined)).toBe('no drift to tell')
  })
})

test('a row is read out whole', () => {
  expect(readOut(measure('effective-deciders'), 14, doubt('effective-deciders'))).toBe(
    'Effective deciders: 4.2 of 14, from 138 seats. 95 % interval 3.1 to 5.4. Chance alone: 6.8 to 9.1, and this lies outside. Over time: falls, p 0.004.',
  )
  expect(readOut(measure('agenda'), 14, undefined)).toBe(
    'Effective proposers: no value. Too few proposals (4) to tell concentration from chance',
  )
})

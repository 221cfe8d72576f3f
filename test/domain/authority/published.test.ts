import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import {
  banzhaf,
  captureProbability,
  cusum,
  effectiveNumber,
  gini,
  golosov,
  herfindahl,
  hillNumber,
  kish,
  laaksoTaagepera,
  majorityCorrect,
  mannKendall,
  nakamoto,
  rankBiasedOverlap,
  responsibility,
  shapleyShubik,
  swings,
  uniformNull,
} from '../../../src/domain/authority/index.ts'
import { near } from './near.ts'

interface Published {
  power: {
    name: string
    weights: number[]
    quota: number
    swings: number[]
    banzhaf: number[]
    shapleyShubik: number[]
  }[]
  effectiveNumber: { name: string; shares: number[]; laaksoTaagepera: number; hhi?: number; golosov?: number }[]
  gini: { values: number[]; gini: number; giniUnbiased: number; hill1: number; effectiveNumber: number }[]
  nakamoto: { weights: number[]; threshold: number; nakamoto: number }[]
  responsibility: { winners: number; quota: number; responsibility: number }[]
  condorcet: { n: number; p: number; majorityCorrect: number }[]
  captureHypergeometric: { population: number; bloc: number; jury: number; captured: number }[]
  mannKendall: { series: number[]; S: number; variance: number; Z: number }[]
  rbo: { a: string[]; b: string[]; p: number; rboExt: number }[]
  kish: { weights: number[]; effectiveSize: number }[]
  uniformNull: { peers: number; seats: number; expectedSumOfSquares: number; looksLike: number }[]
  cusum: { series: number[]; target: number; k: number; h: number; upper: number[]; firstAlarm: number }[]
}

/** Inputs and published values that lie beside the project, where they lie at all. */
const beside = new URL('../../../../shared/vectors/authority.json', import.meta.url)

describe.skipIf(!existsSync(beside))('what is published, in ../shared/vectors/authority.json', async () => {
  const published = existsSync(beside) ? (JSON.parse(await readFile(beside, 'utf8')) as Published) : undefined
  const all = <K extends keyof Published>(kind: K) => {
    const cases = published?.[kind] ?? []
    expect(cases.length).toBeGreaterThan(0)
    return cases as Published[K][number][]
  }

  test('of power is reproduced', () => {
    for (const { weights, quota, ...expected } of all('power')) {
      expect(swings(weights, quota)).toEqual(expected.swings)
      near(banzhaf(weights, quota), expected.banzhaf)
      near(shapleyShubik(weights, quota), expected.shapleyShubik)
    }
  })

  test('of effective numbers is reproduced', () => {
    for (const { shares, ...expected } of all('effectiveNumber')) {
      near(laaksoTaagepera(shares), expected.laaksoTaagepera)
      if (expected.hhi !== undefined) near(herfindahl(shares), expected.hhi)
      if (expected.golosov !== undefined) near(golosov(shares), expected.golosov)
    }
  })

  test('of concentration is reproduced', () => {
    for (const { values, ...expected } of all('gini')) {
      near(gini(values, { unbiased: false }), expected.gini)
      near(gini(values, { unbiased: true }), expected.giniUnbiased)
      near(hillNumber(values, 1), expected.hill1)
      near(hillNumber(values, 2), expected.effectiveNumber)
      near(effectiveNumber(values), expected.effectiveNumber)
    }
    for (const { weights, threshold, ...expected } of all('nakamoto'))
      expect(nakamoto(weights, threshold)).toBe(expected.nakamoto)
    for (const { winners, quota, ...expected } of all('responsibility'))
      near(responsibility(winners, quota), expected.responsibility)
    for (const { weights, effectiveSize } of all('kish')) near(kish(weights), effectiveSize)
    for (const { peers, seats, ...expected } of all('uniformNull')) {
      const { expectedSumOfSquares, looksLike } = uniformNull(peers, seats)
      near([expectedSumOfSquares, looksLike], [expected.expectedSumOfSquares, expected.looksLike])
    }
  })

  test('of juries is reproduced', () => {
    for (const { n, p, ...expected } of all('condorcet')) near(majorityCorrect(n, p), expected.majorityCorrect)
    for (const { captured, ...bloc } of all('captureHypergeometric')) near(captureProbability(bloc), captured)
  })

  test('of rankings and drift is reproduced', () => {
    for (const { a, b, p, rboExt } of all('rbo')) near(rankBiasedOverlap(a, b, p), rboExt)
    for (const { series, ...expected } of all('mannKendall')) {
      const { S, variance, Z } = mannKendall(series)
      near([S, variance, Z], [expected.S, expected.variance, expected.Z])
    }
    for (const { series, target, k, h, ...expected } of all('cusum')) {
      const { upper, alarms } = cusum(series, { target, k, h })
      near(upper, expected.upper)
      expect(alarms[0]).toBe(expected.firstAlarm)
    }
  })
})

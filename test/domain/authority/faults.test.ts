import { describe, expect, test } from 'vitest'
import * as measures from '../../../src/domain/authority/index.ts'
import { faultOf } from '../../../src/domain/fault.ts'

const {
  banzhaf,
  benjaminiHochberg,
  blockBootstrapInterval,
  bootstrapInterval,
  captureProbability,
  chanceFrom,
  cusum,
  designEffectSize,
  effectiveDeciders,
  effectiveNumber,
  gini,
  golosov,
  herfindahl,
  hillNumber,
  independentVoices,
  jaccard,
  kish,
  laaksoTaagepera,
  majorityCorrect,
  mannKendall,
  nakamoto,
  pageRankBound,
  permutationTest,
  rankBiasedOverlap,
  responsibility,
  shannonMillerMadow,
  shapleyShubik,
  simulatedUniformNull,
  spearman,
  spearmanTest,
  swings,
  turnover,
  uniformNull,
  weightedNull,
  wilson,
} = measures

const seed = new Uint8Array(32)
const [x, y] = [
  [1, 2, 3],
  [3, 1, 2],
]
const statistic = () => 1
const init = { rounds: 10, seed, confidence: 0.9 }
const pair = { statistic, rounds: 10, seed }

const notWeights: readonly number[][] = [[], [NaN, 1], [Infinity, 1], [-1, 2], [0, 0], [1e308, 1e308]]
const notShares: readonly number[][] = [...notWeights, [0.5, 0.4], [0.5, 0.500001], [2], [1.5, -0.5]]
const notCounts: readonly number[][] = [...notWeights, [0.5, 1.5], [2 ** 53, 1], [2 ** 52, 2 ** 52, 1]]
const notProbabilities = [NaN, -0.1, 1.1, Infinity]
const notFractions = [...notProbabilities, 0, 1]
const notSizes = [0, -1, 1.5, NaN, Infinity, 2 ** 53]
const notLists: readonly string[][] = [[], ['a', 'b', 'a']]
const notSimulations = [
  ...notSizes.map((rounds) => ({ rounds, seed })),
  { rounds: 1e7, seed },
  { rounds: 10, seed: new Uint8Array(31) },
  { rounds: 10, seed: new Uint8Array(64) },
]
const voices = (votes: readonly (readonly unknown[])[]) => () => independentVoices(votes as measures.Vote[][])
const eight = Array.from({ length: 8 }, (_, i) => [i % 2, 1])

const refused: Record<string, (() => unknown)[]> = {
  'power': [swings, banzhaf, shapleyShubik].flatMap((index) => [
    ...notWeights.map((weights) => () => index(weights, 1)),
    ...[0, -1, NaN, Infinity, 7].map((quota) => () => index([1, 2, 3], quota)),
    () =>
      index(
        Array.from({ length: 101 }, () => 1),
        51,
      ),
    () =>
      index(
        Array.from({ length: 21 }, (_, i) => Math.sqrt(i + 2)),
        30,
      ),
    () =>
      index(
        Array.from({ length: 100 }, () => 1_000_003),
        50_000_150,
      ),
  ]),
  'shares': [laaksoTaagepera, golosov, herfindahl].flatMap((measure) =>
    notShares.map((shares) => () => measure(shares)),
  ),
  'weights': notWeights.flatMap((values) => [
    () => hillNumber(values, 1),
    () => gini(values, { unbiased: false }),
    () => nakamoto(values, 0.5),
    () => kish(values),
    () => effectiveNumber(values),
    () => weightedNull({ weights: values, seats: 9, rounds: 9, seed }),
  ]),
  'counts': notCounts.flatMap((counts) => [() => effectiveDeciders(counts), () => shannonMillerMadow(counts)]),
  'one seat': [() => effectiveDeciders([1, 0])],
  'orders': [-1, NaN, -Infinity].map((order) => () => hillNumber([1, 2], order)),
  'one value, unbiased': [() => gini([4], { unbiased: true })],
  'thresholds': [1, ...notProbabilities].map((threshold) => () => nakamoto([1, 2], threshold)),
  'responsibilities': [
    ...notSizes.flatMap((n) => [() => responsibility(n, 1), () => responsibility(9, n)]),
    () => responsibility(3, 4),
  ],
  'flows': [
    ...[0, -1, 1.1, NaN].map((alpha) => () => pageRankBound({ alpha, flow: 1 })),
    ...[-1, NaN, Infinity].map((flow) => () => pageRankBound({ alpha: 0.5, flow })),
  ],
  'rankings': [
    ...notLists.flatMap((list) => [
      () => rankBiasedOverlap(list, ['a'], 0.9),
      () => rankBiasedOverlap(['a'], list, 0.9),
    ]),
    ...notFractions.map((p) => () => rankBiasedOverlap(['a'], ['a'], p)),
  ],
  'sets': [
    () => jaccard([], []),
    () => jaccard(['a', 'a'], ['b']),
    () => jaccard(['a'], ['b', 'b']),
    () => turnover([], [], 3),
    () => turnover(['a', 'a'], ['b'], 2),
    ...notSizes.slice(0, 4).map((k) => () => turnover(['a'], ['b'], k)),
  ],
  'votes': [
    voices([]),
    voices([[]]),
    voices([...eight, [1]]),
    voices([...eight, [1, 1, 1]]),
    ...[2, -1, NaN, 0.5, undefined, '1', true].map((vote) => voices([...eight, [1, vote]])),
    voices(eight.slice(1)),
  ],
  'design effects': [
    ...notSizes.map((k) => () => designEffectSize(k, 0.1)),
    ...[NaN, 1.1, -1.1, -0.5, -0.6].map((r) => () => designEffectSize(3, r)),
  ],
  'pairs': [
    [[1], [1]],
    [[], []],
    [x, [1, 2]],
    [x, [1, 2, NaN]],
    [[1, Infinity, 2], y],
  ].flatMap(([a = [], b = []]) => [
    () => spearman(a, b),
    () => spearmanTest(a, b, pair),
    () => permutationTest(a, b, pair),
  ]),
  'values without ranks': [() => spearman([1, 1, 1], y), () => spearmanTest(x, [2, 2, 2], pair)],
  'statistics': [
    () => permutationTest(x, y, { ...pair, statistic: () => NaN }),
    () => bootstrapInterval(3, () => NaN, init),
    () => blockBootstrapInterval(3, () => NaN, init),
  ],
  'simulations': notSimulations.flatMap((simulation) => [
    () => permutationTest(x, y, { ...pair, ...simulation }),
    () => spearmanTest(x, y, simulation),
    () => bootstrapInterval(3, statistic, { ...init, ...simulation }),
    () => blockBootstrapInterval(3, statistic, { ...init, ...simulation }),
    () => simulatedUniformNull({ peers: 3, seats: 3, ...simulation }),
    () => weightedNull({ weights: [1], seats: 3, ...simulation }),
  ]),
  'samples': [
    ...notSizes.flatMap((n) => [
      () => bootstrapInterval(n, statistic, init),
      () => blockBootstrapInterval(n, statistic, init),
      () => blockBootstrapInterval(9, statistic, { ...init, block: n }),
    ]),
    () => blockBootstrapInterval(3, statistic, { ...init, block: 4 }),
    ...notFractions.flatMap((confidence) => [
      () => bootstrapInterval(3, statistic, { ...init, confidence }),
      () => blockBootstrapInterval(3, statistic, { ...init, confidence }),
    ]),
  ],
  'nulls': [
    ...notSizes.flatMap((n) => [
      () => uniformNull(n, 3),
      () => uniformNull(3, n),
      () => simulatedUniformNull({ peers: n, seats: 3, rounds: 3, seed }),
      () => simulatedUniformNull({ peers: 3, seats: n, rounds: 3, seed }),
      () => weightedNull({ weights: [1], seats: n, rounds: 3, seed }),
    ]),
    () => simulatedUniformNull({ peers: 3, seats: 1, rounds: 3, seed }),
  ],
  'series': [
    () => mannKendall([]),
    () => mannKendall([1]),
    () => mannKendall([1, NaN]),
    () => mannKendall([1, Infinity]),
    () => cusum([], { target: 0, k: 0, h: 1 }),
    () => cusum([NaN], { target: 0, k: 0, h: 1 }),
    () => cusum([1], { target: NaN, k: 0, h: 1 }),
    ...[-1, NaN, Infinity].flatMap((n) => [
      () => cusum([1], { target: 0, k: n, h: 1 }),
      () => cusum([1], { target: 0, k: 0, h: n }),
    ]),
  ],
  'proportions': [
    ...[-1, 1.5, NaN, 11].map((successes) => () => wilson(successes, 10, 0.9)),
    ...notSizes.map((n) => () => wilson(0, n, 0.9)),
    ...notFractions.map((confidence) => () => wilson(1, 2, confidence)),
    ...notProbabilities.flatMap((p) => [() => benjaminiHochberg([0.1, p], 0.05), () => benjaminiHochberg([0.1], p)]),
  ],
  'juries': [
    ...notSizes.flatMap((n) => [
      () => captureProbability({ population: n, bloc: 0, jury: 1 }),
      () => captureProbability({ population: 9, bloc: 3, jury: n }),
      () => majorityCorrect(n, 0.6),
    ]),
    ...[-1, 0.5, 10, NaN].map((bloc) => () => captureProbability({ population: 9, bloc, jury: 3 })),
    () => captureProbability({ population: 9, bloc: 3, jury: 10 }),
    () => majorityCorrect(4, 0.6),
    ...notProbabilities.map((p) => () => majorityCorrect(3, p)),
  ],
  'draws': [
    () => chanceFrom(new Uint8Array(16), 'x'),
    () => chanceFrom([] as unknown as Uint8Array, 'x'),
    ...[0, -1, 1.5, NaN, 2 ** 32 + 1].map((n) => () => chanceFrom(seed, 'x').below(n)),
  ],
}

describe('what is no argument of a measure', () => {
  test.each(Object.entries(refused))('is refused as data: %s', (_, calls) => {
    expect(calls.length).toBeGreaterThan(0)
    const codes = calls.map((call) => {
      try {
        return { call: String(call), gave: call() }
      } catch (error) {
        return faultOf(error).code
      }
    })
    expect(codes).toEqual(calls.map(() => 'MALFORMED'))
  })

  test('was asked of every measure', () => {
    const asked = Object.values(refused).flat().map(String).join()
    const inLoops = [
      'swings',
      'banzhaf',
      'shapleyShubik',
      'laaksoTaagepera',
      'golosov',
      'herfindahl',
      'independentVoices',
    ]
    const functions = Object.entries(measures).filter(([, value]) => typeof value === 'function')
    expect(functions.length).toBeGreaterThan(30)
    expect(functions.map(([name]) => name).filter((name) => !asked.includes(name) && !inLoops.includes(name))).toEqual(
      [],
    )
  })
})

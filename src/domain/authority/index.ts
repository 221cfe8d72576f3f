/**
 * The measures of where authority settles: pure functions of numbers, the same bits in every engine. Each names its
 * source and what it refuses.
 */
export { permutationTest, spearman, spearmanTest } from './association.ts'
export { chanceFrom, type Draws } from './chance.ts'
export { gini, nakamoto, pageRankBound, responsibility, shannonMillerMadow } from './concentration.ts'
export { cusum, mannKendall } from './drift.ts'
export {
  effectiveDeciders,
  effectiveNumber,
  golosov,
  herfindahl,
  hillNumber,
  kish,
  laaksoTaagepera,
} from './effective-numbers.ts'
export { designEffectSize, independentVoices, LEAST_SHARED_VOTES, type Vote } from './independence.ts'
export { captureProbability, majorityCorrect } from './juries.ts'
export { type NullBand, simulatedUniformNull, uniformNull, weightedNull } from './nulls.ts'
export { banzhaf, swings } from './power.ts'
export { benjaminiHochberg, wilson } from './proportions.ts'
export { blockBootstrapInterval, bootstrapInterval, type Interval } from './resampling.ts'
export { shapleyShubik } from './shapley.ts'
export { jaccard, rankBiasedOverlap, turnover } from './turnover.ts'

import { checkCount, malformed, sum } from './checks.ts'

/** What a voter said of a case; `null` where he had no vote in it. */
export type Vote = 0 | 1 | null

/** Cases that two voters must share before their agreement says anything. */
export const LEAST_SHARED_VOTES = 8

/**
 * How many voters who never agree but by chance would be worth these k: k² / Σ r²_ij over all pairs of the k, each with
 * himself at 1. From 1, where all vote as one or as its opposite, to k. r² is that of the cases both voted in, T of
 * them, without its bias: 1 − (1−r²)(T−1)/(T−2), and at least 0. Rows are cases, columns voters; give contested cases
 * only.
 *
 * A pair with fewer than 8 shared votes is unknown, and taken at the mean of those known: as 0 it would make voices of
 * strangers. A voter of whom no pair is known is left out of the k. Two who both never change their vote count as one
 * voice (r² = 1), as nothing ever told them apart; one who never does and one who does, as two (r² = 0). One voter
 * alone is one voice. Faults where no pair is known.
 */
export function independentVoices(votes: readonly (readonly Vote[])[]): number {
  const columns = columnsOf(votes)
  if (columns.length === 1) return 1
  const known: number[] = []
  const voters = new Set<number>()
  for (const [i, mine] of columns.entries())
    for (const [j, theirs] of columns.slice(0, i).entries()) {
      const shared = squaredCorrelation(mine, theirs)
      if (shared === undefined) continue
      known.push(shared)
      voters.add(i).add(j)
    }
  if (known.length === 0) throw malformed('table of votes', `no two voters share ${LEAST_SHARED_VOTES} cases`)
  return designEffectSize(voters.size, sum(known) / known.length)
}

/**
 * How many independent voters k of them are worth whose votes correlate by `meanCorrelation`: k / (1 + (k−1)r̄) (Kish
 * 1965, the design effect). From 1 at r̄ = 1 over k at 0 to more than k below. Faults unless k ≥ 1, −1 ≤ r̄ ≤ 1, and
 * (k−1)r̄ > −1, which no k votes go under.
 */
export function designEffectSize(k: number, meanCorrelation: number): number {
  checkCount('number of voters', k, 1)
  if (!(meanCorrelation >= -1 && meanCorrelation <= 1)) throw malformed('mean correlation', 'it is not from -1 to 1')
  const effect = 1 + (k - 1) * meanCorrelation
  if (effect <= 0) throw malformed('mean correlation', `it is less than ${k} voters can have`)
  return k / effect
}

function columnsOf(votes: readonly (readonly Vote[])[]): Vote[][] {
  const [first = []] = votes
  if (first.length === 0) throw malformed('table of votes', 'it is empty')
  for (const row of votes) {
    if (row.length !== first.length) throw malformed('table of votes', 'its rows differ in length')
    for (const vote of row)
      if (vote !== 0 && vote !== 1 && vote !== null)
        throw malformed('table of votes', 'a vote is neither 0, 1 nor null')
  }
  return first.map((_, voter) => votes.map((row) => row[voter] ?? null))
}

/** Undefined where they share too few cases. */
function squaredCorrelation(mine: readonly Vote[], theirs: readonly Vote[]): number | undefined {
  let [shared, yes, theirYes, bothYes] = [0, 0, 0, 0]
  for (const [i, vote] of mine.entries()) {
    const other = theirs[i] ?? null
    if (vote === null || other === null) continue
    shared++
    yes += vote
    theirYes += other
    bothYes += vote * other
  }
  return shared < LEAST_SHARED_VOTES ? undefined : correctedSquare({ shared, yes, theirYes, bothYes })
}

/** What two voters said in the cases that both voted in. */
export interface SharedVotes {
  readonly shared: number
  /** Cases in which the one, the other, and both said 1. */
  readonly yes: number
  readonly theirYes: number
  readonly bothYes: number
}

/** r² of a pair with three shared cases or more, as `independentVoices` takes it: 0 to 1. */
export function correctedSquare({ shared, yes, theirYes, bothYes }: SharedVotes): number {
  const [variance, theirVariance] = [yes * (shared - yes), theirYes * (shared - theirYes)]
  if (variance === 0 && theirVariance === 0) return 1
  if (variance === 0 || theirVariance === 0) return 0
  const covariance = shared * bothYes - yes * theirYes
  const squared = (covariance / variance) * (covariance / theirVariance)
  return Math.max(0, 1 - ((1 - squared) * (shared - 1)) / (shared - 2))
}

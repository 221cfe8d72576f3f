import { chanceFrom } from './chance.ts'
import { checkCount, checkSimulation, checkWeights } from './checks.ts'
import { bandOf } from './resampling.ts'

/** Peers and seats of one simulation. */
const MAX_PEERS = 1_000_000
const MAX_SEATS = 1_000_000

/** The part of the rounds that the grey band holds. */
const CONFIDENCE = 0.95

/** What chance alone gives: `median`, and the ends of the middle 95 % of the rounds. May be `Infinity`. */
export interface NullBand {
  readonly low: number
  readonly median: number
  readonly high: number
}

interface Simulation {
  readonly rounds: number
  /** 32 bytes. */
  readonly seed: Uint8Array
}

/**
 * What M seats look like that fall on n equal peers by chance: the mean of Σp̂², (n+M−1)/(nM), and its inverse, which
 * is how many deciders 1/Σp̂² would show. Faults under one peer or one seat.
 */
export function uniformNull(peers: number, seats: number): { expectedSumOfSquares: number; looksLike: number } {
  checkCount('number of peers', peers, 1, MAX_PEERS)
  checkCount('number of seats', seats, 1, MAX_SEATS)
  const [over, under] = [peers + seats - 1, peers * seats]
  return { expectedSumOfSquares: over / under, looksLike: under / over }
}

/**
 * `effectiveDeciders` where so many seats fall on equal peers, each seat on any of them: what concentration must be
 * held against. Faults under one peer, two seats or one round, and on a seed of other than 32 bytes.
 */
export function simulatedUniformNull({
  peers,
  seats,
  ...simulation
}: Simulation & { peers: number; seats: number }): NullBand {
  checkCount('number of peers', peers, 1, MAX_PEERS)
  checkSimulation(simulation)
  const draws = chanceFrom(simulation.seed, 'uniform null')
  return decidersBand({ peers, seats, rounds: simulation.rounds }, () => draws.below(peers))
}

/**
 * The same where seats fall in proportion to weights: what a rule that draws by trust gives by itself. Faults likewise,
 * on negative weights, and where all are zero.
 */
export function weightedNull({
  weights,
  seats,
  ...simulation
}: Simulation & { weights: readonly number[]; seats: number }): NullBand {
  checkCount('number of peers', weights.length, 1, MAX_PEERS)
  checkWeights('list of weights', weights)
  checkSimulation(simulation)
  const draws = chanceFrom(simulation.seed, 'weighted null')
  const drawn = weightedDraw(weights)
  return decidersBand({ peers: weights.length, seats, rounds: simulation.rounds }, () => drawn(draws.unit()))
}

function decidersBand(
  { peers, seats, rounds }: { peers: number; seats: number; rounds: number },
  draw: () => number,
): NullBand {
  checkCount('number of seats', seats, 2, MAX_SEATS)
  const held = new Int32Array(peers)
  const holders = new Int32Array(seats)
  return bandOf(rounds, CONFIDENCE, () => {
    let pairs = 0
    for (let seat = 0; seat < seats; seat++) {
      const peer = draw()
      pairs += held[peer] ?? 0
      held[peer] = (held[peer] ?? 0) + 1
      holders[seat] = peer
    }
    for (let seat = 0; seat < seats; seat++) held[holders[seat] ?? 0] = 0
    return (seats * (seats - 1)) / (2 * pairs)
  })
}

/** Which weight a number from 0 to 1 falls on, when they lie side by side in their order. Never on one that is 0. */
function weightedDraw(weights: readonly number[]): (unit: number) => number {
  const heavy = weights.flatMap((weight, i) => (weight > 0 ? [i] : []))
  const ends = new Float64Array(heavy.length)
  let total = 0
  for (const [i, at] of heavy.entries()) ends[i] = total += weights[at] ?? 0
  return (unit) => {
    let [low, high] = [0, heavy.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (unit * total < (ends[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return heavy[low] ?? 0
  }
}

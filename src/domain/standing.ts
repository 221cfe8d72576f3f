import type { Charter } from './charter/charter.ts'
import type { ModelId } from './manifest.ts'
import type { LostFor } from './messages.ts'
import type { EngineKind } from './states.ts'

/**
 * What one peer has seen of another key: results that it or its auditors checked, and what the key lost. It is local, and its
 * owner's alone: nobody tells it to others, and nobody is kept from anything by somebody else's word.
 */
export interface Standing {
  /** Results found right since the last loss, on whatever model. */
  readonly checked: number
  /** Consecutive results found right, by engine and model: who is right on one GPU may be wrong on another model. */
  readonly streaks: Readonly<Record<string, number>>
  /** What it lost, and how often. A loss is about the key: it ends every streak. */
  readonly losses: Readonly<Partial<Record<LostFor, number>>>
}

/** Something seen of a key. */
export type Seen =
  /** A result of its was checked and lies within the rule. */
  | { readonly type: 'right'; readonly model: ModelId; readonly engine: EngineKind }
  /** A claim or an assertion was refuted, an output withheld after its COMMIT, a reveal was false. */
  | { readonly type: 'lost'; readonly for: LostFor }

/** Nothing seen yet. */
export const UNKNOWN: Standing = { checked: 0, streaks: {}, losses: {} }

/** Models and engines of which a streak is kept for one key; past it the one that was longest without a result goes. */
export const MAX_STREAKS = 64

/**
 * Losses past which probation grows no longer, and a key is drawn no more seldom: 320 checked results under the first charter.
 * Nobody is out for ever.
 */
const MAX_DOUBLINGS = 4

/** What a streak is of. */
const workOf = (model: ModelId, engine: EngineKind): string => `${engine} ${model}`

export function withSeen(standing: Standing, seen: Seen): Standing {
  switch (seen.type) {
    case 'right': {
      const work = workOf(seen.model, seen.engine)
      const { [work]: streak = 0, ...others } = standing.streaks
      const kept = Object.entries(others).slice(-(MAX_STREAKS - 1))
      return {
        ...standing,
        checked: standing.checked + 1,
        streaks: { ...Object.fromEntries(kept), [work]: streak + 1 },
      }
    }
    case 'lost':
      return {
        checked: 0,
        streaks: {},
        losses: { ...standing.losses, [seen.for]: (standing.losses[seen.for] ?? 0) + 1 },
      }
    default:
      return seen satisfies never
  }
}

export const streakOf = ({ streaks }: Standing, model: ModelId, engine: EngineKind): number =>
  streaks[workOf(model, engine)] ?? 0

const lossesOf = ({ losses }: Standing): number => Object.values(losses).reduce((sum, count) => sum + count, 0)

/** How often a loss has doubled what is asked of the key. */
export const doublingsOf = (standing: Standing): number => Math.min(MAX_DOUBLINGS, lossesOf(standing))

/** Of what two tabs of one device saw of a key: a loss weighs more than any streak, then what is founded on more. */
export const weightier = (a: Standing, b: Standing): Standing =>
  lossesOf(a) === lossesOf(b) ? (a.checked >= b.checked ? a : b) : lossesOf(a) > lossesOf(b) ? a : b

/**
 * Results that must be found right before any goes unchecked. Twice as many with each loss: whoever is wrong in one job of ten
 * comes through 20 checks in 12 tries of 100, so that one who is let try again and again would come through in the end; through
 * 40 in 1.5, through 80 in 0.02.
 */
export const probationOf = (standing: Standing, { verification }: Pick<Charter, 'verification'>): number =>
  verification.probation * 2 ** doublingsOf(standing)

export const isOnProbation = (standing: Standing, charter: Pick<Charter, 'verification'>): boolean =>
  standing.checked < probationOf(standing, charter)

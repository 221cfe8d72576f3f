import type { Deviation, Numerics } from '../agreement.ts'
import { equalBytes } from '../hash.ts'
import type { LostFor } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'
import type { Tensors } from '../tensor.ts'
import { compareClaims, type HashedClaim } from '../verdict.ts'

/** What the canon computes, with the tensors where they are at hand. */
export interface Canonical {
  readonly outputHash: Uint8Array
  readonly outputs?: Tensors
}

/** A claim held against the canonical output. `stands` is undefined where that takes tensors which are not at hand. */
export interface Judged {
  readonly peer: PeerId
  readonly stands: boolean | undefined
  readonly deviation: Deviation | undefined
}

export interface Loser {
  readonly peer: PeerId
  readonly for: LostFor
}

/** Holds each claim against what the canon computes, under the rule for its engine. How many claim what changes nothing. */
export const judge = (claims: readonly HashedClaim[], canonical: Canonical, numerics: Numerics): Judged[] =>
  claims.map((claim) => {
    const { agree, seen } = compareClaims({ ...canonical, peer: '', engine: 'cpu', computeMs: 0 }, claim, numerics)
    return { peer: claim.peer, stands: agree, deviation: seen }
  })

/** The canonical tensors: those at hand, or those of a claim whose bits are the same. */
export const withOutputs = (canonical: Canonical, claims: readonly HashedClaim[]): Canonical => {
  const same = claims.find((claim) => claim.outputs && equalBytes(claim.outputHash, canonical.outputHash))
  return canonical.outputs || !same?.outputs ? canonical : { ...canonical, outputs: same.outputs }
}

/** One entry for each peer: a claim that does not stand says more than what its author did besides. */
export function distinctLosers(losers: readonly Loser[]): Loser[] {
  const gravest = ['claim', 'false-reveal', 'contradiction', 'assertion', 'withheld'] satisfies LostFor[]
  const sorted = losers.toSorted((a, b) => gravest.indexOf(a.for) - gravest.indexOf(b.for))
  return sorted.filter((loser, i) => sorted.findIndex((other) => other.peer === loser.peer) === i)
}

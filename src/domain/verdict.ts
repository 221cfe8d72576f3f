import { deviationOf, ruleFor, within, type Deviation } from './agreement.ts'
import { compareBytes, equalBytes } from './hash.ts'
import type { Arithmetic } from './manifest.ts'
import type { DecidedState } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import type { EngineKind } from './states.ts'
import type { Tensors } from './tensor.ts'

/** An executor's committed and revealed output. */
export interface Claim {
  readonly peer: PeerId
  readonly engine: EngineKind
  readonly outputHash: Uint8Array
  readonly outputs: Tensors
  readonly computeMs: number
}

export interface Verdict {
  readonly state: DecidedState
  /** The claim whose output is returned: of a cpu, else the one with the least hash. */
  readonly returned: Claim
  /** Claims in groups: two share a group where they lie within the rule of each other. One group unless contested. */
  readonly groups: readonly (readonly Claim[])[]
  /** The greatest deviation between two claims, and the limit it was held against; absent where all were held to equality. */
  readonly rounding?: { readonly seen: Deviation; readonly limit: Deviation }
}

/** What the revealed claims amount to under the rule of agreement. At least one claim. Pure arithmetic: no claim counts for more by who made it. */
export function decide(claims: readonly [Claim, ...Claim[]], arithmetic: Arithmetic): Verdict {
  const returned = claims.toSorted(byCpuThenHash)[0] ?? claims[0]
  const pairs = claims.flatMap((a, i) => claims.slice(i + 1).map((b) => comparePair(a, b, arithmetic)))
  const groups = groupsOf(claims, (a, b) => comparePair(a, b, arithmetic).agree)
  const loosest = pairs.filter((pair) => pair.limit !== 'exact').toSorted((a, b) => b.seen.scaled - a.seen.scaled)[0]
  const rounding =
    loosest === undefined || loosest.limit === 'exact' ? {} : { rounding: { seen: loosest.seen, limit: loosest.limit } }
  return { state: stateOf(claims, pairs), returned, groups, ...rounding }
}

function stateOf(claims: readonly Claim[], pairs: readonly { agree: boolean; equal: boolean }[]): DecidedState {
  if (claims.length === 1) return 'one-tab'
  if (pairs.some((pair) => !pair.agree)) return 'contested'
  if (claims.every((claim) => claim.engine === 'gpu')) return 'agreed-gpus-only'
  return pairs.every((pair) => pair.equal) ? 'agreed' : 'agreed-rounding'
}

function comparePair(a: Claim, b: Claim, arithmetic: Arithmetic) {
  const [reference, other] = byCpuThenHash(a, b) <= 0 ? [a, b] : [b, a]
  const limit = ruleFor(arithmetic, a.engine, b.engine)
  const equal = equalBytes(a.outputHash, b.outputHash)
  const seen = equal ? { rms: 0, scaled: 0 } : deviationOf(reference.outputs, other.outputs)
  return { limit, seen, equal, agree: equal || (limit !== 'exact' && within(seen, limit)) }
}

/** Each claim joins the first group all of whose members it agrees with, else it opens one of its own. */
function groupsOf(claims: readonly Claim[], agree: (a: Claim, b: Claim) => boolean): Claim[][] {
  return claims.reduce<Claim[][]>((groups, claim) => {
    const home = groups.findIndex((group) => group.every((other) => agree(claim, other)))
    return home < 0 ? [...groups, [claim]] : groups.map((group, i) => (i === home ? [...group, claim] : group))
  }, [])
}

const byCpuThenHash = (a: Claim, b: Claim): number =>
  a.engine === b.engine ? compareBytes(a.outputHash, b.outputHash) : a.engine === 'cpu' ? -1 : 1

import { deviationOf, ruleFor, within, type Deviation, type Numerics, type Rule } from './agreement.ts'
import { compareBytes, equalBytes } from './hash.ts'
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

/** A claim of which perhaps only the hash is at hand. */
export type HashedClaim = Omit<Claim, 'outputs'> & { readonly outputs?: Tensors }

/** How two claims compare. `agree` is undefined where that takes outputs which are not at hand. */
export interface Comparison {
  readonly limit: Rule
  readonly equal: boolean
  readonly seen: Deviation | undefined
  readonly agree: boolean | undefined
}

const NONE: Deviation = { rms: 0, scaled: 0 }

/** What the revealed claims amount to under the rule of agreement. At least one claim. Pure arithmetic: no claim counts for more by who made it. */
export function decide(claims: readonly [Claim, ...Claim[]], numerics: Numerics): Verdict {
  const { pairs, returned, state } = weigh(claims, numerics)
  const groups = groupsOf(claims, (a, b) => pairs.get(a)?.get(b)?.agree === true)
  const loosest = [...pairs.values()]
    .flatMap((others) => [...others.values()])
    .flatMap(({ limit, seen }) => (limit === 'exact' || seen === undefined ? [] : [{ limit, seen }]))
    .toSorted((a, b) => b.seen.scaled - a.seen.scaled)[0]
  // With every output at hand there is always a state.
  return { state: state ?? 'contested', returned, groups, ...(loosest ? { rounding: loosest } : {}) }
}

/** The state that claims come to, and the one that is returned. `state` is undefined where it takes outputs that are not at hand. */
export function weigh<C extends HashedClaim>(
  claims: readonly [C, ...C[]],
  numerics: Numerics,
): { state: DecidedState | undefined; returned: C; pairs: ReadonlyMap<C, ReadonlyMap<C, Comparison>> } {
  const returned = claims.toSorted(byCpuThenHash)[0] ?? claims[0]
  const pairs = new Map(
    claims.map((a, i) => [a, new Map(claims.slice(0, i).map((b) => [b, compareInOrder(a, b, numerics)]))]),
  )
  const all = [...pairs.values()].flatMap((others) => [...others.values()])
  return { state: stateOf(claims, all), returned, pairs }
}

function stateOf(claims: readonly HashedClaim[], pairs: readonly Comparison[]): DecidedState | undefined {
  if (claims.length === 1) return 'one-tab'
  if (pairs.some((pair) => pair.agree === false)) return 'contested'
  if (pairs.some((pair) => pair.agree === undefined)) return undefined
  if (claims.every((claim) => claim.engine === 'gpu')) return 'agreed-gpus-only'
  return pairs.every((pair) => pair.equal) ? 'agreed' : 'agreed-rounding'
}

/** A cpu's claim is the reference of a gpu's, else the one with the least hash. */
const compareInOrder = (a: HashedClaim, b: HashedClaim, numerics: Numerics): Comparison =>
  byCpuThenHash(a, b) <= 0 ? compareClaims(a, b, numerics) : compareClaims(b, a, numerics)

/** Holds a claim against another, the reference, under the rule for their engines. */
export function compareClaims(reference: HashedClaim, other: HashedClaim, numerics: Numerics): Comparison {
  const limit = ruleFor(numerics, reference.engine, other.engine)
  if (equalBytes(reference.outputHash, other.outputHash)) return { limit, equal: true, seen: NONE, agree: true }
  const seen = reference.outputs && other.outputs ? deviationOf(reference.outputs, other.outputs) : undefined
  const agree = limit === 'exact' ? false : seen && within(seen, limit)
  return { limit, equal: false, seen, agree }
}

/** Each claim joins the first group all of whose members it agrees with, else it opens one of its own. */
function groupsOf(claims: readonly Claim[], agree: (later: Claim, earlier: Claim) => boolean): Claim[][] {
  return claims.reduce<Claim[][]>((groups, claim) => {
    const home = groups.findIndex((group) => group.every((other) => agree(claim, other)))
    return home < 0 ? [...groups, [claim]] : groups.map((group, i) => (i === home ? [...group, claim] : group))
  }, [])
}

const byCpuThenHash = (a: HashedClaim, b: HashedClaim): number =>
  a.engine === b.engine ? compareBytes(a.outputHash, b.outputHash) : a.engine === 'cpu' ? -1 : 1

import type { Charter } from '../../domain/charter/charter.ts'
import type { ReceiptFacts } from '../../domain/check-receipt.ts'
import { hashTensors } from '../../domain/commitment.ts'
import type { Testimony } from '../../domain/dispute/check-evidence.ts'
import { disputeStep, openDispute } from '../../domain/dispute/dispute.ts'
import { refutedByOperators } from '../../domain/dispute/sides.ts'
import type { Dispute, DisputeEffect, DisputeEvent } from '../../domain/dispute/dispute-state.ts'
import type { ContestEvidence } from '../../domain/dispute/evidence.ts'
import { compareOpened, type Opened } from '../../domain/dispute/opened-trace.ts'
import { NOT_CARRIED, valueHash } from '../../domain/dispute/trace.ts'
import { equalBytes, fromHex, hex } from '../../domain/hash.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { Surgery } from '../../ports/surgery.ts'
import type { EvidenceReport, LeafView } from '../dispute-view.ts'
import { replayLeaf, type ReplayedLeaf } from './replay-leaf.ts'

export interface ReplayInit {
  readonly file: ContestEvidence
  readonly facts: ReceiptFacts
  readonly testimony: Testimony
  /** By root, hex. */
  readonly traces: ReadonlyMap<string, Opened>
  readonly charter: Charter
  readonly tools: { readonly canon: CanonEngine | undefined; readonly surgery?: Surgery }
}

export interface Replayed {
  readonly leaves: readonly ReplayedLeaf[]
  readonly verdict?: NonNullable<EvidenceReport['verdict']>
  /** Hash of the canonical output. */
  readonly canonical?: Uint8Array
  readonly leaf?: LeafView
  /** Why an operator decided nothing. */
  readonly problem?: string
  /** The root that stands, and whose claims operators alone refuted. */
  readonly root?: Uint8Array
  readonly refuted: readonly PeerId[]
  /** Whose assertions the bundle does not show: that they withheld them is the word of who packed it. */
  readonly unshown: readonly PeerId[]
}

/** Feeds the rules of a dispute with what a bundle holds, as they were fed by those who took part. */
export async function replayRules(init: ReplayInit, options: { signal?: AbortSignal }): Promise<Replayed> {
  const { file, facts, testimony, charter, tools } = init
  const leaves: ReplayedLeaf[] = []
  const unshown = new Set<string>()
  let problem: string | undefined
  const opening = openDispute({
    job: facts.receipt.message.job,
    me: '',
    parties: [...new Set([facts.offer.author, ...facts.claims.map((claim) => claim.peer)])],
    claims: facts.claims,
    numerics: facts.manifest,
    canons: charter.canons.map((canon) => fromHex(canon.wasmSha256)),
    at: 0,
    asserts: false,
  })
  let state: Dispute = opening.state
  const answer = async (effect: DisputeEffect): Promise<DisputeEvent | undefined> => {
    const at = charter.timeouts.assert
    if (effect.type === 'compare') {
      for (const key of [effect.left, effect.right]) if (!init.traces.has(rootOf(key))) unshown.add(key)
      return compared(init, effect, at)
    }
    if (effect.type === 'outputs') return { type: 'outputs', at, outputs: outputsOf(file, effect.outputHash) }
    if (effect.type !== 'rerun') return undefined
    const { left, right, difference } = effect
    const sides = [init.traces.get(rootOf(left)), init.traces.get(rootOf(right))] as const
    const [a, b] = sides
    if (a && difference.value === a.count - 1) {
      const outputs = [...(file.output ? [file.output] : []), ...file.receipt.outputs].find((one) => isMadeOf(one, a))
      return { type: 'rerun', at, found: outputs && hashTensors(outputs) }
    }
    const leaf = file.leaves.find(
      (one) =>
        one.value === difference.value &&
        one.sides.every((root) => [left, right].some((key) => rootOf(key) === hex(root))),
    )
    if (!leaf || !a || !b || !tools.canon) {
      problem = 'the operator on which two sides differ is not in the file'
      return { type: 'rerun', at, found: undefined }
    }
    const input = facts.input
    const replayed = await replayLeaf(
      { canon: tools.canon, surgery: tools.surgery },
      leaf,
      { sides: [a, b], input },
      options,
    )
    leaves.push(replayed)
    return { type: 'rerun', at, found: replayed.found }
  }
  const events: DisputeEvent[] = [
    ...testimony.assertions.map((read): DisputeEvent => ({ type: 'asserted', at: 0, read })),
    { type: 'tick', at: charter.timeouts.assert },
  ]
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    const { state: next, effects } = disputeStep(state, event, charter)
    state = next
    for (const effect of effects) {
      const reply = await answer(effect)
      if (reply) events.unshift(reply)
    }
  }
  const { outcome } = state
  const leaf = leafViewOf(leaves[0], init, state)
  return {
    leaves,
    ...(problem === undefined ? {} : { problem }),
    ...(leaf ? { leaf } : {}),
    ...(outcome === undefined || outcome.state === 'unresolved'
      ? {}
      : { canonical: outcome.canonical.outputHash, root: fromHex(rootOf(outcome.key)) }),
    ...(outcome ? { verdict: verdictOf(state, init, leaves) } : {}),
    refuted: refutedByOperators(state),
    unshown: state.assertions.filter(({ key }) => unshown.has(key)).map(({ read }) => read.author),
  }
}

/** What both sides showed, or that the bundle does not show one: its author withheld it. */
function compared({ traces }: ReplayInit, { left, right }: { left: string; right: string }, at: number): DisputeEvent {
  const sides = [left, right].map((key) => ({ key, opened: traces.get(rootOf(key)) }))
  const withheld = sides.filter(({ opened }) => opened === undefined).map(({ key }) => key)
  const [a, b] = sides.map(({ opened }) => opened)
  if (!a || !b) return { type: 'compared', at, bad: [], withheld }
  const found = compareOpened(a, b)
  if (found === undefined || 'need' in found) return { type: 'compared', at, bad: [], withheld: [] }
  const [l, r] = [a.hashAt(found.at), b.hashAt(found.at)]
  return l && r
    ? { type: 'compared', at, bad: [], withheld: [], difference: { value: found.at, left: l, right: r } }
    : { type: 'compared', at, bad: [], withheld: [] }
}

const rootOf = (key: string): string => key.split(' ')[0] ?? ''

/** Whether an output is made of values on which both sides agree. */
function isMadeOf(outputs: Tensors, opened: Opened): boolean {
  const said = new Set(Array.from({ length: opened.count - 1 }, (_, place) => hex(opened.hashAt(place) ?? NOT_CARRIED)))
  return Object.entries(outputs).every(([name, tensor]) => said.has(hex(valueHash(name, tensor))))
}

const outputsOf = ({ output, receipt }: ContestEvidence, outputHash: Uint8Array): Tensors | undefined =>
  [...(output ? [output] : []), ...receipt.outputs].find((one) => equalBytes(hashTensors(one), outputHash))

function verdictOf(
  { outcome }: Dispute,
  { testimony, tools }: ReplayInit,
  [first]: readonly ReplayedLeaf[],
): NonNullable<EvidenceReport['verdict']> {
  if (outcome === undefined || outcome.state === 'unresolved')
    return { state: 'unresolved', stands: [], losers: outcome?.losers ?? [] }
  const { outline } = tools.surgery ?? {}
  const found = outline?.operators[outline.values[first?.leaf.value ?? -1]?.operator ?? -1]
  // Without the model, which operator it is has to be believed.
  const operator = found ? { index: found.index, type: found.type } : testimony.settlement.message.operator
  return {
    state: outcome.state,
    stands: outcome.judged.flatMap(({ peer, stands }) => (stands ? [peer] : [])),
    losers: outcome.losers,
    ...(operator && first ? { operator } : {}),
  }
}

/** The first operator as people see it. */
function leafViewOf(
  replayed: ReplayedLeaf | undefined,
  { testimony, traces, tools }: ReplayInit,
  state: Dispute,
): LeafView | undefined {
  const { operator } = testimony.settlement.message
  if (replayed === undefined || operator === undefined) return undefined
  const { leaf, found, output, value = '', computeMs } = replayed
  const info = tools.surgery?.outline.operators[operator.index]
  const places = new Map(tools.surgery?.outline.values.map(({ name }, place) => [name, place]))
  const opened = traces.get(hex(leaf.sides[0]))
  return {
    operator: { ...operator, name: info?.name ?? '' },
    inputs: Object.entries(leaf.inputs).map(([name, { dtype, dims }]) => ({
      name,
      dtype,
      dims,
      hash: hex(opened?.hashAt(places.get(name) ?? -1) ?? new Uint8Array()),
    })),
    value,
    sides: leaf.sides.map((root) => {
      const hash = traces.get(hex(root))?.hashAt(leaf.value) ?? new Uint8Array()
      const stands = equalBytes(hash, found)
      const shown = stands ? output : leaf.shown?.[value]
      const authors = state.assertions.filter((one) => rootOf(one.key) === hex(root)).map(({ read }) => read.author)
      const peers = authors.map((peer) => ({ peer, nickname: nicknameOf(peer) }))
      return { peers, hash: hex(hash), stands, ...(shown ? { output: shown } : {}) }
    }),
    ...(output ? { rerun: { hash: hex(found), output, computeMs } } : {}),
  }
}

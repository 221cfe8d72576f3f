import type { Dispute } from '../../domain/dispute/dispute-state.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Outline } from '../../ports/surgery.ts'
import type { AssertionView, DisputeView, LeafView, StripView } from '../dispute-view.ts'
import type { Decision, DisputeRun } from './run-dispute.ts'

const named = (peer: PeerId) => ({ peer, nickname: nicknameOf(peer) })

/** Steps of a dispute whose assertions agree, and of one whose differ. */
const STEPS = { settled: 2, proven: 4 } as const
const AT = { asserting: 1, comparing: 2, rerunning: 3 } as const

/** A dispute as people see it. `openedAt` is when, by the calendar. */
export function viewOf(run: DisputeRun, { self, openedAt }: { self: PeerId; openedAt: Date }): DisputeView {
  const { state, init, decisions, outline } = run
  const [decision] = decisions
  const { facts } = init
  const { outcome } = state
  const { contest } = init
  const requester = facts.offer.author
  const isProven = state.compared !== undefined || state.proofs.length > 0
  const of = isProven ? STEPS.proven : STEPS.settled
  const leaf = leafOf(run)
  const judged = outcome && outcome.state !== 'unresolved' ? outcome.judged : []
  const outputs = outcome && outcome.state !== 'unresolved' ? outcome.canonical.outputs : undefined
  return {
    job: hex(state.job),
    model: facts.offer.message.model,
    modelName: facts.manifest.name,
    requester,
    openedBy: contest?.author ?? requester,
    reason: contest?.message.reason ?? 'outside-rule',
    note: contest?.message.note ?? '',
    openedAt,
    mine: state.parties.includes(self),
    phase: state.phase === 'ended' ? (outcome?.state ?? 'unresolved') : state.phase,
    step: { at: state.phase === 'ended' ? of : Math.min(of, AT[state.phase]), of },
    claims: facts.claims.map(({ peer, engine, outputHash }) => {
      const { stands, deviation } = judged.find((one) => one.peer === peer) ?? {}
      return {
        ...named(peer),
        engine,
        outputHash: hex(outputHash),
        ...(stands === undefined ? {} : { stands }),
        ...(deviation ? { deviation } : {}),
      }
    }),
    assertions: assertionsOf(state),
    ...(outline ? { strip: stripOf(outline, state, decision) } : {}),
    ...(leaf ? { leaf } : {}),
    losers: (outcome?.losers ?? []).map((loser) => ({ ...named(loser.peer), for: loser.for })),
    ...(outputs ? { output: outputs } : {}),
    ...(outcome?.state === 'unresolved' ? { unresolved: outcome.reason } : {}),
    overturned: state.overturned,
    refused: run.refusals.list(),
    ...(run.endedAt === undefined ? {} : { tookMs: run.endedAt - run.openedAt }),
    hasEvidence: run.ended !== undefined,
  }
}

/** One line for each peer; who contradicted itself has two. */
function assertionsOf({ assertions, phase, outcome }: Dispute): AssertionView[] {
  const isOver = phase === 'ended' && outcome?.state !== 'unresolved'
  return assertions.map(({ read, standing }) => ({
    ...named(read.author),
    root: hex(read.message.root),
    output: hex(read.message.output),
    standing: standing === 'aside' ? 'open' : standing === 'open' && isOver ? 'stands' : standing,
  }))
}

/** The operators in the order in which they run, and up to which all sides agree. */
function stripOf(outline: Outline, { phase, compared, proofs }: Dispute, decision: Decision | undefined): StripView {
  const order = [...new Set(outline.values.map(({ operator }) => operator))]
  const operators = order.map((index) => ({ index, type: outline.operators[index]?.type ?? '' }))
  const value = decision?.value ?? proofs[0]?.value ?? compared?.difference?.value
  const operator = value === undefined ? undefined : outline.values[value]?.operator
  if (operator === undefined) {
    const isAgreed = phase === 'ended' || value !== undefined
    return { operators, agreed: isAgreed ? operators.length : 0 }
  }
  const place = order.indexOf(operator)
  return { operators, agreed: place, differs: place }
}

/** The operator that was run again, and what each side had said of it. */
function leafOf({ state, decisions: [decision], outline }: DisputeRun): LeafView | undefined {
  const run = decision?.operator
  if (!decision || !run || !outline) return undefined
  const places = new Map(outline.values.map(({ name }, place) => [name, place]))
  const { index, type, name } = run.operator
  return {
    operator: { index, type, name },
    inputs: Object.entries(run.inputs).map(([input, { dtype, dims }]) => ({
      name: input,
      dtype,
      dims,
      hash: hex(decision.sides[0].hashAt(places.get(input) ?? -1) ?? new Uint8Array()),
    })),
    value: run.value,
    sides: decision.sides.map((opened, i) => {
      const hash = opened.hashAt(decision.value) ?? new Uint8Array()
      const stands = equalBytes(hash, run.found)
      const output = stands ? run.output : decision.shown
      const key = decision.keys[i]
      const peers = state.assertions.filter((one) => one.key === key).map(({ read }) => named(read.author))
      return { peers, hash: hex(hash), stands, ...(output ? { output } : {}) }
    }),
    ...(run.output ? { rerun: { hash: hex(run.found), output: run.output, computeMs: run.computeMs } } : {}),
  }
}

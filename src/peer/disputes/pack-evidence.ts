import { hashTensors } from '../../domain/commitment.ts'
import { counted, refutedByOperators } from '../../domain/dispute/sides.ts'
import type { DisputeOutcome } from '../../domain/dispute/dispute-state.ts'
import { encodeEvidence, type OpenedTrace } from '../../domain/dispute/evidence.ts'
import { wayTo, type Opened } from '../../domain/dispute/opened-trace.ts'
import type { Signed } from '../../domain/envelope.ts'
import { equalBytes, hashBytes, hex } from '../../domain/hash.ts'
import type { Message } from '../../domain/messages.ts'
import type { ReceiptFile } from '../../domain/receipt.ts'
import { bytesOf, type Tensors } from '../../domain/tensor.ts'
import { MAX_WHOLE } from '../../protocols/disputes/index.ts'
import type { Decision, EndedState } from './run-dispute.ts'

/** Bytes of an input that is kept though nothing is replayed from it. */
const SMALL_INPUT = 64 * 1024

/** Bytes of what a loser showed that are kept beside what proves it, for people to see. */
const SMALL_VALUE = 256 * 1024

/** What a peer signs of how a dispute ended. */
export function settlementOf(
  of: { readonly room: string; readonly job: Uint8Array },
  outcome: DisputeOutcome,
  decisions: readonly Decision[],
): Message {
  const runs = decisions.flatMap(({ operator }) => operator ?? [])
  const [first] = runs
  const common = {
    kind: 'settlement' as const,
    ...of,
    losers: outcome.losers.map((loser) => ({ ...loser })),
    leaves: runs.map(({ inputs, model }) => ({ inputs: hashTensors(inputs), model: hashBytes(model) })),
  }
  if (outcome.state === 'unresolved') return { ...common, state: 'unresolved', reason: outcome.reason, stands: [] }
  return {
    ...common,
    state: outcome.state,
    output: outcome.canonical.outputHash,
    stands: outcome.judged.flatMap(({ peer, stands }) => (stands ? [peer] : [])),
    ...(first ? { operator: { index: first.operator.index, type: first.operator.type.slice(0, 128) } } : {}),
  }
}

export interface Packed extends EndedState {
  /** The receipt of the job. */
  readonly file: ReceiptFile
  readonly contest?: Signed
  /** Places of values in the trace, by their names. */
  readonly places: ReadonlyMap<string, number>
}

/** The portable record of a dispute that ended. */
export function packEvidence(dispute: Packed): Uint8Array {
  const { file, contest, state, outcome, decisions, settlement, opened, places } = dispute
  const { input, ...rest } = file
  // What counted for whoever packs it, and that it could show why.
  const said = counted(state).filter(({ standing }) => standing !== 'aside')
  return encodeEvidence({
    moot: 'evidence',
    version: 1,
    grounds: 'contest',
    receipt: input && isNeeded(dispute, input.tensors) ? file : rest,
    messages: [...(contest ? [contest] : []), ...said.map(({ read }) => read.signed), settlement],
    traces: tracesOf(opened, decisions, places),
    leaves: decisions.flatMap(({ sides: [a, b], value, operator, shown }) => {
      if (operator === undefined) return []
      const { model, inputs, value: name } = operator
      const small = shown && shown.data.length <= SMALL_VALUE ? { shown: { [name]: shown } } : {}
      return [{ sides: [a.root, b.root] as [Uint8Array, Uint8Array], value, model, inputs, ...small }]
    }),
    ...outputBeside(outcome, file),
  })
}

/**
 * Whether something is replayed from the job's input: all that no operator refuted. A claim whose author asserted a run that ends in it, and
 * whose run an operator refuted, takes no more.
 */
function isNeeded({ state, outcome, decisions }: Packed, input: Tensors): boolean {
  const runs = decisions.flatMap(({ operator }) => operator ?? [])
  const refuted = new Set(refutedByOperators(state))
  const others = outcome.losers.some((loser) => loser.for === 'claim' && !refuted.has(loser.peer))
  return (
    bytesOf(input) <= SMALL_INPUT || runs.length === 0 || others || runs.some((run) => takesInput(run.inputs, input))
  )
}

/** Each trace that was opened, with the ways to what differs and to what the operators took. */
function tracesOf(
  opened: readonly Opened[],
  decisions: readonly Decision[],
  places: ReadonlyMap<string, number>,
): OpenedTrace[] {
  const taken = decisions.flatMap(({ value, operator }) => [
    value,
    ...Object.keys(operator?.inputs ?? {}).flatMap((name) => places.get(name) ?? []),
  ])
  const distinct = new Map(opened.map((trace) => [hex(trace.root), trace]))
  return [...distinct.values()].map((trace) => showing(trace, taken))
}

const takesInput = (inputs: object, ofModel: object): boolean => Object.keys(inputs).some((name) => name in ofModel)

/** A trace whole where it is short, else the ways to some places and to the hash of the output. */
function showing(opened: Opened, places: readonly number[]): OpenedTrace {
  if (opened.count <= MAX_WHOLE) return opened.show()
  const ways = [...places, opened.count - 1].flatMap((place) => wayTo(place, opened.count))
  return opened.show([...new Map(ways.map((place) => [`${place.level}/${place.index}`, place])).values()])
}

/** The canonical output, unless the receipt holds it. */
function outputBeside(outcome: DisputeOutcome, { outputs }: ReceiptFile): { output?: ReceiptFile['outputs'][number] } {
  if (outcome.state === 'unresolved' || outcome.canonical.outputs === undefined) return {}
  const { outputHash, outputs: output } = outcome.canonical
  return outputs.some((other) => equalBytes(hashTensors(other), outputHash)) ? {} : { output }
}

import { hashTensors } from '../../domain/commitment.ts'
import type { DisputeOutcome } from '../../domain/dispute/dispute-state.ts'
import { encodeEvidence, type OpenedTrace } from '../../domain/dispute/evidence.ts'
import { wayTo, type Opened } from '../../domain/dispute/opened-trace.ts'
import type { Signed } from '../../domain/envelope.ts'
import { equalBytes, hashBytes, hex } from '../../domain/hash.ts'
import type { Message } from '../../domain/messages.ts'
import type { ReceiptFile } from '../../domain/receipt.ts'
import { bytesOf } from '../../domain/tensor.ts'
import { MAX_WHOLE } from '../../protocols/disputes/index.ts'
import type { Decision } from './run-dispute.ts'

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
  const losers = outcome.losers.map((loser) => ({ ...loser }))
  if (outcome.state === 'unresolved')
    return { kind: 'settlement', ...of, state: 'unresolved', reason: outcome.reason, stands: [], losers, leaves: [] }
  const runs = decisions.flatMap(({ operator }) => operator ?? [])
  const [first] = runs
  return {
    kind: 'settlement',
    ...of,
    state: outcome.state,
    output: outcome.canonical.outputHash,
    stands: outcome.judged.flatMap(({ peer, stands }) => (stands ? [peer] : [])),
    losers,
    ...(first ? { operator: { index: first.operator.index, type: first.operator.type.slice(0, 128) } } : {}),
    leaves: runs.map(({ inputs, model }) => ({ inputs: hashTensors(inputs), model: hashBytes(model) })),
  }
}

/** The portable record of a dispute that ended. */
export function packEvidence(dispute: {
  readonly file: ReceiptFile
  readonly outcome: DisputeOutcome
  readonly decisions: readonly Decision[]
  /** CONTEST, ASSERTs, SETTLEMENT. */
  readonly messages: readonly Signed[]
  /** Places of values in the trace, by their names. */
  readonly places: ReadonlyMap<string, number>
}): Uint8Array {
  const { file, outcome, decisions, messages, places } = dispute
  const runs = decisions.flatMap(({ operator }) => operator ?? [])
  const { input, ...rest } = file
  // A proof is replayed from its operator; all else from the whole model and its input.
  const small = input && bytesOf(input.tensors) <= SMALL_INPUT
  const isNeeded = small || runs.length === 0 || (input && runs.some(({ inputs }) => takesInput(inputs, input.tensors)))
  return encodeEvidence({
    moot: 'evidence',
    version: 1,
    grounds: 'contest',
    receipt: isNeeded ? file : rest,
    messages: [...messages],
    traces: tracesOf(decisions, places),
    leaves: decisions.flatMap(({ sides: [a, b], value, operator, shown }) => {
      if (operator === undefined) return []
      const { model, inputs, value: name } = operator
      const small = shown && shown.data.length <= SMALL_VALUE ? { shown: { [name]: shown } } : {}
      return [{ sides: [a.root, b.root] as [Uint8Array, Uint8Array], value, model, inputs, ...small }]
    }),
    ...outputBeside(outcome, file),
  })
}

/** Each side once, with the ways to what differs and to what the operators took. */
function tracesOf(decisions: readonly Decision[], places: ReadonlyMap<string, number>): OpenedTrace[] {
  const taken = decisions.flatMap(({ value, operator }) => [
    value,
    ...Object.keys(operator?.inputs ?? {}).flatMap((name) => places.get(name) ?? []),
  ])
  const sides = new Map(decisions.flatMap(({ sides: both }) => both.map((side) => [hex(side.root), side])))
  return [...sides.values()].map((side) => showing(side, taken))
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

import { hashTensors } from '../../domain/commitment.ts'
import type { DisputeOutcome } from '../../domain/dispute/dispute-state.ts'
import { encodeEvidence, type OpenedTrace } from '../../domain/dispute/evidence.ts'
import { wayTo, type Opened } from '../../domain/dispute/opened-trace.ts'
import type { Signed } from '../../domain/envelope.ts'
import { equalBytes, hashBytes } from '../../domain/hash.ts'
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
  decision: Decision | undefined,
): Message {
  const losers = outcome.losers.map((loser) => ({ ...loser }))
  if (outcome.state === 'unresolved')
    return { kind: 'settlement', ...of, state: 'unresolved', reason: outcome.reason, stands: [], losers }
  const run = outcome.state === 'proven' ? decision?.operator : undefined
  return {
    kind: 'settlement',
    ...of,
    state: outcome.state,
    output: outcome.canonical.outputHash,
    stands: outcome.judged.flatMap(({ peer, stands }) => (stands ? [peer] : [])),
    losers,
    ...(run
      ? {
          operator: { index: run.operator.index, type: run.operator.type.slice(0, 128) },
          leaf: { inputs: hashTensors(run.inputs), model: hashBytes(run.model) },
        }
      : {}),
  }
}

/** The portable record of a dispute that ended. */
export function packEvidence(dispute: {
  readonly file: ReceiptFile
  readonly outcome: DisputeOutcome
  readonly decision: Decision | undefined
  /** CONTEST, ASSERTs, SETTLEMENT. */
  readonly messages: readonly Signed[]
  /** Places of the values that the operator took, so that their hashes are shown. */
  readonly places: readonly number[]
}): Uint8Array {
  const { file, outcome, decision, messages, places } = dispute
  const proof = outcome.state === 'proven' ? decision : undefined
  const run = proof?.operator
  const shown = proof?.shown && proof.shown.data.length <= SMALL_VALUE ? proof.shown : undefined
  const { input, ...rest } = file
  // A proof is replayed from its operator; all else from the whole model and its input.
  const isNeeded = input && (!run || bytesOf(input.tensors) <= SMALL_INPUT || takesInput(run.inputs, input.tensors))
  return encodeEvidence({
    moot: 'evidence',
    version: 1,
    grounds: 'contest',
    receipt: isNeeded ? file : rest,
    messages: [...messages],
    traces: proof ? proof.sides.map((side) => showing(side, [proof.value, ...places])) : [],
    ...(run && proof
      ? {
          leaf: {
            value: proof.value,
            model: run.model,
            inputs: run.inputs,
            ...(shown ? { shown: { [run.value]: shown } } : {}),
          },
        }
      : {}),
    ...outputBeside(outcome, file),
  })
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

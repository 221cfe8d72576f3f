import type { Charter } from '../../domain/charter.ts'
import { checkReceipt } from '../../domain/check-receipt.ts'
import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import type { MessageOf, Read } from '../../domain/messages.ts'
import { readReceipt } from '../../domain/receipt.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { packEvidence } from './pack-evidence.ts'
import { DisputeRun, type RunComponents } from './run-dispute.ts'

/** What is disputed, and how this peer takes part. */
export interface Case {
  /** The receipt file, whoever gave it. */
  readonly file: Uint8Array
  /** The job that it must be about, hex. */
  readonly job: string
  /** As this peer had it; else what the receipt holds. */
  readonly input: Tensors | undefined
  readonly asserts: boolean
  readonly contest?: Read<MessageOf<'contest'>>
}

/** Opens a dispute over a job whose receipt holds in every point that can be checked. Rejects with `MALFORMED`, `TOO_LARGE`. */
export async function openCase(
  components: RunComponents,
  { file: bytes, job, input, ...rest }: Case,
  { verify, charter, onChange }: { verify: VerifySignature; charter: Charter; onChange: () => void },
): Promise<DisputeRun> {
  const file = readReceipt(bytes)
  const { facts, checks } = await checkReceipt(file, verify, [charter])
  const broken = checks.find((check) => check.holds === false)
  if (broken) throw fault({ code: 'MALFORMED', what: 'case', why: broken.detail })
  if (hex(facts.receipt.message.job) !== job)
    throw fault({ code: 'MALFORMED', what: 'case', why: 'it is about another job' })
  return new DisputeRun(components, { file, facts, input: input ?? facts.input, ...rest }, onChange)
}

/** The evidence file of a dispute that ended here; undefined before. */
export function evidenceOf(run: DisputeRun): Uint8Array | undefined {
  const { init, state, decisions, messages, settlement, outline } = run
  if (state.outcome === undefined || settlement === undefined) return undefined
  return packEvidence({
    file: init.file,
    outcome: state.outcome,
    decisions,
    messages: [...messages, settlement],
    places: new Map(outline?.values.map(({ name }, place) => [name, place])),
  })
}

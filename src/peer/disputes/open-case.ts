import type { Charter } from '../../domain/charter/charter.ts'
import { checkReceipt } from '../../domain/check-receipt.ts'
import { fault } from '../../domain/fault.ts'
import { commitToInput } from '../../domain/commitment.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import type { MessageOf, Read } from '../../domain/messages.ts'
import { readReceipt } from '../../domain/receipt.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { packEvidence } from './pack-evidence.ts'
import { DisputeRun, type RunComponents, type RunEvents } from './run-dispute.ts'

/** What is disputed, and how this peer takes part. */
export interface Case {
  /** The receipt file, whoever gave it. */
  readonly file: Uint8Array
  /** The job that it must be about, hex. */
  readonly job: string
  /** As this peer was given it, for its part in the job; else the receipt may hold it. */
  readonly given: { readonly salt: Uint8Array; readonly tensors: Tensors } | undefined
  readonly asserts: boolean
  readonly contest?: Read<MessageOf<'contest'>>
}

/** Opens a dispute over a job whose receipt holds in every point that can be checked. Rejects with `MALFORMED`, `TOO_LARGE`. */
export async function openCase(
  components: RunComponents,
  { file: bytes, job, given, ...rest }: Case,
  { verify, charter, ...events }: RunEvents & { verify: VerifySignature; charter: Charter },
): Promise<DisputeRun> {
  const file = readReceipt(bytes)
  const { facts, checks } = await checkReceipt(file, verify, [charter])
  const broken = checks.find((check) => check.holds === false)
  if (broken) throw fault({ code: 'MALFORMED', what: 'case', why: broken.detail })
  if (hex(facts.receipt.message.job) !== job)
    throw fault({ code: 'MALFORMED', what: 'case', why: 'it is about another job' })
  if (given && !equalBytes(commitToInput(given.salt, given.tensors), facts.offer.message.input))
    throw fault({ code: 'MALFORMED', what: 'case', why: 'its input is not the one that was bound' })
  const input = given?.tensors ?? facts.input
  return new DisputeRun(components, { file, facts, input, ...rest }, events)
}

/** The evidence file of a dispute that ended here, as it last did; undefined before. */
export function evidenceOf({ init, contest, ended, outline }: DisputeRun): Uint8Array | undefined {
  return (
    ended &&
    packEvidence({
      file: init.file,
      ...ended,
      ...(contest ? { contest } : {}),
      places: new Map(outline?.values.map(({ name }, place) => [name, place])),
    })
  )
}

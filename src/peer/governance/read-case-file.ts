import { checkReceipt } from '../../domain/check-receipt.ts'
import { hashTensors } from '../../domain/commitment.ts'
import { fault } from '../../domain/fault.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import type { BodyOf } from '../../domain/ledger/entry.ts'
import { isKind, readAs, readMessage, type MessageOf, type Read } from '../../domain/messages.ts'
import { readReceipt } from '../../domain/receipt.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import type { CaseFile } from '../governance-view.ts'

/**
 * Reads the record of a job as a party shows it. Rejects with `MALFORMED`, `TOO_LARGE`, or `BAD_SIGNATURE` where it is not of that job, or holds
 * another RECEIPT than the contest: its author may have signed two.
 */
export async function readCaseFile(
  bytes: Uint8Array,
  { job, receipt: contested }: { readonly job: string; readonly receipt?: Uint8Array | undefined },
  verify: VerifySignature,
): Promise<CaseFile> {
  const file = readReceipt(bytes)
  const checked = await checkReceipt(file, verify)
  const { receipt, input } = checked.facts
  const isSigned = checked.checks.find(({ name }) => name === 'signatures')?.holds === true
  const isContested = contested === undefined || equalBytes(receipt.digest, contested)
  if (!isSigned || hex(receipt.message.job) !== job || !isContested)
    throw fault({ code: 'BAD_SIGNATURE', what: 'record of the job' })
  const held = new Map(file.outputs.map((output) => [hex(hashTensors(output)), output]))
  const { claims, returned } = receipt.message
  const distinct = [...new Set(claims.map(({ output }) => hex(output)))]
  return {
    file: bytes,
    checked,
    manifest: file.manifest,
    ...(input ? { input } : {}),
    outputs: distinct.map((output) => {
      const tensors = held.get(output)
      return {
        peers: claims.filter((claim) => hex(claim.output) === output).map(({ peer }) => peer),
        ...(tensors ? { output: tensors } : {}),
        returned: hex(returned) === output,
      }
    }),
  }
}

/** What a jury over a job is drawn from, out of the record of the job. Throws `MALFORMED` where it lacks a part. */
export function termsIn(file: Uint8Array): NonNullable<BodyOf<'CONTEST'>['terms']> {
  const reads = readReceipt(file).messages.map(readMessage)
  const only = <K extends 'offer' | 'award' | 'receipt'>(kind: K): Read<MessageOf<K>> => {
    const found = reads.find((read) => isKind(kind, read))
    if (found) return found as Read<MessageOf<K>>
    throw fault({ code: 'MALFORMED', what: 'record of the job', why: `it holds no ${kind}` })
  }
  const [offer, award, receipt] = [only('offer'), only('award'), only('receipt')]
  const accepts = award.message.accepts.map((signed) => readAs('accept', signed))
  const sat = receipt.message.claims.flatMap(({ peer }) => accepts.find(({ author }) => author === peer) ?? [])
  const others = accepts.filter(({ digest }) => !sat.some((accept) => equalBytes(accept.digest, digest)))
  return {
    offer: offer.signed,
    receipt: receipt.signed,
    accepts: sat.map(({ signed }) => signed),
    others: others.map(({ digest }) => digest),
  }
}

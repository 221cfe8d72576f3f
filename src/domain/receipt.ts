import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { cidOf } from './charter.ts'
import { commitToInput, commitToOutput, hashTensors } from './commitment.ts'
import { signingBytes, type Signed } from './envelope.ts'
import { fault } from './fault.ts'
import { equalBytes, hash, hex } from './hash.ts'
import { castLot, jobIdOf } from './lot.ts'
import { ManifestSchema, type Manifest } from './manifest.ts'
import {
  decodeCbor,
  isKind,
  parse,
  readAs,
  readMessage,
  SignedSchema,
  type MessageKind,
  type MessageOf,
  type Read,
} from './messages.ts'
import { TensorsSchema, type Tensors } from './tensor.ts'
import { decide, type Claim } from './verdict.ts'

/** Bytes of the largest receipt file that is read. */
export const MAX_RECEIPT = 64 * 1024 * 1024

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')

const ReceiptFile = v.strictObject({
  moot: v.literal('receipt'),
  version: v.literal(1),
  manifest: ManifestSchema,
  /** OFFER, AWARD (with the ACCEPTs), COMMIT-SET (with the COMMITs), REVEAL-SET (with the REVEALs), RECEIPT; DECLINEs after. */
  messages: v.pipe(v.array(SignedSchema), v.maxLength(256)),
  /** Kept when small enough; without it the hashes remain. */
  input: v.exactOptional(v.strictObject({ salt: bytes, tensors: TensorsSchema })),
  /** Each distinct output that was claimed; claims that are equal to the bit share one. */
  outputs: v.pipe(v.array(TensorsSchema), v.maxLength(16)),
})

/** The portable signed record of a job: one file, which any tab can check with no network. */
export type ReceiptFile = v.InferOutput<typeof ReceiptFile>

export const encodeReceipt = (file: ReceiptFile): Uint8Array => encode(file)

/** Reads a receipt file. Throws `TOO_LARGE` or `MALFORMED`. What it says is not yet checked: `checkReceipt` does that. */
export function readReceipt(data: Uint8Array): ReceiptFile {
  if (data.length > MAX_RECEIPT)
    throw fault({ code: 'TOO_LARGE', what: 'receipt', bytes: data.length, limit: MAX_RECEIPT })
  return parse(ReceiptFile, decodeCbor(data, 'receipt'), 'receipt')
}

/** One thing that a receipt claims, and whether it holds; `undefined` where what it would take is not in the file. */
export interface Check {
  readonly name: 'signatures' | 'model' | 'draw' | 'commitments' | 'input' | 'outputs' | 'agreement'
  readonly holds: boolean | undefined
  readonly detail: string
}

/** What a receipt says, read out for a person or for a re-run. */
export interface ReceiptFacts {
  readonly manifest: Manifest
  readonly offer: Read<MessageOf<'offer'>>
  readonly receipt: Read<MessageOf<'receipt'>>
  readonly accepts: readonly Read<MessageOf<'accept'>>[]
  readonly claims: readonly Claim[]
  readonly input?: Tensors
}

export interface CheckedReceipt {
  readonly facts: ReceiptFacts
  readonly checks: readonly Check[]
}

/**
 * Checks everything in a receipt that needs no engine: signatures, draw, commitments, agreement. Throws `MALFORMED`
 * where the file lacks a message that every job has.
 */
export async function checkReceipt(
  file: ReceiptFile,
  verify: (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>,
): Promise<CheckedReceipt> {
  const job = transcriptOf(file)
  const claims = claimsOf(job, file)
  const checks = [
    await checkSignatures(job, file, verify),
    checkModel(job, file),
    checkDraw(job),
    checkCommitments(job),
    checkInput(job, file),
    checkOutputs(job, claims, file),
    checkAgreement(job, claims, file),
  ]
  const { offer, receipt, accepts } = job
  const input = file.input ? { input: file.input.tensors } : {}
  return { facts: { manifest: file.manifest, offer, receipt, accepts, claims, ...input }, checks }
}

interface Transcript {
  readonly offer: Read<MessageOf<'offer'>>
  readonly award: Read<MessageOf<'award'>>
  readonly accepts: readonly Read<MessageOf<'accept'>>[]
  readonly commitSet: Read<MessageOf<'commit-set'>>
  readonly commits: readonly Read<MessageOf<'commit'>>[]
  readonly revealSet: Read<MessageOf<'reveal-set'>>
  readonly reveals: readonly Read<MessageOf<'reveal'>>[]
  readonly receipt: Read<MessageOf<'receipt'>>
}

function transcriptOf(file: ReceiptFile): Transcript {
  const reads = file.messages.map(readMessage)
  const only = <K extends MessageKind>(kind: K): Read<MessageOf<K>> => {
    const [first, second] = reads.filter((read) => isKind(kind, read)) as Read<MessageOf<K>>[]
    if (first === undefined || second !== undefined)
      throw fault({ code: 'MALFORMED', what: 'receipt', why: `it holds ${first ? 'more than one' : 'no'} ${kind}` })
    return first
  }
  const [award, commitSet, revealSet] = [only('award'), only('commit-set'), only('reveal-set')]
  return {
    offer: only('offer'),
    award,
    accepts: award.message.accepts.map((signed) => readAs('accept', signed)),
    commitSet,
    commits: commitSet.message.commits.map((signed) => readAs('commit', signed)),
    revealSet,
    reveals: revealSet.message.reveals.map((signed) => readAs('reveal', signed)),
    receipt: only('receipt'),
  }
}

async function checkSignatures(
  job: Transcript,
  file: ReceiptFile,
  verify: (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>,
): Promise<Check> {
  const all: Signed[] = [
    ...file.messages,
    ...[...job.accepts, ...job.commits, ...job.reveals].map((read) => read.signed),
  ]
  const valid = await Promise.all(all.map(({ key, body, signature }) => verify(key, signingBytes(body), signature)))
  const bad = all.filter((_, i) => !valid[i]).map((signed) => readMessage(signed))
  const requester = job.offer.author
  const foreign = [job.award, job.commitSet, job.revealSet, job.receipt].filter((read) => read.author !== requester)
  const detail =
    bad[0] !== undefined
      ? `the signature on the ${bad[0].message.kind} of ${bad[0].author} does not hold`
      : foreign[0] !== undefined
        ? `the ${foreign[0].message.kind} is not by the requester`
        : `${all.length} signatures of ${new Set(all.map((signed) => hex(signed.key))).size} keys hold`
  return { name: 'signatures', holds: bad.length === 0 && foreign.length === 0, detail }
}

function checkModel({ offer, receipt }: Transcript, { manifest }: ReceiptFile): Check {
  const holds = cidOf(manifest) === offer.message.model && receipt.message.model === offer.message.model
  const detail = holds
    ? `${manifest.name} ${manifest.version} is the model that was asked for`
    : 'the model described is not the one that was asked for'
  return { name: 'model', holds, detail }
}

/** The lot, cast again: whoever committed is whom it seats, those who were absent being passed over. */
function checkDraw({ offer, award, accepts, commitSet, commits }: Transcript): Check {
  const { secret, job } = award.message
  const name = 'draw'
  if (
    !equalBytes(award.message.offer, offer.digest) ||
    !accepts.every((accept) => equalBytes(accept.message.offer, offer.digest))
  )
    return { name, holds: false, detail: 'an accept is for another offer' }
  if (new Set(accepts.map((accept) => accept.author)).size < accepts.length)
    return { name, holds: false, detail: 'one key accepted twice' }
  if (!equalBytes(hash('moot/lot-secret', secret), offer.message.lot))
    return { name, holds: false, detail: 'the secret behind the lot is not the one that the offer bound' }
  if (
    !equalBytes(
      jobIdOf(
        offer.digest,
        accepts.map((accept) => accept.digest),
      ),
      job,
    )
  )
    return { name, holds: false, detail: "the job's name does not follow from its offer and accepts" }
  const seats = offer.message.replication
  const tickets = accepts.map(({ author, message: { engine } }) => ({ peer: author, engine }))
  const absent = new Set(commitSet.message.absent)
  const due = castLot({ secret, job, seats, tickets })
    .filter((ticket) => !absent.has(ticket.peer))
    .slice(0, seats)
  const drawn = new Set(due.map((ticket) => `${ticket.peer} ${ticket.engine}`))
  const sat = new Set(commits.map((commit) => `${commit.author} ${commit.message.engine}`))
  const holds = sat.size === commits.length && drawn.size === sat.size && [...sat].every((seat) => drawn.has(seat))
  const passed = absent.size === 0 ? '' : `; ${absent.size} drawn before were absent, as the requester saw it`
  return {
    name,
    holds,
    detail: holds
      ? `${sat.size} drawn from ${accepts.length} by the lot${passed}`
      : 'those who answered are not those whom the lot seats',
  }
}

function checkCommitments({ offer, award, commitSet, commits, revealSet, reveals, receipt }: Transcript): Check {
  const { job } = award.message
  const name = 'commitments'
  const named = [commitSet, ...commits, revealSet, ...reveals, receipt].every((read) =>
    equalBytes(read.message.job, job),
  )
  if (!named) return { name, holds: false, detail: 'a message belongs to another job' }
  const { room, attempt, drawnFrom } = receipt.message
  if (room !== offer.message.room || attempt !== offer.message.attempt || drawnFrom !== award.message.accepts.length)
    return { name, holds: false, detail: 'the receipt tells of another offer' }
  const opened = commits.filter((commit) => {
    const reveal = reveals.find((other) => other.author === commit.author)?.message
    if (reveal === undefined) return false
    const claim = {
      job,
      peer: commit.author,
      engine: commit.message.engine,
      outputHash: reveal.output,
      salt: reveal.salt,
    }
    return equalBytes(commitToOutput(claim), commit.message.commitment)
  })
  const holds = opened.length === commits.length && reveals.length === commits.length
  return {
    name,
    holds,
    detail: holds
      ? `${commits.length} commits were opened as bound`
      : `${commits.length - opened.length} of ${commits.length} commits were not opened as bound`,
  }
}

function checkInput({ offer }: Transcript, { input }: ReceiptFile): Check {
  if (input === undefined)
    return { name: 'input', holds: undefined, detail: 'the input is not in the file; its hash remains' }
  const holds = equalBytes(commitToInput(input.salt, input.tensors), offer.message.input)
  return {
    name: 'input',
    holds,
    detail: holds ? 'the input is the one that was bound' : 'the input is not the one that was bound',
  }
}

function checkOutputs({ reveals }: Transcript, claims: readonly Claim[], file: ReceiptFile): Check {
  const revealed = new Set(reveals.map((reveal) => hex(reveal.message.output)))
  const strange = file.outputs.some((outputs) => !revealed.has(hex(hashTensors(outputs))))
  if (strange)
    return { name: 'outputs', holds: false, detail: 'an output in the file hashes to nothing that was revealed' }
  const held = claims.length === reveals.length
  const detail = held
    ? 'each output hashes to what was revealed'
    : 'not every revealed output is in the file; their hashes remain'
  return { name: 'outputs', holds: held ? true : undefined, detail }
}

function checkAgreement(
  { receipt, reveals, commits }: Transcript,
  claims: readonly Claim[],
  { manifest }: ReceiptFile,
): Check {
  const name = 'agreement'
  const listed = receipt.message.claims
  const same =
    listed.length === reveals.length &&
    listed.every((claim) => {
      const reveal = reveals.find((other) => other.author === claim.peer)
      const commit = commits.find((other) => other.author === claim.peer)
      return (
        reveal !== undefined &&
        equalBytes(reveal.message.output, claim.output) &&
        commit?.message.engine === claim.engine
      )
    })
  if (!same) return { name, holds: false, detail: 'the claims that the receipt lists are not those that were revealed' }
  const [first, ...others] = claims
  if (first === undefined || claims.length < reveals.length)
    return {
      name,
      holds: undefined,
      detail: 'the outputs are not all in the file, so their agreement cannot be computed again',
    }
  const verdict = decide([first, ...others], manifest.arithmetic)
  const holds =
    verdict.state === receipt.message.state && equalBytes(verdict.returned.outputHash, receipt.message.returned)
  return {
    name,
    holds,
    detail: holds
      ? `the rule gives ${verdict.state}`
      : `the rule gives ${verdict.state}, the receipt says ${receipt.message.state}`,
  }
}

/** The claims whose outputs the file holds, found by their hash. */
function claimsOf({ reveals, commits }: Transcript, file: ReceiptFile): Claim[] {
  const held = new Map(file.outputs.map((outputs) => [hex(hashTensors(outputs)), outputs]))
  return reveals.flatMap(({ author, message }) => {
    const engine = commits.find((commit) => commit.author === author)?.message.engine
    const outputs = held.get(hex(message.output))
    if (engine === undefined || outputs === undefined) return []
    return [{ peer: author, engine, outputHash: message.output, outputs, computeMs: message.computeMs }]
  })
}

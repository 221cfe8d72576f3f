import { acceptFault } from './accept.ts'
import { CHARTERS, cidOf, type Charter } from './charter/charter.ts'
import { commitToInput, commitToOutput, hashTensors } from './commitment.ts'
import { signingBytes, type Signed } from './envelope.ts'
import { fault, sentence } from './fault.ts'
import { equalBytes, hash, hex } from './hash.ts'
import { castLot, jobIdOf, seatsDue, ticketsOf } from './lot.ts'
import { isSigned } from './check-manifest.ts'
import type { Manifest } from './manifest.ts'
import { isKind, readAs, readMessage, type MessageKind, type MessageOf, type Read } from './messages.ts'
import type { ReceiptFile } from './receipt.ts'
import type { Tensors } from './tensor.ts'
import { weigh, type HashedClaim } from './verdict.ts'

type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** One thing that a receipt claims, and whether it holds; `undefined` where what it would take is not in the file. */
export interface Check {
  readonly name: 'signatures' | 'model' | 'terms' | 'draw' | 'commitments' | 'input' | 'outputs' | 'agreement'
  readonly holds: boolean | undefined
  readonly detail: string
}

/** What a receipt says, read out for a person or for a re-run. */
export interface ReceiptFacts {
  readonly manifest: Manifest
  readonly offer: Read<MessageOf<'offer'>>
  readonly receipt: Read<MessageOf<'receipt'>>
  readonly accepts: readonly Read<MessageOf<'accept'>>[]
  /** All that were revealed; those whose output is not in the file, by hash. */
  readonly claims: readonly HashedClaim[]
  readonly input?: Tensors
}

export interface CheckedReceipt {
  readonly facts: ReceiptFacts
  readonly checks: readonly Check[]
}

/**
 * Checks everything in a receipt that needs no engine: signatures, terms (under whichever of the charters its offer names),
 * draw, commitments, agreement. Throws `MALFORMED` where the file lacks a message that every job has.
 */
export async function checkReceipt(
  file: ReceiptFile,
  verify: VerifySignature,
  charters: readonly Charter[] = CHARTERS,
): Promise<CheckedReceipt> {
  const job = transcriptOf(file)
  const claims = claimsOf(job, file)
  const checks = [
    await checkSignatures(job, file, verify),
    await checkModel(job, file, verify),
    checkTerms(job, charters),
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

async function checkSignatures(job: Transcript, file: ReceiptFile, verify: VerifySignature): Promise<Check> {
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

async function checkModel(
  { offer, receipt }: Transcript,
  { manifest }: ReceiptFile,
  verify: VerifySignature,
): Promise<Check> {
  const { model } = offer.message
  const isNamed = cidOf(manifest) === model && receipt.message.model === model
  const holds = isNamed && (await isSigned(manifest, verify))
  const detail = holds
    ? `${manifest.name} ${manifest.version} is the model that was asked for, as its publisher signed it`
    : isNamed
      ? 'its publisher did not sign the model described'
      : 'the model described is not the one that was asked for'
  return { name: 'model', holds, detail }
}

/** Whether whoever took part could, under the offer and the charter. */
function checkTerms({ offer, accepts, commitSet, commits, receipt }: Transcript, charters: readonly Charter[]): Check {
  const name = 'terms'
  const charter = charters.find((one) => cidOf(one) === offer.message.charter)
  if (charter === undefined)
    return { name, holds: undefined, detail: 'this version does not know the charter that the offer names' }
  const seated = accepts.filter((accept) => commits.some((commit) => commit.author === accept.author))
  const broken = seated.flatMap((accept) => acceptFault(offer, accept, charter) ?? [])[0]
  if (broken !== undefined) return { name, holds: false, detail: `somebody sat who could not: ${sentence(broken)}` }
  if (accepts.length > 1 && accepts.some((accept) => accept.author === offer.author))
    return { name, holds: false, detail: 'the requester is among those who answered' }
  const { absent } = commitSet.message
  const known = absent.every((peer) => accepts.some((accept) => accept.author === peer))
  if (!known || new Set(absent).size < absent.length)
    return { name, holds: false, detail: 'somebody is called absent who never accepted' }
  const [asked, told] = [offer.message.repeats, receipt.message.repeats]
  if (asked === undefined ? told !== undefined : told === undefined || !equalBytes(asked, told))
    return { name, holds: false, detail: 'the receipt tells of another attempt before this one than the offer' }
  return { name, holds: true, detail: `all who answered could, under ${charter.title} ${charter.version}` }
}

/** The lot, cast again: whoever committed is whom it seats, those who were absent being passed over. */
function checkDraw({ offer, award, accepts, commitSet, commits }: Transcript): Check {
  const name = 'draw'
  const fails = (detail: string): Check => ({ name, holds: false, detail })
  const { secret, job } = award.message
  const digests = accepts.map((accept) => accept.digest)
  const forThis = [award, ...accepts].every((read) => equalBytes(read.message.offer, offer.digest))
  if (!forThis) return fails('an accept is for another offer')
  if (new Set(accepts.map((accept) => accept.author)).size < accepts.length) return fails('one key accepted twice')
  if (!equalBytes(hash('moot/lot-secret', secret), offer.message.lot))
    return fails('the secret behind the lot is not the one that the offer bound')
  if (!equalBytes(jobIdOf(offer.digest, digests), job))
    return fails("the job's name does not follow from its offer and accepts")
  const seats = offer.message.replication
  const { absent } = commitSet.message
  const { trees } = award.message
  if (trees !== undefined && trees.length !== accepts.length) return fails('it names trees for others than accepted')
  const tickets = ticketsOf(accepts, trees)
  const due = seatsDue(castLot({ secret, job, tickets }), { seats, absent })
  const sat = new Map(commits.map((commit) => [commit.author, commit.message.engine]))
  const holds =
    sat.size === commits.length && sat.size === due.length && due.every(({ peer, engine }) => sat.get(peer) === engine)
  if (!holds) return fails('those who answered are not those whom the lot seats')
  const fewer = sat.size < seats ? ` of the ${seats} asked for` : ''
  const left = absent.length === 0 ? '' : `; ${absent.length} left after the award, as the requester saw it`
  return { name, holds, detail: `${sat.size}${fewer} drawn from ${accepts.length} by the lot${left}` }
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
    if (reveal === undefined || !equalBytes(reveal.set, commitSet.digest)) return false
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

function checkOutputs({ reveals }: Transcript, claims: readonly HashedClaim[], file: ReceiptFile): Check {
  const revealed = new Set(reveals.map((reveal) => hex(reveal.message.output)))
  const strange = file.outputs.some((outputs) => !revealed.has(hex(hashTensors(outputs))))
  if (strange)
    return { name: 'outputs', holds: false, detail: 'an output in the file hashes to nothing that was revealed' }
  const held = claims.every((claim) => claim.outputs !== undefined)
  const detail = held
    ? 'each output hashes to what was revealed'
    : 'not every revealed output is in the file; their hashes remain'
  return { name: 'outputs', holds: held ? true : undefined, detail }
}

function checkAgreement(
  { receipt, reveals, commits }: Transcript,
  claims: readonly HashedClaim[],
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
  if (first === undefined) return { name, holds: false, detail: 'nothing was revealed' }
  const { state, returned } = weigh([first, ...others], manifest)
  const { state: said, returned: hashSaid } = receipt.message
  if (!equalBytes(returned.outputHash, hashSaid))
    return { name, holds: false, detail: 'the output that was returned is not the one that the rule returns' }
  if (state === undefined)
    return { name, holds: undefined, detail: 'whether the claims agree takes outputs that are not in the file' }
  const detail = `the rule gives ${state}`
  return state === said
    ? { name, holds: true, detail }
    : { name, holds: false, detail: `${detail}, the receipt says ${said}` }
}

/** Every claim, with its output where the file holds it. */
function claimsOf({ reveals, commits }: Transcript, file: ReceiptFile): HashedClaim[] {
  const held = new Map(file.outputs.map((outputs) => [hex(hashTensors(outputs)), outputs]))
  return reveals.flatMap(({ author, message }) => {
    const engine = commits.find((commit) => commit.author === author)?.message.engine
    const outputs = held.get(hex(message.output))
    if (engine === undefined) return []
    const claim = { peer: author, engine, outputHash: message.output, computeMs: message.computeMs }
    return [outputs === undefined ? claim : { ...claim, outputs }]
  })
}

import { commitToOutput } from '../commitment.ts'
import { signingBytes, type Signed } from '../envelope.ts'
import { fault } from '../fault.ts'
import { equalBytes, hash, hex } from '../hash.ts'
import { jobIdOf } from '../lot.ts'
import { isKind, readAs, readMessage, type MessageOf, type Read } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'
import type { EvidenceFile, ContestEvidence } from './evidence.ts'
import { Opened } from './opened-trace.ts'

type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** Whether one part of a bundle of evidence holds, and why. */
export interface PartCheck {
  readonly holds: boolean
  readonly detail: string
}

/** What was said in a dispute. */
export interface Testimony {
  readonly contest?: Read<MessageOf<'contest'>>
  readonly assertions: readonly Read<MessageOf<'assert'>>[]
  readonly settlement: Read<MessageOf<'settlement'>>
}

/** Sorts the messages of a bundle. Throws `MALFORMED` where one has no place in it, or the settlement is missing. */
export function testimonyOf({ messages }: Pick<ContestEvidence, 'messages'>): Testimony {
  const reads = messages.map(readMessage)
  const contests = reads.filter((read) => isKind('contest', read))
  const assertions = reads.filter((read) => isKind('assert', read))
  const settlements = reads.filter((read) => isKind('settlement', read))
  const [settlement] = settlements
  const isOrderly = contests.length <= 1 && settlements.length === 1
  if (!isOrderly || settlement === undefined || contests.length + assertions.length + 1 < reads.length)
    throw fault({ code: 'MALFORMED', what: 'evidence', why: 'its messages are not those of one dispute' })
  const [contest] = contests
  return { assertions, settlement, ...(contest ? { contest } : {}) }
}

/** Whether all messages are signed and about one job, and the contest is by a party to it. */
export async function checkTestimony(
  { contest, assertions, settlement }: Testimony,
  job: { readonly job: Uint8Array; readonly parties: readonly PeerId[] },
  verify: VerifySignature,
): Promise<PartCheck> {
  const all = [...(contest ? [contest] : []), ...assertions, settlement]
  const forged = await firstForged(
    all.map((read) => read.signed),
    verify,
  )
  if (forged)
    return { holds: false, detail: `the signature on the ${forged.message.kind} of ${forged.author} does not hold` }
  const strange = all.find((read) => !equalBytes(read.message.job, job.job))
  if (strange) return { holds: false, detail: `the ${strange.message.kind} of ${strange.author} is about another job` }
  if (contest && !job.parties.includes(contest.author))
    return { holds: false, detail: 'the contest is by somebody who was no party' }
  const by = new Set(assertions.map((read) => read.author)).size
  return {
    holds: true,
    detail: `${all.length} messages are signed, ${assertions.length} assertions of ${by} keys among them`,
  }
}

/** The traces that were opened, by their roots in hex; or which of them is not what was asserted. */
export function openedTraces(
  { traces }: ContestEvidence,
  { assertions }: Testimony,
): { readonly opened: ReadonlyMap<string, Opened> } | PartCheck {
  const opened = new Map<string, Opened>()
  for (const trace of traces) {
    const name = `the trace ${hex(trace.root).slice(0, 12)}`
    const asserted = assertions.filter(({ message }) => equalBytes(message.root, trace.root))
    const read = Opened.read(trace)
    if (read === undefined) return { holds: false, detail: `${name} holds hashes that its root does not bind` }
    const last = read.hashAt(read.count - 1)
    const fits = asserted.some(
      ({ message }) => message.count === read.count && last && equalBytes(last, message.output),
    )
    if (!fits) return { holds: false, detail: `${name} is not one that anybody asserted` }
    opened.set(hex(trace.root), read)
  }
  return { opened }
}

/** An executor that was bound to one output and showed another: its own two signatures prove it. */
export async function checkFalseReveal(
  { manifest, messages }: Extract<EvidenceFile, { grounds: 'false-reveal' }>,
  { verify, modelId }: { verify: VerifySignature; modelId: (manifest: unknown) => string },
): Promise<{ readonly messages: PartCheck; readonly verdict: PartCheck; readonly loser?: PeerId }> {
  const lie = falseRevealOf(messages)
  const { offer, award, set, reveal, settlement, accepts, commits } = lie
  const fails = (detail: string) => ({
    messages: { holds: false, detail },
    verdict: { holds: false, detail: 'nothing is proved by messages that do not hold' },
  })
  const forged = await firstForged([...messages, ...award.message.accepts, ...set.message.commits], verify)
  if (forged) return fails(`the signature on the ${forged.message.kind} of ${forged.author} does not hold`)
  if (modelId(manifest) !== offer.message.model) return fails('the model described is not the one that was asked for')
  const accused = reveal.author
  const accept = accepts.find((one) => one.author === accused)
  const commit = commits.find((one) => one.author === accused)
  if (accept === undefined || commit === undefined) return fails('who is accused neither accepted nor committed')
  const strange = whyNotOneJob(lie)
  if (strange) return fails(strange)
  const { job } = award.message
  const { engine, commitment } = commit.message
  if (engine !== accept.message.engine) return fails('the commit is for another engine than was offered')
  const { output: outputHash, salt } = reveal.message
  const opens = equalBytes(commitToOutput({ job, peer: accused, engine, outputHash, salt }), commitment)
  const { state, stands, losers, leaves, operator, output, reason } = settlement.message
  const [loser, ...others] = losers
  const named = loser?.peer === accused && loser.for === 'false-reveal' && others.length === 0
  const says = operator ?? output ?? reason
  const same = state === 'proven' && named && stands.length === 0 && leaves.length === 0 && says === undefined
  return {
    messages: { holds: true, detail: `${messages.length} messages of one job are signed` },
    verdict: opens
      ? { holds: false, detail: 'the reveal opens the commit: nothing false was shown' }
      : same
        ? { holds: true, detail: `${accused} was bound to one output and showed another` }
        : { holds: false, detail: `the settlement says another thing than that ${accused} showed a false output` },
    ...(opens ? {} : { loser: accused }),
  }
}

/** What an executor and its requester signed up to a false reveal, and who says that it was one. */
interface FalseReveal {
  readonly offer: Read<MessageOf<'offer'>>
  readonly award: Read<MessageOf<'award'>>
  readonly set: Read<MessageOf<'commit-set'>>
  readonly reveal: Read<MessageOf<'reveal'>>
  readonly settlement: Read<MessageOf<'settlement'>>
  readonly accepts: readonly Read<MessageOf<'accept'>>[]
  readonly commits: readonly Read<MessageOf<'commit'>>[]
}

/** Throws `MALFORMED` where one of them is missing, or there is another. */
function falseRevealOf(messages: readonly Signed[]): FalseReveal {
  const reads = messages.map(readMessage)
  const offer = reads.find((read) => isKind('offer', read))
  const award = reads.find((read) => isKind('award', read))
  const set = reads.find((read) => isKind('commit-set', read))
  const reveal = reads.find((read) => isKind('reveal', read))
  const settlement = reads.find((read) => isKind('settlement', read))
  if (!offer || !award || !set || !reveal || !settlement || reads.length !== 5)
    throw fault({
      code: 'MALFORMED',
      what: 'evidence',
      why: 'it must hold one offer, award, commit-set, reveal and settlement',
    })
  const accepts = award.message.accepts.map((signed) => readAs('accept', signed))
  const commits = set.message.commits.map((signed) => readAs('commit', signed))
  return { offer, award, set, reveal, settlement, accepts, commits }
}

/** Why messages are not those of one job, whose name follows from its offer and its accepts. */
function whyNotOneJob({ offer, award, set, reveal, settlement, accepts, commits }: FalseReveal): string | undefined {
  const { job, secret } = award.message
  const digests = accepts.map((accept) => accept.digest)
  const areOf = (id: Uint8Array, reads: readonly { message: { job: Uint8Array } }[]) =>
    reads.every((read) => equalBytes(read.message.job, id))
  const isOnce = (reads: readonly Read[]) => new Set(reads.map((read) => read.author)).size === reads.length
  if (award.author !== offer.author || set.author !== offer.author)
    return 'the award and the commits are not from who made the offer'
  if (![award, ...accepts].every((read) => equalBytes(read.message.offer, offer.digest)))
    return 'an accept is for another offer'
  if (!equalBytes(hash('moot/lot-secret', secret), offer.message.lot))
    return 'the secret behind the lot is not the one that the offer bound'
  if (!isOnce(accepts) || !isOnce(commits)) return 'one key accepted or committed twice'
  if (!equalBytes(jobIdOf(offer.digest, digests), job))
    return "the job's name does not follow from its offer and accepts"
  if (!areOf(job, [set, reveal, settlement, ...commits])) return 'a message is about another job'
  if (settlement.message.room !== offer.message.room) return 'the settlement is of another room'
  if (!equalBytes(reveal.message.set, set.digest)) return 'the reveal answers another set of commits'
  return undefined
}

async function firstForged(all: readonly Signed[], verify: VerifySignature): Promise<Read | undefined> {
  const valid = await Promise.all(all.map(({ key, body, signature }) => verify(key, signingBytes(body), signature)))
  const forged = all.find((_, i) => !valid[i])
  return forged && readMessage(forged)
}

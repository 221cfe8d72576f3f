import { commitToOutput } from '../commitment.ts'
import { signingBytes, type Signed } from '../envelope.ts'
import { fault } from '../fault.ts'
import { equalBytes, hex } from '../hash.ts'
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
  const reads = messages.map(readMessage)
  const offer = reads.find((read) => isKind('offer', read))
  const set = reads.find((read) => isKind('commit-set', read))
  const reveal = reads.find((read) => isKind('reveal', read))
  const settlement = reads.find((read) => isKind('settlement', read))
  if (!offer || !set || !reveal || !settlement)
    throw fault({
      code: 'MALFORMED',
      what: 'evidence',
      why: 'it lacks an offer, a commit-set, a reveal or a settlement',
    })
  const nothing = { holds: false, detail: 'nothing is proved by messages that do not hold' }
  const commits = set.message.commits.map((signed) => readAs('commit', signed))
  const forged = await firstForged([...messages, ...set.message.commits], verify)
  if (forged)
    return {
      messages: {
        holds: false,
        detail: `the signature on the ${forged.message.kind} of ${forged.author} does not hold`,
      },
      verdict: nothing,
    }
  const commit = commits.find((one) => one.author === reveal.author)
  const { job } = set.message
  const isOne =
    commit !== undefined &&
    offer.author === set.author &&
    modelId(manifest) === offer.message.model &&
    [commit, reveal, settlement].every((read) => equalBytes(read.message.job, job)) &&
    equalBytes(reveal.message.set, set.digest)
  if (!isOne) return { messages: { holds: false, detail: 'its messages are not those of one job' }, verdict: nothing }
  const { engine, commitment } = commit.message
  const { output: outputHash, salt } = reveal.message
  const opens = equalBytes(commitToOutput({ job, peer: reveal.author, engine, outputHash, salt }), commitment)
  const named = settlement.message.losers.some((loser) => loser.peer === reveal.author && loser.for === 'false-reveal')
  return {
    messages: { holds: true, detail: `${messages.length} messages of one job are signed` },
    verdict: opens
      ? { holds: false, detail: 'the reveal opens the commit: nothing false was shown' }
      : { holds: named, detail: `${reveal.author} was bound to one output and showed another` },
    ...(opens ? {} : { loser: reveal.author }),
  }
}

async function firstForged(all: readonly Signed[], verify: VerifySignature): Promise<Read | undefined> {
  const valid = await Promise.all(all.map(({ key, body, signature }) => verify(key, signingBytes(body), signature)))
  const forged = all.find((_, i) => !valid[i])
  return forged && readMessage(forged)
}

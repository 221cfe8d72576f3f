import { enginesFor } from '../domain/agreement.ts'
import { chainHead } from '../domain/hash-chain.ts'
import { commitToInput } from '../domain/commitment.ts'
import type { Fault } from '../domain/fault.ts'
import { hash, hex } from '../domain/hash.ts'
import { EXCLUDING, type AgainReason, type Outcome } from '../domain/job-state.ts'
import { runFiles, sizeOf, type Manifest, type ModelId } from '../domain/manifest.ts'
import { readAs, type MessageOf, type Read } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { encodeReceipt, KEPT_INPUT } from '../domain/receipt.ts'
import { bytesOf, type Tensors } from '../domain/tensor.ts'
import type { Clock, RandomBytes } from '../ports/clock.ts'
import { distinctOutputs } from '../protocols/jobs/index.ts'
import type { Disputes } from './disputes/await-disputes.ts'
import type { CaseView } from './governance-view.ts'
import type { Standpoint } from './governance/standpoint.ts'
import type { CourtView } from './view.ts'
import { Attempt, type AttemptComponents, type AttemptResult } from './run-attempt.ts'

/** Links of a job's jury hash chain: one for each level a case may reach, with room to spare. */
export const CHAIN_LENGTH = 16

/** Milliseconds after which the requester gives up, whatever was promised: fetching a large model on a slow line included. */
const DEADLINE = 180_000

/** Milliseconds before a room in which nobody accepted is asked again; as often longer as it was asked. */
const PAUSE = 700

/** Milliseconds before a room that is busy is asked again: as often longer as it said so, up to the longest, and up to as long again by chance, so that those who ask at once come back one by one. */
const BUSY_PAUSE = 250
const LONGEST_BUSY_PAUSE = 4_000

export interface RequestComponents extends AttemptComponents {
  readonly self: PeerId
  readonly room: string
  readonly charterId: string
  readonly random: RandomBytes
  /** What the juries' hash chains are made from; never leaves this device. */
  readonly chainSecret: Uint8Array
  readonly addresses: () => readonly string[]
  /** Who is expected to answer an offer now: present, awake, and not among those excluded. */
  readonly candidates: (excluded: readonly PeerId[]) => readonly PeerId[]
  /** What this peer's records say now of who introduced whom: an offer goes out under it. */
  readonly standpoint: () => Promise<Standpoint>
  /** What a jury over a job of this peer's would be drawn from. `root`: the entry that its offer names. */
  readonly courtFor: (root: Uint8Array | undefined, executors: readonly PeerId[]) => CourtView | undefined
  /** How this peer trusts, by all that it holds. */
  readonly trustNow: () => Standpoint
  /** Contests that go before a jury: calls back whenever the case over a job, hex, has changed. Returns the way to stop. */
  readonly watchCase: (job: string, listener: (one: CaseView) => void) => () => void
  /** Keeps what may be contested, and what proves that somebody lied. */
  readonly disputes: Pick<Disputes, 'noteCase' | 'noteFalsehood' | 'view' | 'watch' | 'contest' | 'over'>
  /** Makes the offer known, and the attempt the one to which answers to it belong, until it is done. */
  readonly open: (attempt: Attempt, offer: Read<MessageOf<'offer'>>) => void
}

export interface JobRequest {
  readonly model: ModelId
  readonly manifest: Manifest
  readonly input: Tensors
  readonly replication: number
  /** Chooses who alone is asked, at each attempt anew. Absent where all are. */
  readonly invite?: (candidates: readonly PeerId[]) => readonly PeerId[]
  readonly signal: AbortSignal
}

/** An attempt that was asked again by itself. */
export interface Again {
  readonly attempt: number
  readonly reason: AgainReason
  readonly who: readonly PeerId[]
  /** Hex, where the lot had fallen. */
  readonly job?: string
}

export interface Decided {
  readonly kind: 'decided'
  readonly outcome: Extract<Outcome, { kind: 'decided' }>
  readonly again: readonly Again[]
  readonly receipt: Uint8Array
  /** What bound the input. */
  readonly salt: Uint8Array
  readonly endedAt: number
}

export type JobResult =
  | Decided
  | { readonly kind: 'failed'; readonly fault: Fault; readonly again: readonly Again[]; readonly endedAt: number }

/** Whose claims an answer rests on. */
export const executorsIn = (result: JobResult): readonly PeerId[] =>
  result.kind === 'failed' ? [] : result.outcome.seats.map(({ peer }) => peer)

/** Asks the room, and again by itself where an attempt broke off, until the answer is decided or lost. */
export async function requestJob(
  components: RequestComponents,
  request: JobRequest,
  onChange: (attempt: Attempt, again: readonly Again[]) => void,
): Promise<JobResult> {
  const { clock, random } = components
  const again: Again[] = []
  const giveUpAt = clock.now() + DEADLINE
  let repeats: Uint8Array | undefined
  let busy = 0
  for (let number = 1; ; number++) {
    if (request.signal.aborted) return { kind: 'failed', fault: { code: 'CANCELLED' }, again, endedAt: clock.now() }
    const withheld = again.filter(({ reason }) => EXCLUDING.includes(reason))
    const excluded = [...new Set(withheld.flatMap(({ who }) => who))]
    const salt = random(32)
    const attempt = await openAttempt(components, request, { number, repeats, excluded, salt }, (changed) =>
      onChange(changed, again),
    )
    const { outcome, endedAt, transcript, isBusy } = await untilDone(attempt, request.signal)
    if (isBusy) {
      if (endedAt >= giveUpAt) return { kind: 'failed', fault: { code: 'RATE_LIMITED', what: 'asks' }, again, endedAt }
      // Waiting for one's turn is no attempt that broke off: the room will have time.
      number--
      busy++
      const ms = Math.min(LONGEST_BUSY_PAUSE, BUSY_PAUSE * busy)
      await pause(clock, ms * (1 + (random(1)[0] ?? 0) / 256), request.signal)
      continue
    }
    switch (outcome.kind) {
      case 'decided':
        return {
          kind: 'decided',
          outcome,
          again,
          endedAt,
          salt,
          receipt: receiptOf(request, salt, outcome, transcript),
        }
      case 'lost':
        return { kind: 'failed', fault: outcome.fault, again, endedAt }
      case 'cancelled':
        return { kind: 'failed', fault: { code: 'CANCELLED' }, again, endedAt }
      case 'again':
        again.push({
          attempt: number,
          reason: outcome.reason,
          who: outcome.who,
          ...(outcome.job ? { job: hex(outcome.job) } : {}),
        })
        if (outcome.falsehood && outcome.job)
          await components.disputes.noteFalsehood({
            job: outcome.job,
            manifest: request.manifest,
            messages: [...transcript, outcome.falsehood.signed],
            who: outcome.falsehood.author,
          })
        repeats = outcome.job
        if (outcome.reason === 'nobody-accepted') await pause(clock, PAUSE * number, request.signal)
        break
      default:
        return outcome satisfies never
    }
  }
}

async function openAttempt(
  components: RequestComponents,
  request: JobRequest,
  terms: { number: number; repeats: Uint8Array | undefined; excluded: readonly PeerId[]; salt: Uint8Array },
  onChange: (attempt: Attempt) => void,
): Promise<Attempt> {
  const { random, sign, chainSecret } = components
  const { manifest, input } = request
  const [secret, nonce] = [random(32), random(32)]
  const present = components.candidates(terms.excluded)
  const invited = request.invite?.(present)
  const { head, trees } = await components.standpoint()
  const offer = readAs(
    'offer',
    await sign({
      kind: 'offer',
      room: components.room,
      charter: components.charterId,
      model: request.model,
      modelSize: sizeOf(runFiles(manifest)),
      input: commitToInput(terms.salt, input),
      replication: request.replication,
      // Where rounding has no calibrated limit, only the canon's own bits can agree.
      engine: enginesFor(manifest),
      lot: hash('moot/lot-secret', secret),
      chain: chainHead(chainSecret, nonce, CHAIN_LENGTH),
      ...(head ? { ledger: head } : {}),
      attempt: terms.number,
      ...(terms.repeats ? { repeats: terms.repeats } : {}),
      excluded: [...terms.excluded],
      ...(invited?.length ? { invited: [...invited] } : {}),
      deadline: DEADLINE,
      addresses: components.addresses().slice(0, 8),
      nonce,
    }),
  )
  const attempt = new Attempt(
    components,
    { offer, secret, manifest, trees, candidates: invited ?? present, input: { tensors: input, salt: terms.salt } },
    onChange,
  )
  components.open(attempt, offer)
  return attempt
}

/** Resolves after `ms`, or at once when cancelled. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  const onAbort = () => resolve()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) resolve()
  return promise.finally(() => {
    cancel()
    signal.removeEventListener('abort', onAbort)
  })
}

async function untilDone(attempt: Attempt, signal: AbortSignal): Promise<AttemptResult> {
  const cancel = () => attempt.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await attempt.done
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function receiptOf(
  { manifest, input }: JobRequest,
  salt: Uint8Array,
  outcome: Extract<Outcome, { kind: 'decided' }>,
  transcript: AttemptResult['transcript'],
): Uint8Array {
  return encodeReceipt({
    moot: 'receipt',
    version: 1,
    manifest,
    messages: [...transcript],
    ...(bytesOf(input) <= KEPT_INPUT ? { input: { salt, tensors: input } } : {}),
    outputs: distinctOutputs(outcome.verdict.groups.flat()),
  })
}

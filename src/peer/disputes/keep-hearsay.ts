import type { Charter } from '../../domain/charter.ts'
import { whyNotContest } from '../../domain/dispute/contest.ts'
import { hex } from '../../domain/hash.ts'
import type { ModelId } from '../../domain/manifest.ts'
import { isKind, type MessageOf, type Read } from '../../domain/messages.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DisputeRead } from '../../protocols/disputes/index.ts'
import type { DisputeView } from '../dispute-view.ts'
import { dropOldest } from '../drop-oldest.ts'

/** Jobs of others that are remembered, so that a contest over one is known to be by a party and in time. */
const MAX_JOBS = 2_048

/** Contests of others that are listed, messages kept of each, and those of one author among them. */
const MAX_CONTESTS = 32
const MAX_MESSAGES = 32
const MAX_OF_AUTHOR = 2

/** Jobs of which something was heard before their receipt, messages kept of each, and those of one author in all. */
const MAX_PENDING = 64
const MAX_EARLY = 8

/** A job of others, as its requester announced it. */
interface KnownJob {
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly receipt: MessageOf<'receipt'>
  /** On this peer's clock, and by the calendar of whoever looks. */
  readonly endedAt: number
}

/** A contest of others, by their words alone: nothing of it was checked here. */
export interface HeardContest {
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly contest: Read<MessageOf<'contest'>>
  readonly assertions: readonly Read<MessageOf<'assert'>>[]
  readonly settlements: readonly Read<MessageOf<'settlement'>>[]
  readonly receipt: MessageOf<'receipt'>
  readonly openedAt: Date
}

/** What was heard of disputes that this peer takes no part in. */
export class Hearsay {
  readonly #clock: Clock
  readonly #charter: Charter
  readonly #jobs = new Map<string, KnownJob>()
  readonly #contests = new Map<string, HeardContest>()
  /** By job: messages that came before its receipt did, since gossip keeps no order between topics. */
  readonly #pending = new Map<string, DisputeRead[]>()

  constructor({ clock, charter }: { clock: Clock; charter: Charter }) {
    this.#clock = clock
    this.#charter = charter
  }

  /** Takes note of a job. Gives what was heard of it before. */
  noteReceipt({ author, message }: Read<MessageOf<'receipt'>>): readonly DisputeRead[] {
    const job = hex(message.job)
    if (this.#jobs.has(job)) return []
    const executors = message.claims.map((claim) => claim.peer)
    this.#jobs.set(job, { requester: author, executors, receipt: message, endedAt: this.#clock.now() })
    dropOldest(this.#jobs, MAX_JOBS)
    return this.#early(job)
  }

  /** All that was heard of a job, which is then no longer kept here: its contest first. */
  take(job: string): readonly DisputeRead[] {
    const { contest, assertions = [], settlements = [] } = this.#contests.get(job) ?? {}
    this.#contests.delete(job)
    return [...(contest ? [contest] : []), ...assertions, ...settlements, ...this.#early(job)]
  }

  /** What was heard of a job before its receipt. */
  #early(job: string): readonly DisputeRead[] {
    const early = this.#pending.get(job) ?? []
    this.#pending.delete(job)
    return early.toSorted((a, b) => Number(isKind('contest', b)) - Number(isKind('contest', a)))
  }

  /** Whether a message would be kept. */
  wants(read: DisputeRead): boolean {
    const job = hex(read.message.job)
    const known = this.#jobs.get(job)
    if (known === undefined) return this.#hasRoomFor(job, read.author)
    const heard = this.#contests.get(job)
    if (isKind('contest', read)) return heard === undefined && this.#whyNot(known, read.author) === undefined
    if (heard === undefined) return this.#hasRoomFor(job, read.author)
    const messages = [...heard.assertions, ...heard.settlements]
    const own = messages.filter((other) => other.author === read.author && other.message.kind === read.message.kind)
    return messages.length < MAX_MESSAGES && own.length < MAX_OF_AUTHOR
  }

  note(read: DisputeRead): void {
    if (!this.wants(read)) return
    const job = hex(read.message.job)
    const [known, heard] = [this.#jobs.get(job), this.#contests.get(job)]
    if (known && isKind('contest', read)) {
      const { requester, executors, receipt } = known
      const openedAt = new Date()
      this.#contests.set(job, {
        requester,
        executors,
        receipt,
        contest: read,
        assertions: [],
        settlements: [],
        openedAt,
      })
      dropOldest(this.#contests, MAX_CONTESTS)
      for (const early of this.#early(job)) this.note(early)
    } else if (heard && isKind('assert', read))
      this.#contests.set(job, { ...heard, assertions: [...heard.assertions, read] })
    else if (heard && isKind('settlement', read))
      this.#contests.set(job, { ...heard, settlements: [...heard.settlements, read] })
    else {
      this.#pending.set(job, [...(this.#pending.get(job) ?? []), read])
      dropOldest(this.#pending, MAX_PENDING)
    }
  }

  get(job: string): HeardContest | undefined {
    return this.#contests.get(job)
  }

  list(): readonly DisputeView[] {
    return [...this.#contests].map(([job, heard]) => viewOf(job, heard))
  }

  #whyNot({ requester, executors, endedAt }: KnownJob, author: PeerId): string | undefined {
    return whyNotContest({ parties: [requester, ...executors], endedAt }, author, this.#clock.now(), this.#charter)
  }

  #hasRoomFor(job: string, author: PeerId): boolean {
    const early = this.#pending.get(job)?.length ?? 0
    const own = [...this.#pending.values()].flat().filter((read) => read.author === author)
    return early < MAX_EARLY && own.length < MAX_EARLY
  }
}

const named = (peer: PeerId) => ({ peer, nickname: nicknameOf(peer) })

function viewOf(
  job: string,
  { requester, contest, assertions, settlements, receipt, openedAt }: HeardContest,
): DisputeView {
  const [settlement] = settlements
  const model: ModelId = receipt.model
  const said = settlement?.message
  return {
    job,
    model,
    modelName: '',
    requester,
    openedBy: contest.author,
    reason: contest.message.reason,
    note: contest.message.note,
    openedAt,
    mine: false,
    heard: true,
    phase: said?.state ?? 'asserting',
    step: { at: said ? 2 : 1, of: 2 },
    claims: receipt.claims.map(({ peer, engine, output }) => ({
      ...named(peer),
      engine,
      outputHash: hex(output),
      ...(said === undefined || said.state === 'unresolved' ? {} : { stands: said.stands.includes(peer) }),
    })),
    assertions: assertions.map(({ author, message }) => ({
      ...named(author),
      root: hex(message.root),
      output: hex(message.output),
      standing: 'open',
    })),
    losers: (said?.losers ?? []).map((loser) => ({ ...named(loser.peer), for: loser.for })),
    ...(said?.reason ? { unresolved: said.reason } : {}),
    overturned: false,
    refused: [],
    hasEvidence: false,
  }
}

import type { Charter } from '../../domain/charter/charter.ts'
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

/** Receipts kept of one job: whoever knows its name can announce one, and what is heard does not tell which is true. */
const MAX_RECEIPTS = 4

/** Contests of others that are listed, messages of one kind by one author in each, and those of all who are no party together. */
const MAX_CONTESTS = 32
const MAX_OF_AUTHOR = 2
const MAX_OF_STRANGERS = 8

/** Jobs of which something was heard before their contest, messages of strangers kept of each, and those of one author in all. */
const MAX_PENDING = 64
const MAX_EARLY = 8

/** A job of others, as somebody who says that it was the requester announced it. */
interface KnownJob {
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly receipt: MessageOf<'receipt'>
  /** On this peer's clock, and by the calendar of whoever looks. */
  readonly endedAt: number
}

/** A contest of others, by their words alone: nothing of it was checked here. */
export interface HeardContest {
  /** By the first receipt to which the author of the contest is a party. */
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly receipt: MessageOf<'receipt'>
  readonly contest: Read<MessageOf<'contest'>>
  readonly assertions: readonly Read<MessageOf<'assert'>>[]
  /** Those among them that are by a party, whichever receipt is the true one. */
  readonly partyAssertions: readonly Read<MessageOf<'assert'>>[]
  readonly settlements: readonly Read<MessageOf<'settlement'>>[]
  readonly openedAt: Date
}

/** As it is kept: who is a party is told by the receipts, of which others may come. */
type KeptContest = Omit<HeardContest, 'partyAssertions'>

/** What was heard of disputes that this peer takes no part in. */
export class Hearsay {
  readonly #clock: Clock
  readonly #charter: Charter
  /** By job: what was announced of it, the first first. */
  readonly #jobs = new Map<string, readonly KnownJob[]>()
  readonly #contests = new Map<string, KeptContest>()
  /** By job: messages that came before its receipt or its contest did, since gossip keeps no order between topics. */
  readonly #pending = new Map<string, DisputeRead[]>()

  constructor({ clock, charter }: { clock: Clock; charter: Charter }) {
    this.#clock = clock
    this.#charter = charter
  }

  /** Takes note of a job. Gives what was heard of it before, if that makes a contest now. */
  noteReceipt({ author, message }: Read<MessageOf<'receipt'>>): readonly DisputeRead[] {
    const job = hex(message.job)
    const known = this.#jobs.get(job) ?? []
    if (known.length >= MAX_RECEIPTS || known.some(({ requester }) => requester === author)) return []
    const executors = message.claims.map((claim) => claim.peer)
    const added = { requester: author, executors, receipt: message, endedAt: this.#clock.now() }
    this.#jobs.set(job, [...known, added])
    dropOldest(this.#jobs, MAX_JOBS)
    const early = this.#pending.get(job) ?? []
    return early.some((read) => isKind('contest', read) && isParty(added, read.author)) ? this.#early(job) : []
  }

  /** All that was heard of a job, which is then no longer kept here: its contest first. */
  take(job: string): readonly DisputeRead[] {
    const { contest, assertions = [], settlements = [] } = this.#contests.get(job) ?? {}
    this.#contests.delete(job)
    return [...(contest ? [contest] : []), ...assertions, ...settlements, ...this.#early(job)]
  }

  /** What was heard of a job before its contest could be taken; it is no longer kept as such. */
  #early(job: string): readonly DisputeRead[] {
    const early = this.#pending.get(job) ?? []
    this.#pending.delete(job)
    return early.toSorted((a, b) => Number(isKind('contest', b)) - Number(isKind('contest', a)))
  }

  /** Whether a message would be kept. */
  wants(read: DisputeRead): boolean {
    const job = hex(read.message.job)
    const heard = this.#contests.get(job)
    if (heard === undefined) return this.#opens(read) !== undefined || this.#hasRoomFor(read)
    if (isKind('contest', read)) return false
    return this.#fits(read, [...heard.assertions, ...heard.settlements], MAX_OF_STRANGERS)
  }

  note(read: DisputeRead): void {
    if (!this.wants(read)) return
    const job = hex(read.message.job)
    const heard = this.#contests.get(job)
    const opened = heard ?? this.#opens(read)
    if (opened === undefined) {
      this.#pending.set(job, [...(this.#pending.get(job) ?? []), read])
      dropOldest(this.#pending, MAX_PENDING)
    } else if (isKind('contest', read)) {
      const { requester, executors, receipt } = opened
      const said = { contest: read, assertions: [], settlements: [], openedAt: new Date() }
      this.#contests.set(job, { requester, executors, receipt, ...said })
      dropOldest(this.#contests, MAX_CONTESTS)
      for (const early of this.#early(job)) this.note(early)
    } else if (heard && isKind('assert', read))
      this.#contests.set(job, { ...heard, assertions: [...heard.assertions, read] })
    else if (heard && isKind('settlement', read))
      this.#contests.set(job, { ...heard, settlements: [...heard.settlements, read] })
  }

  get(job: string): HeardContest | undefined {
    const heard = this.#contests.get(job)
    if (heard === undefined) return undefined
    const known = this.#receiptsFor(heard)
    const partyAssertions = heard.assertions.filter(({ author }) => known.every((one) => isParty(one, author)))
    return { ...heard, partyAssertions }
  }

  list(): readonly DisputeView[] {
    return [...this.#contests].map(([job, heard]) => viewOf(job, heard))
  }

  /** The receipt under which a message opens a contest. */
  #opens(read: DisputeRead): KnownJob | undefined {
    if (!isKind('contest', read)) return undefined
    const now = this.#clock.now()
    return this.#jobs.get(hex(read.message.job))?.find((one) => {
      const parties = [one.requester, ...one.executors]
      return whyNotContest({ parties, endedAt: one.endedAt }, read.author, now, this.#charter) === undefined
    })
  }

  /** Those to which the author of a contest is a party: all others are about something else. */
  #receiptsFor({ contest, receipt }: KeptContest): readonly KnownJob[] {
    const known = this.#jobs.get(hex(receipt.job)) ?? []
    return known.filter((one) => isParty(one, contest.author))
  }

  /** Whether there is room for a message before the contest that it belongs to, or the receipt that makes it one. */
  #hasRoomFor(read: DisputeRead): boolean {
    const known = this.#jobs.get(hex(read.message.job)) ?? []
    const isLate = known.length >= MAX_RECEIPTS || known.some((one) => isParty(one, read.author))
    if (isKind('contest', read) && isLate) return false
    const early = this.#pending.get(hex(read.message.job)) ?? []
    const own = [...this.#pending.values()].flat().filter((other) => other.author === read.author)
    return own.length < MAX_EARLY && this.#fits(read, early, MAX_EARLY)
  }

  /** Whether its author may add a message to others: a party always, twice of a kind; all strangers share some. */
  #fits(read: DisputeRead, others: readonly DisputeRead[], most: number): boolean {
    const own = others.filter(({ author, message }) => author === read.author && message.kind === read.message.kind)
    if (own.length >= MAX_OF_AUTHOR) return false
    const job = hex(read.message.job)
    const heard = this.#contests.get(job)
    const known = heard ? this.#receiptsFor(heard) : (this.#jobs.get(job) ?? [])
    const isStranger = ({ author }: DisputeRead) => !known.some((one) => isParty(one, author))
    return !isStranger(read) || others.filter(isStranger).length < most
  }
}

const isParty = ({ requester, executors }: KnownJob, who: PeerId): boolean =>
  who === requester || executors.includes(who)

const named = (peer: PeerId) => ({ peer, nickname: nicknameOf(peer) })

function viewOf(
  job: string,
  { requester, contest, assertions, settlements, receipt, openedAt }: KeptContest,
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

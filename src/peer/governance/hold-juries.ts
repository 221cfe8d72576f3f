import type { Charter } from '../../domain/charter/charter.ts'
import { timeWords } from '../../domain/charter/clause-words.ts'
import { digestOfCid } from '../../domain/cids.ts'
import { whyNotContest } from '../../domain/dispute/contest.ts'
import { fault } from '../../domain/fault.ts'
import { chainLink } from '../../domain/hash-chain.ts'
import { equalBytes, hash, hex } from '../../domain/hash.ts'
import { caseOn, whyNoCase, whyNotAppeal, type Case } from '../../domain/jury/case.ts'
import type { Court } from '../../domain/jury/court.ts'
import { dutiesOf, type Duty } from '../../domain/jury/due.ts'
import { checkLink, linkAt } from '../../domain/jury/seed.ts'
import { readTerms, type Terms } from '../../domain/jury/terms.ts'
import { commitToVote } from '../../domain/jury/votes.ts'
import {
  isEntry,
  VOTES,
  type BodyOf,
  type ContestClass,
  type EntryType,
  type ReadEntry,
  type Vote,
} from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import { readAs } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { partiesOf, type JobCase } from '../disputes/keep-cases.ts'
import type { CaseFile, CaseView } from '../governance-view.ts'
import type { AppendOptions, Owed } from '../ledger/keep-ledger.ts'
import { CHAIN_LENGTH } from '../request-job.ts'
import type { ContestSignatures } from './check-contests.ts'
import { isOpenCase } from './is-open-case.ts'
import { readCaseFile, termsIn } from './read-case-file.ts'
import { provenHere } from './trust-proofs.ts'
import { caseView, refusedView } from './view-case.ts'

/** Contests that are followed; and of them those of one author. Each takes some milliseconds to work out. */
const MAX_CASES = 64
const MAX_OF_AUTHOR = 16

/** How much it matters that a contest is followed, the least first. Whoever floods the room with contests pushes out nothing in which this peer has a part. */
const WORTH = { junk: 0, foreign: 1, own: 2 } as const

/** Milliseconds between two looks at what is waited for, while this peer has a part in an open case; and until who has none looks at what came. */
const LOOK_EVERY = 250

/** Milliseconds over which what came gathers before whoever has a part looks at it: eleven jurors speak at once. */
const GATHER = 25

/** Milliseconds before a ledger that is lacking is asked for again. */
const WANT_AGAIN = 10_000

export interface JuriesComponents {
  readonly self: PeerId
  readonly ledger: LedgerView
  readonly clock: Clock
  readonly verify: VerifySignature
  readonly signatures: ContestSignatures
  readonly chainSecret: Uint8Array
  readonly append: <T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    charter?: Uint8Array,
    options?: AppendOptions,
  ) => Promise<ReadEntry<T>>
  /** Writes what `owed` gives, without waiting for something else to write. */
  readonly payOwed: () => Promise<void>
  /** Brings what lies before an entry, from a peer that named it. */
  readonly want: (head: Uint8Array, from: PeerId) => Promise<void>
  readonly charterOf: (digest: Uint8Array) => Charter | undefined
  readonly disputes: {
    case(job: string): JobCase | undefined
    fetchCase(peer: PeerId, job: string, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>
  }
  readonly onCase: (one: CaseView) => void
  readonly onChange: () => void
}

/** A contest that arithmetic cannot settle, as this peer follows it. */
interface Held {
  readonly contest: ReadEntry<'CONTEST'>
  readonly openedAt: Date
  /** Whether it could be a case, were what is signed in it to hold. */
  readonly isSound: boolean
  /** Read once; absent as long as it is no case. */
  terms?: Terms
  court?: Court
  one?: Case
  view?: CaseView
  /** The view as it was last told, in JSON. */
  told?: string
  /** When this peer was first asked how long it has waited for something, by its name. */
  readonly since: Map<string, number>
  /** When its ledger was asked for. */
  wantedAt?: number
  /** Reasons of this peer's votes until they are shown, by their summons. */
  readonly reasons: Map<string, string>
  /** Levels whose links this peer could not open: its chain is of another life. */
  readonly unopened: Set<number>
}

/**
 * The cases before juries: what they have come to, and what this peer does about them by itself. No rule is here: `domain/jury` says what a
 * case is and what is due; a person, or a policy, says whether it serves and how it votes.
 */
export class RoomJuries {
  readonly #components: JuriesComponents
  readonly #signatures: ContestSignatures
  readonly #held = new Map<string, Held>()
  /** Jobs, hex, that are being contested. */
  readonly #contesting = new Set<string>()
  #working: Promise<void> = Promise.resolve()
  #isDirty = false
  #next: { readonly at: number; readonly cancel: () => void } | undefined
  #stopped = false

  constructor(components: JuriesComponents) {
    this.#components = components
    this.#signatures = components.signatures
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#next?.cancel()
    await this.#working
  }

  changed(reads: readonly ReadEntry[]): void {
    const contests = reads.length > 0 ? reads : this.#components.ledger.of('CONTEST')
    for (const read of contests) if (isEntry('CONTEST', read)) this.#hold(read)
    if (this.#held.size === 0) return
    for (const held of this.#held.values()) {
      delete held.one
      if (reads.length === 0) delete held.court
    }
    this.#workWithin(this.openCases() > 0 ? GATHER : LOOK_EVERY)
  }

  look(): readonly CaseView[] {
    const views = [...this.#held.values()].flatMap((held) => held.view ?? [])
    return views.toSorted(
      (a, b) => Number(isOpenCase(b)) - Number(isOpenCase(a)) || b.openedAt.getTime() - a.openedAt.getTime(),
    )
  }

  openCases(): number {
    return this.look().filter((one) => one.role !== 'bystander' && isOpenCase(one)).length
  }

  /** Whether a peer sits on a jury over a job, hex, or sat: it is shown the job. */
  isJuror(job: string, peer: PeerId): boolean {
    return [...this.#held.values()].some(
      ({ view }) =>
        view?.job === job &&
        view.levels.some(({ seats }) => seats.some((seat) => seat.peer === peer && seat.state !== 'declined')),
    )
  }

  /** Rejects with `CONTEST_REFUSED`. */
  async contest(job: string, about: Exclude<ContestClass, 'arithmetic'>, claim: string): Promise<ReadEntry<'CONTEST'>> {
    const { self, clock, disputes, append, charterOf } = this.#components
    const one = disputes.case(job)
    if (one === undefined) throw fault({ code: 'CONTEST_REFUSED', why: 'this tab no longer holds that job' })
    if (this.#contesting.has(job) || this.#hasContested(job))
      throw fault({ code: 'CONTEST_REFUSED', why: 'you contest it already' })
    const terms = termsIn(one.file)
    const charter = digestOfCid(readAs('offer', terms.offer).message.charter, 'charter')
    const rules = charterOf(charter)
    if (rules === undefined)
      throw fault({ code: 'CONTEST_REFUSED', why: 'the charter that it was asked under is not here' })
    const why = whyNotContest({ ...one, parties: partiesOf(one) }, self, clock.now(), rules)
    if (why !== undefined) throw fault({ code: 'CONTEST_REFUSED', why })
    this.#contesting.add(job)
    try {
      return await append('CONTEST', { job: one.job, class: about, claim: claim.slice(0, 280), terms }, charter)
    } finally {
      this.#contesting.delete(job)
    }
  }

  /** Whether this peer has contested a job, hex, before a jury: one that did not count may be made again. */
  #hasContested(job: string): boolean {
    const { ledger, self } = this.#components
    return ledger
      .about(job)
      .some(
        (read) =>
          isEntry('CONTEST', read) &&
          read.author === self &&
          read.entry.body.class !== 'arithmetic' &&
          this.#held.get(read.name)?.view?.phase !== 'refused',
      )
  }

  /** Rejects with `UNREACHABLE` where no party shows it. */
  async caseFile(contest: string, { signal }: { signal?: AbortSignal } = {}): Promise<CaseFile> {
    const { self, disputes, verify } = this.#components
    const { contestant, requester, executors, job } = this.#view(contest)
    const of = { job, receipt: this.#heldOf(contest).terms?.receipt.digest }
    const own = disputes.case(job)?.file
    const held = own && (await readCaseFile(own, of, verify).catch(() => undefined))
    if (held) return held
    for (const party of new Set([contestant, requester, ...executors])) {
      if (party === self) continue
      const file = await disputes.fetchCase(party, job, signal ? { signal } : {})
      const read = file && (await readCaseFile(file, of, verify).catch(() => undefined))
      if (read) return read
    }
    throw fault({ code: 'UNREACHABLE', peer: 'the parties', why: 'none of them shows the case' })
  }

  async serve(contest: string, serves: boolean): Promise<void> {
    const { duty, charter } = await this.#due(contest, 'serve')
    await this.#components.append('SERVE', { summon: duty.summon, serves }, charter)
  }

  /** Binds this peer to a vote; it is shown once all are bound. */
  async vote(contest: string, vote: Vote, reason: string): Promise<void> {
    const { held, duty, charter, key } = await this.#due(contest, 'vote')
    const salt = this.#saltOf(duty.summon)
    const summon = hex(duty.summon)
    // Of two that are sealed at once the first is shown, with its own reason.
    if (held.reasons.has(summon)) throw fault({ code: 'CASE_REFUSED', why: 'your vote is being sealed' })
    held.reasons.set(summon, reason.slice(0, 280))
    const commitment = commitToVote({ summon: duty.summon, key, vote, salt })
    try {
      await this.#components.append('VOTE_COMMIT', { summon: duty.summon, commitment }, charter)
    } catch (error) {
      held.reasons.delete(summon)
      throw error
    }
  }

  /** Rejects with `CASE_REFUSED` for whoever may not. */
  async appeal(contest: string): Promise<void> {
    const held = this.#heldOf(contest)
    const one = this.#caseOf(held)
    const ruling = one?.levels.at(-1)?.ruling
    const why = one
      ? (whyNotAppeal(one, this.#components.self) ?? this.#tooLate(held, one))
      : 'what its jury is drawn by is not here'
    if (why !== undefined || ruling === undefined)
      throw fault({ code: 'CASE_REFUSED', why: why ?? 'there is no ruling' })
    await this.#components.append('APPEAL', { ruling: ruling.id }, held.contest.entry.charter)
  }

  async dissent(contest: string, note: string): Promise<void> {
    const held = this.#heldOf(contest)
    const level = this.#caseOf(held)?.levels.at(-1)
    const ruling = level?.ruling
    if (ruling === undefined) throw fault({ code: 'CASE_REFUSED', why: 'there is no ruling' })
    if (level?.dissents.some(({ author }) => author === this.#components.self))
      throw fault({ code: 'CASE_REFUSED', why: 'your dissent stands beside it already' })
    await this.#components.append(
      'DISSENT',
      { ruling: ruling.id, note: note.slice(0, 280) },
      held.contest.entry.charter,
    )
  }

  /** What this peer must write before anything else: links of its chain, where it is a party to a case whose jury is to be drawn. */
  async owed(): Promise<readonly Owed[]> {
    if (this.#held.size === 0) return []
    await this.#signatures.settled()
    return [...this.#held.values()].flatMap((held) => {
      const one = this.#caseOf(held)
      if (one === undefined || !one.terms.parties.includes(this.#components.self)) return []
      return this.#duties(held, one).flatMap((duty): readonly Owed[] => {
        const link = duty.kind === 'open-link' ? this.#linkOf(held, one, duty.level) : undefined
        if (duty.kind !== 'open-link' || link === undefined) return []
        const body = { contest: one.contest.id, level: duty.level, link }
        return [{ type: 'OPEN_LINK', body, charter: one.contest.entry.charter }]
      })
    })
  }

  #hold(contest: ReadEntry<'CONTEST'>): void {
    if (contest.entry.body.class === 'arithmetic' || this.#held.has(contest.name)) return
    const ofAuthor = [...this.#held.values()].filter((held) => held.contest.author === contest.author)
    if (ofAuthor.length >= MAX_OF_AUTHOR) return
    this.#held.set(contest.name, {
      contest,
      openedAt: new Date(),
      isSound: isSound(contest),
      since: new Map(),
      reasons: new Map(),
      unopened: new Set(),
    })
    if (this.#held.size > MAX_CASES) this.#letGo()
    void this.#signatures.check(contest).then(() => {
      delete this.#held.get(contest.name)?.one
      this.#work()
    })
  }

  /** Of the contests that matter least the one that came first. */
  #letGo(): void {
    const worths = [...this.#held.values()].map((held) => ({ held, worth: this.#worthOf(held) }))
    const least = Math.min(...worths.map(({ worth }) => worth))
    const first = worths.find(({ worth }) => worth === least)
    if (first) this.#held.delete(first.held.contest.name)
  }

  #worthOf({ contest, isSound: sound, view }: Held): number {
    const { ledger, self } = this.#components
    const hasPart = (view !== undefined && view.role !== 'bystander') || contest.author === self
    const about = (name: string) => ledger.about(name)
    // Before it is worked out, as after a reload: whoever has written something in it has a part.
    const isIn = (read: ReadEntry) =>
      read.author === self || (isEntry('SUMMON', read) && about(read.name).some(({ author }) => author === self))
    if (sound && (hasPart || about(contest.name).some(isIn))) return WORTH.own
    return sound && view?.phase !== 'refused' ? WORTH.foreign : WORTH.junk
  }

  /** Does what is due, one thing after another, for as long as there is something. */
  #work(): void {
    if (this.#isDirty || this.#stopped) return
    this.#isDirty = true
    this.#working = this.#working.then(async () => {
      await this.#signatures.settled()
      this.#isDirty = false
      for (const held of this.#held.values()) if (!this.#stopped) await this.#doDue(held)
      // Waiting has an end.
      if (this.openCases() > 0) this.#workWithin(LOOK_EVERY)
    })
  }

  async #doDue(held: Held): Promise<void> {
    const one = this.#caseOf(held)
    const duties = one ? this.#duties(held, one) : []
    const duty = duties.find(({ kind }) => kind !== 'serve' && kind !== 'vote')
    if (one && duty) await this.#perform(held, one, duty).catch(() => {})
    // What was performed has changed what is due.
    this.#refresh(held, duty ? undefined : duties)
  }

  /** One duty at a time: each changes what is due next, and its entry brings this back here. */
  async #perform(held: Held, one: Case, duty: Duty): Promise<void> {
    const { append, payOwed } = this.#components
    const charter = one.contest.entry.charter
    switch (duty.kind) {
      case 'open-link':
        if (this.#linkOf(held, one, duty.level)) await payOwed()
        return
      case 'summon':
        return void (await append('SUMMON', duty.body, charter))
      case 'reveal':
        return this.#reveal(held, duty, charter)
      case 'noshow':
        return void (await append('NOSHOW', duty.body, charter))
      case 'rule':
        return void (await append('RULING', duty.body, charter, { reach: duty.after.length > 0 }))
      case 'refute':
        return void (await append('REFUTE', duty.body, charter))
      default:
    }
  }

  async #reveal(
    { reasons }: Held,
    { summon, after }: Extract<Duty, { kind: 'reveal' }>,
    charter: Uint8Array,
  ): Promise<void> {
    const { ledger, self, append } = this.#components
    const salt = this.#saltOf(summon)
    const commit = ledger
      .log(self)
      .find((read) => isEntry('VOTE_COMMIT', read) && equalBytes(read.entry.body.summon, summon))
    if (commit === undefined || !isEntry('VOTE_COMMIT', commit)) return
    const { commitment } = commit.entry.body
    const { key } = commit.signed
    const vote = VOTES.find((each) => equalBytes(commitToVote({ summon, key, vote: each, salt }), commitment))
    if (vote === undefined) return
    const reason = reasons.get(hex(summon)) ?? ''
    await append('VOTE_REVEAL', { summon, vote, salt, reason }, charter, { reach: after.length > 0 })
  }

  /** Works within `ms`; sooner where that was planned already. */
  #workWithin(ms: number): void {
    const { clock } = this.#components
    const at = clock.now() + ms
    if (this.#stopped || (this.#next && this.#next.at <= at)) return
    this.#next?.cancel()
    const work = () => {
      this.#next = undefined
      this.#work()
    }
    this.#next = { at, cancel: clock.after(ms, work) }
  }

  #refresh(held: Held, due?: readonly Duty[]): void {
    const { self, ledger, charterOf, onCase, onChange } = this.#components
    const { contest } = held
    const charter = charterOf(contest.entry.charter)
    const why = this.#whyNone(held, charter)
    const one = this.#caseOf(held)
    if (one === undefined || why !== undefined) {
      held.view = refusedView(contest, why ?? 'its jury cannot be drawn here', {
        self,
        openedAt: held.openedAt,
        charter,
      })
    } else {
      const duties = due ?? this.#duties(held, one)
      const tooLate = this.#tooLate(held, one)
      held.view = caseView(ledger, one, {
        ...{ self, duties, openedAt: held.openedAt, holds: this.#provenIn(one) },
        ...(tooLate ? { tooLate } : {}),
      })
      if (one.court === undefined) this.#want(held, one)
    }
    const told = JSON.stringify(held.view)
    if (held.told === told) return
    held.told = told
    onCase(held.view)
    onChange()
  }

  #want(held: Held, { terms: { root, requester } }: Case): void {
    const { clock, want } = this.#components
    if (root === undefined || clock.now() - (held.wantedAt ?? -Infinity) < WANT_AGAIN) return
    held.wantedAt = clock.now()
    void want(root, requester).catch(() => {})
  }

  #caseOf(held: Held): Case | undefined {
    if (held.one) return held.one
    const { ledger, charterOf } = this.#components
    const { contest } = held
    const charter = charterOf(contest.entry.charter)
    if (charter === undefined || this.#whyNone(held, charter) !== undefined || held.terms === undefined)
      return undefined
    const one = caseOn(ledger, contest, charter, { terms: held.terms, court: held.court })
    // What lies before an OFFER does not change.
    if (one.court) held.court = one.court
    held.one = one
    return one
  }

  /** Why a contest is no case here, or not yet. What was found to be one stays one. */
  #whyNone(held: Held, charter: Charter | undefined): string | undefined {
    if (held.terms) return undefined
    if (charter === undefined) return 'the charter that it names is not here'
    const why = whyNoCase(held.contest, charter, this.#signatures.holds)
    if (why === undefined) held.terms = readTerms(held.contest)
    return why
  }

  #duties(held: Held, one: Case): readonly Duty[] {
    const { self, ledger } = this.#components
    return dutiesOf(ledger, one, { me: self, waited: (name) => this.#waited(held, name), proven: this.#provenIn(one) })
  }

  #waited({ since }: Held, name: string): number {
    const now = this.#components.clock.now()
    const begun = since.get(name) ?? now
    since.set(name, begun)
    return now - begun
  }

  /** Why nobody here appeals the last ruling any more. Others may have heard of it later: each goes by its own clock. */
  #tooLate(held: Held, { levels, charter }: Case): string | undefined {
    const ruling = levels.at(-1)?.ruling
    const { appeal } = charter.timeouts
    return ruling && this.#waited(held, `appeal ${ruling.name}`) > appeal
      ? `its time was over: ${timeWords(appeal)} from when this peer heard of the ruling`
      : undefined
  }

  #provenIn({ terms: { parties } }: Case): (read: ReadEntry<'PROVEN'>) => boolean {
    const { ledger, self } = this.#components
    return (read) => provenHere(ledger, read, { self, parties })
  }

  /** This peer's link for a level; undefined where it has not the chain that it was bound to. */
  #linkOf({ unopened }: Held, { terms }: Case, level: number): Uint8Array | undefined {
    const { self, chainSecret } = this.#components
    const head = terms.chains.get(self)
    if (head === undefined || unopened.has(level)) return undefined
    const link = chainLink(chainSecret, terms.offer.message.nonce, CHAIN_LENGTH, linkAt(level))
    if (checkLink(head, link, level)) return link
    unopened.add(level)
    return undefined
  }

  /** So that a vote can be shown after a reload: it follows from what this device keeps, and nobody else can know it. */
  #saltOf(summon: Uint8Array): Uint8Array {
    return hash('moot/vote-salt', this.#components.chainSecret, summon)
  }

  async #due<K extends 'serve' | 'vote'>(
    contest: string,
    kind: K,
  ): Promise<{ held: Held; duty: Extract<Duty, { kind: 'serve' | 'vote' }>; charter: Uint8Array; key: Uint8Array }> {
    await this.#signatures.settled()
    const held = this.#heldOf(contest)
    const one = this.#caseOf(held)
    const duty = one && this.#duties(held, one).find((each) => each.kind === kind)
    const key = this.#components.ledger.head(this.#components.self)?.signed.key
    if (duty === undefined || (duty.kind !== 'serve' && duty.kind !== 'vote') || key === undefined)
      throw fault({ code: 'CASE_REFUSED', why: 'this key is not asked for that now' })
    return { held, duty, charter: held.contest.entry.charter, key }
  }

  #heldOf(contest: string): Held {
    const held = this.#held.get(contest)
    if (held) return held
    throw fault({ code: 'CASE_REFUSED', why: 'there is no such case here' })
  }

  #view(contest: string): CaseView {
    const { view } = this.#heldOf(contest)
    if (view) return view
    throw fault({ code: 'CASE_REFUSED', why: 'it is still being looked into' })
  }
}

/** Whether a contest could be a case: by all but the signatures inside it. */
function isSound(contest: ReadEntry<'CONTEST'>): boolean {
  try {
    readTerms(contest)
    return true
  } catch {
    return false
  }
}

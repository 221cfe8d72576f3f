import { amendmentOf, type Amendment } from '../../domain/charter/amendment.ts'
import { charterBook, SHIPPED_CHARTERS, type CharterBook, type Known } from '../../domain/charter/charter-book.ts'
import { charterDigest, charterIdOf, encodeCharter, readCharter } from '../../domain/charter/charter-document.ts'
import type { Charter } from '../../domain/charter/charter.ts'
import { labelSentence, labelsOf } from '../../domain/charter/check-charter.ts'
import { compareCharters } from '../../domain/charter/compare-charters.ts'
import { whatYouKeep } from '../../domain/charter/fork.ts'
import {
  consentIn,
  countMembers,
  NO_MEMBERS,
  signedAuthors,
  sumOf,
  turnsByPeer,
  type MembersByGrade,
  type Turns,
} from '../../domain/charter/members.ts'
import { digestOfCid } from '../../domain/cids.ts'
import { fault } from '../../domain/fault.ts'
import { fromHex } from '../../domain/hash.ts'
import { isEntry, type BodyOf, type EntryType, type Grade, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { LedgerView } from '../../domain/ledger/ledger-view.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import { dropOldest } from '../drop-oldest.ts'
import type { CharterView, DifferenceView, ForkPreview, ProposalView } from '../governance-view.ts'
import type { Standpoint } from './standpoint.ts'

/** Proposals that are shown, the newest first. */
const MAX_PROPOSALS = 32

/** Proposals of which it is remembered since when they are sponsored. */
const MAX_SPONSORED = 256

/** What a record of that is called, before the proposal's id. */
const SPONSORED = 'sponsored '

/** Entries that say which charters there are, and who goes by them. */
const TURNING: ReadonlySet<EntryType> = new Set(['CONSENT', 'FORK', 'EXIT', 'PROPOSE', 'FORKED_LOG'])

export interface ChartersComponents {
  readonly self: PeerId
  /** What this peer goes by, and its CID. */
  readonly charter: Charter
  readonly charterId: string
  readonly ledger: LedgerView
  /** Writes an entry of this peer's log under the charter with this digest; under the one in force where none is given. */
  readonly append: <T extends EntryType>(type: T, body: BodyOf<T>, charter?: Uint8Array) => Promise<ReadEntry<T>>
  /** Texts that this device was asked to go by, so that it can open with them. */
  readonly records: RecordStore
  readonly standpoint: () => Standpoint
  /** Peers that host the room's models. */
  readonly hosts: () => readonly PeerId[]
  /** Sha-256 of the wasm binaries that this app can run, in hexadecimal. */
  readonly canons: readonly string[]
  /** Cases of this peer's that are open under the charter in force. */
  readonly openCases: () => number
}

/** The charters of a room: which there are, who goes by them, what is proposed; and what this peer does about it. */
export class RoomCharters {
  readonly #components: ChartersComponents
  /** When each proposal was first seen with enough sponsors: milliseconds since 1970, by this device, across reloads. Notice takes longer than most tabs are open. */
  readonly #sponsoredAt = new Map<string, number>()
  /** Worked out once for all questions, until one of the entries behind it comes. */
  #turns: Turns | undefined
  #book: CharterBook | undefined
  #charters: readonly CharterView[] | undefined

  constructor(components: ChartersComponents) {
    this.#components = components
  }

  /** Reads what was kept. Never rejects. */
  async load(): Promise<void> {
    const all = await this.#components.records.all().catch(() => [])
    for (const [key, at] of all)
      if (key.startsWith(SPONSORED) && typeof at === 'number') this.#sponsoredAt.set(key.slice(SPONSORED.length), at)
  }

  changed(reads: readonly ReadEntry[]): void {
    // Nothing is named where the ledger was read anew, or cut.
    if (reads.length > 0 && !reads.some(({ entry }) => TURNING.has(entry.type))) return
    this.#turns = undefined
    this.#book = undefined
    this.#charters = undefined
  }

  /** Known charters, by CID: those of the records, those of the app, and the one in force. */
  book(): CharterBook {
    const { charter, charterId } = this.#components
    this.#book ??= new Map([
      [charterId, { id: charterId, charter, document: encodeCharter(charter) }],
      ...charterBook(this.#components.ledger, this.turns()),
    ])
    return this.#book
  }

  /** What each peer goes by, by its own words. */
  turns(): Turns {
    this.#turns ??= turnsByPeer(this.#components.ledger)
    return this.#turns
  }

  look(): { charters: readonly CharterView[]; proposals: readonly ProposalView[]; invitations: readonly string[] } {
    const { self } = this.#components
    this.#charters ??= this.#lookAtCharters()
    const isInvited = ({ charter, signedBy }: CharterView) => charter.authors.includes(self) && !signedBy.includes(self)
    return {
      charters: this.#charters,
      proposals: this.#proposals(),
      invitations: this.#charters.filter(isInvited).map(({ id }) => id),
    }
  }

  /** Signs what this peer goes by, where its newest word does not sign that already. */
  async consent(grade: Grade): Promise<void> {
    const { self, charterId } = this.#components
    const mine = consentIn(this.turns().get(self) ?? [], digestOfCid(charterId, 'charter'))
    if (mine.grade === 'none') await this.sign(charterId, grade)
  }

  /** Rejects with `MALFORMED` where the charter is not known here. */
  async sign(id: string, grade: Grade): Promise<void> {
    const { append } = this.#components
    const { document, entry } = this.#known(id)
    const isHeld = SHIPPED_CHARTERS.has(id) || entry !== undefined
    await append('CONSENT', { grade, ...(isHeld ? {} : { document }) }, digestOfCid(id, 'charter'))
    await this.#keep(id, document)
  }

  /** Rejects with `MALFORMED` for what is no charter. Gives its CID. */
  async fork(charter: Charter): Promise<string> {
    const document = encodeCharter(charter)
    await this.#components.append('FORK', { document })
    const id = charterIdOf(document)
    await this.#keep(id, document)
    return id
  }

  async propose(charter: Charter, reason: string): Promise<void> {
    await this.#components.append('PROPOSE', { document: encodeCharter(charter), reason: reason.slice(0, 280) })
  }

  async sponsor(proposal: string): Promise<void> {
    const read = this.#components.ledger.get(proposal)
    if (read === undefined || !isEntry('PROPOSE', read))
      throw fault({ code: 'MALFORMED', what: 'proposal', why: 'there is none of that name here' })
    await this.#components.append('SPONSOR', { proposal: fromHex(proposal) })
  }

  compare(before: string, after: string): readonly DifferenceView[] {
    return compareCharters(this.#known(before).charter, this.#known(after).charter)
  }

  preview(charter: Charter | string): ForkPreview {
    const { self, ledger, standpoint, hosts, openCases } = this.#components
    const text = typeof charter === 'string' ? this.#known(charter).charter : readCharter(encodeCharter(charter))
    const document = encodeCharter(text)
    const digest = charterDigest(document)
    const {
      neighbours,
      hosts: hosting,
      history,
    } = whatYouKeep({
      ledger,
      me: self,
      charter: digest,
      trust: standpoint().trust,
      hosts: hosts(),
      goesAlong: this.#sponsorsOf(charterIdOf(document)),
      turns: this.turns(),
    })
    return {
      differences: compareCharters(this.#components.charter, text),
      labels: this.#labels(text),
      trust: neighbours,
      hosts: hosting,
      history,
      openCases: openCases(),
    }
  }

  #lookAtCharters(): readonly CharterView[] {
    const { charterId } = this.#components
    const members = countMembers(this.turns())
    return [...this.book().values()]
      .map((known) => this.#viewOf(known, members.get(known.id) ?? NO_MEMBERS))
      .toSorted((a, b) => Number(b.id === charterId) - Number(a.id === charterId) || b.members - a.members)
  }

  #viewOf({ id, charter }: Known, grades: MembersByGrade): CharterView {
    const { ledger, self } = this.#components
    const digest = digestOfCid(id, 'charter')
    return {
      ...{ id, charter, grades },
      members: sumOf(grades),
      mine: consentIn(this.turns().get(self) ?? [], digest).grade,
      signedBy: signedAuthors(ledger, charter, digest, undefined, this.turns()),
      labels: this.#labels(charter),
      shipped: SHIPPED_CHARTERS.has(id),
    }
  }

  #labels(charter: Charter): readonly string[] {
    const { canons } = this.#components
    const held = (id: string) => this.book().get(id)?.charter
    return labelsOf(charter, charter.parents.map(held), { held, canons }).map((label) => labelSentence(label, charter))
  }

  #proposals(): readonly ProposalView[] {
    const { ledger } = this.#components
    const newest = ledger.of('PROPOSE').slice(-MAX_PROPOSALS).toReversed()
    return newest.flatMap((proposal) => this.#proposalOf(this.#amendment(proposal)) ?? [])
  }

  #amendment(proposal: ReadEntry<'PROPOSE'>): Amendment {
    const { ledger, standpoint } = this.#components
    const { trees, trust } = standpoint()
    const since = this.#sponsoredAt.get(proposal.name)
    const waited = since === undefined ? 0 : Math.max(0, Date.now() - since)
    const amendment = amendmentOf(ledger, proposal, { trees, trust, waited, turns: this.turns(), book: this.book() })
    if (since === undefined && !['void', 'proposed'].includes(amendment.phase)) this.#noteSponsored(proposal.name)
    return amendment
  }

  #noteSponsored(proposal: string): void {
    const now = Date.now()
    this.#sponsoredAt.set(proposal, now)
    dropOldest(this.#sponsoredAt, MAX_SPONSORED)
    // A store without room makes notice begin anew at the next visit.
    void this.#components.records.put(`${SPONSORED}${proposal}`, now).catch(() => {})
  }

  #proposalOf({
    proposal,
    phase,
    from,
    to,
    charter,
    sponsors,
    sponsorsNeeded,
    signed,
    counts,
  }: Amendment): ProposalView | undefined {
    const { self, charter: rules } = this.#components
    if (phase === 'void' || charter === undefined) return undefined
    const since = this.#sponsoredAt.get(proposal.name)
    return {
      id: proposal.name,
      charter: to,
      parent: from,
      title: charter.title,
      proposer: proposal.author,
      reason: proposal.entry.body.reason,
      sponsors: sponsors.filter(({ ignored }) => ignored === undefined).map(({ peer }) => peer),
      sponsorsNeeded,
      phase,
      ...(phase === 'notice' && since !== undefined ? { signableAt: new Date(since + rules.timeouts.notice) } : {}),
      counts,
      mySignature: signed.some(({ peer }) => peer === self),
      mySponsorship: sponsors.some(({ peer }) => peer === self),
    }
  }

  /** Those who stand behind a proposal of a charter: they are expected to go by it. */
  #sponsorsOf(id: string): ReadonlySet<PeerId> {
    const { ledger } = this.#components
    const proposals = ledger.of('PROPOSE').filter(({ entry }) => charterIdOf(entry.body.document) === id)
    const sponsors = proposals.flatMap(({ author, name }) => [
      author,
      ...ledger.about(name).flatMap((read) => (isEntry('SPONSOR', read) ? [read.author] : [])),
    ])
    return new Set(sponsors)
  }

  #known(id: string): Known {
    const known = this.book().get(id)
    if (known) return known
    throw fault({ code: 'MALFORMED', what: 'charter', why: 'its text is not here' })
  }

  /** A store without room costs the next visit a look at the records. */
  async #keep(id: string, document: Uint8Array): Promise<void> {
    await this.#components.records.put(id, document).catch(() => {})
  }
}

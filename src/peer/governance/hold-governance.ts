import type { Charter } from '../../domain/charter/charter.ts'
import { cidOfDigest, digestOfCid } from '../../domain/cids.ts'
import { fault, faultOf, type Fault } from '../../domain/fault.ts'
import { fromHex, hex } from '../../domain/hash.ts'
import type { BodyOf, EntryType, Grade, ReadEntry } from '../../domain/ledger/entry.ts'
import type { MessageOf, Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { OwnIdentity } from '../../ports/identity.ts'
import type { CaseView, Governance, GovernanceView } from '../governance-view.ts'
import { Late } from '../late.ts'
import { LedgerKeeper, type AppendOptions } from '../ledger/keep-ledger.ts'
import { Juries } from './await-juries.ts'
import { ContestSignatures } from './check-contests.ts'
import { describeEntry } from './describe-entry.ts'
import { RoomCharters } from './hold-charters.ts'
import { RoomTrust } from './hold-trust.ts'
import { courtFor, judgeAward, type Leaving } from './judge-award.ts'
import { Outcomes } from './record-outcomes.ts'
import { sayWhatRuns } from './say-what-runs.ts'
import type { CourtView } from '../view.ts'
import type { Standpoint } from './standpoint.ts'
import type { GovernanceComponents } from './governance-components.ts'

/** How a room is governed, as far as one peer holds its records; and what that peer does about it. */
export class RoomGovernance implements Governance {
  readonly outcomes: Outcomes
  readonly #components: GovernanceComponents & { readonly onCase: (one: CaseView) => void }
  readonly #keeper: LedgerKeeper
  readonly #trust: RoomTrust
  readonly #charters: RoomCharters
  readonly #signatures: ContestSignatures
  readonly #juries: Juries
  readonly #say: <T extends EntryType>(type: T, body: BodyOf<T>) => Promise<ReadEntry<T>>
  #view: GovernanceView | undefined
  #fault: Fault | undefined
  #ready = false
  #stop: () => Promise<void> = async () => {}
  #stopped = false
  /** It has left the charter, and signs nothing more under it. */
  #hasLeft = false

  constructor(components: GovernanceComponents & { readonly onCase: (one: CaseView) => void }) {
    this.#components = components
    const { self, room, net, signer, verify, clock, random, logs, isBlocked, charter, charterId } = components
    const roomName = fromHex(room)
    this.#keeper = new LedgerKeeper({
      room: roomName,
      roomTopic: room,
      net,
      signer,
      verify,
      clock,
      random,
      store: logs(roomName),
      build: components.runtime.build,
      owed: () => this.#juries.owed(),
      isTrusted: (peer) => this.#trust.now().trust.has(peer),
      isBlocked,
      onChange: (reads) => this.#changed(reads),
    })
    const { ledger } = this.#keeper
    const digest = digestOfCid(charterId, 'charter')
    const append = <T extends EntryType>(type: T, body: BodyOf<T>, under = digest, options?: AppendOptions) =>
      this.#append(type, body, under, options)
    this.#trust = new RoomTrust({
      ...{ self, charter, ledger, append },
      checkpoint: () => this.#keeper.checkpoint(digest),
    })
    const now = () => this.#trust.now()
    this.outcomes = new Outcomes({
      self,
      chainSecret: components.chainSecret,
      append,
      onFault: (error) => this.#fail(error),
    })
    this.#charters = new RoomCharters({
      ...{ self, charter, charterId, ledger, append, standpoint: now },
      records: components.records.charters,
      hosts: components.hosts,
      canons: components.canons,
      openCases: () => this.#juries.openCases(),
    })
    this.#signatures = new ContestSignatures(verify)
    this.#juries = new Juries({
      ...{ self, ledger, append, clock, verify },
      signatures: this.#signatures,
      payOwed: () => this.#keeper.payOwed(),
      chainSecret: components.chainSecret,
      disputes: components.disputes,
      charterOf: (of) => this.#charters.book().get(cidOfDigest(of))?.charter,
      want: (head, from) => this.#keeper.want(head, from),
      onCase: components.onCase,
      onChange: () => this.#show(),
    })
    this.#say = append
  }

  start(): void {
    const stop = this.#keeper.start()
    this.#stop = async () => {
      await Promise.allSettled([stop(), this.#juries.stop()])
    }
    void this.#begin()
  }

  stop(): Promise<void> {
    this.#stopped = true
    return this.#stop()
  }

  /** Signs the charter where the person consented to it, and says what this device runs. */
  async #begin(): Promise<void> {
    try {
      await Promise.all([this.#keeper.ready, this.#charters.load()])
      this.#ready = true
      this.#show()
      const { self, consent, runtime } = this.#components
      if (consent === undefined) return
      await this.#charters.consent(consent)
      await sayWhatRuns(this.#keeper.ledger, self, runtime, this.#say)
    } catch (error) {
      this.#fail(error)
    }
  }

  get view(): GovernanceView {
    this.#view ??= this.#look()
    return this.#view
  }

  /** What an OFFER goes out under. */
  standpoint(): Promise<Standpoint> {
    return this.#trust.standpoint()
  }

  /** How this peer trusts, by all that it holds. */
  trustNow(): Standpoint {
    return this.#trust.now()
  }

  /** What a jury over a job of this peer's would be drawn from. */
  courtFor(root: Uint8Array | undefined, executors: readonly PeerId[]): CourtView | undefined {
    const { self: requester, charter } = this.#components
    return courtFor({ ledger: this.#keeper.ledger, charter }, { root, requester, executors })
  }

  /** Why this peer leaves a job at its award; undefined where it goes on. */
  judgeAward(offer: Read<MessageOf<'offer'>>, award: Read<MessageOf<'award'>>): Leaving | undefined {
    const { charter, needsCourt } = this.#components
    return judgeAward({ ledger: this.#keeper.ledger, charter, needsCourt }, offer, award)
  }

  isJuror(job: string, peer: PeerId): boolean {
    return this.#juries.isJuror(job, peer)
  }

  vouch = (peer: PeerId, vouched: boolean) => this.#trust.vouch(peer, vouched)

  defaults: Governance['defaults'] = async () => (await this.#defaults.here()).list()
  affirm: Governance['affirm'] = async (key) => (await this.#defaults.here()).affirm(key)
  setDefault: Governance['setDefault'] = async (key, value) => (await this.#defaults.here()).set(key, value)

  async compare(before: string, after: string) {
    return this.#charters.compare(before, after)
  }
  async preview(charter: Charter | string) {
    return this.#charters.preview(charter)
  }
  fork = (charter: Charter) => this.#charters.fork(charter)
  propose = (charter: Charter, reason: string) => this.#charters.propose(charter, reason)
  sponsor = (proposal: string) => this.#charters.sponsor(proposal)
  sign = (charter: string, grade: Grade) => this.#charters.sign(charter, grade)
  exit: Governance['exit'] = async () => {
    await this.#say('EXIT', {})
    this.#hasLeft = true
  }

  contest: Governance['contest'] = async (...all) => (await (await this.#juries.here()).contest(...all)).name
  caseFile: Governance['caseFile'] = async (...all) => (await this.#juries.here()).caseFile(...all)
  serve: Governance['serve'] = async (...all) => (await this.#juries.here()).serve(...all)
  vote: Governance['vote'] = async (...all) => (await this.#juries.here()).vote(...all)
  appeal: Governance['appeal'] = async (contest) => (await this.#juries.here()).appeal(contest)
  dissent: Governance['dissent'] = async (...all) => (await this.#juries.here()).dissent(...all)

  report: Governance['report'] = async (options) => (await this.#reports.here()).report(options)
  uncertainty: Governance['uncertainty'] = async (...all) => (await this.#reports.here()).uncertainty(...all)
  recompute: Governance['recompute'] = async (report) => (await this.#reports.here()).recompute(report)
  entry: Governance['entry'] = async (id) => {
    const read = this.#keeper.ledger.get(id)
    return read && describeEntry(read)
  }

  exportLedger = () => this.#keeper.export()
  importLedger: Governance['importLedger'] = async (file) => {
    const { added, refused } = await this.#keeper.import(file)
    return { added, refused: refused.length }
  }
  moveKey: Governance['moveKey'] = async () => {
    const identity = this.#identity()
    await this.#keeper.end()
    return this.#keeper.export(identity)
  }
  forgetKey: Governance['forgetKey'] = async () => {
    const identity = this.#identity()
    // a log that cannot be written to has ended
    await this.#keeper.end().catch(() => {})
    await identity.forget()
  }

  #identity(): OwnIdentity {
    const { identity } = this.#components
    if (identity) return identity
    throw fault({
      code: 'KEY_NOT_MOVED',
      why: 'whoever runs this peer keeps its key, and moves the folder that it is in',
    })
  }

  /** Whoever has not signed the charter looks on, and leaves nothing behind; what signs it is the first to be written. */
  async #append<T extends EntryType>(
    type: T,
    body: BodyOf<T>,
    charter: Uint8Array,
    options?: AppendOptions,
  ): Promise<ReadEntry<T>> {
    // Whoever has left no longer holds its key: another tab may.
    if (this.#stopped) throw fault({ code: 'CANCELLED' })
    const isMember = this.#components.consent !== undefined && !this.#hasLeft
    if (!isMember && type !== 'CONSENT' && type !== 'FORK') throw fault({ code: 'NOT_SIGNED' })
    return this.#keeper.append(type, body, charter, options)
  }

  #fail(error: unknown): void {
    const failed = faultOf(error, (why) => ({ code: 'STORAGE_UNAVAILABLE', why }))
    if (failed.code === 'NOT_SIGNED' || this.#stopped) return
    this.#fault = failed
    this.#show()
  }

  #changed(reads: readonly ReadEntry[]): void {
    this.#charters.changed(reads)
    this.#trust.changed(reads)
    this.#juries.changed(reads)
    this.#show()
  }

  #show(): void {
    this.#view = undefined
    this.#components.onChange()
  }

  /** The registry is long, and most people never open it. */
  readonly #defaults = new Late(async () => {
    const { RoomDefaults } = await import('./hold-defaults.ts')
    const { ledger } = this.#keeper
    return new RoomDefaults({ ...this.#components, ledger, append: this.#say, ancestors: () => this.#ancestors() })
  })

  /** So are the measures. */
  readonly #reports = new Late(async () => {
    const [{ RoomReports }, defaults] = await Promise.all([import('./report-room.ts'), this.#defaults.here()])
    const { ledger } = this.#keeper
    const registry = () => defaults.registry()
    return new RoomReports({ ...this.#components, ledger, signatures: this.#signatures, registry })
  })

  /** Charters that the one in force descends from, its parent first, as far as they are held. */
  #ancestors(): readonly Charter[] {
    const book = this.#charters.book()
    const line: Charter[] = []
    let parent = book.get(this.#components.charter.parents[0] ?? '')
    while (parent && !line.includes(parent.charter)) {
      line.push(parent.charter)
      parent = book.get(parent.charter.parents[0] ?? '')
    }
    return line
  }

  /** Who trusts whom, and who goes by what, is worked out when somebody looks: while records stream in, most views are never read so far. */
  #look(): GovernanceView {
    const { ledger } = this.#keeper
    const charters = once(() => this.#charters.look())
    const trust = once(() => this.#trust.look())
    const { self } = this.#components
    return {
      ready: this.#ready,
      ...(this.#fault ? { fault: this.#fault } : {}),
      ledger: {
        entries: ledger.size,
        logs: ledger.authors().length,
        own: ledger.log(self).length,
        root: hex(ledger.root()),
        coverage: ledger.coverage(),
        forks: ledger.forks().map(({ author, seq }) => ({ peer: author, seq })),
      },
      cases: this.#juries.look(),
      get charters() {
        return charters().charters
      },
      get proposals() {
        return charters().proposals
      },
      get invitations() {
        return charters().invitations
      },
      get trust() {
        return trust()
      },
    }
  }
}

/** Makes something at the first call, and gives the same from then on. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

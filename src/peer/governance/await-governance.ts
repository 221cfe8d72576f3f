import { NO_MEMBERS } from '../../domain/charter/members.ts'
import type { Message, MessageOf, Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { JobCase } from '../disputes/keep-cases.ts'
import type { CaseView, Governance, GovernanceView } from '../governance-view.ts'
import { Late } from '../late.ts'
import type { GovernanceComponents } from './governance-components.ts'
import type { RoomGovernance } from './hold-governance.ts'
import type { CourtView } from '../view.ts'
import type { Leaving } from './judge-award.ts'
import { NO_RECORDS, type Standpoint } from './standpoint.ts'

/** Things that happened before the records were here: the oldest are let go of. A busy tab takes part in a dozen jobs a second. */
const MAX_WAITING = 256

/** How a room is governed. What does it is loaded once the peer has joined, so that nobody waits for it to ask; what happens meanwhile waits. */
export class LateGovernance implements Governance {
  readonly #components: GovernanceComponents
  readonly #late = new Late(() => this.#load())
  #held: RoomGovernance | undefined
  #waiting: ((held: RoomGovernance) => void)[] = []
  #stopped = false
  /** Who follows the case over a job. */
  readonly #cases = new Map<string, Set<(one: CaseView) => void>>()

  constructor(components: GovernanceComponents) {
    this.#components = components
  }

  /** Begins to listen, and signs the charter. Rejects where the code is not to be had: then a later use tries again. */
  async start(): Promise<void> {
    await this.#here()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const held = await this.#late.begun?.catch(() => undefined)
    await held?.stop()
  }

  get view(): GovernanceView {
    return this.#held?.view ?? this.#empty()
  }

  /** What an OFFER goes out under: nothing, until the records are here. */
  async standpoint(): Promise<Standpoint> {
    return (await this.#held?.standpoint()) ?? NO_RECORDS
  }

  /** How this peer trusts, by all that it holds. */
  trustNow(): Standpoint {
    return this.#held?.trustNow() ?? NO_RECORDS
  }

  /** What a jury over a job of this peer's would be drawn from; undefined until the records are here. */
  courtFor(root: Uint8Array | undefined, executors: readonly PeerId[]): CourtView | undefined {
    return this.#held?.courtFor(root, executors)
  }

  /** Why this peer leaves a job at its award; undefined where it goes on. */
  judgeAward(offer: Read<MessageOf<'offer'>>, award: Read<MessageOf<'award'>>): Leaving | undefined {
    if (this.#held) return this.#held.judgeAward(offer, award)
    return this.#components.needsCourt() ? { reason: 'court', note: 'Its records are still being read.' } : undefined
  }

  /** Whether a peer sits on a jury over a job, hex. */
  isJuror(job: string, peer: PeerId): boolean {
    return this.#held?.isJuror(job, peer) ?? false
  }

  /** Calls back whenever the case over a job, hex, has changed. Returns the way to stop. */
  watchCase(job: string, listener: (one: CaseView) => void): () => void {
    const listeners = this.#cases.get(job) ?? new Set()
    this.#cases.set(job, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#cases.delete(job)
    }
  }

  noteJob(one: JobCase): void {
    this.#later((held) => held.outcomes.noteJob(one))
  }

  noteSigned(message: Message): void {
    this.#later((held) => held.outcomes.noteSigned(message))
  }

  noteAudit(job: Uint8Array, of: PeerId, agrees: boolean): void {
    this.#later((held) => held.outcomes.noteAudit(job, of, agrees))
  }

  noteWithheld(job: Uint8Array, peer: PeerId): void {
    this.#later((held) => held.outcomes.noteWithheld(job, peer))
  }

  vouch: Governance['vouch'] = async (...all) => (await this.#here()).vouch(...all)
  defaults: Governance['defaults'] = async () => (await this.#here()).defaults()
  affirm: Governance['affirm'] = async (key) => (await this.#here()).affirm(key)
  setDefault: Governance['setDefault'] = async (...all) => (await this.#here()).setDefault(...all)
  compare: Governance['compare'] = async (...all) => (await this.#here()).compare(...all)
  preview: Governance['preview'] = async (charter) => (await this.#here()).preview(charter)
  fork: Governance['fork'] = async (charter) => (await this.#here()).fork(charter)
  propose: Governance['propose'] = async (...all) => (await this.#here()).propose(...all)
  sponsor: Governance['sponsor'] = async (proposal) => (await this.#here()).sponsor(proposal)
  sign: Governance['sign'] = async (...all) => (await this.#here()).sign(...all)
  exit: Governance['exit'] = async () => (await this.#here()).exit()
  contest: Governance['contest'] = async (...all) => (await this.#here()).contest(...all)
  caseFile: Governance['caseFile'] = async (...all) => (await this.#here()).caseFile(...all)
  serve: Governance['serve'] = async (...all) => (await this.#here()).serve(...all)
  vote: Governance['vote'] = async (...all) => (await this.#here()).vote(...all)
  appeal: Governance['appeal'] = async (contest) => (await this.#here()).appeal(contest)
  dissent: Governance['dissent'] = async (...all) => (await this.#here()).dissent(...all)
  report: Governance['report'] = async (options) => (await this.#here()).report(options)
  uncertainty: Governance['uncertainty'] = async (...all) => (await this.#here()).uncertainty(...all)
  recompute: Governance['recompute'] = async (report) => (await this.#here()).recompute(report)
  entry: Governance['entry'] = async (id) => (await this.#here()).entry(id)
  exportLedger: Governance['exportLedger'] = async () => (await this.#here()).exportLedger()
  importLedger: Governance['importLedger'] = async (file) => (await this.#here()).importLedger(file)
  moveKey: Governance['moveKey'] = async () => (await this.#here()).moveKey()
  forgetKey: Governance['forgetKey'] = async () => (await this.#here()).forgetKey()

  #later(task: (held: RoomGovernance) => void): void {
    if (this.#held) return task(this.#held)
    this.#waiting = [...this.#waiting, task].slice(-MAX_WAITING)
  }

  #here(): Promise<RoomGovernance> {
    return this.#late.here()
  }

  async #load(): Promise<RoomGovernance> {
    const { RoomGovernance } = await import('./hold-governance.ts')
    const { self } = this.#components
    // What a stranger says of a job that it had no part in is no case over it.
    const counts = ({ phase, contestant }: CaseView) => phase !== 'refused' || contestant === self
    const onCase = (one: CaseView) => {
      if (counts(one)) this.#cases.get(one.job)?.forEach((listener) => listener(one))
    }
    const held = new RoomGovernance({ ...this.#components, onCase })
    if (this.#stopped) return held
    this.#held = held
    held.start()
    for (const task of this.#waiting) task(held)
    this.#waiting = []
    this.#components.onChange()
    return held
  }

  #empty(): GovernanceView {
    const { charter, charterId } = this.#components
    const mine = {
      id: charterId,
      charter,
      members: 0,
      grades: NO_MEMBERS,
      mine: 'none' as const,
      signedBy: [],
      labels: [],
      shipped: false,
    }
    return {
      ready: false,
      ledger: { entries: 0, logs: 0, own: 0, root: '', coverage: { held: 0, known: 0 }, forks: [] },
      charters: [mine],
      proposals: [],
      invitations: [],
      cases: [],
      trust: { vouched: [], vouchedBy: [], trees: [], weights: [] },
    }
  }
}

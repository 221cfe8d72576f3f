import type { Charter } from '../domain/charter/charter.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { OpenSurgery } from '../ports/surgery.ts'
import { Disputes, type AwaitComponents } from './disputes/await-disputes.ts'
import type { EndedDispute } from './disputes/hold-disputes.ts'
import { Diagnoses, type DiagnosesComponents } from './keep-diagnoses.ts'
import { Standings } from './keep-standing.ts'
import type { Engines } from './run-engines.ts'
import type { DeviceView, Diagnosis, EvidenceReport, PeerView, Rerun } from './view.ts'

export interface RoomChecksComponents extends Omit<AwaitComponents, 'engines' | 'onEnd'> {
  readonly engines: Engines
  readonly charter: Charter
  readonly verify: VerifySignature
  readonly openSurgery: OpenSurgery
  readonly records: RecordStore
  readonly diagnosisTools: DiagnosesComponents['tools']
  /** Whether nobody waits for this device. */
  readonly isIdle: () => boolean
}

interface Options {
  readonly signal?: AbortSignal
}

/** All by which a peer checks what is said in its room: receipts, contests and evidence, what it has seen of whom, and what its own GPU computes wrong. */
export class RoomChecks {
  readonly disputes: Disputes
  readonly standings: Standings
  readonly #components: RoomChecksComponents
  readonly #diagnoses: Diagnoses
  readonly #noted = new WeakSet<EndedDispute['run']>()

  constructor(components: RoomChecksComponents) {
    this.#components = components
    const { diagnosisTools: tools, provideModel, clock, isIdle, engines, onChange } = components
    this.standings = new Standings(components.records)
    this.disputes = new Disputes({ ...components, onEnd: (ended) => this.#noteEnd(ended) })
    this.#diagnoses = new Diagnoses({
      tools,
      provideModel,
      clock,
      isIdle,
      refuse: (model) => engines.refuse(model),
      onChange,
    })
  }

  /** Begins to listen. Returns the way to stop. */
  start(): () => void {
    const stop = this.disputes.start()
    return () => {
      stop()
      this.#diagnoses.close()
    }
  }

  async load(): Promise<void> {
    await this.standings.load()
  }

  /** The device may be idle now. */
  stir(): void {
    this.#diagnoses.stir()
  }

  /** The checks of this device's own GPU find it wrong: on a model and its inputs, or on what any GPU must compute right. */
  noteFaultyGpu(model: ModelId | undefined, inputs?: Tensors): void {
    if (model === undefined) this.#diagnoses.noteSelfTestFailed()
    else this.#diagnoses.noteFaulty(model, inputs)
  }

  look(): Pick<PeerView, 'disputes' | 'refused'> & Pick<DeviceView, 'diagnoses'> {
    const { disputes } = this
    return { disputes: disputes.list(), refused: disputes.refused(), diagnoses: this.#diagnoses.list() }
  }

  async checkReceipt(file: Uint8Array): Promise<CheckedReceipt> {
    const [{ checkReceipt }, { readReceipt }] = await Promise.all([
      import('../domain/check-receipt.ts'),
      import('../domain/receipt.ts'),
    ])
    return checkReceipt(readReceipt(file), this.#components.verify)
  }

  async rerun(file: Uint8Array, options: Options): Promise<Rerun> {
    const { engines, verify, provideModel } = this.#components
    const { rerunReceipt } = await import('./rerun-receipt.ts')
    return rerunReceipt({ openCanon: engines.openCanon, verify, provideModel }, file, options)
  }

  async replay(file: Uint8Array, options: Options): Promise<EvidenceReport> {
    const { engines, openSurgery, verify, provideModel, charter } = this.#components
    const { replayEvidence } = await import('./disputes/replay-evidence.ts')
    const { openCanon } = engines
    return replayEvidence({ openCanon, openSurgery, provideModel, verify, charter }, file, options)
  }

  diagnose(model: ModelId, options: Options): Promise<Diagnosis> {
    return this.#diagnoses.run(model, options)
  }

  /** A dispute that this device took part in is over. A GPU of its own that was wrong is looked into. */
  #noteEnd({ run, outcome }: EndedDispute): void {
    const { facts, input } = run.init
    const { self } = this.#components
    this.#noteSeen(run, outcome)
    const mine = facts.claims.find((claim) => claim.peer === self)
    const isRefuted = outcome.losers.some((loser) => loser.peer === self && loser.for === 'claim')
    if (mine?.engine === 'gpu' && isRefuted) this.#diagnoses.noteRefuted(facts.offer.message.model, input)
  }

  /** What a dispute shows of others to a peer that ran the canon itself: nobody's word counts in it, and nothing counts twice. */
  #noteSeen(run: EndedDispute['run'], outcome: EndedDispute['outcome']): void {
    const { self } = this.#components
    const { facts } = run.init
    if (run.state.own !== 'asserted' || this.#noted.has(run)) return
    this.#noted.add(run)
    const others = <T extends { readonly peer: PeerId }>(all: readonly T[]) => all.filter(({ peer }) => peer !== self)
    for (const { peer, for: what } of others(outcome.losers)) this.standings.note(peer, { type: 'lost', for: what })
    if (facts.offer.author !== self || outcome.state === 'unresolved') return
    const { model } = facts.offer.message
    const stands = new Set(outcome.judged.flatMap((one) => (one.stands ? [one.peer] : [])))
    for (const { peer, engine } of others(facts.claims))
      if (stands.has(peer)) this.standings.note(peer, { type: 'right', model, engine })
  }
}

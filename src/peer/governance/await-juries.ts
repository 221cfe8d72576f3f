import { isEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { CaseView } from '../governance-view.ts'
import { Late } from '../late.ts'
import type { Owed } from '../ledger/keep-ledger.ts'
import type { JuriesComponents, RoomJuries } from './hold-juries.ts'

/** The cases before juries. Most rooms never see one: what follows them is loaded when the first contest comes that arithmetic cannot settle. */
export class Juries {
  readonly #components: JuriesComponents
  readonly #late = new Late(() => this.#load())
  #held: RoomJuries | undefined
  #stopped = false

  constructor(components: JuriesComponents) {
    this.#components = components
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await (await this.#late.begun?.catch(() => undefined))?.stop()
  }

  changed(reads: readonly ReadEntry[]): void {
    if (this.#held) return this.#held.changed(reads)
    const { ledger } = this.#components
    const fresh = reads.length > 0 ? reads : ledger.of('CONTEST')
    const isForJury = (read: ReadEntry) => isEntry('CONTEST', read) && read.entry.body.class !== 'arithmetic'
    if (fresh.some(isForJury)) void this.here().catch(() => {})
  }

  look(): readonly CaseView[] {
    return this.#held?.look() ?? []
  }

  openCases(): number {
    return this.#held?.openCases() ?? 0
  }

  isJuror(job: string, peer: PeerId): boolean {
    return this.#held?.isJuror(job, peer) ?? false
  }

  /** What this peer must write before anything else. Waits for what is on its way: a link comes first. */
  async owed(): Promise<readonly Owed[]> {
    const held = this.#held ?? (await this.#late.begun?.catch(() => undefined))
    return held?.owed() ?? []
  }

  here(): Promise<RoomJuries> {
    return this.#late.here()
  }

  async #load(): Promise<RoomJuries> {
    const { RoomJuries } = await import('./hold-juries.ts')
    const held = new RoomJuries(this.#components)
    if (this.#stopped) return held
    this.#held = held
    held.changed([])
    return held
  }
}

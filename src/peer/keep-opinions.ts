import { signingBytes } from '../domain/envelope.ts'
import { parse, SignedSchema } from '../domain/messages.ts'
import { readOpinion, type ReadOpinion } from '../domain/opinion.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Clock } from '../ports/clock.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { VerifySignature } from '../ports/signer.ts'

/** Milliseconds over which what changed gathers before it is written: who floods the room does not flood the disk. */
const WRITE_WITHIN = 1_000

export interface OpinionRecordsComponents {
  readonly records: RecordStore
  readonly verify: VerifySignature
  readonly clock: Clock
  /** What is to be on disk of an author's words on a model; undefined for nothing. */
  readonly current: (read: ReadOpinion) => ReadOpinion | undefined
}

/** Opinions across reloads. A store without room is no reason to fail: they are then known for as long as this tab lives. */
export class OpinionRecords {
  readonly #components: OpinionRecordsComponents
  readonly #changed = new Map<string, ReadOpinion>()
  #writing: (() => void) | undefined

  constructor(components: OpinionRecordsComponents) {
    this.#components = components
  }

  /** Gives what was kept and still holds, those of `first` first, to `take`, and drops the rest. Never rejects. */
  async load(first: PeerId, take: (read: ReadOpinion) => void): Promise<void> {
    const { records, current } = this.#components
    const all = await records.all().catch(() => [])
    const isFirst = ([key]: readonly [string, unknown]) => key.endsWith(` ${first}`)
    for (const [key, value] of [...all.filter(isFirst), ...all.filter((record) => !isFirst(record))]) {
      const read = await this.#read(key, value)
      if (read) take(read)
      if (!read || current(read) === undefined) await records.delete(key).catch(() => {})
    }
  }

  /** An author's word on a model is another than before, or none. */
  changed(read: ReadOpinion): void {
    this.#changed.set(keyOf(read), read)
    this.#writing ??= this.#components.clock.after(WRITE_WITHIN, () => void this.write())
  }

  /** Writes what changed now. Never rejects. */
  async write(): Promise<void> {
    const { records, current } = this.#components
    this.#writing?.()
    this.#writing = undefined
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const [key, read] of changed) {
      const now = current(read)
      await (now ? records.put(key, { ...now.signed }) : records.delete(key)).catch(() => {})
    }
  }

  async #read(key: string, value: unknown): Promise<ReadOpinion | undefined> {
    try {
      const read = readOpinion(parse(SignedSchema, value, 'record'))
      const { key: author, body, signature } = read.signed
      const holds = keyOf(read) === key && (await this.#components.verify(author, signingBytes(body), signature))
      return holds ? read : undefined
    } catch {
      return undefined
    }
  }
}

const keyOf = ({ author, opinion }: ReadOpinion): string => `${opinion.model} ${author}`

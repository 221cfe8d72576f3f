import { signingBytes } from '../domain/envelope.ts'
import { parse, SignedSchema } from '../domain/messages.ts'
import { readOpinion, type ReadOpinion } from '../domain/opinion.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Clock } from '../ports/clock.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { VerifySignature } from '../ports/signer.ts'

/** Milliseconds after one writing in which what changes gathers for the next: who floods the room does not flood the disk. */
const REST = 1_000

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
  #rest: (() => void) | undefined
  #stopped = false

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
    if (this.#rest === undefined) void this.write()
  }

  /** Writes what changed now. Never rejects. */
  async write(): Promise<void> {
    const { records, current, clock } = this.#components
    this.#rest?.()
    this.#rest = this.#stopped ? undefined : clock.after(REST, () => this.#rested())
    // what changes in one go is written in one go
    await Promise.resolve()
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const [key, read] of changed) {
      const now = current(read)
      await (now ? records.put(key, { ...now.signed }) : records.delete(key)).catch(() => {})
    }
  }

  /** Writes what is left. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.write()
  }

  #rested(): void {
    this.#rest = undefined
    if (this.#changed.size > 0) void this.write()
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

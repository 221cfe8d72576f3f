import * as v from 'valibot'
import { BLOCK_SIZE } from '../domain/manifest.ts'
import type { WebOrigin } from '../domain/model-origin.ts'
import type { RecordStore } from '../ports/record-store.ts'

/** A file as far as it has been stored. */
export interface FileJournal {
  readonly path: string
  /** Bytes of the whole file, once all of it is stored. */
  readonly size?: number
  /** What the source called these bytes. */
  readonly version?: string
  /** Digests of the blocks that are stored, from the first on. */
  readonly blocks: readonly Uint8Array[]
}

/** What a tab after this one needs to go on with an import. */
export interface ImportRecord {
  readonly title: string
  /** Undefined where a person has to give the files again. */
  readonly origin?: WebOrigin
  /** The ONNX file that was chosen. */
  readonly model?: string
  readonly files: readonly FileJournal[]
  /** Digests of the blocks that were not here before. */
  readonly own: readonly Uint8Array[]
}

const text = v.pipe(v.string(), v.maxLength(8_192))
const digests = v.array(v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === 32))

const RecordSchema: v.GenericSchema<unknown, ImportRecord> = v.strictObject({
  title: text,
  origin: v.exactOptional(
    v.variant('kind', [
      v.strictObject({ kind: v.literal('url'), url: text }),
      v.strictObject({
        kind: v.literal('hub'),
        repository: text,
        revision: v.exactOptional(text),
        path: v.exactOptional(text),
      }),
    ]),
  ),
  model: v.exactOptional(text),
  files: v.array(
    v.strictObject({
      path: text,
      size: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      version: v.exactOptional(text),
      blocks: digests,
    }),
  ),
  own: digests,
})

/** An earlier record, or undefined where it is none. */
export function readRecord(value: unknown): ImportRecord | undefined {
  const record = v.safeParse(RecordSchema, value)
  return record.success ? record.output : undefined
}

/** Bytes that are stored of an import. */
export const bytesOf = ({ files }: ImportRecord): number =>
  files.reduce((sum, { size, blocks }) => sum + (size ?? blocks.length * BLOCK_SIZE), 0)

/** Writes down how far an import has come. Writes follow each other, and one waiting stands for all that came meanwhile. */
export class ImportJournal {
  readonly #records: RecordStore
  readonly #key: string
  #record: ImportRecord
  #writing: Promise<void> = Promise.resolve()
  #waiting = false

  constructor(records: RecordStore, key: string, record: ImportRecord) {
    this.#records = records
    this.#key = key
    this.#record = record
  }

  get record(): ImportRecord {
    return this.#record
  }

  fileAt(path: string): FileJournal {
    return this.#record.files.find((file) => file.path === path) ?? { path, blocks: [] }
  }

  note(change: Partial<ImportRecord>): void {
    this.#record = { ...this.#record, ...change }
    this.#save()
  }

  noteFile(file: FileJournal, own?: Uint8Array): void {
    const others = this.#record.files.filter(({ path }) => path !== file.path)
    this.note({ files: [...others, file], ...(own ? { own: [...this.#record.own, own] } : {}) })
  }

  /** Resolves once everything is written, or could not be: what is not kept is read again one day. */
  written(): Promise<void> {
    return this.#writing
  }

  async forget(): Promise<void> {
    await this.#writing
    await this.#records.delete(this.#key).catch(() => {})
  }

  #save(): void {
    if (this.#waiting) return
    this.#waiting = true
    this.#writing = this.#writing.then(() => {
      this.#waiting = false
      return this.#records.put(this.#key, this.#record).catch(() => {})
    })
  }
}

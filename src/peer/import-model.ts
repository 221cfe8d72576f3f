import { fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { Claim } from '../ports/claim.ts'
import type { ModelOrigin } from '../ports/model-source.ts'
import type { RecordStore } from '../ports/record-store.ts'
import { bytesOf, ImportJournal, readRecord, type ImportRecord } from './keep-journal.ts'
import { RunningImport, type ImportComponents } from './run-import.ts'
import { titleOf } from './title-origin.ts'
import type { Import, UnfinishedImport } from './view.ts'

export interface ImportsComponents extends ImportComponents {
  /** Half-way imports, by key. */
  readonly records: RecordStore
  /** Keeps an import to one tab. Without it there is but this one. */
  readonly claim?: Claim
  readonly onChange: () => void
}

/** Imports, and those that were left half-way. */
export async function openImports(components: ImportsComponents): Promise<Imports> {
  const imports = new Imports(components)
  await imports.refresh()
  return imports
}

export class Imports {
  readonly #components: ImportsComponents
  /** Those that run in this tab, by key. */
  readonly #running = new Map<string, RunningImport>()
  #unfinished: readonly UnfinishedImport[] = []
  #begun = 0

  constructor(components: ImportsComponents) {
    this.#components = components
  }

  get unfinished(): readonly UnfinishedImport[] {
    return this.#unfinished
  }

  /** Begins, or goes on where an earlier import of the same stopped. */
  import(origin: ModelOrigin, { signal }: { signal?: AbortSignal } = {}): Import {
    const key = keyOf(origin)
    let release = async () => {}
    const running: RunningImport = new RunningImport(this.#components, {
      id: ++this.#begun,
      title: titleOf(origin),
      origin,
      signal,
      begin: async () => {
        release = await this.#take(key, titleOf(origin), () => running)
        return this.#journalOf(key, origin)
      },
      end: async (journal, keep) => {
        try {
          if (keep === 'all' && bytesOf(journal.record) > 0) await journal.written()
          else await this.#drop(journal, keep === 'all' ? [] : keep)
        } catch {
          // What cannot be deleted now is let go of below all the same: nobody is to be kept from another try.
        } finally {
          this.#running.delete(key)
          await release()
          await this.refresh()
        }
      },
    })
    return running
  }

  /** Forgets a half-way import and what was read for it. Rejects with `SOURCE_FAILED` while it runs elsewhere. */
  async discard(key: string): Promise<void> {
    const running = this.#running.get(key)
    running?.cancel()
    await running?.settled
    const release = await this.#take(key, key)
    try {
      const record = readRecord(await this.#components.records.get(key))
      await this.#drop(new ImportJournal(this.#components.records, key, record ?? empty), [])
    } finally {
      this.#running.delete(key)
      await release()
    }
    await this.refresh()
  }

  /** Looks again which imports were left half-way, by other tabs as well. */
  async refresh(): Promise<void> {
    const { records, onChange } = this.#components
    const unfinished: UnfinishedImport[] = []
    for (const [key, value] of await records.all().catch(() => [])) {
      const record = readRecord(value)
      if (record === undefined) await records.delete(key).catch(() => {})
      else if (!this.#running.has(key) && !(await this.#isHeld(key)))
        unfinished.push({
          key,
          title: record.title,
          bytes: bytesOf(record),
          ...(record.origin ? { origin: record.origin } : {}),
        })
    }
    this.#unfinished = unfinished
    onChange()
  }

  async #isHeld(key: string): Promise<boolean> {
    const release = await this.#claim(key)
    await release?.()
    return release === undefined
  }

  async #take(key: string, title: string, running?: () => RunningImport): Promise<() => Promise<void>> {
    const release = this.#running.has(key) ? undefined : await this.#claim(key)
    if (release === undefined || this.#running.has(key)) {
      await release?.()
      throw fault({
        code: 'SOURCE_FAILED',
        source: title,
        why: 'it is being imported already, here or in another tab',
        advice: 'Go on there, or stop it there first.',
      })
    }
    if (running) this.#running.set(key, running())
    return release
  }

  #claim(key: string): ReturnType<Claim> {
    return this.#components.claim?.(`import-${key}`) ?? Promise.resolve(async () => {})
  }

  async #journalOf(key: string, origin: ModelOrigin): Promise<ImportJournal> {
    const { records } = this.#components
    const record = readRecord(await records.get(key).catch(() => undefined))
    const fresh = { ...empty, title: titleOf(origin), ...(origin.kind === 'files' ? {} : { origin }) }
    return new ImportJournal(records, key, record ?? fresh)
  }

  /** Lets go of a record, and of the blocks that were read for it, but for some. */
  async #drop(journal: ImportJournal, keep: readonly Uint8Array[]): Promise<void> {
    await journal.forget()
    const kept = new Set(keep.map(hex))
    await this.#components.blocks.delete(journal.record.own.filter((digest) => !kept.has(hex(digest))))
  }
}

const empty: ImportRecord = { title: '', files: [], own: [] }

/** Two imports of one key are the same: the second goes on where the first stopped. */
function keyOf(origin: ModelOrigin): string {
  switch (origin.kind) {
    case 'files':
      return `files ${origin.files.map(({ path, blob }) => `${path} ${blob.size}`).join(', ')}`.slice(0, 512)
    case 'url':
      return `url ${origin.url}`
    case 'hub':
      return `hub ${origin.repository} ${origin.revision ?? 'main'} ${origin.path ?? ''}`.trim()
    default:
      return origin satisfies never
  }
}

import { fromHex, hex } from '../../domain/hash.ts'
import {
  beginningOf,
  packedLength,
  packLoose,
  packPage,
  PAGE_ENTRIES,
  pagesOf,
  unpackLoose,
  unpackPage,
} from '../../domain/ledger/log-page.ts'
import { fault } from '../../domain/fault.ts'
import type { Appended, LogStore } from '../../ports/log-store.ts'
import { storageFault, type MootConnection, type MootDatabase } from './database.ts'

/** Pages read at a time: some 2 MB. */
const PAGES_AT_ONCE = 64

/** Behind every log of its room. */
const BESIDE = '~'
/** Digits of a page's number: 100,000 entries have 1,563 pages. */
const DIGITS = 6

export interface IdbLogsInit {
  readonly database: MootDatabase
  /** The identity's slot: what two tabs of one browser hold is each's own. */
  readonly slot: number
  /** 16 bytes. */
  readonly room: Uint8Array
}

/** Logs of one room in this browser, as one identity holds them: a record for each page, by slot, room, key and number. */
export function openIdbLogs({ database, slot, room }: IdbLogsInit): LogStore {
  const own = `${slot}/${hex(room)}/`
  const nameOf = (key: Uint8Array, page: number) => `${own}${hex(key)}/${String(page).padStart(DIGITS, '0')}`
  const all = () => IDBKeyRange.bound(own, `${own}\uffff`)
  const use = async <T>(body: (connection: MootConnection) => Promise<T>, bytes = 0): Promise<T> => {
    try {
      return await body(await database.connect())
    } catch (error) {
      throw storageFault(error, bytes)
    }
  }
  /** All that `body` changes, on disk before it resolves. It may wait for the store's own requests alone. */
  const change = (body: (store: Pages) => Promise<void>, bytes = 0) =>
    use(async (connection) => {
      const tx = connection.transaction('logs', 'readwrite', { durability: 'strict' })
      const done = tx.done
      try {
        await Promise.all([body(tx.store), done])
      } catch (error) {
        done.catch(() => {})
        try {
          tx.abort()
        } catch {
          // It is over already.
        }
        throw error
      }
    }, bytes)
  return {
    async *load() {
      let range = all()
      /** The log whose next page would come, or that has no more. */
      let log = { key: '', pages: 0, whole: true }
      for (;;) {
        const [keys, values] = await use((connection) => {
          const { store } = connection.transaction('logs')
          return Promise.all([store.getAllKeys(range, PAGES_AT_ONCE), store.getAll(range, PAGES_AT_ONCE)])
        })
        const last = keys.at(-1)
        if (last === undefined) return
        for (const [i, name] of keys.entries()) {
          const value: unknown = values[i]
          if (!(value instanceof Uint8Array)) continue
          const [key = '', page = ''] = name.slice(own.length).split('/')
          if (key === BESIDE) {
            yield unpackLoose(value)
            continue
          }
          if (key !== log.key) log = { key, pages: 0, whole: true }
          if (!log.whole || Number(page) !== log.pages++) {
            log.whole = false
            continue
          }
          const entries = unpackPage(value, fromHex(key))
          if (packedLength(entries) < value.length) log.whole = false
          if (entries.length > 0) yield entries
        }
        range = IDBKeyRange.bound(last, `${own}\uffff`, true)
      }
    },

    append: (entries: readonly Appended[]) => {
      const runs = pagesOf(entries, hex)
      const bytes = runs.reduce((sum, run) => sum + packedLength(run.entries), 0)
      return change(async (store) => {
        await Promise.all(
          runs.map(async ({ key, page, offset, entries: added }) => {
            const name = nameOf(key, page)
            const packed = packPage(added)
            if (offset === 0) return void (await store.put(packed, name))
            const kept = beginningOf((await store.get(name)) ?? new Uint8Array(0), offset)
            if (kept.entries < offset)
              throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'a log that it keeps is shorter than it was' })
            const joined = new Uint8Array(kept.bytes.length + packed.length)
            joined.set(kept.bytes)
            joined.set(packed, kept.bytes.length)
            await store.put(joined, name)
          }),
        )
      }, bytes)
    },

    cut: (key, seq) => {
      const page = Math.floor(seq / PAGE_ENTRIES)
      const [first, end] = [nameOf(key, page), `${own}${hex(key)}/\uffff`]
      return change(async (store) => {
        const before = seq % PAGE_ENTRIES === 0 ? undefined : await store.get(first)
        await store.delete(IDBKeyRange.bound(first, end))
        if (before) await store.put(beginningOf(before, seq % PAGE_ENTRIES).bytes.slice(), first)
      })
    },

    beside: (entries) => change(async (store) => void (await store.put(packLoose(entries), own + BESIDE))),

    clear: () => change((store) => store.delete(all())),
  }
}

/** What changes pages asks of their store. */
interface Pages {
  get(name: string): Promise<Uint8Array | undefined>
  put(page: Uint8Array, name: string): Promise<unknown>
  delete(name: string | IDBKeyRange): Promise<void>
}

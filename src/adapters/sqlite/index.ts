import { readSettings } from '../../domain/settings.ts'
import type { BlockStore } from '../../ports/block-store.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { SettingsStore } from '../../ports/settings.ts'
import { SqliteBlockStore } from './block-store.ts'
import { openDatabase } from './database.ts'
import { sqliteLogs } from './log-store.ts'
import { sqliteRecords } from './record-store.ts'

export interface SqliteInit {
  /** Of a file in a folder that is there. The file is made where there is none, and only its owner may read it. */
  readonly path: string
  /** Bytes of blocks kept at most; the least recently used go first. */
  readonly maxBytes: number
}

/** What a Node peer keeps, in one file. */
export interface SqliteStorage {
  readonly blocks: BlockStore
  readonly settings: SettingsStore
  records(name: 'models' | 'imports' | 'opinions' | 'standing' | 'charters'): RecordStore
  /** Of the room of this name, 16 bytes. */
  logs(room: Uint8Array): LogStore
  /** Nothing can be read or written after it. */
  close(): void
}

/** Throws `STORAGE_FULL` or `STORAGE_UNAVAILABLE`. */
export function openSqlite({ path, maxBytes }: SqliteInit): SqliteStorage {
  const database = openDatabase(path)
  return {
    blocks: new SqliteBlockStore(database, maxBytes),
    settings: settingsIn(sqliteRecords(database, 'settings')),
    logs: (room) => sqliteLogs(database, room),
    records: (name) => sqliteRecords(database, name),
    close: () => database.close(),
  }
}

/** The settings of this process, as one record. */
const settingsIn = (records: RecordStore): SettingsStore => ({
  async load() {
    try {
      return readSettings(await records.get('settings'))
    } catch {
      return {}
    }
  },
  save: (settings) => records.put('settings', { ...settings }),
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openSqlite, type SqliteStorage } from '../../../src/adapters/sqlite/index.ts'

/** The path of a file that is not there yet, in a folder that goes when the test is over. */
export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moot-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'moot.sqlite')
}

/** Storage that is closed when the test is over. */
export function openIn(path: string, maxBytes = 1 << 24): SqliteStorage {
  const storage = openSqlite({ path, maxBytes })
  onTestFinished(() => storage.close())
  return storage
}

import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { fault, MootError } from '../../domain/fault.ts'

/** A change of any table is a new version and a step in `upgrade`. */
const VERSION = 2

/** Milliseconds to wait for another process that writes the same file. */
const BUSY_LIMIT_MS = 5_000

/** Bytes that the log beside the file may keep when all of it is in the file: a few blocks. */
const LOG_BYTES = 4 << 20

/** SQLite's code for a disk, or a file, that may not grow: https://sqlite.org/rescode.html#full */
const SQLITE_FULL = 13

/** The uses lie apart from the bytes: to count one must not write a megabyte. */
const SCHEMA = `
  CREATE TABLE uses (digest BLOB PRIMARY KEY, size INTEGER NOT NULL, use INTEGER NOT NULL, pinned INTEGER NOT NULL) STRICT;
  CREATE INDEX uses_by_use ON uses (use);
  CREATE TABLE blocks (digest BLOB PRIMARY KEY REFERENCES uses ON DELETE CASCADE, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE records (store TEXT, key TEXT, value BLOB NOT NULL, PRIMARY KEY (store, key)) STRICT, WITHOUT ROWID;
`

const LOGS = `
  CREATE TABLE logs (room BLOB NOT NULL, key BLOB NOT NULL, page INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE UNIQUE INDEX logs_by_page ON logs (room, key, page);
`

/** Opens a file that only its owner may read; its folder is there. Throws `STORAGE_FULL` or `STORAGE_UNAVAILABLE`. */
export function openDatabase(path: string): DatabaseSync {
  return guarded(() => {
    // SQLite gives the files beside it the same mode.
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    const database = new DatabaseSync(path, { timeout: BUSY_LIMIT_MS })
    try {
      upgrade(database)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })
}

function upgrade(database: DatabaseSync): void {
  // What a killed process has put is there; what a loss of power takes is fetched again.
  database.exec(`
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA journal_size_limit = ${LOG_BYTES};
  `)
  transact(database, () => {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > VERSION)
      throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'a newer version of Moot wrote it; update this one' })
    if (version < 1) database.exec(SCHEMA)
    if (version < 2) database.exec(`${LOGS} PRAGMA user_version = ${VERSION}`)
  })
}

/** All that `body` changes, or nothing. */
export function transact<T>(database: DatabaseSync, body: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = body()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk has ended it already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Gives what SQLite throws as a fault. `bytes` are what was to be stored. */
export function guarded<T>(body: () => T, bytes = 0): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof MootError) throw error
    const { errcode, message } = error as { errcode?: number; message: string }
    if (errcode === SQLITE_FULL) throw fault({ code: 'STORAGE_FULL', bytes })
    throw fault({ code: 'STORAGE_UNAVAILABLE', why: message })
  }
}

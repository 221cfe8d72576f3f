import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '../../../src/adapters/sqlite/index.ts'
import { LOG_ROOM } from '../../kits/logs.ts'
import { entryOf, keptOf, keyOf, loaded, logOf, logStoreKit, LONG, signedOf } from '../../kits/log-store.ts'
import { newFile, openIn } from './files.ts'

logStoreKit('sqlite', () => openIn(newFile()).logs(LOG_ROOM))

/** Changes the file as a fault of the disk would. */
function damage(path: string, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path)
  change(database)
  database.close()
}

describe('logs in a file of SQLite', () => {
  test('are there when it is opened again, each in its room', async () => {
    const path = newFile()
    const other = new Uint8Array(16)
    const before = openIn(path)
    await before.logs(LOG_ROOM).append(logOf('ann', LONG))
    await before.logs(other).append(logOf('ann', 2))
    const after = openIn(path)
    expect(await keptOf(after.logs(LOG_ROOM), 'ann')).toEqual(signedOf(logOf('ann', LONG)))
    await after.logs(other).clear()
    expect(await keptOf(after.logs(other), 'ann')).toEqual([])
    expect(await keptOf(after.logs(LOG_ROOM), 'ann')).toHaveLength(LONG)
  })

  test('that lost something in the middle end there; others do not', async () => {
    const path = newFile()
    const logs = openIn(path).logs(LOG_ROOM)
    await logs.append([...logOf('ann', LONG), ...logOf('ben', LONG), ...logOf('cat', LONG), ...logOf('dan', LONG)])
    damage(path, (database) => {
      const page = database.prepare('SELECT bytes FROM logs WHERE key = ? AND page = ?')
      const put = database.prepare('UPDATE logs SET bytes = ? WHERE key = ? AND page = ?')
      const flipped = (page.get(keyOf('ann'), 1) as { bytes: Uint8Array }).bytes
      flipped[10 * 172 + 90] = (flipped[10 * 172 + 90] ?? 0) ^ 1
      put.run(flipped, keyOf('ann'), 1)
      const short = (page.get(keyOf('ben'), 0) as { bytes: Uint8Array }).bytes
      put.run(short.slice(0, 1_000), keyOf('ben'), 0)
      database.prepare('DELETE FROM logs WHERE key = ? AND page = 1').run(keyOf('cat'))
    })
    const ann = await keptOf(logs, 'ann')
    expect(ann).toEqual(signedOf(logOf('ann', LONG).slice(0, ann.length)))
    expect([ann.length > 64 && ann.length < 80, (await keptOf(logs, 'ben')).length]).toEqual([true, 5])
    expect(await keptOf(logs, 'cat')).toHaveLength(64)
    expect(await keptOf(logs, 'dan')).toHaveLength(LONG)
    // what was lost is cut, and comes again
    await logs.cut(keyOf('ann'), ann.length)
    await logs.append(logOf('ann', LONG).slice(ann.length))
    expect(await keptOf(logs, 'ann')).toEqual(signedOf(logOf('ann', LONG)))
    await expect(logs.append([{ signed: entryOf('ben', 9), seq: 9 }])).rejects.toMatchObject({
      fault: { code: 'STORAGE_UNAVAILABLE' },
    })
  })

  test('of a file of the first version find room in it', async () => {
    const path = newFile()
    openSqlite({ path, maxBytes: 1 }).close()
    damage(path, (database) => database.exec('DROP TABLE logs; PRAGMA user_version = 1'))
    const logs = openIn(path).logs(LOG_ROOM)
    await logs.append(logOf('ann', 2))
    expect((await loaded(logs)).flat()).toHaveLength(2)
  })

  test('take some 80 bytes beside each body', async () => {
    const path = newFile()
    const storage = openSqlite({ path, maxBytes: 1 })
    const empty = statSync(path).size
    const body = new Uint8Array(430)
    const entries = Array.from({ length: 6_400 }, (_, seq) => ({ signed: { ...entryOf('ann', seq), body }, seq }))
    await storage.logs(LOG_ROOM).append(entries)
    storage.close()
    expect((statSync(path).size - empty) / entries.length).toBeLessThan(600)
  })
})

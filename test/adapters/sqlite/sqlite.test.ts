import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SqliteBlockStore } from '../../../src/adapters/sqlite/block-store.ts'
import { openDatabase } from '../../../src/adapters/sqlite/database.ts'
import { openSqlite } from '../../../src/adapters/sqlite/index.ts'
import { sqliteRecords } from '../../../src/adapters/sqlite/record-store.ts'
import { blockOf, blockStoreKit, digestsOf, fill, kept } from '../../kits/block-store.ts'
import { recordStoreKit } from '../../kits/record-store.ts'
import { SETTINGS, settingsStoreKit } from '../../kits/settings-store.ts'
import { newFile, openIn } from './files.ts'

blockStoreKit('sqlite', async (maxBytes) => openIn(newFile(), maxBytes).blocks)
recordStoreKit('sqlite', () => openIn(newFile()).records('models'))
settingsStoreKit('sqlite', () => openIn(newFile()).settings)

const ADAPTER = join(import.meta.dirname, '../../../src/adapters/sqlite/index.ts')

/** Puts three blocks, one of them pinned, and a record, says so and goes on for ever. */
const PEER = `
  const { openSqlite } = await import(process.argv[1])
  const { blocks, records } = openSqlite({ path: process.argv[2], maxBytes: 1 << 24 })
  for (const n of [1, 2, 3])
    await blocks.put(new Uint8Array(32).fill(n), new Uint8Array(1 << 20).fill(n), { pinned: n === 1 })
  await records('models').put('a', { n: 1 })
  process.stdout.write('put')
  setInterval(() => {}, 1_000)
`

describe('a file of SQLite', () => {
  const [a, b, c] = [blockOf(0), blockOf(1), blockOf(2)]

  test('holds what was put when it is opened again, within what it may hold now', async () => {
    const path = newFile()
    const before = openSqlite({ path, maxBytes: 1 << 24 })
    await fill(before.blocks, a, b, c)
    await before.blocks.pin(digestsOf([a]), true)
    await before.records('models').put('a', 1)
    await before.records('opinions').put('a', 2)
    await before.settings.save(SETTINGS)
    before.close()
    const { blocks, records, settings } = openIn(path, 2 * a.bytes.length)
    expect(await kept(blocks, [a, b, c])).toEqual([true, false, true])
    expect(await blocks.get(a.digest)).toEqual(a.bytes)
    expect(await records('models').all()).toEqual([['a', 1]])
    expect(await records('opinions').all()).toEqual([['a', 2]])
    expect(await records('imports').all()).toEqual([])
    expect(await settings.load()).toEqual(SETTINGS)
  })

  test('holds what was put by a process that was killed', async () => {
    const path = newFile()
    const child = spawn(process.execPath, ['--input-type=module', '-e', PEER, ADAPTER, path])
    const problems: string[] = []
    child.stderr.on('data', (data) => problems.push(String(data)))
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(problems).toEqual([])
    const { blocks, records } = openIn(path)
    const block = await blocks.get(new Uint8Array(32).fill(3))
    expect(block).toEqual(new Uint8Array(1 << 20).fill(3))
    expect(await blocks.usage()).toEqual({ bytes: 3 << 20, pinned: 1 << 20 })
    expect(await records('models').get('a')).toEqual({ n: 1 })
  })

  test('is shared by two processes at once', async () => {
    const path = newFile()
    const [alice, bob] = [openIn(path, 2 * a.bytes.length), openIn(path, 2 * a.bytes.length)]
    await fill(alice.blocks, a, b)
    expect(await bob.blocks.get(a.digest)).toEqual(a.bytes)
    await fill(bob.blocks, c)
    expect(await kept(alice.blocks, [a, b, c])).toEqual([true, false, true])
  })

  test('is its owner’s alone, and so are the files beside it', async () => {
    const path = newFile()
    writeFileSync(path, '', { mode: 0o644 })
    await fill(openIn(path).blocks, a)
    const folder = dirname(path)
    const modes = readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o777)
    expect(modes.length).toBeGreaterThan(1)
    expect(new Set(modes)).toEqual(new Set([0o600]))
  })

  test('gives the disk back what is deleted, and what a lower limit lets go of', async () => {
    const path = newFile()
    const { blocks } = openIn(path)
    const many = Array.from({ length: 20 }, (_, i) => blockOf(i))
    await fill(blocks, ...many)
    await blocks.delete(digestsOf(many.slice(0, 10)))
    const half = statSync(path).size
    expect(half).toBeLessThan(12 * a.bytes.length)
    await blocks.limit(2 * a.bytes.length)
    expect(statSync(path).size).toBeLessThan(4 * a.bytes.length)
  })

  test('that may not grow says what found no room, and keeps what it has', async () => {
    const database = openDatabase(newFile())
    onTestFinished(() => database.close())
    const blocks = new SqliteBlockStore(database, 1 << 24)
    const records = sqliteRecords(database, 'models')
    await fill(blocks, a)
    database.exec('PRAGMA max_page_count = 60')
    const full = (bytes: number) => ({ fault: { code: 'STORAGE_FULL', bytes } })
    await expect(fill(blocks, b, c)).rejects.toMatchObject(full(c.bytes.length))
    await expect(records.put('a', c.bytes)).rejects.toMatchObject(full(c.bytes.length + 5))
    expect(await kept(blocks, [a, b, c])).toEqual([true, true, false])
    expect(await blocks.usage()).toEqual({ bytes: 2 * a.bytes.length, pinned: 0 })
    await blocks.delete(digestsOf([a]))
    await fill(blocks, c)
    expect(await blocks.get(c.digest)).toEqual(c.bytes)
  })

  test.for([
    ['is in no folder', (path: string) => join(path, 'deeper')],
    ['holds something else', (path: string) => (writeFileSync(path, 'no database, but some text\n'.repeat(100)), path)],
  ] as const)('that %s cannot be used', ([, make]) => {
    expect(() => openSqlite({ path: make(newFile()), maxBytes: 1 })).toThrow(
      expect.objectContaining({ fault: { code: 'STORAGE_UNAVAILABLE', why: expect.any(String) } }),
    )
  })

  test('of a newer version cannot be used', () => {
    const path = newFile()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 1000')
    newer.close()
    expect(() => openSqlite({ path, maxBytes: 1 })).toThrow(
      expect.objectContaining({ fault: { code: 'STORAGE_UNAVAILABLE', why: expect.stringContaining('newer') } }),
    )
  })

  test('that is closed says so', async () => {
    const storage = openSqlite({ path: newFile(), maxBytes: 1 })
    storage.close()
    const unavailable = { fault: { code: 'STORAGE_UNAVAILABLE' } }
    await expect(storage.blocks.get(a.digest)).rejects.toMatchObject(unavailable)
    await expect(storage.settings.save(SETTINGS)).rejects.toMatchObject(unavailable)
    expect(await storage.settings.load()).toEqual({})
  })
})

import { describe, expect, test } from 'vitest'
import { openIdbLogs } from '../../../src/adapters/idb/log-store.ts'
import { hash, hex } from '../../../src/domain/hash.ts'

import { keptOf, keyOf, logOf, logStoreKit, LONG, signedOf } from '../../kits/log-store.ts'
import { databases } from './databases.ts'

const LOG_ROOM = hash('kit', 'a room').slice(0, 16)
const open = databases()

logStoreKit('idb', () => openIdbLogs({ database: open(), slot: 0, room: LOG_ROOM }))

describe('logs in IndexedDB', () => {
  test('are there after the database was closed and opened again, each identity’s and each room’s its own', async () => {
    const before = open('logs again')
    const other = new Uint8Array(16)
    await openIdbLogs({ database: before, slot: 1, room: LOG_ROOM }).append(logOf('ann', LONG))
    await openIdbLogs({ database: before, slot: 11, room: LOG_ROOM }).append(logOf('ann', 3))
    await openIdbLogs({ database: before, slot: 1, room: other }).append(logOf('ann', 2))
    await before.close()
    const logs = openIdbLogs({ database: open('logs again'), slot: 1, room: LOG_ROOM })
    expect(await keptOf(logs, 'ann')).toEqual(signedOf(logOf('ann', LONG)))
    await logs.clear()
    expect(await keptOf(logs, 'ann')).toEqual([])
    const [next, elsewhere] = [
      openIdbLogs({ database: open('logs again'), slot: 11, room: LOG_ROOM }),
      openIdbLogs({ database: open('logs again'), slot: 1, room: other }),
    ]
    expect([(await keptOf(next, 'ann')).length, (await keptOf(elsewhere, 'ann')).length]).toEqual([3, 2])
  })

  test('that lost something in the middle end there; others do not', async () => {
    const database = open()
    const logs = openIdbLogs({ database, slot: 0, room: LOG_ROOM })
    await logs.append([...logOf('ann', LONG), ...logOf('ben', LONG), ...logOf('cat', LONG), ...logOf('dan', LONG)])
    const connection = await database.connect()
    const nameOf = (name: string, page: number) => `0/${hex(LOG_ROOM)}/${hex(keyOf(name))}/00000${page}`
    const ann = await connection.get('logs', nameOf('ann', 1))
    if (ann === undefined) throw new Error('there is no such page')
    ann[1_000] = (ann[1_000] ?? 0) ^ 1
    await connection.put('logs', ann, nameOf('ann', 1))
    await connection.put('logs', 'no page' as never, nameOf('ben', 0))
    await connection.delete('logs', nameOf('cat', 1))
    const kept = await keptOf(logs, 'ann')
    expect([kept.length, (await keptOf(logs, 'ben')).length]).toEqual([64 + 5, 0])
    expect([(await keptOf(logs, 'cat')).length, (await keptOf(logs, 'dan')).length]).toEqual([64, LONG])
    await logs.cut(keyOf('ann'), kept.length)
    await logs.append(logOf('ann', LONG).slice(kept.length))
    expect(await keptOf(logs, 'ann')).toEqual(signedOf(logOf('ann', LONG)))
  })

  test('are written by two tabs at once without a loss', async () => {
    const [ann, ben] = [logOf('ann', LONG), logOf('ben', LONG)]
    const [one, other] = [0, 0].map(() => openIdbLogs({ database: open('logs at once'), slot: 0, room: LOG_ROOM }))
    await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => one?.append(ann.slice(i, i + 1))),
      ...Array.from({ length: 20 }, (_, i) => other?.append(ben.slice(i, i + 1))),
    ])
    if (one === undefined) throw new Error('there is no store')
    expect([(await keptOf(one, 'ann')).length, (await keptOf(one, 'ben')).length]).toEqual([20, 20])
  })
})

import { describe, expect, test } from 'vitest'
import { openIdbRecords } from '../../../src/adapters/idb/record-store.ts'
import { recordStoreKit } from '../../kits/record-store.ts'
import { databases } from './databases.ts'

const open = databases()

recordStoreKit('idb', () => openIdbRecords({ database: open(), name: 'models' }))

describe('records in IndexedDB', () => {
  test('of one kind are none of another', async () => {
    const database = open()
    await openIdbRecords({ database, name: 'models' }).put('a', 1)
    await openIdbRecords({ database, name: 'imports' }).put('a', 2)
    expect(await openIdbRecords({ database, name: 'models' }).all()).toEqual([['a', 1]])
    expect(await openIdbRecords({ database, name: 'imports' }).all()).toEqual([['a', 2]])
    expect(await openIdbRecords({ database, name: 'opinions' }).all()).toEqual([])
    expect(await openIdbRecords({ database, name: 'standing' }).all()).toEqual([])
  })

  test('are shared by tabs, and there after the database was closed and opened again', async () => {
    const [alice, bob] = [open('shared'), open('shared')]
    await openIdbRecords({ database: alice, name: 'models' }).put('a', { pinned: true })
    expect(await openIdbRecords({ database: bob, name: 'models' }).get('a')).toEqual({ pinned: true })
    await Promise.all([alice.close(), bob.close()])
    expect(await openIdbRecords({ database: open('shared'), name: 'models' }).get('a')).toEqual({ pinned: true })
  })
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import { bringIdentity, type BringInit } from '../../../src/adapters/idb/bring-identity.ts'
import { openIdentity, type Identity, type IdentityInit } from '../../../src/adapters/idb/identity.ts'
import { SLOTS } from '../../../src/adapters/idb/slots.ts'
import { MootError } from '../../../src/domain/fault.ts'
import { databases } from './databases.ts'

const open = databases()
const opened: Identity[] = []

async function tab(init: IdentityInit): Promise<Identity> {
  const identity = await openIdentity(init)
  opened.push(identity)
  return identity
}

/** Holds a slot as another tab would, until the function it returns is called. */
const holdSlot = (slot: number): Promise<() => void> =>
  new Promise((resolve) => {
    void navigator.locks.request(`moot-identity-${slot}`, () => new Promise<void>((release) => resolve(release)))
  })

/** The browser's locks, and a word as soon as somebody asks for one of them. */
function watchedLocks(onRequest: () => void): LockManager {
  const request = (name: string, ...rest: [never, never]) => {
    const held = navigator.locks.request(name, ...rest)
    onRequest()
    return held
  }
  return { request, query: () => navigator.locks.query() } as LockManager
}

afterEach(async () => {
  for (const identity of opened.splice(0)) await identity.close()
  sessionStorage.clear()
  vi.restoreAllMocks()
})

test('an identity is two secrets, and is there again once it was closed', async () => {
  const database = open()
  const before = await tab({ database })
  expect(before).toMatchObject({ slot: 0, persistent: true })
  expect([before.seed.length, before.chainSecret.length]).toEqual([32, 32])
  expect(before.seed).not.toEqual(before.chainSecret)
  await before.close()
  const { seed, chainSecret, createdAt } = before
  expect(await tab({ database })).toMatchObject({ slot: 0, seed, chainSecret, createdAt })
})

test('two at a time are never the same', async () => {
  const database = open()
  const tabs = await Promise.all(Array.from({ length: 8 }, () => tab({ database })))
  expect(new Set(tabs.map(({ slot }) => slot))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
  expect(new Set(tabs.map(({ seed }) => seed.join())).size).toBe(8)
})

test('a reloaded tab waits until the page that it was lets go', async () => {
  const database = open()
  sessionStorage.setItem('moot-identity-slot', '5')
  const release = await holdSlot(5)
  // It asks for its slot while the page that it was holds it: what lets go comes after.
  const locks = watchedLocks(release)
  expect(await tab({ database, locks })).toMatchObject({ slot: 5, persistent: true })
})

test('a tab whose slot stays taken takes another, and remembers that one', async () => {
  const database = open()
  sessionStorage.setItem('moot-identity-slot', '5')
  const release = await holdSlot(5)
  expect(await tab({ database })).toMatchObject({ slot: 0, persistent: true })
  expect(sessionStorage.getItem('moot-identity-slot')).toBe('0')
  release()
})

test('a wait that is given up takes nothing', async () => {
  const database = open()
  sessionStorage.setItem('moot-identity-slot', '5')
  const release = await holdSlot(5)
  const leaving = new AbortController()
  const locks = watchedLocks(() => leaving.abort())
  const reloaded = openIdentity({ database, locks, signal: leaving.signal })
  await expect(reloaded).rejects.toMatchObject({ name: 'AbortError' })
  release()
  expect(await tab({ database })).toMatchObject({ slot: 5 })
})

test.for(['', '-1', '64', '5.5', 'five', ' 5', '0x5', '9'.repeat(400)])(
  'a tab that remembers "%s" takes the lowest free slot',
  async (remembered) => {
    sessionStorage.setItem('moot-identity-slot', remembered)
    expect(await tab({ database: open() })).toMatchObject({ slot: 0, persistent: true })
  },
)

test.for([
  ['no record', 'garbage'],
  ['a short seed', { slot: 0, seed: new Uint8Array(31), chainSecret: new Uint8Array(32), createdAt: new Date() }],
  ['no secret', { slot: 0, seed: new Uint8Array(32), createdAt: new Date() }],
  [
    'the record of another slot',
    { slot: 1, seed: new Uint8Array(32), chainSecret: new Uint8Array(32), createdAt: new Date() },
  ],
] as const)('a slot that holds %s gets a new identity', async ([, record]) => {
  const database = open()
  await (await database.connect()).put('identities', record, 0)
  const identity = await tab({ database })
  expect(identity).toMatchObject({ slot: 0, persistent: true })
  expect(identity.seed.some((byte) => byte > 0)).toBe(true)
  await identity.close()
  expect((await tab({ database })).seed).toEqual(identity.seed)
})

test('a forgotten identity never comes back, and another tab keeps its own', async () => {
  const database = open()
  const [mine, other] = await Promise.all([tab({ database }), tab({ database })])
  await mine.forget()
  await Promise.all([mine.close(), other.close()])
  sessionStorage.clear()
  const [next, others] = await Promise.all([tab({ database }), tab({ database })])
  expect(next.slot).toBe(mine.slot)
  expect(next.seed).not.toEqual(mine.seed)
  expect(others.seed).toEqual(other.seed)
})

test('what this tab opens after it forgot its key is new, whatever others left here', async () => {
  const database = open()
  const tabs = await Promise.all([tab({ database }), tab({ database }), tab({ database })])
  const [first, , mine] = tabs
  for (const each of tabs) await each.close()
  sessionStorage.setItem('moot-identity-slot', String(mine!.slot))
  const again = await tab({ database })
  expect(again.seed).toEqual(mine!.seed)
  await again.forget()
  await again.close()
  const next = await tab({ database })
  expect(next).toMatchObject({ slot: mine!.slot, persistent: true })
  expect(tabs.map(({ seed }) => String(seed))).not.toContain(String(next.seed))
  sessionStorage.clear()
  expect((await tab({ database })).seed).toEqual(first!.seed)
})

test('one tab more than there are slots has an identity in memory', async () => {
  const releases = await Promise.all(Array.from({ length: SLOTS }, (_, slot) => holdSlot(slot)))
  const identity = await tab({ database: open() })
  expect(identity).toMatchObject({ persistent: false, fault: { code: 'STORAGE_UNAVAILABLE' } })
  expect(identity.seed).toHaveLength(32)
  for (const release of releases) release()
})

test('where no record can be written, the slot is left to others', async () => {
  const blocked = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('', 'SecurityError')
  })
  const database = open()
  expect(await tab({ database })).toMatchObject({ persistent: false, fault: { code: 'STORAGE_UNAVAILABLE' } })
  blocked.mockRestore()
  expect(await tab({ database })).toMatchObject({ slot: 0, persistent: true })
})

describe('a key that is brought from another device', () => {
  const moved = { seed: new Uint8Array(32).fill(7), chainSecret: new Uint8Array(32).fill(9) }

  /** Brings it, and keeps an account of what became of its records. */
  async function bring(database: BringInit['database'], change: Partial<BringInit> = {}) {
    const events: string[] = []
    const opening = bringIdentity({
      database,
      moved,
      fill: async (slot) => {
        const isHere = (await (await database.connect()).get('identities', slot)) !== undefined
        events.push(`fill ${slot}${isHere ? ', with a key' : ''}`)
      },
      clear: async (slot) => void events.push(`clear ${slot}`),
      ...change,
    })
    const identity = await opening.catch((error: unknown) => {
      if (error instanceof MootError) return error.fault
      throw error
    })
    if ('seed' in identity) opened.push(identity)
    return { identity, events }
  }

  const stored = async (database: BringInit['database']) => (await database.connect()).count('identities')

  test('comes after its records, into a slot that holds none, and this tab goes on with it', async () => {
    const database = open()
    const [closed, other] = await Promise.all([tab({ database }), tab({ database })])
    await closed.close()
    const { identity, events } = await bring(database)
    expect(identity).toMatchObject({ slot: 2, persistent: true, ...moved })
    expect(events).toEqual(['fill 2'])
    await (identity as Identity).close()
    expect(await tab({ database })).toMatchObject({ slot: 2, ...moved })
    sessionStorage.clear()
    expect((await tab({ database })).seed).toEqual(closed.seed)
    expect(other.slot).toBe(1)
  })

  test('is not opened twice, and is opened where it is once no tab has it', async () => {
    const database = open()
    const { identity } = await bring(database)
    const again = await bring(database)
    expect(again).toMatchObject({ identity: { code: 'KEY_NOT_MOVED' }, events: [] })
    expect(JSON.stringify(again.identity)).toContain('another tab has it open')
    await (identity as Identity).close()
    expect(await bring(database)).toMatchObject({ identity: { slot: 0, ...moved }, events: ['fill 0, with a key'] })
    expect(await stored(database)).toBe(1)
  })

  test('comes once, however many tabs bring it at a time', async () => {
    const database = open()
    const all = await Promise.all([bring(database), bring(database), bring(database)])
    expect(all.filter(({ identity }) => 'seed' in identity)).toHaveLength(1)
    expect(await stored(database)).toBe(1)
  })

  test('leaves nothing where its records cannot come', async () => {
    const database = open()
    const fill = () => Promise.reject(new MootError({ code: 'STORAGE_FULL', bytes: 1 }))
    expect(await bring(database, { fill })).toEqual({
      identity: { code: 'STORAGE_FULL', bytes: 1 },
      events: ['clear 0'],
    })
    expect(await stored(database)).toBe(0)
    expect(sessionStorage.length).toBe(0)
    const next = await tab({ database })
    expect(next.slot).toBe(0)
    expect(next.seed).not.toEqual(moved.seed)
  })

  test('that is here already keeps what it has where more of its records cannot come', async () => {
    const database = open()
    await ((await bring(database)).identity as Identity).close()
    const fill = () => Promise.reject(new MootError({ code: 'LOG_FORKED', at: 3 }))
    expect(await bring(database, { fill })).toEqual({ identity: { code: 'LOG_FORKED', at: 3 }, events: [] })
    expect(await stored(database)).toBe(1)
  })

  test('does not come where nothing can be kept, nor where all slots hold one', async () => {
    const blocked = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('', 'SecurityError')
    })
    const database = open()
    expect(await bring(database)).toMatchObject({ identity: { code: 'STORAGE_UNAVAILABLE' }, events: [] })
    blocked.mockRestore()
    const connection = await database.connect()
    for (let slot = 0; slot < SLOTS; slot++) {
      const seed = new Uint8Array(32).fill(100 + slot)
      await connection.put('identities', { slot, seed, chainSecret: seed, createdAt: new Date() }, slot)
    }
    const full = await bring(database)
    expect(full).toMatchObject({ identity: { code: 'KEY_NOT_MOVED' }, events: [] })
    expect(JSON.stringify(full.identity)).toContain('64 keys at most')
    expect(await stored(database)).toBe(SLOTS)
  })
})

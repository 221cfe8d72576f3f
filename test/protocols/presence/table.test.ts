import { expect, test } from 'vitest'
import { MAX_PEERS } from '../../../src/protocols/presence/constants.ts'
import type { Announcement } from '../../../src/protocols/presence/messages.ts'
import { PresenceTable } from '../../../src/protocols/presence/table.ts'
import { OWN, ROOM } from '../../kits/room.ts'

const said: Announcement = { ...OWN, kind: 'presence', room: ROOM, seq: 1, addresses: [], hello: true, leaving: false }

/** A full table: the first was heard of first. */
function full(): PresenceTable {
  const table = new PresenceTable()
  for (let i = 0; i < MAX_PEERS; i++) table.heard(`fake ${i}`, said, i)
  return table
}

test('a newcomer to a full table takes the place of whoever was not heard of for longest', () => {
  const table = full()
  expect(table.heard('honest', said, MAX_PEERS)).toBeUndefined()
  table.heard('fake 0', { ...said, seq: 2 }, MAX_PEERS)
  expect(table.makeRoom(new Set())).toBe('fake 1')
  expect(table.heard('honest', said, MAX_PEERS)).toMatchObject({ peer: 'honest' })
  expect(table.list()).toHaveLength(MAX_PEERS)
  // What it said counts no more, should somebody repeat it.
  expect(table.isNews('fake 1', 1)).toBe(false)
})

test('nobody with a link has to go', () => {
  const table = full()
  expect(table.makeRoom(new Set(['fake 0', 'fake 1']))).toBe('fake 2')
  const others = full()
  expect(others.makeRoom(new Set(others.list().map(({ peer }) => peer)))).toBeUndefined()
})

test('a table that is not full loses nobody', () => {
  const table = new PresenceTable()
  table.heard('alice', said, 0)
  expect(table.makeRoom(new Set())).toBeUndefined()
})

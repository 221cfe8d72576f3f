import { expect, test } from 'vitest'
import { inviteTo, linkTo, readRoute } from '../../src/ui/route.ts'

test.for([
  ['', 'commons', { name: 'ask' }],
  ['#/r/', 'commons', { name: 'ask' }],
  ['#/r/tea%20room', 'tea room', { name: 'ask' }],
  ['#/r/tea/answer/12', 'tea', { name: 'answer', id: 12 }],
  ['#/r/tea/answer/x', 'tea', { name: 'ask' }],
  ['#/r/tea/models', 'tea', { name: 'models' }],
  ['#/r/tea/models/add', 'tea', { name: 'add' }],
  ['#/r/tea/models/bafyreib2', 'tea', { name: 'model', id: 'bafyreib2' }],
  ['#/r/tea/models/<b>', 'tea', { name: 'models' }],
  ['#/r/tea/peers', 'tea', { name: 'peers' }],
  ['#/r/tea/disputes', 'tea', { name: 'disputes' }],
  [`#/r/tea/disputes/${'0a'.repeat(32)}`, 'tea', { name: 'dispute', id: '0a'.repeat(32) }],
  ['#/r/tea/disputes/0a', 'tea', { name: 'disputes' }],
  ['#/r/tea/authority', 'tea', { name: 'authority' }],
  ['#/r/tea/authority/default-grip', 'tea', { name: 'measure', key: 'default-grip' }],
  ['#/r/tea/authority/score', 'tea', { name: 'authority' }],
  ['#/r/%E0%A4%A/device', '%E0%A4%A', { name: 'device' }],
  ['#anything/else', 'commons', { name: 'ask' }],
] as const)('%s is a room and a screen', ([hash, room, screen]) => {
  expect(readRoute(hash)).toEqual({ room, screen })
})

test('a link reads back as what it was made from, whatever the room is called', () => {
  const screens = [
    { name: 'answer', id: 3 },
    { name: 'model', id: 'bafy2' },
    { name: 'add' },
    { name: 'dispute', id: 'fe'.repeat(32) },
    { name: 'disputes' },
    { name: 'authority' },
    { name: 'measure', key: 'gini' },
    { name: 'models' },
  ] as const
  for (const room of ['commons', 'a/b', 'tea room?', '茶室'])
    for (const screen of screens) expect(readRoute(linkTo(room, screen))).toEqual({ room, screen })
})

test('a room name is cut where a signed message would refuse it', () => {
  expect(readRoute(`#/r/${'x'.repeat(500)}`).room).toHaveLength(128)
})

test('an invite keeps the relays of whoever invites', () => {
  const page = { origin: 'https://example.org', pathname: '/moot/', search: '?relay=%2Fip4%2F10.0.0.2' }
  expect(inviteTo('tea', page)).toBe('https://example.org/moot/?relay=%2Fip4%2F10.0.0.2#/r/tea')
})

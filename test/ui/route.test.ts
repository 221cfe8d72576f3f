import { expect, test } from 'vitest'
import { charterOf, inviteTo, linkTo, naming, readRoute } from '../../src/ui/route.ts'

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
  [`#/r/tea/case/${'0a'.repeat(32)}`, 'tea', { name: 'case', id: '0a'.repeat(32) }],
  ['#/r/tea/case/0a', 'tea', { name: 'disputes' }],
  ['#/r/tea/charter', 'tea', { name: 'charter' }],
  ['#/r/tea/charter/amend', 'tea', { name: 'amend' }],
  ['#/r/tea/charter/defaults', 'tea', { name: 'defaults' }],
  ['#/r/tea/charter/bafya', 'tea', { name: 'charter-text', id: 'bafya' }],
  ['#/r/tea/charter/bafya/bafyb', 'tea', { name: 'charter-text', id: 'bafya', than: 'bafyb' }],
  ['#/r/tea/charter/<b>', 'tea', { name: 'charter' }],
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
    { name: 'case', id: 'fe'.repeat(32) },
    { name: 'charter' },
    { name: 'amend' },
    { name: 'defaults' },
    { name: 'charter-text', id: 'bafya', than: 'bafyb' },
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

test('a link may name a charter, on any screen, and what cannot be one is none', () => {
  expect(readRoute('#/r/tea?charter=bafya')).toEqual({ room: 'tea', charter: 'bafya', screen: { name: 'ask' } })
  const link = linkTo('tea room?', { name: 'answer', id: 3 }) + naming('bafya')
  expect(readRoute(link)).toEqual({ room: 'tea room?', charter: 'bafya', screen: { name: 'answer', id: 3 } })
  expect(charterOf('#/r/tea?relay=x&charter=bafya')).toBe('bafya')
  for (const none of ['#/r/tea', '#/r/tea?charter=', '#/r/tea?charter=<b>', '#/r/tea%3Fcharter=bafya', '?'])
    expect(charterOf(none), none).toBeUndefined()
})

test('an invite names the charter where it is not the one shipped', () => {
  const page = { origin: 'https://example.org', pathname: '/', search: '' }
  expect(inviteTo('tea', page, 'bafya')).toBe('https://example.org/#/r/tea?charter=bafya')
  expect(readRoute(new URL(inviteTo('tea', page, 'bafya')).hash)).toMatchObject({ room: 'tea', charter: 'bafya' })
})

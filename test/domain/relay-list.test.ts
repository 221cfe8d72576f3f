import { expect, test } from 'vitest'
import { decodeRelays } from '../../src/domain/relay-list.ts'

const [HERE, THERE] = [
  '/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWHere',
  '/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooWThere',
]

test('a list of relays is read, each once', () => {
  expect(decodeRelays({ relays: [HERE, THERE, HERE] })).toEqual([HERE, THERE])
  expect(decodeRelays({ relays: [] })).toEqual([])
})

test('an entry that is no relay leaves the others', () => {
  expect(decodeRelays({ relays: ['garbage', HERE, 7, null, '/ip4/127.0.0.1/tcp/1/ws', THERE] })).toEqual([HERE, THERE])
})

test.each([
  ['another form', [HERE], 'it must be { "relays"'],
  ['a number', 3, 'it must be { "relays"'],
  ['entries of which none is a relay', { relays: ['garbage'] }, 'nothing in it is a multiaddr that ends in /p2p/'],
])('%s is said to be wrong, and where', (_, value, why) => {
  expect(() => decodeRelays(value)).toThrow(`The list in relays.json could not be read: ${why}`)
})

import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { originFromUrl, relayAddress } from '../../../src/adapters/http/origin.ts'

const RELAY = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

test.for([
  ['http://localhost:8080', '/dns4/localhost/tcp/8080/ws'],
  ['http://127.0.0.1', '/ip4/127.0.0.1/tcp/80/ws'],
  ['http://[::1]:8080', '/ip6/::1/tcp/8080/ws'],
  ['https://192.168.1.7:8443', '/ip4/192.168.1.7/tcp/8443/tls/ws'],
  ['https://moot.example/room/', '/dns4/moot.example/tcp/443/tls/ws'],
] as const)('a page at %s finds its relay at %s', ([url, address]) => {
  const found = relayAddress(originFromUrl(new URL(url)), RELAY)
  expect(found).toBe(`${address}/p2p/${RELAY}`)
  expect(multiaddr(found).toString()).toBe(found)
})

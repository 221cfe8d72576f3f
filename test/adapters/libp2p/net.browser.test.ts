import { expect, inject, it, onTestFinished, vi } from 'vitest'
import type { Net } from '../../../src/ports/net.ts'
import { netKit } from '../../kits/net.ts'
import { joined, libp2pStage } from './stage.ts'

netKit('libp2p in Chromium', (count) => libp2pStage(inject('relays'), count))

it('reaches a relay by webrtc-direct alone, as a page over https must', async () => {
  const relays = inject('relays').filter((address) => address.includes('/webrtc-direct/'))
  const net = await joined(relays)
  onTestFinished(async () => net.stop())
  expect(net.relays()).toEqual([{ address: relays[0], connected: true }])
})

/** Milliseconds within which two that have nothing to say are watched. */
const WATCHED = 1_000

it('is silent when two that reached each other at once, over two connections, have said what they had to', async () => {
  const stage = await libp2pStage(inject('relays'), 2)
  onTestFinished(() => stage.close())
  const [alice, bob] = stage.peers as [Net, Net]
  const [first, second] = [Promise.withResolvers<Uint8Array>(), Promise.withResolvers<Uint8Array>()]
  const subscribed = new Promise((resolve) => alice.on('subscriber', resolve))
  bob.subscribe('/moot/kit', (data) => (data[0] === 1 ? first : second).resolve(data))
  alice.subscribe('/moot/kit', () => {})
  await Promise.all([alice.connect(bob.self, bob.addresses()), bob.connect(alice.self, alice.addresses())])
  await subscribed
  await alice.publish('/moot/kit', Uint8Array.of(1))
  await first.promise
  const opened = vi.spyOn(RTCPeerConnection.prototype, 'createDataChannel')
  onTestFinished(() => opened.mockRestore())
  await new Promise((resolve) => setTimeout(resolve, WATCHED))
  // A stream for each of both that changes its connection, a ping from each: not one after another.
  expect(opened.mock.calls.length).toBeLessThan(16)
  await alice.publish('/moot/kit', Uint8Array.of(2))
  await second.promise
})

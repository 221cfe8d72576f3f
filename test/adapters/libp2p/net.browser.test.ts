import { expect, inject, it, onTestFinished } from 'vitest'
import { netKit } from '../../kits/net.ts'
import { joined, libp2pStage } from './stage.ts'

netKit('libp2p in Chromium', (count) => libp2pStage(inject('relays'), count))

it('reaches a relay by webrtc-direct alone, as a page over https must', async () => {
  const relays = inject('relays').filter((address) => address.includes('/webrtc-direct/'))
  const net = await joined(relays)
  onTestFinished(async () => net.stop())
  expect(net.relays()).toEqual([{ address: relays[0], connected: true }])
})

import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLibp2pNet } from '../../../src/adapters/libp2p/net.ts'
import { createRelay, type Relay } from '../../../src/adapters/libp2p/relay.ts'
import type { Net, NetEvents } from '../../../src/ports/net.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { joined } from './stage.ts'

const HOST = '127.0.0.1'
const TOPIC = '/moot/relay-test'

async function openRelay(
  init: { port?: number; webrtcDirectPort?: number; dataDir?: string; seed?: number } = {},
): Promise<Relay> {
  const { port = 0, seed = 1, dataDir = await temporaryFolder(), ...rest } = init
  const relay = await createRelay({ privateKeySeed: new Uint8Array(32).fill(seed), host: HOST, port, dataDir, ...rest })
  onTestFinished(async () => relay.stop())
  return relay
}

const portOf = (relay: Relay): number => {
  const port = multiaddr(relay.addresses()[0] ?? '')
    .getComponents()
    .find(({ name }) => name === 'tcp')?.value
  return Number(port)
}

async function member(relays: readonly string[]): Promise<Net> {
  const net = await joined(relays)
  onTestFinished(async () => net.stop())
  return net
}

/** The next event of a kind that passes. */
const next = <K extends keyof NetEvents>(net: Net, event: K, passes: (detail: NetEvents[K]) => boolean = () => true) =>
  new Promise<NetEvents[K]>((resolve) => {
    const off = net.on(event, (detail) => {
      if (!passes(detail)) return
      off()
      resolve(detail)
    })
  })

const has = (addresses: readonly string[]): boolean => addresses.length > 0

describe('a relay', () => {
  it.for(['stops', 'hangs'])('carries gossip to a peer that is back before its earlier life %s', async (how) => {
    const relay = await openRelay()
    const privateKeySeed = new Uint8Array(32).fill(5)
    const alice = await member(relay.addresses())
    alice.subscribe(TOPIC, () => undefined)
    const live = async () => {
      const net = await createLibp2pNet({ privateKeySeed, relays: relay.addresses() })
      onTestFinished(async () => net.stop())
      const connected = next(net, 'subscriber')
      const heard = new Promise((resolve) => net.subscribe(TOPIC, resolve))
      await net.start()
      return { net, connected, heard }
    }
    const before = await live()
    await before.connected
    const after = await live()
    await after.connected
    if (how === 'stops') await before.net.stop()
    await alice.publish(TOPIC, Uint8Array.of(4, 2))
    expect(await after.heard).toEqual(Uint8Array.of(4, 2))
  })

  it('counts whom it serves, and forwards the gossip of rooms until the last peer has left', async () => {
    const relay = await openRelay()
    const [alice, bob] = [await member(relay.addresses()), await member(relay.addresses())]
    const ready = [next(alice, 'subscriber'), next(bob, 'subscriber')]
    const heard = new Promise((resolve) => alice.subscribe(TOPIC, resolve))
    const stopListening = bob.subscribe(TOPIC, () => undefined)
    await Promise.all(ready)
    await bob.publish(TOPIC, Uint8Array.of(4, 2))
    expect(await heard).toEqual(Uint8Array.of(4, 2))
    expect(relay.metrics()).toMatchObject({ connections: 2, reservations: 2, topics: 1 })
    stopListening()
    await alice.stop()
    await expect.poll(() => relay.metrics(), { timeout: 10_000 }).toMatchObject({ connections: 1, topics: 0 })
  })

  it('forwards nothing that is not of Moot', async () => {
    const relay = await openRelay()
    const [alice, bob] = [await member(relay.addresses()), await member(relay.addresses())]
    const ready = next(bob, 'subscriber', ({ topic }) => topic === TOPIC)
    alice.subscribe('/elsewhere/topic', () => undefined)
    bob.subscribe(TOPIC, () => undefined)
    await ready
    expect(relay.metrics().topics).toBe(1)
  })

  it('keeps its webrtc-direct address over a restart', async () => {
    const dataDir = await temporaryFolder()
    const certhash = (relay: Relay) => /webrtc-direct\/certhash\/([\w-]+)/.exec(relay.addresses().join())?.[1]
    const relay = await openRelay({ dataDir, webrtcDirectPort: 0 })
    const before = certhash(relay)
    await relay.stop()
    expect(before).toMatch(/^uEi/)
    expect(certhash(await openRelay({ dataDir, webrtcDirectPort: 0 }))).toBe(before)
  })

  it('leaves direct links behind when it goes, and is joined again when it is back', { timeout: 60_000 }, async () => {
    const relay = await openRelay()
    const [alice, bob] = [await member(relay.addresses()), await member(relay.addresses())]
    await alice.connect(bob.self, bob.addresses())
    const gone = [alice, bob].map((net) => next(net, 'relay', ({ connected }) => !connected))
    const [addresses, port] = [relay.addresses(), portOf(relay)]
    await relay.stop()
    await Promise.all(gone)
    expect(alice.links()).toEqual([{ peer: bob.self, path: 'direct' }])

    const newcomer = await createLibp2pNet({
      privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
      relays: addresses,
    })
    onTestFinished(async () => newcomer.stop())
    await newcomer.start()
    expect(newcomer.relays()).toEqual([{ address: addresses[0], connected: false }])

    const back = [alice, bob, newcomer].map((net) => next(net, 'addresses', has))
    await openRelay({ port })
    await Promise.all(back)
    await newcomer.connect(alice.self, alice.addresses())
    expect(newcomer.links()).toContainEqual({ peer: alice.self, path: 'direct' })
  })

  it('is one of several: a peer uses all, and is reached by those that live', { timeout: 60_000 }, async () => {
    const [first, second] = [await openRelay({ seed: 1 }), await openRelay({ seed: 2 })]
    const both = [...first.addresses(), ...second.addresses()]
    const alice = await member(both)
    await expect.poll(() => alice.addresses().length, { timeout: 10_000 }).toBe(2)
    const fewer = next(alice, 'addresses', (addresses) => addresses.length === 1)
    await first.stop()
    await fewer
    const bob = await member(second.addresses())
    await bob.connect(alice.self, alice.addresses())
    expect(bob.links()).toContainEqual({ peer: alice.self, path: 'direct' })
  })

  it('is used though another address beside it is none', async () => {
    const relay = await openRelay()
    const net = await member(['/dns4/x/tcp/none/ws/p2p/12D3', ...relay.addresses()])
    expect(net.relays()).toEqual([{ address: relay.addresses()[0], connected: true }])
  })

  it.each(['not an address', '/ip4/127.0.0.1/tcp/1/ws'])('is not looked for at "%s"', async (relay) => {
    const made = createLibp2pNet({ privateKeySeed: new Uint8Array(32).fill(9), relays: [relay] })
    await expect(made).rejects.toMatchObject({ fault: { code: 'MALFORMED', what: 'relay address' } })
  })
})

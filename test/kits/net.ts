import { afterEach, describe, expect, it } from 'vitest'
import type { Fault, MootError } from '../../src/domain/fault.ts'
import type { Channel, Net, NetEvents } from '../../src/ports/net.ts'

/** Peers that are started, announced and able to reach each other, but not linked yet. */
export interface Stage {
  readonly peers: readonly Net[]
  /** Ends a peer as a killed tab ends: without a word. */
  crash(peer: Net): void
  close(): Promise<void>
}

const ECHO = '/moot/kit-echo/1.0.0'
const MAX_FRAME = 64 << 10
const SILENT = { peer: '12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X', within: 2_000 }

/** What every `Net` must do. `open` gives as many peers as asked for. */
export function netKit(name: string, open: (peers: number) => Promise<Stage>): void {
  describe(`${name} is a Net`, () => {
    let stage: Stage | undefined
    afterEach(async () => {
      await stage?.close()
      stage = undefined
    })

    const twoPeers = async (): Promise<{ alice: Net; bob: Net }> => {
      stage = await open(2)
      const [alice, bob] = stage.peers
      if (!alice || !bob) throw new Error('the stage has fewer than two peers')
      return { alice, bob }
    }

    /** Two linked peers, and the ends of a channel between them. */
    const channel = async (maxStreams = 32): Promise<{ alice: Net; bob: Net; near: Channel; far: Channel }> => {
      const { alice, bob } = await twoPeers()
      const arrived = accepted(bob, maxStreams)
      await alice.connect(bob.self, bob.addresses())
      const near = await alice.open(bob.self, ECHO, { maxFrame: MAX_FRAME })
      return { alice, bob, near, far: await arrived }
    }

    it('links two peers directly, and both learn of it', async () => {
      const { alice, bob } = await twoPeers()
      const linked = [direct(alice, bob), direct(bob, alice)]
      await alice.connect(bob.self, bob.addresses())
      await Promise.all(linked)
      expect(alice.links()).toContainEqual({ peer: bob.self, path: 'direct' })
      expect(bob.links()).toContainEqual({ peer: alice.self, path: 'direct' })
    })

    it('has nothing left to do when it is asked to connect again', async () => {
      const { alice, bob } = await twoPeers()
      await alice.connect(bob.self, bob.addresses())
      await alice.connect(bob.self, [])
      expect(alice.links()).toHaveLength(1)
    })

    it('carries frames both ways, in order and whole', async () => {
      const { alice, bob, near, far } = await channel()
      expect([near.remote, far.remote]).toEqual([bob.self, alice.self])
      expect([near.path, far.path]).toEqual(['direct', 'direct'])
      const sizes = [0, 1, 17_000, MAX_FRAME, 3]
      const [there, back] = [take(far, sizes.length), take(near, sizes.length)]
      for (const size of sizes) {
        await near.send(new Uint8Array(size).fill(1))
        await far.send(new Uint8Array(size).fill(2))
      }
      expect((await there).map(summary)).toEqual(sizes.map((size) => ({ size, first: size ? 1 : undefined })))
      expect((await back).map(summary)).toEqual(sizes.map((size) => ({ size, first: size ? 2 : undefined })))
    })

    it('carries a frame larger than any buffer under it, and others behind it', async () => {
      const { alice, bob } = await twoPeers()
      const largest = 16 << 20
      const arrived = new Promise<Channel>((resolve) => bob.handle(ECHO, { maxFrame: largest, maxStreams: 1 }, resolve))
      await alice.connect(bob.self, bob.addresses())
      const near = await alice.open(bob.self, ECHO, { maxFrame: largest })
      const heard = take(await arrived, 3)
      for (const size of [largest, 1 << 20, 1 << 20]) await near.send(new Uint8Array(size).fill(size >> 20))
      await near.close()
      expect((await heard).map(summary)).toEqual([16, 1, 1].map((first) => ({ size: first << 20, first })))
    })

    it('keeps a frame although its sender writes over it once it is sent', async () => {
      const { near, far } = await channel()
      const sizes = [3, MAX_FRAME, 3]
      for (const size of sizes) {
        const frame = new Uint8Array(size).fill(1)
        await near.send(frame)
        frame.fill(9)
      }
      expect((await take(far, sizes.length)).map((frame) => new Set(frame))).toEqual(sizes.map(() => new Set([1])))
    })

    it('reads on where an earlier reader stopped', async () => {
      const { near, far } = await channel()
      for (const n of [1, 2, 3]) await near.send(Uint8Array.of(n))
      expect([...(await take(far, 1)), ...(await take(far, 2))]).toEqual([1, 2, 3].map((n) => Uint8Array.of(n)))
    })

    it('delivers what was sent before a close, then ends both sides', async () => {
      const { near, far } = await channel()
      await near.send(Uint8Array.of(7))
      await near.close()
      expect(await all(far)).toEqual([Uint8Array.of(7)])
      expect(await all(near)).toEqual([])
      expect(await faultOf(far.send(Uint8Array.of(1)))).toMatchObject({ code: 'UNREACHABLE' })
      expect(await faultOf(near.send(Uint8Array.of(1)))).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('tells a reset from a close', async () => {
      const { near, far } = await channel()
      const read = faultOf(all(far))
      near.abort('it lied')
      expect(await read).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('refuses a frame over the limit, and tells its sender', async () => {
      const { near, far } = await channel()
      const [read, heard] = [faultOf(all(far)), faultOf(all(near))]
      await near.send(new Uint8Array(MAX_FRAME + 1))
      expect(await read).toEqual({ code: 'TOO_LARGE', what: 'message', bytes: MAX_FRAME + 1, limit: MAX_FRAME })
      expect(await heard).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('carries sixteen channels at once', async () => {
      const { alice, bob } = await twoPeers()
      bob.handle(ECHO, { maxFrame: MAX_FRAME, maxStreams: 16 }, (channel) => void echo(channel))
      await alice.connect(bob.self, bob.addresses())
      const said = Array.from({ length: 16 }, (_, i) => Uint8Array.of(i))
      const heard = await Promise.all(
        said.map(async (frame) => {
          const channel = await alice.open(bob.self, ECHO, { maxFrame: MAX_FRAME })
          await channel.send(frame)
          const [answer] = await take(channel, 1)
          await channel.close()
          return answer
        }),
      )
      expect(heard).toEqual(said)
    })

    it('gives a peer no more streams of a protocol than were promised', async () => {
      const { alice, bob } = await channel(1)
      const second = alice.open(bob.self, ECHO, { maxFrame: MAX_FRAME }).then(all)
      expect(await faultOf(second)).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('opens a channel through the relay where there is no link', async () => {
      const { alice, bob } = await twoPeers()
      const arrived = accepted(bob, 1)
      const near = await alice.open(bob.self, ECHO, { maxFrame: MAX_FRAME, addresses: bob.addresses() })
      const far = await arrived
      await near.send(Uint8Array.of(5))
      expect(await take(far, 1)).toEqual([Uint8Array.of(5)])
      expect([near.path, far.path]).toEqual(['relay', 'relay'])
    })

    it('says that a peer is out of reach, within the time given', async () => {
      const { alice, bob } = await twoPeers()
      const elsewhere = bob.addresses().map((address) => address.replace(bob.self, SILENT.peer))
      const signal = AbortSignal.timeout(SILENT.within)
      const opened = alice.open(SILENT.peer, ECHO, { maxFrame: MAX_FRAME, addresses: elsewhere, signal })
      expect(await faultOf(opened)).toMatchObject({ code: 'UNREACHABLE', peer: SILENT.peer })
      expect(await faultOf(alice.connect(SILENT.peer, [], { signal }))).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('gives up when it is told to', async () => {
      const { alice, bob } = await twoPeers()
      const giveUp = new AbortController()
      const opened = alice.connect(bob.self, bob.addresses(), { signal: giveUp.signal })
      giveUp.abort()
      expect(await faultOf(opened)).toEqual({ code: 'CANCELLED' })
    })

    it('refuses a protocol that the peer does not speak', async () => {
      const { alice, bob } = await twoPeers()
      await alice.connect(bob.self, bob.addresses())
      const opened = alice.open(bob.self, '/moot/unheard-of/1.0.0', { maxFrame: MAX_FRAME })
      expect(await faultOf(opened)).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('notices that a peer went down: the link goes and its channels break', async () => {
      const { alice, bob, near } = await channel()
      const [gone, read] = [next(alice, 'unlink'), faultOf(all(near))]
      stage?.crash(bob)
      expect(await gone).toEqual({ peer: bob.self })
      expect(await read).toMatchObject({ code: 'UNREACHABLE' })
      expect(alice.links()).toEqual([])
    })

    it('drops a link when it is asked to', async () => {
      const { alice, bob, far } = await channel()
      const [gone, read] = [next(bob, 'unlink'), faultOf(all(far))]
      await alice.disconnect(bob.self)
      expect(await gone).toEqual({ peer: alice.self })
      expect(await read).toMatchObject({ code: 'UNREACHABLE' })
    })

    it('publishes to those who subscribed, and not to the publisher', async () => {
      const { alice, bob } = await twoPeers()
      const heard = Promise.withResolvers<Uint8Array>()
      const own: Uint8Array[] = []
      alice.subscribe('/moot/kit', (data) => own.push(data))
      const ready = next(alice, 'subscriber')
      bob.subscribe('/moot/kit', heard.resolve)
      await alice.connect(bob.self, bob.addresses())
      await ready
      await alice.publish('/moot/kit', Uint8Array.of(1, 2))
      expect(await heard.promise).toEqual(Uint8Array.of(1, 2))
      expect(own).toEqual([])
    })

    it('refuses to publish what gossip would drop', async () => {
      const { alice } = await twoPeers()
      const fault = await faultOf(alice.publish('/moot/kit', new Uint8Array((256 << 10) + 1)))
      expect(fault).toMatchObject({ code: 'TOO_LARGE', bytes: (256 << 10) + 1, limit: 256 << 10 })
    })
  })
}

/** The first channel that a peer accepts. */
const accepted = (peer: Net, maxStreams: number): Promise<Channel> =>
  new Promise((resolve) => peer.handle(ECHO, { maxFrame: MAX_FRAME, maxStreams }, resolve))

const next = <K extends keyof NetEvents>(peer: Net, event: K): Promise<NetEvents[K]> =>
  new Promise((resolve) => {
    const off = peer.on(event, (detail) => {
      off()
      resolve(detail)
    })
  })

const direct = (peer: Net, other: Net): Promise<void> =>
  new Promise((resolve) => {
    peer.on('link', (link) => {
      if (link.peer === other.self && link.path === 'direct') resolve()
    })
  })

async function all(channel: Channel): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for await (const frame of channel.frames()) frames.push(frame)
  return frames
}

async function take(channel: Channel, count: number): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  for await (const frame of channel.frames()) {
    frames.push(frame)
    if (frames.length === count) break
  }
  return frames
}

async function echo(channel: Channel): Promise<void> {
  for await (const frame of channel.frames()) await channel.send(frame)
}

const summary = (frame: Uint8Array) => ({ size: frame.length, first: frame[0] })

async function faultOf(task: Promise<unknown>): Promise<Fault> {
  const error: unknown = await task.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || error.name !== 'MootError') throw new Error(`expected a fault, got ${String(error)}`)
  return (error as MootError).fault
}

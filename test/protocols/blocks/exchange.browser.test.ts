import { expect, inject, onTestFinished, test } from 'vitest'
import { MemoryBlockStore } from '../../../src/adapters/memory/block-store.ts'
import { equalBytes, hashBytes } from '../../../src/domain/hash.ts'
import type { Channel, Net } from '../../../src/ports/net.ts'
import { MAX_BLOCK } from '../../../src/protocols/blocks/constants.ts'
import { blockExchange, serveBlocks, type Holder } from '../../../src/protocols/blocks/index.ts'
import { WatchedClock } from '../../kits/watched-clock.ts'
import { libp2pStage } from '../../adapters/libp2p/stage.ts'

/** Twelve MiB: more than any buffer on the way holds. */
const BLOCKS = Array.from({ length: 12 }, (_, i) => {
  const bytes = new Uint8Array(MAX_BLOCK).fill(i + 1)
  return { digest: hashBytes(bytes), length: bytes.length, bytes }
})

const lies = async (): Promise<Uint8Array> => new Uint8Array(MAX_BLOCK)

/** Peers of a room over WebRTC: one who asks, and those who serve, each in its way. */
async function room(...ways: ('honest' | 'liar')[]) {
  const stage = await libp2pStage(inject('relays'), ways.length + 1)
  onTestFinished(() => stage.close())
  const [asker, ...nets] = stage.peers as [Net, ...Net[]]
  const clock = new WatchedClock()
  const holders: Holder[] = []
  for (const [i, net] of nets.entries()) {
    const blocks = new MemoryBlockStore()
    for (const { digest, bytes } of BLOCKS) await blocks.put(digest, bytes)
    serveBlocks({ net, blocks: ways[i] === 'honest' ? blocks : { get: lies }, clock, limit: () => 0 })
    await asker.connect(net.self, net.addresses())
    holders.push({ peer: net.self, addresses: net.addresses() })
  }
  const opened: Channel[] = []
  const open: Net['open'] = async (...args) => {
    const channel = await asker.open(...args)
    opened.push(channel)
    return channel
  }
  return { stage, nets, holders, opened, clock, exchange: blockExchange({ net: { open }, clock }) }
}

test('a file comes whole from three holders of whom one lies, who is asked no more', async () => {
  const { holders, opened, exchange } = await room('honest', 'liar', 'honest')
  const [one, liar, other] = holders.map(({ peer }) => peer)
  for (const expected of [[liar], []]) {
    const lied: string[] = []
    const from = new Set<string>()
    let left = [...BLOCKS]
    opened.length = 0
    await exchange.fetch({
      holders: () => holders,
      blocks: BLOCKS,
      onBlock: async (block, bytes, peer) => {
        expect(equalBytes(bytes, block.bytes)).toBe(true)
        left = left.filter((another) => another !== block)
        from.add(peer)
      },
      onHolder: (peer, what) => what === 'lied' && lied.push(peer),
    })
    expect(left).toEqual([])
    expect(lied).toEqual(expected)
    expect([one, other]).toEqual(expect.arrayContaining([...from]))
    expect(opened.some(({ remote }) => remote === liar)).toBe(expected.length > 0)
  }
})

test('a file comes whole although a holder goes down in the middle', async () => {
  const { stage, nets, holders, exchange } = await room('honest', 'honest')
  let left = [...BLOCKS]
  await exchange.fetch({
    holders: () => holders,
    blocks: BLOCKS,
    onBlock: async (block) => {
      left = left.filter((another) => another !== block)
      if (left.length === 8) stage.crash(nets[0]!)
    },
  })
  expect(left).toEqual([])
})

test('a fetch that is cancelled leaves no stream and no timer', async () => {
  const { holders, opened, clock, exchange } = await room('honest')
  const stop = new AbortController()
  const fetch = exchange.fetch({
    holders: () => holders,
    blocks: BLOCKS,
    onBlock: async () => stop.abort(),
    signal: stop.signal,
  })
  await expect(fetch).rejects.toMatchObject({ name: 'AbortError' })
  expect(opened).toHaveLength(1)
  await expect(opened[0]!.send(BLOCKS[0]!.digest)).rejects.toThrow('reset here')
  expect(clock.pendingOf('blocks/source', 'blocks/download')).toEqual([])
})

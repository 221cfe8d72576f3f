import { afterEach, describe, expect, test } from 'vitest'
import { MemoryBlockStore } from '../../../src/adapters/memory/block-store.ts'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'
import { createMemoryNetwork } from '../../../src/adapters/memory/network.ts'
import { hashBytes, hex } from '../../../src/domain/hash.ts'
import type { PeerId } from '../../../src/domain/peer-id.ts'
import type { Channel } from '../../../src/ports/net.ts'
import { MAX_BLOCK, MAX_STREAMS, PATIENCE, PROTOCOL } from '../../../src/protocols/blocks/constants.ts'
import { fetchBlocks, serveBlocks } from '../../../src/protocols/blocks/index.ts'

const BLOCKS = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(100).fill(byte))
const DIGESTS = BLOCKS.map(hashBytes)

const clock = new ManualClock()
const network = createMemoryNetwork()
const asker = network.peer('asker')
await asker.start()
const open: Channel[] = []
const net: Pick<typeof asker, 'open'> = {
  open: async (...args) => {
    const channel = await asker.open(...args)
    open.push(channel)
    return channel
  },
}

/** A peer that holds the blocks, or says so: `answer` makes what it sends for the request of that number. */
async function holder(
  name: PeerId,
  answer?: (request: number, bytes: Uint8Array, channel: Channel) => Uint8Array | undefined,
) {
  const peer = network.peer(name)
  await peer.start()
  const blocks = new MemoryBlockStore()
  for (const [i, digest] of DIGESTS.entries()) await blocks.put(digest, BLOCKS[i]!)
  if (answer === undefined) serveBlocks({ net: peer, blocks })
  else
    peer.handle(PROTOCOL, { maxFrame: 32, maxStreams: MAX_STREAMS }, (channel) => {
      const serve = async () => {
        let request = 0
        for await (const digest of channel.frames()) {
          const bytes = answer(request++, (await blocks.get(digest))!, channel)
          if (bytes) await channel.send(bytes)
        }
      }
      serve().catch(() => {})
    })
  return { peer: name, addresses: [`/memory/${name}`] }
}

async function fetched(...holders: Awaited<ReturnType<typeof holder>>[]): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  await fetchBlocks({ net, clock }, { holders, digests: DIGESTS, onBlock: async (_, bytes) => void got.push(bytes) })
  return got
}

/** Every stream that was opened is closed: nothing can be sent on it. */
afterEach(async () => {
  for (const channel of open.splice(0)) await expect(channel.send(new Uint8Array(1))).rejects.toThrow()
})

test('blocks come in order from whoever holds them', async () => {
  expect(await fetched(await holder('honest'))).toEqual(BLOCKS)
})

describe('the next holder goes on where one', () => {
  const lies: [string, (request: number, bytes: Uint8Array, channel: Channel) => Uint8Array | undefined][] = [
    ['sends other bytes', (i, bytes) => (i < 2 ? bytes : bytes.map((byte) => byte ^ 1))],
    ['sends too few', (i, bytes) => (i < 2 ? bytes : bytes.subarray(1))],
    ['sends too many', (i, bytes) => (i < 2 ? bytes : Uint8Array.of(...bytes, 0))],
    ['sends none', (i, bytes) => (i < 2 ? bytes : new Uint8Array(0))],
    ['sends more than a block', (i, bytes) => (i < 2 ? bytes : new Uint8Array(MAX_BLOCK + 1))],
    ['swaps them', (i, bytes) => (i < 2 ? bytes : BLOCKS[0])],
    ['hangs up', (_, __, channel) => void channel.close()],
    [
      'resets',
      (_, __, channel) => {
        channel.abort('no')
        return undefined
      },
    ],
  ]
  test.each(lies)('%s', async (lie, answer) => {
    expect(await fetched(await holder(`liar who ${lie}`, answer), await holder('honest'))).toEqual(BLOCKS)
  })

  test('falls silent', async () => {
    const task = fetched(await holder('silent', (i, bytes) => (i < 2 ? bytes : undefined)), await holder('honest'))
    let over = false
    void task.finally(() => (over = true))
    // Digests are computed outside of this clock's time.
    while (!over) await clock.advance(PATIENCE + 1)
    expect(await task).toEqual(BLOCKS)
  })
})

test('that nobody holds end in a fault that names the first of them', async () => {
  const liar = await holder('empty', () => new Uint8Array(0))
  const missing = { fault: { code: 'BLOCK_MISSING', digest: hex(DIGESTS[0]!) } }
  await expect(fetched(liar)).rejects.toMatchObject(missing)
  await expect(fetched()).rejects.toMatchObject(missing)
  await expect(fetched({ peer: 'nobody', addresses: [] })).rejects.toMatchObject(missing)
})

test('whoever asks for anything but a digest is cut off, and gets nothing it has not', async () => {
  const { peer, addresses } = await holder('honest')
  const ask = async (request: Uint8Array) => {
    const channel = await asker.open(peer, PROTOCOL, { maxFrame: MAX_BLOCK, addresses })
    await channel.send(request)
    return channel.frames()[Symbol.asyncIterator]().next()
  }
  await expect(ask(new Uint8Array(31))).rejects.toThrow('reset')
  await expect(ask(new Uint8Array(33))).rejects.toThrow('reset')
  expect((await ask(new Uint8Array(32))).value).toHaveLength(0)
})

test('a fetch that is cancelled stops between two blocks', async () => {
  const stop = new AbortController()
  const got: Uint8Array[] = []
  const onBlock = async (_: Uint8Array, bytes: Uint8Array) => {
    got.push(bytes)
    stop.abort()
  }
  const holders = [await holder('honest')]
  await expect(
    fetchBlocks({ net, clock }, { holders, digests: DIGESTS, onBlock, signal: stop.signal }),
  ).rejects.toThrow()
  expect(got).toHaveLength(1)
})

import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { hashBytes, hex } from '../../src/domain/hash.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import type { Channel, Net } from '../../src/ports/net.ts'
import { MAX_REQUEST, MAX_STREAMS, PROTOCOL } from '../../src/protocols/blocks/constants.ts'
import type { Holder } from '../../src/protocols/blocks/index.ts'

/** So many blocks of 100 bytes, each as it is wanted and as it is. */
export const blocksOf = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(100).fill(i + 1)
    return { digest: hashBytes(bytes), length: bytes.length, bytes }
  })

export type TestBlock = ReturnType<typeof blocksOf>[number]

/** What a holder does with a request: the block it sends, none, or nothing at all. */
export type Behaviour = (request: {
  readonly block: TestBlock
  /** Of this holder's requests, from 0. */
  readonly number: number
  readonly channel: Channel
}) => Promise<Uint8Array | undefined> | Uint8Array | undefined

export interface TestHolder extends Holder {
  readonly net: Net
  /** The blocks it was asked for, in order. */
  readonly asked: TestBlock[]
}

/** Peers that are asked for blocks, and one that asks, within this process. */
export async function exchangeStage(blocks: readonly TestBlock[]) {
  const network = createMemoryNetwork()
  const asker = network.peer('asker')
  await asker.start()
  const opened: Channel[] = []
  const requests = new Map<PeerId, number>()
  let changed = Promise.withResolvers<void>()
  const change = () => {
    changed.resolve()
    changed = Promise.withResolvers()
  }
  return {
    network,
    /** Tells `until` to look again: requests and answers do so by themselves. */
    change,
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await changed.promise
    },
    /** Every stream that the asker opened. */
    opened,
    /** Requests that the asker has sent to a peer. */
    requested: (peer: PeerId): number => requests.get(peer) ?? 0,
    net: {
      open: async (...args) => {
        const channel = await asker.open(...args)
        opened.push(channel)
        const send = channel.send.bind(channel)
        channel.send = (...frame) => {
          requests.set(channel.remote, (requests.get(channel.remote) ?? 0) + 1)
          change()
          return send(...frame)
        }
        return channel
      },
    } satisfies Pick<Net, 'open'>,

    async holder(name: PeerId, behave: Behaviour = ({ block }) => block.bytes): Promise<TestHolder> {
      const net = network.peer(name)
      await net.start()
      const asked: TestBlock[] = []
      const serve = async (channel: Channel) => {
        for await (const digest of channel.frames()) {
          const block = blocks.find((other) => hex(other.digest) === hex(digest))
          if (block === undefined) throw new Error('a digest that nobody wants')
          asked.push(block)
          change()
          const answer = await behave({ block, number: asked.length - 1, channel })
          if (answer !== undefined) await channel.send(answer)
        }
      }
      net.handle(PROTOCOL, { maxFrame: MAX_REQUEST, maxStreams: MAX_STREAMS }, (channel) => {
        serve(channel).catch(() => {})
      })
      return { peer: name, addresses: [`/memory/${name}`], net, asked }
    },
  }
}

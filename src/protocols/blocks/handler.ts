import type { BlockStore } from '../../ports/block-store.ts'
import type { Channel, Net } from '../../ports/net.ts'
import { MAX_REQUEST, MAX_STREAMS, PROTOCOL } from './constants.ts'

const NOTHING = new Uint8Array(0)

/** Answers requests in their order, each with the block's bytes or with nothing. */
export function serveBlocks(components: { net: Pick<Net, 'handle'>; blocks: Pick<BlockStore, 'get'> }): void {
  const { net, blocks } = components
  net.handle(PROTOCOL, { maxFrame: MAX_REQUEST, maxStreams: MAX_STREAMS }, (channel) => void answer(channel, blocks))
}

async function answer(channel: Channel, blocks: Pick<BlockStore, 'get'>): Promise<void> {
  try {
    for await (const digest of channel.frames()) {
      if (digest.length !== MAX_REQUEST) return channel.abort('a request is one sha-256 digest')
      await channel.send((await blocks.get(digest)) ?? NOTHING)
    }
    await channel.close()
  } catch {
    channel.abort('the stream was lost')
  }
}

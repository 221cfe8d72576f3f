import { fault } from '../../domain/fault.ts'
import { equalBytes, hex } from '../../domain/hash.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Channel, Net } from '../../ports/net.ts'
import { MAX_BLOCK, PATIENCE, PROTOCOL, WINDOW } from './constants.ts'

export interface FetchOptions {
  /** Who may hold the blocks, and where each is reached. Asked one after the other. */
  readonly holders: readonly { readonly peer: PeerId; readonly addresses: readonly string[] }[]
  readonly digests: readonly Uint8Array[]
  /** Takes each block once it hashes to its digest, in the order of `digests`. */
  readonly onBlock: (digest: Uint8Array, bytes: Uint8Array) => Promise<void>
  readonly signal?: AbortSignal
}

/**
 * Fetches blocks, several requests ahead of the answers, each checked against its digest. A holder who lacks a block,
 * lies or falls silent is left for the next, which goes on where that one stopped. Rejects with `BLOCK_MISSING`.
 */
export async function fetchBlocks(
  components: { net: Pick<Net, 'open'>; clock: Clock },
  { holders, digests, onBlock, signal }: FetchOptions,
): Promise<void> {
  let done = 0
  for (const { peer, addresses } of holders) {
    const stop = new AbortController()
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
    try {
      const channel = await components.net.open(peer, PROTOCOL, { maxFrame: MAX_BLOCK, addresses, signal: either })
      // The answer that is waited for may never come.
      either.addEventListener('abort', () => channel.abort('no longer wanted'), { once: true })
      signal?.throwIfAborted()
      for await (const block of pipelined(channel, digests.slice(done), components.clock)) {
        signal?.throwIfAborted()
        await onBlock(block.digest, block.bytes)
        done += 1
      }
    } catch {
      signal?.throwIfAborted()
    } finally {
      stop.abort()
    }
    if (done === digests.length) return
  }
  throw fault({ code: 'BLOCK_MISSING', digest: hex(digests[done] ?? new Uint8Array()) })
}

async function* pipelined(channel: Channel, digests: readonly Uint8Array[], clock: Clock) {
  const answers = channel.frames()[Symbol.asyncIterator]()
  try {
    for (const digest of digests.slice(0, WINDOW)) await channel.send(digest)
    for (const [i, digest] of digests.entries()) {
      const bytes = await answerWithin(answers, channel, clock)
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()))
      if (!equalBytes(hash, digest)) throw fault({ code: 'BLOCK_MISSING', digest: hex(digest) })
      const ahead = digests[i + WINDOW]
      if (ahead !== undefined) await channel.send(ahead)
      yield { digest, bytes }
    }
  } finally {
    await channel.close().catch(() => {})
  }
}

/** The next answer. A holder that gives none for too long is cut off. */
async function answerWithin(answers: AsyncIterator<Uint8Array>, channel: Channel, clock: Clock): Promise<Uint8Array> {
  const cancel = clock.after(PATIENCE, () => channel.abort('no answer'))
  try {
    const { value, done } = await answers.next()
    if (done === true) throw fault({ code: 'UNREACHABLE', peer: channel.remote, why: 'it closed the stream' })
    return value
  } finally {
    cancel()
  }
}

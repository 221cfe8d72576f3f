import { Download, type FetchOptions } from './download.ts'
import { Remembered } from './remembered.ts'
import type { FetchComponents, WantedBlock } from './source.ts'

export interface BlockExchange {
  /**
   * Fetches blocks from all who hold them at once, each checked against its digest. Whoever lied is asked for nothing
   * more, in this fetch or a later one; whoever let itself be waited for in vain is asked last. Rejects with `BLOCK_MISSING` where nobody is left to bring a block, and with
   * `MALFORMED` where a block hashes to its digest and is of another length than wanted.
   */
  fetch<B extends WantedBlock>(options: FetchOptions<B>): Promise<void>
}

export function blockExchange(components: FetchComponents): BlockExchange {
  const known = { liars: new Remembered(), silent: new Remembered() }
  return { fetch: (options) => new Download(components, options, known).run() }
}

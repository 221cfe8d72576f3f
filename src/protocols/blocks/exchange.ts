import { Download, type FetchOptions } from './download.ts'
import { Liars } from './liars.ts'
import type { FetchComponents, WantedBlock } from './source.ts'

export interface BlockExchange {
  /**
   * Fetches blocks from all who hold them at once, each checked against its digest. Whoever lied is asked for nothing
   * more, in this fetch or a later one. Rejects with `BLOCK_MISSING` where nobody is left to bring a block, and with
   * `MALFORMED` where a block hashes to its digest and is of another length than wanted.
   */
  fetch<B extends WantedBlock>(options: FetchOptions<B>): Promise<void>
}

export function blockExchange(components: FetchComponents): BlockExchange {
  const liars = new Liars()
  return { fetch: (options) => new Download(components, options, liars).run() }
}

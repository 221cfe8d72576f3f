import { linkBefore } from '../hash-chain.ts'
import { equalBytes, hash } from '../hash.ts'

/**
 * What a jury is drawn by: sha-256 over the job, the level and the links of those parties that opened them, the requester's first, then the
 * executors' in the order of the receipt. Each was bound before there was any output. 32 bytes.
 */
export const jurySeed = (job: Uint8Array, level: number, links: readonly Uint8Array[]): Uint8Array =>
  hash('moot/jury', job, level, links)

/** Of which link of its chain a party opens for the jury of a level: the head is link 0, and public. */
export const linkAt = (level: number): number => level + 1

/** Whether a link is the one for that level of the chain with this head: it hashes back to it in as many steps. */
export function checkLink(head: Uint8Array, link: Uint8Array, level: number): boolean {
  let at = link
  for (let left = linkAt(level); left > 0; left--) at = linkBefore(at)
  return equalBytes(at, head)
}

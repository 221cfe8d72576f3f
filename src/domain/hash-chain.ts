import { fault } from './fault.ts'
import { hash } from './hash.ts'

/** Links after the head: one jury at each level, and disputes that climb further than this are given up long before. */
export const MAX_CHAIN_LENGTH = 64

/**
 * A hash chain for one job: whoever published link 0, its head, later opens link 1, 2 … `length`, one for each jury. An
 * opened link proves itself by hashing back to the head, and says nothing of the links after it.
 */
export function chainLink(secret: Uint8Array, nonce: Uint8Array, length: number, level: number): Uint8Array {
  checkChain(length, level)
  let link = hash('moot/chain-end', secret, nonce)
  for (let at = length; at > level; at--) link = linkBefore(link)
  return link
}

/** Link 0: what an OFFER or an ACCEPT publishes. 32 bytes, as every link. */
export const chainHead = (secret: Uint8Array, nonce: Uint8Array, length: number): Uint8Array =>
  chainLink(secret, nonce, length, 0)

/** The link that `link` opens: hashing link n gives link n − 1. */
export const linkBefore = (link: Uint8Array): Uint8Array => hash('moot/chain-link', link)

function checkChain(length: number, level: number): void {
  if (!isCount(length) || length > MAX_CHAIN_LENGTH)
    throw fault({ code: 'MALFORMED', what: 'hash chain', why: `it has 0 to ${MAX_CHAIN_LENGTH} links, not ${length}` })
  if (!isCount(level) || level > length)
    throw fault({ code: 'MALFORMED', what: 'link', why: `the chain has links 0 to ${length}, not ${level}` })
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0

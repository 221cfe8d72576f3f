import type { RandomBytes } from '../../ports/clock.ts'

/** Bytes that the browser gives at a time (Web Cryptography API, section 10.1.1). */
const AT_A_TIME = 65_536

/** Random bytes of the browser's own generator. */
export const randomBytes: RandomBytes = (length) => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += AT_A_TIME) crypto.getRandomValues(bytes.subarray(at, at + AT_A_TIME))
  return bytes
}

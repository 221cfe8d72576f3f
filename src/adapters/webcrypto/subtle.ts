import { fault } from '../../domain/fault.ts'

/** The browser's cryptography. Throws `INSECURE_PAGE` where the page's address denies it. */
export function subtle(): SubtleCrypto {
  if (crypto.subtle === undefined) throw fault({ code: 'INSECURE_PAGE' })
  return crypto.subtle
}

/** What an engine without Ed25519 throws (Chrome before 137, Firefox before 129, Safari before 17), as a fault. */
export const asFault = (error: unknown): unknown =>
  error instanceof DOMException && error.name === 'NotSupportedError'
    ? fault({ code: 'BROWSER_TOO_OLD', lacks: 'Ed25519 keys' })
    : error

/** Bytes as the browser's types want them: no page of Moot is cross-origin isolated, so none of its memory is shared. */
export const unshared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

import type { Claim } from '../../ports/claim.ts'

/** Milliseconds to wait for whoever just looks, or for the page that this one was before it was reloaded. */
const PATIENCE_MS = 500

/**
 * Claims among the tabs of this browser, or within this Node process (Web Locks). A page at an insecure address has none:
 * there everything is free.
 */
export const claim: Claim = async (name) => {
  const { locks } = navigator
  if (locks === undefined) return async () => {}
  const { promise: taken, resolve } = Promise.withResolvers<(() => Promise<void>) | undefined>()
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const held = locks.request(`moot-${name}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
    resolve(() => (end(), held))
    return over
  })
  // Somebody else has it.
  held.catch(() => resolve(undefined))
  return taken
}

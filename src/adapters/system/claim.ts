import type { Claim } from '../../ports/claim.ts'

/** Claims among the tabs of this browser, or within this Node process (Web Locks). A page at an insecure address has none: there everything is free. */
export const claim: Claim = async (name) => {
  const { locks } = navigator
  if (locks === undefined) return () => {}
  const { promise: taken, resolve, reject } = Promise.withResolvers<(() => void) | undefined>()
  locks
    .request(`moot-${name}`, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(undefined)
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      resolve(release)
      return held
    })
    .catch(reject)
  return taken
}

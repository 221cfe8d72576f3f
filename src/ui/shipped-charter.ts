/**
 * The CID of the charter that is shipped with the app, and with which a new tab opens. Written out, for the door would have to load
 * an encoder and a hash to find it; a test holds it against the charter.
 */
export const SHIPPED_CHARTER = 'bafyreihjdzwdzts5ziwyuwhfqdjglfcpwt7hcg5d56y3fwface4nv4jykq'

/** What whoever signs it must be told: its labels, as `labelsOf` gives them. */
export const SHIPPED_LABELS = [
  'No key signs as its author: introducers are those for whom each side of a job vouches itself.',
] as const

/** A charter's CID, where it is not the one shipped. */
export const foreign = (charter: string): string | undefined => (charter === SHIPPED_CHARTER ? undefined : charter)

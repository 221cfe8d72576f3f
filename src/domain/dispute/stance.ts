import type { Charter } from '../charter/charter.ts'
import { equalBytes } from '../hash.ts'
import type { Assertion, Dispute } from './dispute-state.ts'
import { counted } from './sides.ts'

// Whether a party runs the canon, or leaves it to others for now.

/**
 * Whether others claim what this peer claims, bit for bit, and fewer claim anything else: then the requester's assertion will most likely say
 * the same, and running the model once more would show nothing.
 */
export function isInGoodCompany({ claims, me }: Pick<Dispute, 'claims' | 'me'>): boolean {
  const mine = claims.find((claim) => claim.peer === me && claim.engine === 'cpu')
  if (mine === undefined) return false
  const company = claims.filter((claim) => equalBytes(claim.outputHash, mine.outputHash)).length
  return company > claims.length / 2 && company > 1
}

/** What an executor that holds back does now: it asserts where the requester says something else, or nobody has said the same in time. */
export function nextStance(dispute: Dispute, at: number, charter: Charter): 'resting' | 'trying' | undefined {
  if (dispute.own !== 'holding' || dispute.phase !== 'asserting') return undefined
  const [requester] = dispute.parties
  const mine = claimOf(dispute)
  const said = dispute.assertions.filter(
    ({ standing, read }) => standing === 'open' && dispute.parties.includes(read.author),
  )
  const isSaid = ({ read }: Assertion) => mine !== undefined && equalBytes(read.message.output, mine)
  if (said.some((one) => one.read.author === requester && !isSaid(one))) return 'trying'
  if (at < dispute.openedAt + charter.timeouts.together / 2) return undefined
  return said.some(isSaid) ? 'resting' : 'trying'
}

/** Whether somebody asserts what this peer claimed, and nothing speaks against it yet. Nobody accepts a verdict against itself on the word of others. */
export function isSaidByOthers(dispute: Dispute): boolean {
  const mine = claimOf(dispute)
  return counted(dispute).some(
    ({ standing, read }) => standing === 'open' && mine !== undefined && equalBytes(read.message.output, mine),
  )
}

/** The hash of what this peer claimed, where it did. */
const claimOf = ({ claims, me }: Dispute): Uint8Array | undefined =>
  claims.find((claim) => claim.peer === me)?.outputHash

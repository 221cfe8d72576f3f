import { equalBytes, hex } from '../hash.ts'
import { isEntry, type BodyOf, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { LostFor } from '../messages.ts'
import type { Terms } from './terms.ts'

type Proven = ReadEntry<'PROVEN'>

/**
 * What arithmetic has shown against a ruling. Only a dismissal can be contradicted: it lets an answer stand. Over `quality` and `model` that is the
 * answer that was returned, and it is contradicted where its claim lost; over `delivery` it is that everybody delivered, and whoever withheld
 * contradicts it. That an answer is bad, a model harmful or a rule wrong is no claim that a re-run could refute, so an upheld contest of these
 * classes never is; nor is anything about `rule`.
 */
export function contradictionOf(
  ledger: LedgerView,
  terms: Terms,
  ruling: Pick<BodyOf<'RULING'>, 'outcome'>,
  /** Whether what a PROVEN says holds, as whoever asks has found by replaying its evidence: anybody may write one. */
  holds: (proven: Proven) => boolean,
): Proven | undefined {
  if (ruling.outcome !== 'dismissed') return undefined
  const { returned, claims } = terms.receipt.message
  const answerers = claims.filter(({ output }) => equalBytes(output, returned)).map(({ peer }) => peer)
  const contradicts = (peer: PeerId, lostFor: LostFor): boolean => {
    switch (terms.class) {
      case 'quality':
      case 'model':
        return answerers.includes(peer) && (lostFor === 'claim' || lostFor === 'false-reveal')
      case 'delivery':
        return terms.executors.includes(peer) && (lostFor === 'withheld' || lostFor === 'false-reveal')
      case 'rule':
        return false
      default:
        return terms.class satisfies never
    }
  }
  return ledger
    .about(hex(terms.job))
    .filter((read): read is Proven => isEntry('PROVEN', read))
    .find(
      (read) =>
        read.entry.body.losers.some((loser) => contradicts(peerIdFromKey(loser.peer), loser.for)) && holds(read),
    )
}

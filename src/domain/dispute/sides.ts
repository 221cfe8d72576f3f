import { equalBytes, hex } from '../hash.ts'
import type { MessageOf } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'
import type { Assertion, Dispute, Proof } from './dispute-state.ts'

/** What groups assertions: those with equal keys say the same. */
export const assertionKey = ({ root, count, output }: Pick<MessageOf<'assert'>, 'root' | 'count' | 'output'>): string =>
  `${hex(root)} ${count} ${hex(output)}`

/**
 * The assertions that count here. Parties' always; of strangers only to who has not run the canon: whoever has knows better than any
 * number of keys that nobody knows.
 */
export const counted = ({ assertions, parties, own }: Dispute): readonly Assertion[] =>
  own === 'asserted' ? assertions.filter(({ read }) => parties.includes(read.author)) : assertions

/** The sides that nothing spoke against, those of parties first. */
export function sidesOf(dispute: Dispute): string[] {
  const open = counted(dispute).filter(({ standing }) => standing === 'open')
  const isParty = ({ read }: Assertion) => Number(dispute.parties.includes(read.author))
  return [...new Set(open.toSorted((a, b) => isParty(b) - isParty(a)).map(({ key }) => key))]
}

/** The sides whose value of the operator is not the one that it gives. */
export const wrongSides = ({ sides: [a, b], left, right, found }: Proof): string[] => [
  ...(equalBytes(left, found) ? [] : [a]),
  ...(equalBytes(right, found) ? [] : [b]),
]

/** The peers whose claims an operator refuted: they asserted a run that ends in what they claimed, and that run is wrong. */
export function refutedByOperators({ claims, assertions, proofs }: Dispute): PeerId[] {
  const wrong = proofs.flatMap(wrongSides)
  return claims.flatMap(({ peer, outputHash }) =>
    assertions.some(
      ({ key, read }) => read.author === peer && wrong.includes(key) && equalBytes(read.message.output, outputHash),
    )
      ? [peer]
      : [],
  )
}

import { equalBytes } from '../bytes.ts'
import { amendmentOf, type Amendment } from '../charter/amendment.ts'
import { charterDigest } from '../charter/charter-document.ts'
import type { Turns } from '../charter/members.ts'
import type { ReadEntry } from '../ledger/entry.ts'
import { decided, found, marked, type Finding, type Records } from './finding.ts'
import type { Act, Recorded } from './recorded.ts'

/**
 * Proposals: on the agenda once they have their sponsors, decided once they are ratified. Counted raw and by introducers, and not by the reader's
 * trust nor by anybody's clock, so that all who hold the same entries count the same. A decision stands where it was proposed.
 */
export function proposalFindings(records: Records): {
  readonly findings: ReadonlyMap<string, Finding>
  readonly agenda: readonly Act[]
} {
  const { ledger, trees, book, turns } = records
  const findings = new Map<string, Finding>()
  const agenda: Act[] = []
  for (const proposal of ledger.of('PROPOSE')) {
    const asSigned = turnsUpTo(turns, charterDigest(proposal.entry.body.document))
    const amendment = amendmentOf(ledger, proposal, { trees, trust: new Map(), turns: asSigned, book })
    const { phase } = amendment
    if (phase === 'void') findings.set(proposal.name, marked(`it amends nothing: ${amendment.reason ?? 'it is void'}`))
    else if (phase === 'proposed') findings.set(proposal.name, marked('it has too few sponsors'))
    else agenda.push({ entry: proposal.name, peer: proposal.author })
    if (phase === 'ratified') findings.set(proposal.name, found(ratified(proposal, amendment)))
  }
  return { findings, agenda }
}

/** By those who signed it in the ballot; it binds all who signed it. */
function ratified(proposal: ReadEntry<'PROPOSE'>, { signed, counts }: Amendment): Recorded {
  const deciders = signed.filter(({ grade }) => grade === 'ballot' || grade === 'authored')
  const raw = counts.find(({ way }) => way === 'raw')
  return decided(proposal, {
    kind: 'amendment',
    route: 'rule',
    weight: signed.length,
    quota: Math.ceil((raw?.needed ?? 0) - ROUNDING),
    deciders: deciders.map(({ peer }) => ({ peer, won: true })),
    affected: signed.map(({ peer, grade }) => ({ peer, grade })),
    touches: signed.map(({ peer }) => peer),
  })
}

/** How far a product of a share and a count may be off the whole number that it stands for. */
const ROUNDING = 1e-9

/** Of whoever ever signed a charter, nothing after that: it was signed, wherever they went later. */
function turnsUpTo(turns: Turns, charter: Uint8Array): Turns {
  return new Map(
    [...turns].map(([peer, own]) => {
      const at = own.findLastIndex(({ signs }) => signs !== undefined && equalBytes(signs.charter, charter))
      return [peer, at < 0 ? own : own.slice(0, at + 1)]
    }),
  )
}

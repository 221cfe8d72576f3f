import { equalBytes, hex } from '../bytes.ts'
import { charterDigest, readCharter } from '../charter/charter-document.ts'
import { cidOfDigest } from '../cids.ts'
import { MootError } from '../fault.ts'
import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { PeerId } from '../peer-id.ts'
import { MAX_VOUCHES } from '../trust/vouches.ts'
import { byItself, found, marked, type Finding, type Records } from './finding.ts'

/** Whom somebody introduced, as its log says: each once, by the first vouch that stands, or by the first of all where none does. */
export function vouchFindings({ ledger, consent, nameOf }: Records, author: PeerId): ReadonlyMap<string, Finding> {
  const log = ledger.log(author)
  const revoked = new Map<string, number>()
  for (const read of log) if (isEntry('REVOKE', read)) revoked.set(hex(read.entry.body.vouch), read.entry.seq)
  const isRevoked = ({ name, entry }: ReadEntry) => (revoked.get(name) ?? -1) > entry.seq
  const vouches = log.filter((read): read is ReadEntry<'VOUCH'> => isEntry('VOUCH', read))
  const first = new Map<PeerId, ReadEntry<'VOUCH'>>()
  for (const vouch of vouches) {
    const peer = nameOf(vouch.entry.body.peer)
    const before = first.get(peer)
    if (before === undefined || (isRevoked(before) && !isRevoked(vouch))) first.set(peer, vouch)
  }
  const findings = new Map<string, Finding>()
  let counted = 0
  for (const vouch of vouches) {
    const peer = nameOf(vouch.entry.body.peer)
    if (peer === author) findings.set(vouch.name, marked('nobody introduces itself'))
    if (peer === author || first.get(peer) !== vouch) continue
    const finding =
      ++counted > MAX_VOUCHES
        ? marked(`its author vouches for more than ${MAX_VOUCHES}`)
        : found(
            byItself(vouch, {
              kind: 'introduction',
              affected: [{ peer, grade: consent(vouch, peer) }],
              overturned: isRevoked(vouch),
            }),
          )
    findings.set(vouch.name, finding)
  }
  return findings
}

/** Which defaults somebody runs otherwise: its last word on each. What a tab says of what it has of its own, such as where it was served from, is no decision of its own. */
export function defaultFindings(
  { ledger, consent, defaultNamed }: Records,
  author: PeerId,
): ReadonlyMap<string, Finding> {
  const last = new Map<string, ReadEntry<'DEFAULT_SET'>>()
  const findings = new Map<string, Finding>()
  for (const read of ledger.log(author)) {
    if (!isEntry('DEFAULT_SET', read)) continue
    const { key } = read.entry.body
    const named = defaultNamed(key)
    if (named === 'choice') last.set(key, read)
    if (named === undefined) findings.set(read.name, marked('there is no such default'))
  }
  for (const read of last.values())
    findings.set(
      read.name,
      found(byItself(read, { kind: 'default', affected: [{ peer: author, grade: consent(read, author) }] })),
    )
  return findings
}

/** Charters that somebody laid down for itself, and for whoever signs them. */
export function forkFindings({ ledger, turns }: Records): ReadonlyMap<string, Finding> {
  return new Map(
    ledger.of('FORK').map((read) => {
      const why = whyNoFork(read)
      if (why !== undefined) return [read.name, marked(why)]
      const digest = charterDigest(read.entry.body.document)
      const affected = [...turns].flatMap(([peer, own]) => {
        const signs = own.findLast((turn) => turn.signs && equalBytes(turn.signs.charter, digest))?.signs
        return signs ? [{ peer, grade: signs.grade }] : []
      })
      return [read.name, found(byItself(read, { kind: 'charter', weight: affected.length, affected }))]
    }),
  )
}

export function whyNoFork({ entry }: ReadEntry<'FORK'>): string | undefined {
  try {
    const { parents } = readCharter(entry.body.document)
    return parents.includes(cidOfDigest(entry.charter)) ? undefined : 'it does not name the charter that it forks from'
  } catch (error) {
    if (error instanceof MootError) return 'its text is no charter'
    throw error
  }
}

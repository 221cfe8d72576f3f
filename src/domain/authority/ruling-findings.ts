import { equalBytes, hex } from '../bytes.ts'
import { caseOf, checkRuling, whyNoCase, type Case } from '../jury/case.ts'
import type { Level } from '../jury/level.ts'
import { contradictionOf } from '../jury/refute.ts'
import { isEntry, type Grade, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { decided, found, marked, NO_CHARTER, type Finding, type Records } from './finding.ts'
import type { Proof } from './job-findings.ts'
import type { Recorded } from './recorded.ts'

type Contest = ReadEntry<'CONTEST'>
type Ruling = ReadEntry<'RULING'>

/** What is held of one case. */
export interface CaseFound {
  readonly findings: ReadonlyMap<string, Finding>
  /** The last ruling that decided, where nothing undid it, upheld the objection. */
  readonly isUpheld: boolean
  /** What its jury is drawn by is not held: more may follow once it is. */
  readonly isOpen: boolean
}

/** Of each level of a case one ruling counts; others that follow as well add nothing, and those that do not are marked. */
export function caseFindings(records: Records, contest: Contest, proofs: readonly Proof[]): CaseFound {
  const { ledger, charterOf, nameOf, verified } = records
  const findings = new Map<string, Finding>()
  const rulings = ledger
    .about(contest.name)
    .filter((read): read is Ruling => isEntry('RULING', read))
    .filter(({ entry }) => equalBytes(entry.body.contest, contest.id))
  const charter = charterOf(contest.entry.charter)
  const whyNone = charter === undefined ? NO_CHARTER : whyNoCase(contest, charter, verified)
  if (charter === undefined || whyNone !== undefined) {
    for (const { name } of rulings) findings.set(name, marked(`it is about no case: ${whyNone}`))
    return { findings, isUpheld: false, isOpen: charter === undefined }
  }
  const of = caseOf(ledger, contest, charter, { verified })
  const holding = new Set(proofs.map(({ read }) => read.name))
  const isRefuted = ({ entry }: Ruling) =>
    contradictionOf(ledger, of.terms, entry.body, ({ name }) => holding.has(name)) !== undefined
  const counted = new Map(of.levels.flatMap((level) => (level.ruling ? [[level.ruling.name, level] as const] : [])))
  for (const ruling of rulings) {
    const level = counted.get(ruling.name)
    if (level === undefined) {
      const why = checkRuling(ledger, of, ruling)
      if (why !== undefined) findings.set(ruling.name, marked(`it does not follow: ${why}`))
      continue
    }
    const overturned = isRefuted(ruling) || isUndone(of, level)
    findings.set(ruling.name, found(rulingOf(ruling, level, of, { overturned, nameOf, ledger })))
  }
  const last = of.levels.findLast(({ ruling }) => ruling && ruling.entry.body.outcome !== 'unresolved')?.ruling
  return { findings, isUpheld: last?.entry.body.outcome === 'upheld', isOpen: of.court === undefined }
}

/** A level above decided otherwise. One that came to nothing leaves it as it was. */
const isUndone = ({ levels }: Case, { level, ruling }: Level): boolean =>
  levels.some(
    (above) =>
      above.level > level &&
      above.ruling !== undefined &&
      above.ruling.entry.body.outcome !== 'unresolved' &&
      above.ruling.entry.body.outcome !== ruling?.entry.body.outcome,
  )

function rulingOf(
  ruling: Ruling,
  level: Level,
  { contest, terms, charter }: Case,
  { overturned, nameOf, ledger }: Pick<Records, 'nameOf' | 'ledger'> & { overturned: boolean },
): Recorded {
  const { outcome, why, deciders, affected } = ruling.entry.body
  const winning = outcome === 'upheld' ? 'uphold' : outcome === 'dismissed' ? 'dismiss' : undefined
  return decided(ruling, {
    kind: 'ruling',
    route: routeOf(ruling, level),
    weight: affected.length,
    quota: Math.floor(charter.jury.threshold * (level.size ?? 0)) + 1,
    deciders: deciders.map(({ peer, vote }) => ({ peer: nameOf(peer), won: vote === winning })),
    affected: affected.map(({ peer, consent }) => ({ peer: nameOf(peer), grade: gradeOf(ledger, consent) })),
    overturned,
    unresolved: outcome === 'unresolved' ? (why ?? 'no-majority') : null,
    contest: contest.name,
    touches: terms.parties,
    votes: deciders.map(({ vote }) => vote),
  })
}

/**
 * Too few votes are a `timeout` where somebody did not answer in time, and no decision of those who did. Where jurors declined, or the votes were
 * even, or the parties share no court, nothing was decided: that is `unresolved`, whatever clause it follows from.
 */
function routeOf({ entry: { body } }: Ruling, { seats }: Level): Recorded['route'] {
  if (body.outcome !== 'unresolved') return 'jury'
  const hasLate = seats.some(({ state, awaited }) => state === 'absent' || awaited !== undefined)
  return body.why === 'no-quorum' && hasLate ? 'timeout' : 'unresolved'
}

/** Of an entry that a ruling names, which was checked to be what each went by. */
function gradeOf(ledger: LedgerView, consent: Uint8Array | undefined): Grade | 'none' {
  const read = consent && ledger.get(hex(consent))
  if (read === undefined) return 'none'
  if (isEntry('CONSENT', read)) return read.entry.body.grade
  return isEntry('FORK', read) ? 'authored' : 'none'
}

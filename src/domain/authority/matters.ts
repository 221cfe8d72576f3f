import { hex } from '../bytes.ts'
import { isEntry, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import { proposalFindings } from './amendment-findings.ts'
import { marked, type Finding, type Found, type Records } from './finding.ts'
import { jobFindings } from './job-findings.ts'
import { defaultFindings, forkFindings, vouchFindings } from './own-findings.ts'
import { caseFindings, type CaseFound } from './ruling-findings.ts'

/** What belongs together: all that is held of a job, of somebody's vouches, of somebody's defaults, of proposals, of forks. */
export type Matter = string

export const PROPOSALS = 'proposals'
const FORKS = 'forks'

export const JOB = 'job '
const VOUCHES = 'vouches '
const DEFAULTS = 'defaults '
const LOST_CASE = 'lost case '

/** Matters that come out otherwise, or may, once an entry is there or gone. */
export function mattersTouchedBy(ledger: LedgerView, read: ReadEntry): readonly Matter[] {
  const job = (name: Uint8Array | undefined): readonly Matter[] => {
    const matter = name && jobOf(ledger, hex(name))
    return matter === undefined ? [] : [matter]
  }
  const { entry } = read
  switch (entry.type) {
    case 'RECEIPT':
    case 'PROVEN':
      return [JOB + hex(entry.body.job)]
    case 'CONTEST':
      return [JOB + hex(entry.body.job), LOST_CASE + read.name]
    case 'RULING': {
      const contest = hex(entry.body.contest)
      return [jobOf(ledger, contest) ?? LOST_CASE + contest]
    }
    case 'OPEN_LINK':
    case 'SUMMON':
      return job(entry.body.contest)
    case 'SERVE':
    case 'VOTE_COMMIT':
    case 'VOTE_REVEAL':
      return job(entry.body.summon)
    case 'NOSHOW':
      return job(entry.body.summon)
    case 'APPEAL':
    case 'DISSENT':
    case 'REFUTE':
      return job(entry.body.ruling)
    case 'VOUCH':
    case 'REVOKE':
      return [VOUCHES + read.author]
    case 'DEFAULT_SET':
      return [DEFAULTS + read.author]
    case 'PROPOSE':
    case 'SPONSOR':
      return [PROPOSALS]
    case 'CONSENT':
    case 'FORK':
    case 'EXIT':
      return [PROPOSALS, FORKS]
    case 'KEY':
    case 'DEFAULT_AFFIRM':
    case 'AUDIT':
    case 'ASSERT':
    case 'CHECKPOINT':
    case 'FORKED_LOG':
      return []
    default:
      return entry satisfies never
  }
}

/** The job that a contest, a summons or a ruling is about, where all that leads there is held. */
function jobOf(ledger: LedgerView, name: string): Matter | undefined {
  const read = ledger.get(name)
  if (read === undefined) return undefined
  if (isEntry('CONTEST', read)) return JOB + hex(read.entry.body.job)
  if (isEntry('SUMMON', read) || isEntry('RULING', read)) {
    const contest = ledger.get(hex(read.entry.body.contest))
    return contest && isEntry('CONTEST', contest) ? JOB + hex(contest.entry.body.job) : undefined
  }
  return undefined
}

export function workOut(records: Records, matter: Matter): Found {
  if (matter === PROPOSALS) return proposalFindings(records)
  if (matter === FORKS) return { findings: forkFindings(records) }
  if (matter.startsWith(VOUCHES)) return { findings: vouchFindings(records, matter.slice(VOUCHES.length)) }
  if (matter.startsWith(DEFAULTS)) return { findings: defaultFindings(records, matter.slice(DEFAULTS.length)) }
  if (matter.startsWith(LOST_CASE)) return lostCase(records, matter.slice(LOST_CASE.length))
  return aboutJob(records, matter.slice(JOB.length))
}

/** Arithmetic first: a ruling that it contradicts is undone by it. Then the rulings: an objection that they uphold undoes the answer. */
function aboutJob(records: Records, job: string): Found {
  const about = records.ledger.about(job)
  const contests = about
    .filter((read): read is ReadEntry<'CONTEST'> => isEntry('CONTEST', read))
    .filter(({ entry }) => entry.body.class !== 'arithmetic')
  const { findings, proofs } = jobFindings(records, about, () => false)
  if (contests.length === 0) return { findings }
  const cases = contests.map((contest): readonly [ReadEntry<'CONTEST'>, CaseFound] => [
    contest,
    caseFindings(records, contest, proofs),
  ])
  const upheld = cases.filter(([, { isUpheld }]) => isUpheld)
  const again = jobFindings(records, about, (receipt) =>
    upheld.some(([{ author }]) => isParty(records, receipt, author)),
  )
  const all = new Map<string, Finding>(again.findings)
  for (const [, { findings: more }] of cases) for (const [name, finding] of more) all.set(name, finding)
  const isOpen = cases.some(([, one]) => one.isOpen || [...one.findings.values()].some(({ kind }) => kind === 'marked'))
  return { findings: all, isOpen }
}

const isParty = ({ nameOf }: Records, { author, entry }: ReadEntry<'RECEIPT'>, peer: PeerId): boolean =>
  author === peer || entry.body.executors.some((key) => nameOf(key) === peer)

function lostCase({ ledger }: Records, contest: string): Found {
  if (jobOf(ledger, contest) !== undefined) return { findings: new Map() }
  const rulings = ledger.about(contest).filter((read) => isEntry('RULING', read))
  return {
    findings: new Map(rulings.map(({ name }) => [name, marked('the case that it is about is not held here')])),
    isOpen: true,
  }
}

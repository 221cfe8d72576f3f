import type { EvidenceFile } from '../domain/dispute/evidence.ts'
import { sentence, type Fault } from '../domain/fault.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { EvidenceReport } from '../peer/view.ts'
import { lines, mark } from './report-lines.ts'

/** What became of a file of evidence: as far as it came. */
export interface EvidenceVerification {
  readonly file: string
  readonly holds: boolean
  readonly evidence?: EvidenceFile
  readonly report?: EvidenceReport
  /** Why it could not be read. */
  readonly fault?: Fault
  /** What to do about a model that is not at hand. */
  readonly advice?: string
}

type Leaf = NonNullable<EvidenceReport['leaf']>
type Verdict = NonNullable<EvidenceReport['verdict']>

const GROUNDS = { 'contest': 'a contest', 'false-reveal': 'a false reveal' } as const

function words({ file, holds, evidence, report, fault, advice }: EvidenceVerification): string {
  if (!evidence || !report) return lines(`✗ ${file}`, ...(fault ? [sentence(fault)] : []))
  const { name, version } = evidence.grounds === 'contest' ? evidence.receipt.manifest : evidence.manifest
  const { checks, leaf, verdict } = report
  return lines(
    `${file}: evidence of ${GROUNDS[evidence.grounds]} over an answer of ${name} ${version}`,
    '',
    ...checks.map((check) => `${mark(check.holds)} ${check.name}: ${check.detail}`),
    ...(leaf ? ['', ...leafWords(leaf)] : []),
    ...(verdict ? ['', ...verdictWords(verdict)] : []),
    ...(advice ? ['', advice] : []),
    '',
    holds ? 'Everything holds.' : conclusion(report),
  )
}

function leafWords({ operator, sides, rerun }: Leaf): string[] {
  const again = rerun ? ` run again here, in ${rerun.computeMs.toFixed(1)} ms. Value ${rerun.hash}` : ', not run here'
  return [
    `Operator ${operator.index} (${operator.type})${again}`,
    ...sides.map(({ peers, hash, stands }) => {
      const who = peers.map(({ nickname }) => nickname).join(', ')
      return `${mark(stands)} ${who} said ${stands ? 'the same' : hash}`
    }),
  ]
}

function verdictWords({ state, operator, stands, losers }: Verdict): string[] {
  const named = (peer: PeerId) => `${nicknameOf(peer)} (${peer})`
  return [
    losers.some((loser) => loser.for === 'false-reveal')
      ? 'Verdict: proven by the signatures of the one who lost'
      : `Verdict: ${state}${operator ? ` by operator ${operator.index} (${operator.type})` : ''}`,
    ...stands.map((peer) => `✓ ${named(peer)} stands`),
    ...losers.map((loser) => `✗ ${named(loser.peer)} lost: ${loser.for}`),
  ]
}

function conclusion({ checks }: EvidenceReport): string {
  const broken = checks.filter((check) => check.holds === false).map((check) => check.name)
  return broken.length > 0
    ? `This evidence does not hold (${broken.join(', ')}): it was altered, or it never was what it says.`
    : 'Nothing speaks against it, and not everything in it could be checked here.'
}

function json({ file, holds, evidence, report, fault, advice }: EvidenceVerification): Record<string, unknown> {
  const trouble = fault ? { fault, sentence: sentence(fault) } : advice ? { sentence: advice } : {}
  if (!evidence || !report) return { file, holds, ...trouble }
  const { checks, leaf, verdict } = report
  return {
    file,
    holds,
    grounds: evidence.grounds,
    checks,
    ...(verdict ? { verdict } : {}),
    ...(leaf ? { leaf: plain(leaf) } : {}),
    ...trouble,
  }
}

/** The operator without its tensors. */
const plain = ({ operator, inputs, value, sides, rerun }: Leaf) => ({
  operator,
  inputs,
  value,
  sides: sides.map(({ peers, hash, stands }) => ({ peers: peers.map(({ peer }) => peer), hash, stands })),
  ...(rerun ? { rerun: { hash: rerun.hash, computeMs: rerun.computeMs } } : {}),
})

/** Replayed evidence as a person or a program reads it. */
export const evidenceReportIn = { words, json }

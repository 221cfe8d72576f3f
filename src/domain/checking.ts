import type { Charter } from './charter/charter.ts'
import type { Ticket } from './lot.ts'
import type { ModelId } from './manifest.ts'
import { MAX_REPLICATION } from './messages.ts'
import type { PeerId } from './peer-id.ts'
import { doublingsOf, isOnProbation, streakOf, type Standing } from './standing.ts'

/** How an ask is checked: chosen for each ask; the charter names the default. */
export type Check =
  /** One executor, drawn by lot, unchecked. */
  | { readonly mode: 'one-tab' }
  /** So many executors, whose claims must agree. */
  | { readonly mode: 'replicated'; readonly replication: number }
  /** One executor, drawn by what this peer has seen of it, and checked as often as that leaves in doubt. */
  | { readonly mode: 'adaptive' }

/** What the charter's default comes to. */
export const defaultCheck = ({ verification: { mode, replication } }: Charter): Check =>
  mode === 'replicated' ? { mode, replication } : { mode }

/** A check that a job can carry. */
export const boundedCheck = (check: Check): Check =>
  check.mode === 'replicated'
    ? { ...check, replication: Math.max(1, Math.min(MAX_REPLICATION, Math.trunc(check.replication))) }
    : check

/** How many executors one job of it seats. */
export const executorsOf = (check: Check): number => (check.mode === 'replicated' ? check.replication : 1)

/** A number in [0, 1), another at each call. All chance comes from outside. */
export type Chance = () => number

type Rules = Pick<Charter, 'verification'>

/**
 * With which probability a result must be checked: 1 on probation and until so many results in a row were right on this model
 * and engine, then 1 / streak, and never under the floor (Anderson 2019, BOINC, section 6.4: https://arxiv.org/abs/1903.01699).
 */
export function checkProbability(
  standing: Standing,
  work: { model: ModelId } & Pick<Ticket, 'engine'>,
  charter: Rules,
) {
  const { streak: least, auditFloor } = charter.verification
  const streak = streakOf(standing, work.model, work.engine)
  return isOnProbation(standing, charter) || streak < least ? 1 : Math.max(1 / streak, auditFloor)
}

/** Somebody who could be asked, the engine that it announces, and what was seen of it. */
export interface Candidate extends Ticket {
  readonly standing: Standing
}

/** Keys that one adaptive offer invites: enough that one who is busy or has just left holds nobody up, few, since each accepts and one computes. */
export const INVITED = 4

/**
 * The share of places that goes to keys who are still to be known. Each costs one execution more, as it is checked whatever comes:
 * with the floor of 0.056 an answer then costs 1.09.
 */
const EXPLORED = 1 / 32

/**
 * Whom an adaptive offer invites, drawn place by place: those who need no check each time; with a small share those on probation, and of
 * them with the same share those of whom nothing right was seen yet. Where a kind has nobody the next has its places. So the first few keys
 * are known soon, in a room of any size, and a room of strangers does not stay one. Of those on probation whoever is nearest to its end
 * is drawn most; who lost is drawn half as often with each loss.
 */
export function drawInvited(
  candidates: readonly Candidate[],
  { model, charter, chance }: { model: ModelId; charter: Rules; chance: Chance },
): readonly PeerId[] {
  const kindOf = ({ standing, engine }: Candidate): number =>
    checkProbability(standing, { model, engine }, charter) < 1 ? 0 : standing.checked > 0 ? 1 : 2
  // Once for each: a room may hold thousands.
  const kinds = candidates.map(kindOf)
  let left = [0, 1, 2].map((kind) => candidates.filter((_, i) => kinds[i] === kind))
  const invited: PeerId[] = []
  while (invited.length < Math.min(INVITED, candidates.length)) {
    const drawn = drawWeighted(drawKind(left, chance), charter, chance)
    invited.push(drawn.peer)
    left = left.map((kind) => kind.filter((one) => one !== drawn))
  }
  return invited
}

/** The first kind that has anybody, or with a small share one after it: as small as the least doubted of those makes it. */
function drawKind([first = [], ...others]: readonly (readonly Candidate[])[], chance: Chance): readonly Candidate[] {
  if (others.length === 0) return first
  const share = EXPLORED * others.flat().reduce((most, one) => Math.max(most, faithIn(one)), 0)
  return first.length > 0 && chance() >= share ? first : drawKind(others, chance)
}

/** 1 for whoever lost nothing, and half with each loss. */
const faithIn = ({ standing }: Candidate): number => 2 ** -doublingsOf(standing)

function drawWeighted(candidates: readonly Candidate[], { verification }: Rules, chance: Chance): Candidate {
  const weightOf = (one: Candidate) => faithIn(one) * (1 + Math.min(one.standing.checked, verification.probation))
  let at = chance() * candidates.reduce((sum, one) => sum + weightOf(one), 0)
  const drawn = candidates.find((one) => (at -= weightOf(one)) < 0) ?? candidates.at(-1)
  if (drawn === undefined) throw new RangeError('nobody is there to be drawn')
  return drawn
}

/** How a result is checked: by another executor under a fresh salt, by the asker's own hidden run of the canon, or not at all. */
export type CheckKind = 'audit' | 'rerun' | 'none'

/** What the asker's own run of a model in the canon would take. */
export interface OwnRun {
  /** Milliseconds of the last one; undefined before the first. */
  readonly measuredMs?: number
  readonly modelBytes: number
}

/** Milliseconds that a hidden run may take from whoever asks: hardly noticed beside a screen that waits anyway. */
const SMALL_RUN = 500
/** Bytes of a model that counts as small before it was measured: twice that of squeezenet, which takes 30 ms on a desktop. */
const SMALL_MODEL = 10 << 20

/**
 * Which check. On a small model half of them are own runs, as nobody can collude with those, and half are audits, each of which lets two
 * keys be known. On others an audit, where anybody is left to ask, and an own run where nobody is.
 */
export function drawCheck(
  { auditors, ownRun }: { auditors: number; ownRun: OwnRun | undefined },
  chance: Chance,
): CheckKind {
  if (auditors === 0) return ownRun ? 'rerun' : 'none'
  if (ownRun === undefined) return 'audit'
  const { measuredMs, modelBytes } = ownRun
  const isSmall = measuredMs === undefined ? modelBytes <= SMALL_MODEL : measuredMs <= SMALL_RUN
  return isSmall && chance() < 0.5 ? 'rerun' : 'audit'
}

import { turnsByPeer } from '../charter/members.ts'
import { equalBytes } from '../hash.ts'
import { isEntry, type BodyOf, type ReadEntry } from '../ledger/entry.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import { keyFromPeerId, type PeerId } from '../peer-id.ts'
import { isSeated, nextOf, type Seat } from './bench.ts'
import type { Case } from './case.ts'
import { entriesOf, type Docket } from './docket.ts'
import { hearingOf, type Level } from './level.ts'
import { contradictionOf } from './refute.ts'
import { rulingBody } from './ruling.ts'
import { linkAt } from './seed.ts'

/**
 * Something that a peer should now do about a case. `after`: entries that must lie before what it writes, and do not yet: named in `seen`, or by a
 * CHECKPOINT first where they are too many.
 */
export type Duty =
  /** Opens a link of its chain for that job: before it writes anything else, or it counts as withheld. */
  | { readonly kind: 'open-link'; readonly level: number; readonly link: number }
  | { readonly kind: 'summon'; readonly body: BodyOf<'SUMMON'> }
  /** A person's: says whether it serves; votes. */
  | { readonly kind: 'serve' | 'vote'; readonly summon: Uint8Array }
  /** Shows what it has bound itself to. */
  | { readonly kind: 'reveal'; readonly summon: Uint8Array; readonly after: readonly ReadEntry[] }
  | { readonly kind: 'noshow'; readonly body: BodyOf<'NOSHOW'> }
  | { readonly kind: 'rule'; readonly body: BodyOf<'RULING'>; readonly after: readonly ReadEntry[] }
  | { readonly kind: 'refute'; readonly body: BodyOf<'REFUTE'> }

export interface DutyFacts {
  readonly me: PeerId
  /** Milliseconds, by this peer's clock, since it was first asked of that name: each names something that it waits for. */
  readonly waited: (name: string) => number
  /** Whether what a PROVEN says holds, as this peer found by replaying its evidence. */
  readonly proven: (read: ReadEntry<'PROVEN'>) => boolean
}

/** What a peer should do now about a case, in this order. Whoever performs them asks again after each. */
export function dutiesOf(ledger: LedgerView, of: Case, facts: DutyFacts): readonly Duty[] {
  const level = of.levels.at(-1)
  if (level === undefined) return []
  return [
    ...toDraw(of, level, facts),
    ...toHear(ledger, of, level, facts),
    ...toRule(ledger, of, level, facts),
    ...toRefute(ledger, of, facts),
  ]
}

/** A party opens its link, and summons once all have opened theirs or had their time: first whoever opened the level, then the others in turn. */
function toDraw({ terms, contest, charter }: Case, level: Level, { me, waited }: DutyFacts): readonly Duty[] {
  const { parties } = terms
  if (level.size === undefined || level.ruling || !parties.includes(me)) return []
  if (!level.links.has(me)) return [{ kind: 'open-link', level: level.level, link: linkAt(level.level) }]
  const opened = parties.filter((party) => level.links.has(party))
  if (!level.openers.some(({ author }) => opened.includes(author))) return []
  // A link that came late makes for another summons, as long as nobody serves.
  const named = level.jury?.summons.named ?? []
  if (named.length === opened.length || level.now.some(({ state }) => state !== 'summoned')) return []
  const first = level.openers[0]
  const turn = first?.author === me ? 0 : 1 + parties.filter((party) => party !== first?.author).indexOf(me)
  const wait = waited(`links ${first?.name}`)
  const due = (opened.length === parties.length ? 0 : charter.timeouts.link) + turn * charter.timeouts.link
  if (wait < due) return []
  const links = opened.flatMap((party) => level.links.get(party)?.[0]?.id ?? [])
  return [{ kind: 'summon', body: { contest: contest.id, level: level.level, links } }]
}

/** A juror serves, votes and shows its vote; a party says of whom it heard nothing in time, and jurors say so after it. */
function toHear(ledger: LedgerView, { terms, charter }: Case, level: Level, facts: DutyFacts): readonly Duty[] {
  const { jury, now, ruling, outcome, appeals } = level
  // A ruling that nobody has appealed may yet give way to the word of more jurors.
  if (jury === undefined || appeals.length > 0 || (ruling && outcome?.isComplete)) return []
  const { docket } = jury
  const summon = docket.summons.id
  const held = now.filter(isSeated)
  const mine = held.find(({ peer }) => peer === facts.me)
  const isBound = held.every(({ state }) => state === 'committed' || state === 'revealed')
  const own: Duty[] = []
  if (mine?.state === 'summoned') own.push({ kind: 'serve', summon })
  if (mine?.state === 'serves') own.push({ kind: 'vote', summon })
  if (mine?.state === 'committed' && isBound)
    own.push({ kind: 'reveal', summon, after: notBefore(ledger, facts.me, lastWords(docket)) })
  const isDecided = ruling !== undefined && ruling.entry.body.outcome !== 'unresolved'
  const mayCall = terms.parties.includes(facts.me) || (mine !== undefined && mine.state !== 'summoned')
  const isLate = (seat: Seat) => {
    const { serve, vote, voteReveal } = charter.timeouts
    const why = nextOf(seat.state)
    if (seat.state === 'revealed' || (seat.state === 'committed' && !isBound)) return false
    const limit = why === 'no-answer' ? serve : why === 'no-vote' ? vote : voteReveal
    // Parties speak first: a juror joins in.
    const isMine = terms.parties.includes(facts.me) || seat.awaited !== undefined
    return facts.waited(`${why} ${docket.summons.name} ${seat.peer}`) >= limit && isMine
  }
  const calls = held
    .filter((seat) => seat.peer !== facts.me && isLate(seat) && !hasCalled(docket, facts.me, seat))
    .map((seat): Duty => ({
      kind: 'noshow',
      body: { summon, peer: keyFromPeerId(seat.peer), why: nextOf(seat.state) },
    }))
  return mayCall && !isDecided ? [...own, ...calls] : own
}

const hasCalled = ({ calls }: Docket, me: PeerId, seat: Seat): boolean =>
  (calls.get(seat.peer) ?? []).some(({ author, entry }) => author === me && entry.body.why === nextOf(seat.state))

/**
 * Whoever has a part writes down what follows: first whoever summoned, then the parties and the seats in turn. At once where nobody is waited for; else
 * after the time for showing votes. And again where more follows than was ruled, as long as nobody has appealed.
 */
function toRule(ledger: LedgerView, of: Case, level: Level, { me, waited }: DutyFacts): readonly Duty[] {
  const { outcome, ruling, jury, appeals } = level
  if (outcome === undefined || appeals.length > 0) return []
  const ruled = ruling?.entry.body
  const isMore =
    ruled === undefined ||
    (ruled.outcome === 'unresolved' && outcome.outcome !== 'unresolved') ||
    (outcome.outcome === ruled.outcome && outcome.deciders.length > ruled.deciders.length)
  if (!isMore) return []
  const first = jury?.summons.read.author ?? of.contest.author
  const seated = level.now.filter(isSeated).map(({ peer }) => peer)
  const turn = [...new Set([first, ...of.terms.parties, ...seated])].indexOf(me)
  if (turn < 0) return []
  const { link, voteReveal } = of.charter.timeouts
  const name = `${outcome.outcome} ${outcome.why ?? ''} ${level.level} ${of.contest.name}`
  if (waited(name) < turn * link + (outcome.isComplete ? 0 : voteReveal)) return []
  const body = rulingBody(ledger, hearingOf(of, level), jury?.docket.summons, outcome)
  // Who has left the charter since must be known to have left.
  const turns = turnsByPeer(ledger)
  const words = of.terms.parties.flatMap((party) => turns.get(party)?.at(-1)?.read ?? [])
  const said = jury ? lastWords(jury.docket) : level.openers
  return [{ kind: 'rule', body, after: notBefore(ledger, me, [...said, ...words]) }]
}

/** Whoever had a part says so where arithmetic has shown otherwise. */
function toRefute(ledger: LedgerView, of: Case, { me, proven }: DutyFacts): readonly Duty[] {
  return of.levels.flatMap(({ ruling, seats }): readonly Duty[] => {
    const hasPart = of.terms.parties.includes(me) || seats.some(({ peer }) => peer === me)
    const proof = ruling && hasPart ? contradictionOf(ledger, of.terms, ruling.entry.body, proven) : undefined
    if (ruling === undefined || proof === undefined) return []
    const isSaid = ledger
      .about(ruling.name)
      .some((read) => isEntry('REFUTE', read) && equalBytes(read.entry.body.proof, proof.id))
    return isSaid ? [] : [{ kind: 'refute', body: { ruling: ruling.id, proof: proof.id } }]
  })
}

/** Of each author the last that it said in a jury. */
function lastWords(docket: Docket): readonly ReadEntry[] {
  const last = new Map<PeerId, ReadEntry>()
  for (const read of entriesOf(docket))
    if (read.entry.seq >= (last.get(read.author)?.entry.seq ?? 0)) last.set(read.author, read)
  return [...last.values()]
}

/** Those that do not lie before the newest of this peer's own entries. */
function notBefore(ledger: LedgerView, me: PeerId, reads: readonly ReadEntry[]): readonly ReadEntry[] {
  const head = ledger.head(me)
  const past = head && ledger.past([head.id])
  return reads.filter((read) => past?.has(read) !== true)
}

import { chanceFrom, type Draws } from '../../src/domain/authority/chance.ts'
import type { Recorded, ReportInput, RoomFacts } from '../../src/domain/authority/recorded.ts'
import type { Recipe } from '../../src/domain/authority/report-shape.ts'
import { hash, hex } from '../../src/domain/hash.ts'
import { GRADES, type Vote } from '../../src/domain/ledger/entry.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'

/** Names as long as peers have them, in no order that means anything. */
export const peersNamed = (count: number): readonly PeerId[] =>
  Array.from({ length: count }, (_, i) => `12D3KooW${hex(hash('moot/test-peer', i)).slice(0, 44)}`)

const DECISION: Omit<Recorded, 'entry'> = {
  kind: 'job',
  route: 'agreement',
  weight: 1,
  quota: 1,
  deciders: [],
  affected: [],
  overturned: false,
  unresolved: null,
  contest: null,
  touches: [],
  votes: [],
  computed: [],
}

const entryOf = (seed: string, i: number): string => hex(hash('moot/test-entry', seed, i))

/** A job whose answers agreed. */
export const job = (entry: string, requester: PeerId, executors: readonly PeerId[]): Recorded => ({
  ...DECISION,
  entry,
  weight: 1 + executors.length,
  quota: executors.length,
  affected: [requester, ...executors].map((peer) => ({ peer, grade: 'clicked' })),
  touches: [requester],
  computed: executors,
})

/** A ruling over some peers by the votes of others; `uphold` or `dismiss` wins with more votes than the other. */
export function ruling(entry: string, votes: readonly (readonly [PeerId, Vote])[], over: readonly PeerId[]): Recorded {
  const upheld = votes.filter(([, vote]) => vote === 'uphold').length
  const winning = 2 * upheld === votes.length ? undefined : 2 * upheld > votes.length ? 'uphold' : 'dismiss'
  return {
    ...DECISION,
    entry,
    kind: 'ruling',
    route: winning ? 'jury' : 'unresolved',
    weight: over.length,
    quota: Math.floor(votes.length / 2) + 1,
    deciders: votes.map(([peer, vote]) => ({ peer, won: vote === winning })),
    affected: over.map((peer) => ({ peer, grade: 'signed-after-diff' })),
    unresolved: winning ? null : 'no-majority',
    contest: entry,
    touches: over,
    votes: votes.map(([, vote]) => vote),
  }
}

export const introduction = (entry: string, by: PeerId, of: PeerId): Recorded => ({
  ...DECISION,
  entry,
  kind: 'introduction',
  route: 'requester',
  deciders: [{ peer: by, won: true }],
  affected: [{ peer: of, grade: 'none' }],
  touches: [by],
})

export interface HistoryInit {
  readonly seed: string
  readonly peers: number
  readonly decisions: number
  /** Of a hundred decisions, those that are rulings. Default 40. */
  readonly rulings?: number
}

/** Decisions of a room in which some compute more, some sit more often, and a few always vote alike. */
export function history({ seed, peers: count, decisions, rulings = 40 }: HistoryInit): readonly Recorded[] {
  const peers = peersNamed(count)
  const draws = chanceFrom(hash('moot/test-history', seed), 'history')
  return Array.from({ length: decisions }, (_, i) => decision(entryOf(seed, i), { draws, peers, rulings }))
}

interface Making {
  readonly draws: Draws
  readonly peers: readonly PeerId[]
  readonly rulings: number
}

function decision(entry: string, making: Making): Recorded {
  const { draws, peers, rulings } = making
  const kind = draws.below(100)
  if (kind < rulings) return someRuling(entry, making)
  const [requester = '', ...executors] = sample(draws, peers, Math.min(4, peers.length))
  if (kind < 95) {
    const made = job(entry, requester, executors)
    const fate = draws.below(20)
    if (fate === 0) return { ...made, route: 'unresolved', unresolved: 'no-answer', computed: [] }
    if (fate === 1) return { ...made, overturned: true, computed: [] }
    return fate < 5 ? { ...made, route: 'requester', computed: [] } : made
  }
  if (kind < 98) return introduction(entry, requester, executors[0] ?? requester)
  return {
    ...DECISION,
    entry,
    kind: 'amendment',
    route: 'rule',
    weight: executors.length,
    deciders: executors.map((peer) => ({ peer, won: true })),
    affected: executors.map((peer) => ({ peer, grade: 'ballot' })),
    touches: executors,
  }
}

function someRuling(entry: string, { draws, peers }: Making): Recorded {
  const size = [3, 3, 5, 11][draws.below(4)] ?? 3
  const seated = sample(draws, peers, Math.min(size, peers.length))
  const right = draws.below(2)
  const bloc = draws.below(2)
  const votes = seated.map((peer): readonly [PeerId, Vote] => {
    const isRight = draws.below(10) < 7
    const mind = peers.indexOf(peer) < peers.length / 20 ? bloc : isRight ? right : 1 - right
    return [peer, mind === 1 ? 'uphold' : 'dismiss']
  })
  const over = sample(draws, peers, 4)
  const made = ruling(entry, votes, over)
  return {
    ...made,
    touches: over,
    affected: over.map((peer) => ({ peer, grade: GRADES[draws.below(4)] ?? 'clicked' })),
  }
}

/** Some of them, those at the front more often. */
function sample<T>(draws: Draws, from: readonly T[], count: number): T[] {
  const chosen = new Set<T>()
  while (chosen.size < Math.min(count, from.length)) {
    const at = Math.floor(draws.unit() * draws.unit() * from.length)
    const one = from[at]
    if (one !== undefined) chosen.add(one)
  }
  return [...chosen]
}

/** What there is to know of a room of these peers: each twentieth introduced the others near it. */
export function factsOf(peers: readonly PeerId[], change: Partial<RoomFacts> = {}): RoomFacts {
  return {
    members: peers,
    trusted: peers.slice(0, Math.ceil(peers.length / 2)),
    vouches: new Map(peers.map((peer, i) => [peer, 1 + (i % 4)])),
    trees: new Map(peers.map((peer, i) => [peer, peers[i - (i % 20)] ?? peer])),
    seniority: peers,
    agenda: [],
    exits: [],
    forks: [],
    signers: peers,
    defaults: [{ weight: 1, unchanged: 0.8, affirmed: 0.25 }],
    ratifyShare: 2 / 3,
    reach: { hosts: { kept: 1, of: 2 }, together: { kept: 3, of: 4 }, entries: [] },
    marked: [],
    ...change,
  }
}

export const recipeOf = (change: Partial<Recipe> = {}): Recipe => ({
  code: '00'.repeat(32),
  root: hex(hash('moot/test-root')),
  window: 0,
  scope: 'everything',
  viewer: peersNamed(1)[0] ?? '',
  coverage: { held: 1, known: 1 },
  ...change,
})

export const inputOf = (
  init: HistoryInit,
  recipe: Partial<Recipe> = {},
  facts: Partial<RoomFacts> = {},
): ReportInput => ({
  decisions: history(init),
  facts: factsOf(peersNamed(init.peers), facts),
  recipe: recipeOf(recipe),
})

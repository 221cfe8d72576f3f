import { seededRandomBytes } from '../adapters/memory/random.ts'
import { cidOf, FIRST_CHARTER, type Charter } from '../domain/charter/charter.ts'
import { checkProbability, drawCheck, drawInvited, INVITED, type Chance } from '../domain/checking.ts'
import { hash } from '../domain/hash.ts'
import { castLot, jobIdOf, seatsDue } from '../domain/lot.ts'
import { peerIdFromKey, type PeerId } from '../domain/peer-id.ts'
import { UNKNOWN, withSeen, type Seen, type Standing } from '../domain/standing.ts'
import { compareClaims, type HashedClaim } from '../domain/verdict.ts'
import { chanceFrom } from '../peer/draw-chance.ts'
import type { RandomBytes } from '../ports/clock.ts'

export interface CheckingInit {
  /** All chance comes from it: the same seed gives the same run. */
  readonly seed: string
  readonly executors: number
  /** Peers that ask, by turns, each with what it has seen itself. Default 1. */
  readonly askers?: number
  /** The share of executors that are faulty, and the share of their jobs in which they are wrong. */
  readonly faulty: number
  readonly wrongIn: number
  /** Whether the faulty are wrong on the same inputs and in the same way, as keys of one hand are. */
  readonly colluding?: boolean
  /** Whether the askers can run the model themselves. */
  readonly ownRuns?: boolean
  /** The share of executions whose executor vanishes before its COMMIT, so that the job is asked again. Default none. */
  readonly vanishing?: number
  /** Answers accepted after probation, by all askers together. */
  readonly answers: number
  readonly charter?: Charter
}

/** What some answers took. */
export interface Tally {
  /** Accepted answers, and how many of them were wrong. */
  readonly answers: number
  readonly wrong: number
  /** Executions: of what was asked, of audits, of the askers' own checks, and of parties who settle a disagreement in the canon. */
  readonly primaries: number
  readonly audits: number
  readonly reruns: number
  readonly settling: number
}

export interface SimulatedChecking {
  /** While the asker still knew fewer keys than it invites: each answer was checked. */
  readonly probation: Tally
  /** From then on; newcomers and who lost are on probation still. */
  readonly after: Tally
  /** Claims that were refuted, of faulty executors and of honest ones. */
  readonly refuted: { readonly faulty: number; readonly honest: number }
}

export const executionsPerAnswer = ({ answers, primaries, audits, reruns, settling }: Tally): number =>
  (primaries + audits + reruns + settling) / answers

const NOTHING: Tally = { answers: 0, wrong: 0, primaries: 0, audits: 0, reruns: 0, settling: 0 }
const WORK = { model: cidOf('a simulated model'), engine: 'cpu' } as const
const NUMERICS = { arithmetic: 'fp32' } as const
/** A model small enough that askers run it themselves, where they can. */
const OWN_RUN = { modelBytes: 1 << 20 }
/** Who runs the canon to settle what an audit found (asker, executor, auditor), and beside the asker's own run what that found. */
const PARTIES = { audit: 3, rerun: 1 } as const

/** Adaptive asks under the product's own rules of standing, checking, lot and agreement; messages, time and engines left out. */
export function simulateChecking(init: CheckingInit): SimulatedChecking {
  const { seed, executors, askers = 1, faulty, answers, charter = FIRST_CHARTER } = init
  const random = seededRandomBytes(seed)
  const peers = Array.from({ length: executors }, (_, i) => peerIdFromKey(hash('sim/key', seed, i)))
  const world: World = {
    init,
    charter,
    random,
    chance: chanceFrom(random),
    peers,
    faulty: new Set(peers.slice(0, Math.round(executors * faulty))),
  }
  const all = Array.from({ length: askers }, () => new Asker(world))
  const refuted = { faulty: 0, honest: 0 }
  let [probation, after] = [NOTHING, NOTHING]
  for (let turn = 0; after.answers < answers; turn++) {
    const asker = all[turn % askers]
    if (asker === undefined) break
    const isKnowing = asker.trusted >= INVITED
    const { cost, lost } = asker.ask(new Question(world, turn))
    if (isKnowing) after = plus(after, cost)
    else probation = plus(probation, cost)
    for (const peer of lost) refuted[world.faulty.has(peer) ? 'faulty' : 'honest'] += 1
  }
  return { probation, after, refuted }
}

const plus = (a: Tally, b: Tally): Tally => ({
  answers: a.answers + b.answers,
  wrong: a.wrong + b.wrong,
  primaries: a.primaries + b.primaries,
  audits: a.audits + b.audits,
  reruns: a.reruns + b.reruns,
  settling: a.settling + b.settling,
})

interface World {
  readonly init: CheckingInit
  readonly charter: Charter
  readonly random: RandomBytes
  readonly chance: Chance
  readonly peers: readonly PeerId[]
  readonly faulty: ReadonlySet<PeerId>
}

/** One input, and what each executor makes of it: the same however often it is asked. */
class Question {
  readonly canonical: HashedClaim
  readonly #world: World
  readonly #number: number
  readonly #outputs = new Map<PeerId, Uint8Array>()
  /** Whether it is one of those on which colluders are wrong. */
  readonly #isTempting: boolean

  constructor(world: World, number: number) {
    this.#world = world
    this.#number = number
    this.#isTempting = world.chance() < world.init.wrongIn
    this.canonical = { peer: '', engine: 'cpu', outputHash: hash('sim/output', number), computeMs: 1 }
  }

  claimOf(peer: PeerId): HashedClaim {
    const outputHash = this.#outputs.get(peer) ?? this.#compute(peer)
    this.#outputs.set(peer, outputHash)
    return { ...this.canonical, peer, outputHash }
  }

  #compute(peer: PeerId): Uint8Array {
    const { faulty, chance, init } = this.#world
    if (!faulty.has(peer)) return this.canonical.outputHash
    const { colluding = false, wrongIn } = init
    const isWrong = colluding ? this.#isTempting : chance() < wrongIn
    return isWrong ? hash('sim/wrong', this.#number, colluding ? '' : peer) : this.canonical.outputHash
  }
}

/** One who asks, and what it has seen. */
class Asker {
  readonly #world: World
  readonly #standings = new Map<PeerId, Standing>()

  constructor(world: World) {
    this.#world = world
  }

  /** Keys of which not every result is checked. */
  get trusted(): number {
    const { charter } = this.#world
    return [...this.#standings.values()].filter((standing) => checkProbability(standing, WORK, charter) < 1).length
  }

  ask(question: Question): { cost: Tally; lost: readonly PeerId[] } {
    const { charter, chance, peers, init } = this.#world
    const { executor, executions: primaries } = this.#execute()
    const claim = question.claimOf(executor)
    const cost = { ...NOTHING, answers: 1, primaries }
    const wrong = (accepted: HashedClaim) => Number(!agree(question.canonical, accepted))
    const ownRun = init.ownRuns ? OWN_RUN : undefined
    const isChecked = chance() < checkProbability(this.#of(executor), WORK, charter)
    const by = isChecked ? drawCheck({ auditors: peers.length - 1, ownRun }, chance) : 'none'
    if (by === 'none') return { cost: { ...cost, wrong: wrong(claim) }, lost: [] }
    const audit = by === 'audit' ? this.#execute(executor) : undefined
    const other = audit ? question.claimOf(audit.executor) : question.canonical
    const checked = { ...cost, audits: audit?.executions ?? 0, reruns: audit ? 0 : 1 }
    const claims = audit ? [claim, other] : [claim]
    if (agree(other, claim)) {
      for (const { peer } of claims) this.#note(peer, { type: 'right', ...WORK })
      return { cost: { ...checked, wrong: wrong(claim) }, lost: [] }
    }
    // The canon settles it, and what it computes is the answer.
    const lost = claims.filter((one) => !agree(question.canonical, one)).map(({ peer }) => peer)
    for (const { peer } of claims)
      this.#note(peer, lost.includes(peer) ? { type: 'lost', for: 'claim' } : { type: 'right', ...WORK })
    return { cost: { ...checked, settling: PARTIES[by] }, lost }
  }

  /** Draws executors until one is bound. */
  #execute(except?: PeerId): { executor: PeerId; executions: number } {
    const { chance, init, peers } = this.#world
    for (let executions = 1; ; executions++) {
      const executor = this.#draw(peers.filter((peer) => peer !== except))
      if (chance() >= (init.vanishing ?? 0)) return { executor, executions }
    }
  }

  #draw(asked: readonly PeerId[]): PeerId {
    const { charter, chance, random } = this.#world
    const candidates = asked.map((peer) => ({ peer, engine: WORK.engine, standing: this.#of(peer) }))
    const invited = drawInvited(candidates, { model: WORK.model, charter, chance })
    const [secret, offer] = [random(32), random(32)]
    const job = jobIdOf(
      offer,
      invited.map((peer) => hash('sim/accept', offer, peer)),
    )
    const tickets = invited.map((peer) => ({ peer, engine: WORK.engine }))
    const [seat] = seatsDue(castLot({ secret, job, tickets }), { seats: 1 })
    if (seat === undefined) throw new RangeError('there is nobody to ask')
    return seat.peer
  }

  #of(peer: PeerId): Standing {
    return this.#standings.get(peer) ?? UNKNOWN
  }

  #note(peer: PeerId, seen: Seen): void {
    this.#standings.set(peer, withSeen(this.#of(peer), seen))
  }
}

const agree = (reference: HashedClaim, other: HashedClaim): boolean =>
  compareClaims(reference, other, NUMERICS).agree === true

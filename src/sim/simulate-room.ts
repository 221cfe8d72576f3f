import { MemoryBlockStore } from '../adapters/memory/block-store.ts'
import { ManualClock } from '../adapters/memory/clock.ts'
import { createMemoryNetwork, type MemoryNetwork } from '../adapters/memory/network.ts'
import { seededRandomBytes } from '../adapters/memory/random.ts'
import { memoryLogs } from '../adapters/memory/log-store.ts'
import { memoryRecords } from '../adapters/memory/record-store.ts'
import { memorySettingsStore } from '../adapters/memory/settings.ts'
import { fault } from '../domain/fault.ts'
import type { Check } from '../domain/checking.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { AnswerState, EngineKind } from '../domain/states.ts'
// What a tab loads when it first needs it must be here before: no seed decides how long that takes.
import '../peer/check-adaptively.ts'
import '../peer/disputes/hold-disputes.ts'
import '../peer/disputes/open-case.ts'
import '../peer/governance/hold-governance.ts'
import '../peer/governance/hold-juries.ts'
import { createPeer } from '../peer/create-peer.ts'
import { disturbEngine } from '../peer/disturb-engine.ts'
import type { PlantedFault } from '../peer/plant-fault.ts'
import type { Answer, Peer } from '../peer/view.ts'
import type { RandomBytes } from '../ports/clock.ts'
import * as standIns from './stand-ins.ts'

/** Milliseconds that anything takes from one tab to another, one way: what WebRTC takes within a continent. */
const LATENCY = 20

/** Milliseconds until a crash is noticed: a stream that breaks tells sooner than the transport's pings. */
const DETECTION = 500

/** Milliseconds after the last tab has joined until the first ask: presence has been round by then. */
const SETTLING = 15_000

/** Milliseconds of simulated time that one ask may take; past it the simulation itself is at fault. */
const PATIENCE = 400_000

export interface SimulationInit {
  /** All chance comes from it: the same seed gives the same run. */
  readonly seed: string
  readonly peers: number
  readonly asks: number
  /** How asks are checked. Default as the charter says. */
  readonly check?: Check
  /** How many of the peers, the first ones, ask. Default all. */
  readonly askers?: number
  /** Asks under way at a time. Default 4. */
  readonly inFlight?: number
  /** How many of the peers, the last ones, offer a gpu. Default none. */
  readonly gpus?: number
  /** Faults by the number of the peer, from 0. Peers with a fault do not ask. */
  readonly faults?: Readonly<Record<number, PlantedFault>>
  /** For which asks, by number from 0, one of the executors crashes: before all are bound, or after. */
  readonly crashes?: Readonly<Record<number, 'before' | 'after'>>
}

/** How one ask ended. Peers go by their numbers. */
export interface SimulatedAnswer {
  readonly ask: number
  readonly asker: number
  readonly state: AnswerState
  readonly deciders: readonly number[]
  readonly attempt: number
  /** Of an adaptive ask: how it was checked. */
  readonly checked?: Answer['checked']
  /** Simulated milliseconds from the click to the verdict. */
  readonly totalMs: number
}

export interface Simulated {
  readonly answers: readonly SimulatedAnswer[]
  /** The receipt files of what was decided, in the same order. */
  readonly receipts: readonly Uint8Array[]
  readonly crashed: readonly number[]
}

/** Runs a room: the peers are the product's own, on a clock, a network, keys and engines that are not. */
export async function simulateRoom(init: SimulationInit): Promise<Simulated> {
  const { seed, asks, inFlight = 4, crashes = {} } = init
  const clock = new ManualClock()
  const random = seededRandomBytes(seed)
  const network = createMemoryNetwork({ clock, random, latencyMs: LATENCY, detectionMs: DETECTION })
  const peers = await joinAll(init, { clock, random, network })
  const numberOf = new Map(peers.map((peer, i) => [peer.id, i]))
  const crashed = new Set<PeerId>()
  const asking: PeerId[] = []
  await clock.advance(SETTLING)

  const ended: Answer[] = []
  const askers: number[] = []
  const next = async (): Promise<void> => {
    const ask = askers.length
    if (ask >= asks) return
    const asker = drawAsker(peers, init, crashed, random)
    askers.push(numberOf.get(asker.id) ?? 0)
    asking.push(asker.id)
    const options = init.check ? { check: init.check } : {}
    const under = asker.ask({ model: standIns.STAND_IN_MODEL_ID, input: standIns.standInInput(random) }, options)
    const crash = crashes[ask]
    if (crash !== undefined) crashOne(under, crash, { spared: asking, network, crashed, random })
    ended[ask] = await under.done
    asking.splice(asking.indexOf(asker.id), 1)
    await next()
  }
  const all = Promise.all(Array.from({ length: inFlight }, next))
  await clock.runUntil(() => ended.filter(Boolean).length === asks, PATIENCE * asks)
  await all

  const numbers = (ids: readonly PeerId[]) => ids.map((id) => numberOf.get(id) ?? -1)
  return {
    answers: ended.map(({ state, claims, attempt, checked, totalMs = 0 }, ask) => ({
      ask,
      asker: askers[ask] ?? -1,
      state,
      deciders: numbers(claims.map((claim) => claim.peer)),
      attempt,
      ...(checked ? { checked } : {}),
      totalMs,
    })),
    receipts: ended.flatMap(({ receipt }) => receipt ?? []),
    crashed: numbers([...crashed]),
  }
}

interface World {
  readonly clock: ManualClock
  readonly random: RandomBytes
  readonly network: MemoryNetwork
}

/** One after the other, as people open a link. */
async function joinAll({ seed, peers, gpus = 0, faults = {} }: SimulationInit, world: World): Promise<Peer[]> {
  const { clock, random, network } = world
  const joined: Peer[] = []
  for (let i = 0; i < peers; i++) {
    const signer = standIns.standInSigner(seed, `peer ${i}`)
    const kind: EngineKind = i >= peers - gpus ? 'gpu' : 'cpu'
    // 5 to 36 ms: the digits on a phone and on a desktop.
    const engine = (of: EngineKind) => standIns.standInEngine(of, clock, () => 5 + ((random(1)[0] ?? 0) >> 3))
    const plantedFault = faults[i]
    joined.push(
      await createPeer(
        {
          room: 'simulation',
          charter: standIns.STAND_IN_CHARTER,
          consent: 'clicked',
          epoch: i,
          settings: { duty: 1, engine: kind },
          ...(plantedFault ? { plantedFault } : {}),
        },
        {
          net: network.peer(signer.peer),
          signer,
          verify: standIns.verifyStandIn,
          clock,
          random,
          cpu: engine('cpu'),
          startGpu: async () => engine('gpu'),
          blocks: new MemoryBlockStore(),
          records: {
            models: memoryRecords(),
            imports: memoryRecords(),
            opinions: memoryRecords(),
            standing: memoryRecords(),
            charters: memoryRecords(),
          },
          logs: () => memoryLogs(),
          runtime: standIns.STAND_IN_RUNTIME,
          canons: [],
          code: 'simulated',
          reckon: async () => Promise.reject(new Error('nobody reads a report in a simulation')),
          disturb: disturbEngine,
          importTools: async () => Promise.reject(new Error('nobody imports a model in a simulation')),
          openSurgery: standIns.openStandInSurgery,
          openCanon: async (canon) => Promise.reject(fault({ code: 'CANON_UNKNOWN', canon })),
          shipped: [{ manifest: standIns.STAND_IN_MODEL, fetch: standIns.readStandInModel }],
          settings: memorySettingsStore(),
          chainSecret: random(32),
        },
      ),
    )
    await clock.advance(LATENCY)
  }
  return joined
}

/** Somebody without a fault who is still here. */
function drawAsker(
  peers: readonly Peer[],
  { faults = {}, askers = peers.length }: SimulationInit,
  crashed: ReadonlySet<PeerId>,
  random: RandomBytes,
): Peer {
  const able = peers.filter((peer, i) => i < askers && faults[i] === undefined && !crashed.has(peer.id))
  return drawFrom(able, random)
}

/**
 * Crashes one of an ask's executors, once, as soon as the ask is so far: all seated, or all bound. Those who ask
 * themselves are spared: with a tab its asks are gone, and nobody is left to lose them.
 */
function crashOne(
  ask: ReturnType<Peer['ask']>,
  when: 'before' | 'after',
  {
    spared,
    network,
    crashed,
    random,
  }: { spared: readonly PeerId[]; network: MemoryNetwork; crashed: Set<PeerId>; random: RandomBytes },
): void {
  const stop = ask.subscribe(({ phase, executors }) => {
    if (phase !== (when === 'before' ? 'computing' : 'revealing')) return
    stop()
    const others = executors.map(({ peer }) => peer).filter((peer) => !spared.includes(peer) && !crashed.has(peer))
    if (others.length === 0) return
    const victim = drawFrom(others.toSorted(), random)
    crashed.add(victim)
    network.crash(victim)
  })
}

function drawFrom<T>(items: readonly T[], random: RandomBytes): T {
  const [a = 0, b = 0] = random(2)
  const drawn = items[(a * 256 + b) % items.length]
  if (drawn === undefined) throw new Error('nobody is left to draw from')
  return drawn
}

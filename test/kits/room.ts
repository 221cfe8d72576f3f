import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/memory/network.ts'
import { seededRandomBytes } from '../../src/adapters/memory/random.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { maintainMesh, type MeshComponents } from '../../src/peer/maintain-mesh.ts'
import type { RandomBytes } from '../../src/ports/clock.ts'
import type { Net } from '../../src/ports/net.ts'
import { control, type Control } from '../../src/protocols/control/index.ts'
import { presence, type OwnPresence, type Presence } from '../../src/protocols/presence/index.ts'
import { person, verifyWithNode } from './keys.ts'

export const ROOM = 'kit'

export const OWN: OwnPresence = {
  engines: ['cpu'],
  build: 'kit',
  models: [],
  load: 0,
  paused: false,
  watching: false,
}

/** One peer of a room in memory, without engines. */
export interface Member {
  readonly id: PeerId
  readonly net: Net
  readonly presence: Presence
  readonly control: Control
  /** Peers it dialled, in order. */
  readonly dials: PeerId[]
  leave(): Promise<void>
}

/** A room in memory whose time stands still until `clock` is told to go. */
export interface Room {
  readonly clock: ManualClock
  readonly network: MemoryNetwork
  readonly random: RandomBytes
  join(name: string, options?: { mesh?: boolean; epoch?: number }): Promise<Member>
}

export function openRoom(init: { latencyMs?: number; detectionMs?: number } = {}): Room {
  const clock = new ManualClock()
  const random = seededRandomBytes('a room')
  const network = createMemoryNetwork({ clock, random, latencyMs: 5, ...init })
  return {
    clock,
    network,
    random,
    join: async (name, { mesh = true, epoch = 0 } = {}) => {
      const signer = person(name)
      const net = network.peer(signer.peer)
      const dials: PeerId[] = []
      const who = presence({ room: ROOM, epoch })({ net, signer, verify: verifyWithNode, clock, random })
      const held = control()({ net, clock })
      held.on('goodbye', ({ peer, seq }) => who.forget(peer, seq))
      const stopMesh = mesh
        ? maintainMesh({}, { net: countingDials(net, dials), presence: who, clock, random })
        : () => undefined
      held.start()
      who.start(OWN)
      await net.start()
      const leave = async () => {
        stopMesh()
        await Promise.all([held.goodbye(who.seq), who.leave()])
        await net.stop()
      }
      return { id: signer.peer, net, presence: who, control: held, dials, leave }
    },
  }
}

const countingDials = (net: Net, dials: PeerId[]): MeshComponents['net'] => ({
  self: net.self,
  links: () => net.links(),
  relays: () => net.relays(),
  on: (event, handler) => net.on(event, handler),
  disconnect: async (peer) => net.disconnect(peer),
  connect: async (peer, addresses, options) => {
    dials.push(peer)
    return net.connect(peer, addresses, options)
  },
})

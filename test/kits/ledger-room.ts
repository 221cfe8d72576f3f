import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { seededRandomBytes } from '../../src/adapters/memory/random.ts'
import { hex } from '../../src/domain/hash.ts'
import type { ReadEntry } from '../../src/domain/ledger/entry.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { LedgerKeeper } from '../../src/peer/ledger/keep-ledger.ts'
import type { LogStore } from '../../src/ports/log-store.ts'
import type { Net } from '../../src/ports/net.ts'
import type { VerifySignature } from '../../src/ports/signer.ts'
import { person, verifyWithNode } from './keys.ts'
import { LOG_CHARTER, LOG_ROOM } from './logs.ts'

export const WIRE_ROOM = 'kit'

export interface LedgerMember {
  readonly id: PeerId
  readonly net: Net
  readonly keeper: LedgerKeeper
  readonly store: LogStore
  /** Entries that it was told of, in their order. */
  readonly changes: ReadEntry[]
  readonly trusted: Set<PeerId>
  readonly blocked: Set<PeerId>
  /** Signatures that it had checked. */
  readonly checks: { count: number }
  root(): string
  /** Says something small. */
  note(value: string): Promise<ReadEntry>
  /** Leaves in an orderly way. */
  leave(): Promise<void>
}

/** Peers in memory that hold a ledger together. Their time stands still until `clock` is told to go. */
export function openLedgerRoom({ latencyMs = 5 } = {}) {
  const clock = new ManualClock()
  const random = seededRandomBytes('a room')
  const network = createMemoryNetwork({ clock, random, latencyMs })

  async function join(
    name: string,
    {
      store = memoryLogs(),
      wait = 5_000,
      check = verifyWithNode,
    }: { store?: LogStore; wait?: number; check?: VerifySignature } = {},
  ): Promise<LedgerMember> {
    const signer = person(name)
    const net = network.peer(signer.peer)
    const changes: ReadEntry[] = []
    const checks = { count: 0 }
    const [trusted, blocked] = [new Set<PeerId>(), new Set<PeerId>()]
    const verify: VerifySignature = (...signed) => {
      checks.count++
      return check(...signed)
    }
    const keeper = new LedgerKeeper({
      room: LOG_ROOM,
      roomTopic: WIRE_ROOM,
      net,
      signer,
      verify,
      clock,
      random,
      store,
      build: 'kit',
      isTrusted: (peer) => trusted.has(peer),
      isBlocked: (peer) => blocked.has(peer),
      onChange: (reads) => void changes.push(...reads),
    })
    const stop = keeper.start()
    await net.start()
    await clock.advance(wait)
    return {
      id: signer.peer,
      net,
      keeper,
      store,
      changes,
      trusted,
      blocked,
      checks,
      root: () => hex(keeper.ledger.root()),
      note: async (value) => {
        const appended = keeper.append('DEFAULT_SET', { key: 'note', value }, LOG_CHARTER)
        await clock.advance(50)
        return appended
      },
      leave: async () => {
        const stopped = stop()
        await clock.advance(100)
        await stopped
        await net.stop()
        await clock.advance(100)
      },
    }
  }

  async function link(from: { readonly net: Net }, to: { readonly id: PeerId }): Promise<void> {
    const linked = from.net.connect(to.id, [`/memory/${to.id}`])
    await clock.advance(500)
    await linked
  }

  return {
    clock,
    network,
    join,
    link,
    /** A peer with a key and no rules. */
    mallory: async (name = 'eve') => {
      const net = network.peer(person(name).peer)
      await net.start()
      await clock.advance(100)
      return { id: net.self, net }
    },
  }
}

import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { openRoom, type Member, type Room } from '../kits/room.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `peer ${i}`)

/** Peers that come one after another, half a second apart. */
async function arrive(room: Room, count: number): Promise<Member[]> {
  const members: Member[] = []
  for (const name of names(count)) {
    members.push(await room.join(name))
    await room.clock.advance(500)
  }
  return members
}

const degree = ({ net }: Member): number => net.links().filter(({ path }) => path === 'direct').length

/** Whoever can be reached from a member over direct links. */
function island(from: Member, members: readonly Member[]): number {
  const byId = new Map(members.map((member) => [member.id, member]))
  const seen = new Set<PeerId>([from.id])
  for (const id of seen) for (const { peer } of byId.get(id)?.net.links() ?? []) seen.add(peer)
  return seen.size
}

const pairsOf = (members: readonly Member[]): string[] =>
  members.flatMap(({ id, dials }) => dials.map((peer) => [id, peer].sort().join(' ')))

describe('maintaining the mesh', () => {
  it('links a newcomer within a breath of its hello', async () => {
    const room = openRoom()
    const alice = await room.join('alice')
    await room.clock.advance(5_000)
    const bob = await room.join('bob')
    await room.clock.advance(200)
    expect(bob.net.links()).toEqual([{ peer: alice.id, path: 'direct' }])
  })

  it('links two that come at the same moment, with one dial', async () => {
    const room = openRoom()
    const pair = await Promise.all([room.join('alice'), room.join('bob')])
    await room.clock.advance(1_500)
    expect(pair.map(degree)).toEqual([1, 1])
    expect(pair.flatMap(({ dials }) => dials)).toHaveLength(1)
  })

  it('links everybody with everybody in a small room', async () => {
    const room = openRoom()
    const members = await arrive(room, 6)
    await room.clock.advance(5_000)
    expect(members.map(degree)).toEqual(Array<number>(6).fill(5))
  })

  it('makes one mesh of twelve, of moderate degree, dialling no pair twice', async () => {
    const room = openRoom()
    const members = await arrive(room, 12)
    await room.clock.advance(10_000)
    for (const member of members) {
      expect(island(member, members)).toBe(12)
      expect(degree(member)).toBeGreaterThanOrEqual(4)
      expect(degree(member)).toBeLessThanOrEqual(12)
    }
    expect(new Set(pairsOf(members)).size).toBe(pairsOf(members).length)
  })

  it('grows together again after a partition', async () => {
    const room = openRoom()
    const members = await arrive(room, 12)
    const [left, right] = [members.slice(0, 6), members.slice(6)]
    room.network.partition(
      left.map(({ id }) => id),
      right.map(({ id }) => id),
    )
    await room.clock.advance(60_000)
    expect(members.map((member) => island(member, members))).toEqual(Array<number>(12).fill(6))
    room.network.heal()
    await room.clock.advance(60_000)
    expect(members.map((member) => island(member, members))).toEqual(Array<number>(12).fill(12))
  })

  it('replaces a neighbour that crashed', async () => {
    const room = openRoom({ detectionMs: 6_000 })
    const members = await arrive(room, 12)
    const [first, ...others] = members
    if (!first) throw new Error('nobody came')
    room.network.crash(first.id)
    await room.clock.advance(60_000)
    for (const member of others) {
      expect(member.net.links().map(({ peer }) => peer)).not.toContain(first.id)
      expect(degree(member)).toBeGreaterThanOrEqual(4)
      expect(island(member, others)).toBe(11)
    }
  })

  it('keeps its links while the relay is away, and takes in whoever came meanwhile when it is back', async () => {
    const room = openRoom()
    const members = await arrive(room, 4)
    await room.clock.advance(5_000)
    room.network.setRelay(false)
    await room.clock.advance(70_000)
    expect(members.map(degree)).toEqual([3, 3, 3, 3])
    const newcomer = await room.join('newcomer')
    await room.clock.advance(5_000)
    expect(degree(newcomer)).toBe(0)
    room.network.setRelay(true)
    await room.clock.advance(3_000)
    expect(degree(newcomer)).toBe(4)
  })

  it('does not wear out the browser on peers that cannot be reached directly', async () => {
    const room = openRoom()
    const [alice, bob] = await arrive(room, 2)
    if (!alice || !bob) throw new Error('nobody came')
    room.network.blockDirect(alice.id, bob.id)
    const before = pairsOf([alice, bob]).length
    await room.clock.advance(600_000)
    expect(pairsOf([alice, bob]).length - before).toBeLessThan(80)
  })
})

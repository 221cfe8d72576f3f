import { encode } from '@ipld/dag-cbor'
import { describe, expect, it } from 'vitest'
import { signingBytes } from '../../../src/domain/envelope.ts'
import { presenceTopic } from '../../../src/protocols/presence/constants.ts'
import { person } from '../../kits/keys.ts'
import { openRoom, OWN, ROOM, type Member } from '../../kits/room.ts'

const known = ({ presence }: Member): string[] =>
  presence
    .list()
    .map(({ peer }) => peer)
    .sort()

const mallory = person('mallory')

/** What Mallory could gossip: an announcement with anything in it changed. */
async function announcement(changed: Record<string, unknown> = {}, signer = mallory): Promise<Uint8Array> {
  const body = encode({
    ...OWN,
    kind: 'presence',
    room: ROOM,
    seq: 1,
    addresses: [],
    hello: false,
    leaving: false,
    ...changed,
  })
  return encode({ body, key: mallory.publicKey, signature: await signer.sign(signingBytes(body)) })
}

/** Alice, and whatever Mallory gossips to her. */
async function aliceHearing(...gossip: readonly (Uint8Array | Promise<Uint8Array>)[]): Promise<Member> {
  const room = openRoom()
  const alice = await room.join('alice')
  const net = room.network.peer(mallory.peer)
  await net.start()
  for (const data of gossip) {
    await net.publish(presenceTopic(ROOM), await data)
    await room.clock.advance(50)
  }
  return alice
}

describe('presence', () => {
  it('tells a newcomer of a room of thirty within a second', async () => {
    const room = openRoom()
    const others = await Promise.all(Array.from({ length: 30 }, (_, i) => room.join(`peer ${i}`, { mesh: false })))
    await room.clock.advance(15_000)
    const newcomer = await room.join('newcomer', { mesh: false })
    await room.clock.advance(1_000)
    expect(known(newcomer)).toEqual(others.map(({ id }) => id).sort())
    for (const other of others) expect(other.presence.get(newcomer.id)).toBeDefined()
  })

  it('says what a peer offers, where it is reached, and what changes', async () => {
    const room = openRoom()
    const [alice, bob] = [await room.join('alice'), await room.join('bob')]
    await room.clock.advance(1_000)
    expect(alice.presence.get(bob.id)).toMatchObject({ ...OWN, addresses: bob.net.addresses() })
    bob.presence.announce({ ...OWN, engines: ['cpu', 'gpu'], load: 3, paused: true })
    await room.clock.advance(300)
    expect(alice.presence.get(bob.id)).toMatchObject({ engines: ['cpu', 'gpu'], load: 3, paused: true })
  })

  it('speaks a few times, however often things change', async () => {
    const room = openRoom()
    const [alice, bob] = [await room.join('alice'), await room.join('bob')]
    await room.clock.advance(1_000)
    let heard = 0
    alice.presence.on('presence', () => heard++)
    for (let load = 0; load < 100; load++) bob.presence.announce({ ...OWN, load })
    await room.clock.advance(1_000)
    expect(heard).toBe(1)
    expect(alice.presence.get(bob.id)?.load).toBe(99)
  })

  it('forgets at once who takes leave, and who falls silent after half a minute', async () => {
    const room = openRoom()
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((name) => room.join(name)))
    if (!alice || !bob || !carol) throw new Error('nobody came')
    await room.clock.advance(5_000)
    await bob.leave()
    await room.clock.advance(100)
    expect(known(alice)).toEqual([carol.id])
    room.network.crash(carol.id)
    await room.clock.advance(45_000)
    expect(known(alice)).toEqual([])
  })

  it('keeps who is silent but linked', async () => {
    const room = openRoom()
    const [alice, bob] = [await room.join('alice'), await room.join('bob')]
    await room.clock.advance(3_000)
    room.network.loseGossip(1)
    await room.clock.advance(120_000)
    expect(known(alice)).toEqual([bob.id])
  })

  it('learns the room although a third of the gossip is lost', async () => {
    const room = openRoom()
    room.network.loseGossip(0.33)
    const members = await Promise.all(Array.from({ length: 6 }, (_, i) => room.join(`peer ${i}`)))
    await room.clock.advance(60_000)
    for (const member of members) expect(known(member)).toHaveLength(5)
  })

  it('takes what a key says after a reload for newer than what it said before', async () => {
    const room = openRoom()
    const [alice, before] = [await room.join('alice'), await room.join('bob', { epoch: 1_000 })]
    await room.clock.advance(1_000)
    room.network.crash(before.id)
    const after = await room.join('bob', { epoch: 500_000 })
    await room.clock.advance(1_000)
    expect(alice.presence.get(after.id)?.seq).toBeGreaterThan(500_000)
  })

  it('takes in what is signed, and nothing older than it', async () => {
    const alice = await aliceHearing(announcement({ seq: 5, load: 5 }), announcement({ seq: 4, load: 4 }))
    expect(alice.presence.get(mallory.peer)).toMatchObject({ seq: 5, load: 5 })
  })

  it('does not take a replay for a return', async () => {
    const alice = await aliceHearing(
      announcement({ seq: 5 }),
      announcement({ seq: 6, leaving: true }),
      announcement({ seq: 5 }),
    )
    expect(known(alice)).toEqual([])
  })

  it.each([
    ['signed by somebody else', announcement({}, person('oscar'))],
    ['of another room', announcement({ room: 'elsewhere' })],
    ['of another kind', announcement({ kind: 'offer' })],
    ['with a field too many', announcement({ admin: true })],
    ['with a hundred models', announcement({ models: Array<string>(100).fill('m') })],
    ['with a negative load', announcement({ load: -1 })],
    [
      'longer than 8 KiB',
      announcement({
        addresses: Array<string>(8).fill('a'.repeat(512)),
        models: Array<string>(64).fill('m'.repeat(128)),
      }),
    ],
    ['that is no dag-cbor', Uint8Array.of(255, 0, 1)],
    ['that is empty', new Uint8Array()],
  ])('ignores what is %s', async (_, gossip) => {
    expect(known(await aliceHearing(gossip))).toEqual([])
  })
})

import { encode } from '@ipld/dag-cbor'
import { describe, expect, it, vi } from 'vitest'
import type { Fault, MootError } from '../../../src/domain/fault.ts'
import { PROTOCOL } from '../../../src/protocols/control/constants.ts'
import { openRoom } from '../../kits/room.ts'

/** Two that hold a stream with each other. */
async function neighbours() {
  const room = openRoom()
  const [alice, bob] = [await room.join('alice'), await room.join('bob')]
  await room.clock.advance(3_000)
  return { room, alice, bob }
}

describe('control', () => {
  it('tells a neighbour of a goodbye within a tenth of a second', async () => {
    const { room, alice, bob } = await neighbours()
    await bob.control.goodbye(bob.presence.seq)
    await room.clock.advance(99)
    expect(alice.presence.list()).toEqual([])
  })

  it('holds its stream again after it broke', async () => {
    const { room, alice, bob } = await neighbours()
    room.network.resetChannels(alice.id, bob.id)
    await room.clock.advance(3_000)
    await alice.control.goodbye(alice.presence.seq)
    await room.clock.advance(99)
    expect(bob.presence.list()).toEqual([])
  })

  it('opens nothing more once it has said goodbye', async () => {
    const { room, alice, bob } = await neighbours()
    room.network.resetChannels(alice.id, bob.id)
    await room.clock.advance(100)
    const [opening] = [alice, bob].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    await opening!.control.goodbye(opening!.presence.seq)
    const open = vi.spyOn(opening!.net, 'open')
    await room.clock.advance(3_000)
    expect(open).not.toHaveBeenCalled()
  })

  it.each([
    ['no goodbye', encode({ kind: 'hello' })],
    ['not dag-cbor', Uint8Array.of(255)],
    ['over a kilobyte', new Uint8Array(1_025)],
  ])('resets the stream of whoever sends what is %s', async (_, frame) => {
    const room = openRoom()
    const alice = await room.join('alice')
    const mallory = room.network.peer('mallory')
    await mallory.start()
    const opened = mallory.open(alice.id, PROTOCOL, { maxFrame: 1_024, addresses: alice.net.addresses() })
    await room.clock.advance(50)
    const channel = await opened
    await channel.send(frame)
    await room.clock.advance(50)
    const fault: Fault = await channel.send(frame).then(
      () => ({ code: 'CANCELLED' }),
      (error: MootError) => error.fault,
    )
    expect(fault.code).toBe('UNREACHABLE')
  })
})

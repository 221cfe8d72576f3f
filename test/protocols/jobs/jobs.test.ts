import { encode } from '@ipld/dag-cbor'
import { expect, test } from 'vitest'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'
import { createMemoryNetwork } from '../../../src/adapters/memory/network.ts'
import {
  CLOSING,
  FIRST_MESSAGE,
  jobsTopic,
  MAX_FRAME,
  MAX_STREAMS,
  PROTOCOL,
} from '../../../src/protocols/jobs/constants.ts'
import { jobs, type Frame, type JobStream } from '../../../src/protocols/jobs/index.ts'
import type { Channel } from '../../../src/ports/net.ts'
import { person, verifyWithNode } from '../../kits/keys.ts'
import { someOffer } from '../../kits/moot.ts'

const ann = person('ann')
const mallory = person('mallory')
const DECLINE = { kind: 'decline', offer: new Uint8Array(32), reason: 'busy', note: '' } as const
const declined = (): Frame => ({ type: 'message', signed: mallory.signNow(DECLINE) })

/** Ann listens; Mallory speaks by hand. Time stands still. */
async function stage() {
  const clock = new ManualClock()
  const network = createMemoryNetwork({ clock, latencyMs: 1 })
  const [net, other] = [network.peer(ann.peer), network.peer(mallory.peer)]
  const protocol = jobs({ room: 'story' })({ net, verify: verifyWithNode, clock })
  const answers: JobStream[] = []
  const offers: string[] = []
  protocol.on('answer', ({ stream }) => answers.push(stream))
  protocol.on('offer', (offer) => offers.push(offer.author))
  protocol.start()
  await net.start()
  await other.start()
  const soon = async <T>(task: Promise<T>): Promise<T> => {
    const late = clock.advance(5)
    const result = await task
    await late
    return result
  }
  const open = () => soon(other.open(ann.peer, PROTOCOL, { maxFrame: MAX_FRAME, addresses: [`/memory/${ann.peer}`] }))
  /** Verifying a signature is real work: it may outlast a step of the clock. */
  const passes = async (done: () => boolean) => {
    while (!done()) await clock.advance(1)
  }
  return { clock, other, protocol, answers, offers, open, passes }
}

const endOf = async (channel: Channel): Promise<'closed' | 'reset'> => {
  try {
    for await (const _ of channel.frames()) continue
    return 'closed'
  } catch {
    return 'reset'
  }
}

test('a stream that brings nothing is reset after a while', async () => {
  const { clock, open } = await stage()
  const channel = await open()
  const ended = endOf(channel)
  await clock.advance(FIRST_MESSAGE + 10)
  expect(await ended).toBe('reset')
})

test('one peer holds so many streams and no more', async () => {
  const { open } = await stage()
  for (let i = 0; i < MAX_STREAMS; i++) await open()
  await expect(open()).rejects.toMatchObject({ fault: { code: 'UNREACHABLE' } })
})

test('whoever does not take what is sent is cut off, and holds up nobody', async () => {
  const { clock, answers, open, passes } = await stage()
  const channel = await open()
  await channel.send(encode(declined()))
  await passes(() => answers.length > 0)
  const [stream] = answers as [JobStream]
  const tensors = { x: { dtype: 'uint8', dims: [6 << 20], data: new Uint8Array(6 << 20) } } as const
  const input = { salt: new Uint8Array(32), tensors }
  const sent = stream.send({ type: 'message', signed: ann.signNow(DECLINE), input })
  const closed = stream.close()
  await clock.advance(CLOSING + 10)
  await Promise.all([sent, closed])
  expect(await endOf(channel)).toBe('reset')
})

test('an offer signed for another room is not heard, whoever carries it here', async () => {
  const { clock, other, offers, passes } = await stage()
  const say = (room: string, who = mallory) =>
    other.publish(jobsTopic('story'), encode(who.signNow(someOffer({ room }))))
  await say('another')
  await other.publish(jobsTopic('story'), encode({ ...mallory.signNow(someOffer()), signature: new Uint8Array(64) }))
  await say('story', ann)
  await clock.advance(10)
  await passes(() => offers.length > 0)
  expect(offers).toEqual([ann.peer])
})

test('a frame after the end reaches nobody', async () => {
  const { clock, answers, open, passes } = await stage()
  const channel = await open()
  await channel.send(encode(declined()))
  await passes(() => answers.length > 0)
  const [stream] = answers as [JobStream]
  await stream.close()
  await clock.advance(10)
  await expect(channel.send(encode(declined()))).rejects.toMatchObject({ fault: { code: 'UNREACHABLE' } })
  expect((await stream.frames().next()).done).toBe(true)
})

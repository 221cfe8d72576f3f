import { encode } from '@ipld/dag-cbor'
import { beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'
import { createMemoryNetwork, type MemoryNetwork } from '../../../src/adapters/memory/network.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { Opened } from '../../../src/domain/dispute/opened-trace.ts'
import { hash } from '../../../src/domain/hash.ts'
import type { MessageOf } from '../../../src/domain/messages.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Channel, Net } from '../../../src/ports/net.ts'
import { disputesTopic, MAX_ASKS, MAX_STREAMS, MAX_TOLD, PROTOCOL } from '../../../src/protocols/disputes/constants.ts'
import {
  disputes,
  type DisputeBook,
  type DisputeDoor,
  type DisputeRead,
  type DisputeWire,
} from '../../../src/protocols/disputes/index.ts'
import { listenForDisputes } from '../../../src/protocols/disputes/listen.ts'
import { person, verifyWithNode, type Person } from '../../kits/keys.ts'
import { floats } from '../../kits/tensors.ts'

const ROOM = 'r'
const JOB = hash('test', 'job')
const LIST = Array.from({ length: 40 }, (_, i) => hash('test', i))
const TRACE = Opened.whole(LIST)
const BLOCKED = person('eve')
const LIMITS = { limitMs: 2_000 }

const book: DisputeBook & DisputeDoor = {
  wants: () => true,
  answers: (peer) => peer !== BLOCKED.peer,
  case: () => new Uint8Array([1, 2, 3]),
  trace: (_, root, nodes) => (String(root) === String(TRACE.root) ? TRACE.show(nodes) : undefined),
  values: async (_, __, values) => Object.fromEntries(values.map((value) => [`v${value}`, floats(value)])),
  outputs: () => undefined,
  evidence: () => undefined,
}

interface Member {
  readonly who: Person
  readonly net: Net
  readonly wire: DisputeWire
  readonly heard: { read: DisputeRead; told?: string }[]
  /** Resolves with so many messages heard. */
  hears(count: number): Promise<void>
}

let network: MemoryNetwork
let ann: Member
let ben: Member

async function join(name: string, clock: Clock = systemClock): Promise<Member> {
  const who = person(name)
  const net = network.peer(who.peer)
  const wire = disputes({ room: ROOM })({ net, verify: verifyWithNode, clock, book })
  const heard: Member['heard'] = []
  let changed = Promise.withResolvers<void>()
  wire.on('message', (message) => {
    heard.push(message)
    changed.resolve()
    changed = Promise.withResolvers()
  })
  listenForDisputes(net, ROOM, async () => wire)
  await net.start()
  return {
    who,
    net,
    wire,
    heard,
    hears: async (count) => {
      while (heard.length < count) await changed.promise
    },
  }
}

const contest = (change: Partial<MessageOf<'contest'>> = {}): MessageOf<'contest'> => ({
  kind: 'contest',
  room: ROOM,
  job: JOB,
  reason: 'objection',
  note: '',
  ...change,
})

beforeEach(async () => {
  network = createMemoryNetwork()
  ann = await join('ann')
  ben = await join('ben')
  await ann.net.connect(ben.who.peer, ben.net.addresses())
})

describe('a dispute on the wire', () => {
  test('is heard by gossip, and for certain by whoever is told', async () => {
    const signed = ann.who.signNow(contest())
    await ann.wire.publish(signed)
    await ben.hears(1)
    expect(ben.heard[0]?.told).toBeUndefined()
    await ann.wire.tell(ben.who.peer, signed, LIMITS)
    expect(ben.heard[1]).toMatchObject({ told: ann.who.peer, read: { author: ann.who.peer } })
  })

  test('shows cases, traces whole or by node, and values, and says where it has nothing', async () => {
    const { peer } = ben.who
    expect(await ann.wire.case(peer, JOB, LIMITS)).toEqual(new Uint8Array([1, 2, 3]))
    const whole = await ann.wire.trace(peer, { job: JOB, root: TRACE.root }, LIMITS)
    expect(whole && Opened.read(whole)?.hashAt(39)).toEqual(LIST[39])
    const nodes = [TRACE.top]
    const top = await ann.wire.trace(peer, { job: JOB, root: TRACE.root, nodes }, LIMITS)
    expect(top?.nodes).toHaveLength(1)
    expect(await ann.wire.trace(peer, { job: JOB, root: JOB }, LIMITS)).toBeUndefined()
    expect(await ann.wire.values(peer, { job: JOB, root: TRACE.root, values: [2] }, LIMITS)).toEqual({ v2: floats(2) })
    expect(await ann.wire.outputs(peer, { job: JOB, root: TRACE.root }, LIMITS)).toBeUndefined()
    expect(await ann.wire.evidence(peer, JOB, LIMITS)).toBeUndefined()
  })

  test('is deaf to other rooms, to other messages, to forged signatures and to what is no message', async () => {
    const { who, net } = ann
    const topic = disputesTopic(ROOM)
    await ann.wire.publish(who.signNow(contest({ room: 'another' })))
    const forged = { ...who.signNow(contest()), signature: new Uint8Array(64) }
    await ann.wire.publish(forged)
    await net.publish(topic, encode({ body: 'no bytes' }))
    await net.publish(topic, new Uint8Array(64 * 1024))
    const offer = encode(who.signNow({ kind: 'decline', offer: JOB, reason: 'paused', note: '' }))
    await net.publish(topic, offer)
    await ann.wire.publish(who.signNow(contest({ note: 'at last' })))
    await ben.hears(1)
    expect(ben.heard.map(({ read }) => read.message)).toMatchObject([{ note: 'at last' }])
  })

  test('hears of a thousand assertions by one key as many as an honest one would make', async () => {
    for (let i = 0; i < 1_000; i++) await ann.wire.publish(ann.who.signNow(contest({ job: hash('test', 'job', i) })))
    const cat = await join('cat')
    await cat.net.connect(ben.who.peer, ben.net.addresses())
    await cat.wire.tell(ben.who.peer, cat.who.signNow(contest()), LIMITS)
    const byAnn = ben.heard.filter(({ read }) => read.author === ann.who.peer)
    expect(byAnn.length).toBeLessThanOrEqual(MAX_TOLD)
    expect(ben.heard.some(({ read }) => read.author === cat.who.peer)).toBe(true)
  })

  test('answers a peer so often in a minute, and resets it then; what is no request at once', async () => {
    const request = async (bytes: Uint8Array): Promise<'answered' | 'reset'> => {
      try {
        const channel = await ann.net.open(ben.who.peer, PROTOCOL, { maxFrame: 1 << 20 })
        await channel.send(bytes)
        for await (const _ of channel.frames()) return 'answered'
      } catch {
        // Reset.
      }
      return 'reset'
    }
    expect(await request(encode({ ask: 'everything' }))).toBe('reset')
    expect(
      await request(encode({ ask: 'trace', job: JOB, root: TRACE.root, nodes: Array(5_000).fill(TRACE.top) })),
    ).toBe('reset')
    const good = encode({ ask: 'case', job: JOB })
    const answers: string[] = []
    for (let i = 0; i < MAX_ASKS + 10; i++) answers.push(await request(good))
    expect(answers[0]).toBe('answered')
    expect(answers.at(-1)).toBe('reset')
    expect(answers.filter((answer) => answer === 'answered').length).toBeLessThanOrEqual(MAX_ASKS)
  })

  test('reads nothing of a peer that is blocked', async () => {
    const eve = await join(BLOCKED.name)
    await eve.net.connect(ben.who.peer, ben.net.addresses())
    await expect(eve.wire.case(ben.who.peer, JOB, LIMITS)).rejects.toThrow()
    await expect(eve.wire.tell(ben.who.peer, eve.who.signNow(contest()), LIMITS)).rejects.toThrow()
    expect(ben.heard).toEqual([])
    expect(await ann.wire.case(ben.who.peer, JOB, LIMITS)).toBeDefined()
  })

  test('has room for others while two keys hold all their streams open and ask nothing', async () => {
    const eve = await join('a second ann')
    await eve.net.connect(ben.who.peer, ben.net.addresses())
    for (const { net } of [ann, eve]) await idle(net, MAX_STREAMS)
    const cat = await join('cat')
    await cat.net.connect(ben.who.peer, ben.net.addresses())
    expect(await cat.wire.case(ben.who.peer, JOB, LIMITS)).toBeDefined()
  })

  test('answers one peer all that it asks at a time, one after another', async () => {
    const ask = () => ann.wire.case(ben.who.peer, JOB, LIMITS)
    expect(await Promise.all(Array.from({ length: MAX_STREAMS }, ask))).not.toContain(undefined)
  })

  test('resets a stream on which nothing is asked within five seconds', async () => {
    const time = new ManualClock()
    const cat = await join('cat', time)
    await ann.net.connect(cat.who.peer, cat.net.addresses())
    const [stream] = await idle(ann.net, 1, cat.who.peer)
    const next = stream!.frames()[Symbol.asyncIterator]().next()
    const reset = expect(next).rejects.toThrow()
    await time.advance(5_000)
    await reset
  })

  test('runs a part of the model for one key a few times a minute, and still shows it the rest', async () => {
    const time = new ManualClock()
    const cat = await join('cat', time)
    await ann.net.connect(cat.who.peer, cat.net.addresses())
    const values = () => ann.wire.values(cat.who.peer, { job: JOB, root: TRACE.root, values: [2] }, LIMITS)
    for (let i = 0; i < 12; i++) expect(await values()).toBeDefined()
    await expect(values()).rejects.toThrow()
    expect(await ann.wire.case(cat.who.peer, JOB, LIMITS)).toBeDefined()
    await time.advance(60_001)
    expect(await values()).toBeDefined()
  })

  test('hears and answers who comes after a thousand keys in one minute', async () => {
    for (let i = 0; i <= 1_000; i++) {
      const signed = person(`stranger ${i}`).signNow(contest())
      await ben.wire.hear(encode(signed))
    }
    const before = ben.heard.length
    await ben.wire.hear(encode(ann.who.signNow(contest())))
    expect(ben.heard.slice(before).map(({ read }) => read.author)).toEqual([ann.who.peer])
    expect(await ann.wire.case(ben.who.peer, JOB, LIMITS)).toBeDefined()
  })
})

/** Streams to a peer, ben unless told, on which nothing is asked. */
const idle = (net: Net, count: number, to = ben.who.peer): Promise<Channel[]> =>
  Promise.all(Array.from({ length: count }, () => net.open(to, PROTOCOL, { maxFrame: 1 << 20 })))

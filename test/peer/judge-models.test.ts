import { encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { createMemoryNetwork } from '../../src/adapters/memory/network.ts'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { seededRandomBytes } from '../../src/adapters/memory/random.ts'
import { signingBytes } from '../../src/domain/envelope.ts'
import type { ModelId } from '../../src/domain/manifest.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { ModelJudge } from '../../src/peer/judge-models.ts'
import type { Net } from '../../src/ports/net.ts'
import type { RecordStore } from '../../src/ports/record-store.ts'
import { MAX_ASKS, MAX_OF_MODEL, MAX_TOLD, opinionsTopic, PROTOCOL } from '../../src/protocols/opinions/constants.ts'
import { answerFrames, encodeRequest } from '../../src/protocols/opinions/messages.ts'
import { presence } from '../../src/protocols/presence/index.ts'
import { person, verifyWithNode } from '../kits/keys.ts'
import { modelNamed, opinionOf } from '../kits/opinions.ts'
import { OWN, ROOM } from '../kits/room.ts'

const digits = modelNamed('digits')
const TOPIC = opinionsTopic(ROOM)

interface Member {
  readonly id: PeerId
  readonly net: Net
  readonly judge: ModelJudge
  readonly records: RecordStore
  readonly blocked: Set<PeerId>
  /** What it says of a model, and who says so: `ann endorses: Fine.` */
  said(model?: ModelId): string[]
  leave(): Promise<void>
}

const nameOf = (peer: PeerId) => ['ann', 'ben', 'cat', 'eve'].find((name) => person(name).peer === peer) ?? peer

/** A room in memory whose members hold models, if nothing else is said the same one, and think something of them. */
function openRoom() {
  const clock = new ManualClock()
  const random = seededRandomBytes('a room')
  const network = createMemoryNetwork({ clock, random, latencyMs: 5 })
  let epoch = 1_000
  async function join(name: string, { records = memoryRecords(), models = [digits] } = {}): Promise<Member> {
    const signer = person(name)
    const net = network.peer(signer.peer)
    const common = { room: ROOM, epoch: (epoch += 1_000), net, signer, verify: verifyWithNode, clock }
    const present = presence(common)({ ...common, random })
    const blocked = new Set<PeerId>()
    const judge = new ModelJudge({
      ...common,
      records,
      presence: present,
      isListed: (model) => models.includes(model),
      hasWorkedWith: () => false,
      isBlocked: (peer) => blocked.has(peer),
      onChange: () => {},
    })
    const stop = judge.start()
    present.start({ ...OWN, models })
    await net.start()
    await clock.advance(1_000)
    return {
      id: signer.peer,
      net,
      judge,
      records,
      blocked,
      said: (model = digits) =>
        judge.of(model).map(({ peer, stand, reason }) => `${nameOf(peer)} ${stand}${reason && `: ${reason}`}`),
      leave: async () => {
        await stop()
        await present.leave()
        await net.stop()
        await clock.advance(100)
      },
    }
  }
  return {
    clock,
    network,
    join,
    /** A peer with a key and no rules. */
    mallory: async (name = 'eve') => {
      const net = network.peer(person(name).peer)
      await net.start()
      return net
    },
    link: async (from: { readonly net: Net }, to: { readonly id: PeerId }) => {
      const linked = from.net.connect(to.id, [`/memory/${to.id}`])
      await clock.advance(200)
      await linked
    },
  }
}

describe('what people say of a model', () => {
  test('reaches the room, changes as they change their minds, and can be taken back', async () => {
    const { clock, join } = openRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.judge.judge(digits, 'endorses', '  Right on all\n of mine. ')
    await ben.judge.judge(digits, 'flags', 'It reads 7 as 1.')
    await clock.advance(100)
    expect(ann.said()).toEqual(['ann endorses: Right on all of mine.', 'ben flags: It reads 7 as 1.'])
    expect(ben.said()).toEqual(['ben flags: It reads 7 as 1.', 'ann endorses: Right on all of mine.'])
    await ann.judge.judge(digits, 'flags')
    await ben.judge.judge(digits, undefined)
    await clock.advance(100)
    expect(ben.said()).toEqual(['ann flags'])
  })

  test('is refused at home where it is too long, or no text', async () => {
    const ann = await openRoom().join('ann')
    await expect(ann.judge.judge(digits, 'flags', 'x'.repeat(281))).rejects.toMatchObject({
      fault: { code: 'TOO_LARGE' },
    })
    await expect(ann.judge.judge(digits, 'flags', 'a\u0007')).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
    expect(ann.said()).toEqual([])
    await ann.judge.judge(digits, 'flags', 'x'.repeat(280))
    expect(ann.said()).toHaveLength(1)
  })

  test('is known to a newcomer who links with anybody, though who said it has left', async () => {
    const { clock, join, link } = openRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.judge.judge(digits, 'endorses', 'Fine.')
    await clock.advance(100)
    await ann.leave()
    const cat = await join('cat')
    expect(cat.said()).toEqual([])
    await link(cat, ben)
    expect(cat.said()).toEqual(['ann endorses: Fine.'])
  })

  test('is known to who was cut off when it was said, once there is a link again', async () => {
    const { clock, network, join, link } = openRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await link(ann, ben)
    network.partition([ann.id], [ben.id])
    await ann.judge.judge(digits, 'flags')
    await clock.advance(1_000)
    network.heal()
    expect(ben.said()).toEqual([])
    await link(ben, ann)
    expect(ben.said()).toEqual(['ann flags'])
  })

  test('survives a reload, is told to the room again, and the next word counts over it', async () => {
    const { clock, network, join } = openRoom()
    const before = await join('ann')
    await before.judge.judge(digits, 'endorses', 'Fine.')
    network.crash(before.id)
    const ben = await join('ben')
    const after = await join('ann', { records: before.records })
    expect(after.said()).toEqual(['ann endorses: Fine.'])
    expect(ben.said()).toEqual(['ann endorses: Fine.'])
    await after.judge.judge(digits, undefined)
    await clock.advance(100)
    expect(ben.said()).toEqual([])
  })

  test('counts over what the same key said before its storage was cleared', async () => {
    const { clock, network, join } = openRoom()
    const [before, ben] = [await join('ann'), await join('ben')]
    await before.judge.judge(digits, 'endorses')
    await before.judge.judge(digits, 'flags')
    await clock.advance(100)
    network.crash(before.id)
    const after = await join('ann')
    await after.judge.judge(digits, 'endorses')
    await clock.advance(100)
    expect(ben.said()).toEqual(['ann endorses'])
  })

  test('is learnt by its own author from the room, where its storage was cleared', async () => {
    const { clock, network, join, link } = openRoom()
    const [before, ben] = [await join('ann'), await join('ben')]
    await before.judge.judge(digits, 'flags', 'Wrong.')
    await clock.advance(100)
    network.crash(before.id)
    const after = await join('ann')
    expect(after.said()).toEqual([])
    await link(after, ben)
    expect(after.said()).toEqual(['ann flags: Wrong.'])
  })

  test('by others survives a reload too, and is asked for where a model comes back from another day', async () => {
    const { clock, join, link } = openRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.judge.judge(digits, 'endorses')
    await clock.advance(2_000)
    await Promise.all([ann.leave(), ben.leave()])

    const other = modelNamed('other')
    const again = await join('ben', { records: ben.records, models: [other] })
    const cat = await join('cat', { models: [other] })
    await link(cat, again)
    await clock.advance(1_000)
    expect(cat.said()).toEqual([])
    await join('eve', { models: [digits] })
    await clock.advance(15_000)
    expect(cat.said()).toEqual(['ann endorses'])
  })

  test('by somebody who is blocked is hidden, and shown again once they are not', async () => {
    const { clock, join } = openRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.judge.judge(digits, 'flags')
    await clock.advance(100)
    ben.blocked.add(ann.id)
    expect(ben.said()).toEqual([])
    ben.blocked.clear()
    expect(ben.said()).toEqual(['ann flags'])
  })
})

describe('who wishes a model ill', () => {
  test('cannot say an older word again, nor one that was taken back', async () => {
    const { clock, join, mallory } = openRoom()
    const [ben, eve] = [await join('ben'), await mallory()]
    const [first, second, last] = [
      await opinionOf('ann', { model: digits, stand: 'flags', seq: 1 }),
      await opinionOf('ann', { model: digits, seq: 2 }),
      await opinionOf('ann', { model: digits, stand: 'none', seq: 3 }),
    ]
    for (const read of [second, first]) await eve.publish(TOPIC, encode(read.signed))
    await clock.advance(100)
    expect(ben.said()).toEqual(['ann endorses'])
    for (const read of [last, second, first]) await eve.publish(TOPIC, encode(read.signed))
    await clock.advance(100)
    expect(ben.said()).toEqual([])
  })

  test('cannot speak for others, in gossip or in an answer, and loses the stream', async () => {
    const { clock, join, mallory, link } = openRoom()
    const [ben, eve] = [await join('ben'), await mallory()]
    const real = await opinionOf('ann', { model: digits, reason: 'Fine.' })
    const forged = {
      ...(await opinionOf('eve', { model: digits, stand: 'flags', seq: 2 })).signed,
      key: real.signed.key,
    }
    await eve.publish(TOPIC, encode(forged))
    const ended = Promise.withResolvers<string>()
    eve.handle(PROTOCOL, { maxFrame: 10_000, maxStreams: 4 }, (channel) => {
      const answer = async () => {
        for await (const _ of channel.frames())
          for (const frame of answerFrames([real.signed, forged])) await channel.send(frame)
      }
      answer().then(
        () => ended.resolve('closed'),
        () => ended.resolve('reset'),
      )
    })
    await link(ben, { id: eve.self })
    await clock.advance(1_000)
    expect(ben.said()).toEqual(['ann endorses: Fine.'])
    expect(await ended.promise).toBe('reset')
  })

  test.each([
    ['nothing that can be read', Uint8Array.of(255)],
    ['an empty part', encode([])],
    [
      'another message',
      encode([person('eve').signNow({ kind: 'decline', offer: new Uint8Array(32), reason: 'busy', note: '' })]),
    ],
    ['more than a frame may have', new Uint8Array(64 * 1_024)],
  ])('loses the stream for answering with %s', async (_, frame) => {
    const { clock, join, mallory, link } = openRoom()
    const [ben, eve] = [await join('ben'), await mallory()]
    const ended = Promise.withResolvers<string>()
    eve.handle(PROTOCOL, { maxFrame: 10_000, maxStreams: 4 }, (channel) => {
      const answer = async () => {
        for await (const _request of channel.frames()) await channel.send(frame)
      }
      answer().then(
        () => ended.resolve('closed'),
        () => ended.resolve('reset'),
      )
    })
    await link(ben, { id: eve.self })
    await clock.advance(1_000)
    expect(await ended.promise).toBe('reset')
  })

  test('loses the stream for saying nothing, or telling more than was asked for', async () => {
    const { clock, join, mallory, link } = openRoom()
    const [ben, silent, eloquent] = [await join('ben'), await mallory('eve'), await mallory('mallory')]
    const one = await opinionOf('ann', { model: digits })
    const ends: string[] = []
    silent.handle(PROTOCOL, { maxFrame: 10_000, maxStreams: 4 }, (channel) => {
      const listen = async () => {
        for await (const _ of channel.frames());
      }
      listen().catch(() => ends.push('silent'))
    })
    eloquent.handle(PROTOCOL, { maxFrame: 10_000, maxStreams: 4 }, (channel) => {
      const flood = async () => {
        for await (const _ of channel.frames())
          for (const frame of answerFrames(Array(MAX_TOLD + 1).fill(one.signed))) await channel.send(frame)
      }
      flood().catch(() => ends.push('eloquent'))
    })
    await link(ben, { id: silent.self })
    await link(ben, { id: eloquent.self })
    await clock.advance(20_000)
    expect(ends.toSorted()).toEqual(['eloquent', 'silent'])
    expect(ben.said()).toEqual(['ann endorses'])
  })

  test('is not answered for asking what is no question, or too often', async () => {
    const { clock, join, mallory } = openRoom()
    const [ben, eve] = [await join('ben'), await mallory()]
    await ben.judge.judge(digits, 'endorses')
    const ask = async (frame: Uint8Array) => {
      const opening = eve.open(ben.id, PROTOCOL, { maxFrame: 100_000, addresses: [`/memory/${ben.id}`] })
      await clock.advance(50)
      const channel = await opening
      const heard: Uint8Array[] = []
      try {
        await channel.send(frame)
        await clock.advance(50)
        for await (const answer of channel.frames()) heard.push(answer)
        return heard.length
      } catch {
        return 'reset'
      }
    }
    expect(await ask(encode({ kind: 'opinions-wanted', models: [] }))).toBe('reset')
    expect(await ask(encodeRequest([digits]))).toBe(1)
    expect(await ask(encodeRequest([modelNamed('another')]))).toBe(0)
    for (let i = 3; i < MAX_ASKS; i++) expect(await ask(encodeRequest())).toBe(1)
    expect(await ask(encodeRequest())).toBe('reset')
    await clock.advance(60_000)
    expect(await ask(encodeRequest())).toBe(1)
  })

  test('cannot bury a model under keys: who is linked is still heard, and own words stay', async () => {
    const { clock, join, link, mallory } = openRoom()
    const [ben, ann, eve] = [await join('ben'), await join('ann'), await mallory()]
    await link(ann, ben)
    for (let i = 0; i < 3 * MAX_OF_MODEL; i++) {
      await eve.publish(TOPIC, encode((await opinionOf(`puppet ${i}`, { model: digits, stand: 'flags' })).signed))
      await clock.advance(10)
    }
    expect(ben.said()).toHaveLength(MAX_OF_MODEL)
    await ann.judge.judge(digits, 'endorses')
    await ben.judge.judge(digits, 'endorses')
    await clock.advance(2_000)
    expect(ben.said()).toHaveLength(MAX_OF_MODEL + 1)
    expect(ben.said()).toEqual(expect.arrayContaining(['ann endorses', 'ben endorses']))
    expect(await ben.records.all()).toHaveLength(MAX_OF_MODEL + 1)
  })

  test('who altered what is kept on disk is not believed, and nothing on unknown models was kept there', async () => {
    const { clock, join, mallory } = openRoom()
    const [ben, eve] = [await join('ben'), await mallory()]
    for (const model of [digits, modelNamed('obscure')])
      await eve.publish(TOPIC, encode((await opinionOf('ann', { model })).signed))
    await clock.advance(2_000)
    const records = await ben.records.all()
    expect(records.map(([key]) => key)).toEqual([`${digits} ${person('ann').peer}`])
    await ben.leave()

    const { signed } = await opinionOf('eve', { model: digits, stand: 'flags' })
    const signature = await person('eve').sign(signingBytes(signed.body))
    await ben.records.put(`${digits} ${person('ann').peer}`, { ...signed, signature, key: person('ann').publicKey })
    await ben.records.put(`${digits} ${person('cat').peer}`, { ...signed })
    await ben.records.put('nonsense', 7)
    const again = await join('ben', { records: ben.records })
    expect(again.said()).toEqual([])
    expect(await again.records.all()).toEqual([])
  })
})

import { encode } from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { MootError } from '../../../src/domain/fault.ts'
import { hash, hex } from '../../../src/domain/hash.ts'
import { encodeLedgerFile } from '../../../src/domain/ledger/ledger-file.ts'
import type { ReadEntry } from '../../../src/domain/ledger/entry.ts'
import type { ManualClock } from '../../../src/adapters/memory/clock.ts'
import type { Channel, Net } from '../../../src/ports/net.ts'
import * as limits from '../../../src/protocols/ledger/constants.ts'
import {
  encodeFrame,
  encodeGossip,
  entryFrames,
  readFrame,
  readGossip,
  type LedgerFrame,
} from '../../../src/protocols/ledger/messages.ts'
import { openLedgerRoom, WIRE_ROOM, type LedgerMember } from '../../kits/ledger-room.ts'
import { Writer } from '../../kits/logs.ts'

const TOPIC = limits.ledgerTopic(WIRE_ROOM)
const forged = (read: ReadEntry): ReadEntry => ({
  ...read,
  signed: { ...read.signed, signature: new Uint8Array(64).fill(1) },
})

const WANTS_NOTHING = { kind: 'wanted', ranges: [], ids: [], proofs: [], offers: [], forks: [] } as const

describe('messages about a ledger', () => {
  const writer = new Writer('ann')
  const entry = writer.note('1')
  const frames: readonly LedgerFrame[] = [
    { kind: 'root', root: hash('kit', 1) },
    { kind: 'same' },
    {
      kind: 'summary',
      heads: [{ key: writer.person.publicKey, length: 2, id: entry.id }],
      forks: [{ key: hash('kit', 'fork'), seq: 4 }],
    },
    {
      ...WANTS_NOTHING,
      ranges: [{ key: writer.person.publicKey, from: 1, to: 9 }],
      ids: [entry.id],
      proofs: [hash('kit', 'fork')],
    },
    { kind: 'entries', entries: writer.log.map(({ signed }) => signed) },
  ]

  test('read as what they were written as', () => {
    for (const frame of frames) expect(readFrame(Uint8Array.from(encodeFrame(frame)))).toEqual(frame)
    const gossip = readGossip(encodeGossip([entry.signed], []))
    expect(gossip.entries.map(({ name }) => name)).toEqual([entry.name])
  })

  test('are refused where they are none', () => {
    const packed = { heads: new Uint8Array(0), forks: new Uint8Array(0) }
    const twice = new Uint8Array(2 * limits.HEAD_BYTES)
    const bad: unknown[] = [
      null,
      { kind: 'else' },
      { kind: 'root', root: new Uint8Array(31) },
      { kind: 'summary', ...packed, heads: new Uint8Array(67) },
      { kind: 'summary', ...packed, heads: twice },
      { kind: 'summary', ...packed, heads: new Uint8Array((limits.MAX_RANGES + 1) * limits.HEAD_BYTES) },
      { kind: 'entries', entries: new Uint8Array(10) },
    ]
    for (const value of bad) expect(() => readFrame(encode(value))).toThrow(MootError)
    const many = Array.from({ length: limits.GOSSIP_ENTRIES + 1 }, () => entry.signed)
    expect(() => readGossip(encodeGossip(many, []))).toThrow(MootError)
    expect(() => readGossip(encodeGossip([], [[entry.signed, entry.signed]]))).toThrow(MootError)
    expect(() => readGossip(new Uint8Array(limits.MAX_GOSSIP + 1))).toThrow(MootError)
  })
})

describe('gossip', () => {
  test('that does not hold is dropped: forged, of another room, or no entry', async () => {
    const { join, mallory, clock } = openLedgerRoom()
    const ann = await join('ann')
    const eve = await mallory()
    const cat = new Writer('cat')
    const elsewhere = new Writer('cat', { room: new Uint8Array(16) })
    const tell = async (data: Uint8Array) => {
      await eve.net.publish(TOPIC, data)
      await clock.advance(50)
    }
    await tell(encodeGossip([forged(cat.head).signed], []))
    await tell(encodeGossip([elsewhere.head.signed], []))
    await tell(encode({ entries: [], proofs: [], more: 1 }))
    await tell(encode([1]))
    const other = cat.branch(0)
    other.write('KEY', { build: 'another' })
    await tell(encodeGossip([], [[forged(cat.head).signed, other.head.signed]]))
    const dan = new Writer('dan')
    const lie = dan.write('FORKED_LOG', { first: forged(cat.head).signed, second: other.head.signed })
    await tell(encodeGossip([dan.log[0]!.signed, lie.signed], []))
    expect([ann.keeper.ledger.size, ann.keeper.ledger.forks(), ann.changes]).toEqual([0, [], []])
    // and what holds is taken after it as before
    await tell(encodeGossip([cat.head.signed], []))
    expect(ann.keeper.ledger.size).toBe(1)
    await tell(encodeGossip([], [[cat.head.signed, other.head.signed]]))
    expect([ann.keeper.ledger.size, ann.keeper.ledger.forks().length]).toEqual([0, 1])
  })

  test('that is known costs no signature, and of a flood no more is checked at a time than is bounded', async () => {
    const { join, mallory, clock } = openLedgerRoom()
    const ann = await join('ann')
    const eve = await mallory()
    const cat = new Writer('cat')
    for (let i = 0; i < 20; i++) await eve.net.publish(TOPIC, encodeGossip([cat.head.signed], []))
    await clock.advance(50)
    const { count } = ann.checks
    for (let i = 0; i < 20; i++) await eve.net.publish(TOPIC, encodeGossip([cat.head.signed], []))
    await clock.advance(50)
    expect([ann.checks.count - count, ann.keeper.ledger.size]).toEqual([0, 1])
    const started = Promise.withResolvers<void>()
    let checking = 0
    const slow = await join('ben', {
      check: async () => {
        checking++
        await started.promise
        return true
      },
    })
    const flood = Array.from({ length: 3 * limits.MAX_VERIFYING }, (_, i) => new Writer(`flood ${i}`).head.signed)
    for (const signed of flood) await eve.net.publish(TOPIC, encodeGossip([signed], []))
    await clock.advance(50)
    expect(checking).toBe(limits.MAX_VERIFYING)
    started.resolve()
    await clock.advance(50)
    expect(slow.keeper.ledger.size).toBe(limits.MAX_VERIFYING)
    await eve.net.publish(TOPIC, encodeGossip([cat.head.signed], []))
    await clock.advance(50)
    expect(slow.keeper.ledger.size).toBe(limits.MAX_VERIFYING + 1)
  })
})

describe('whoever answers', () => {
  /** Ann asks eve, who answers what she likes. Gives what becomes of the stream at eve's, and what ann holds. */
  async function answering(answer: (channel: Channel, frame: LedgerFrame) => Promise<void>) {
    const { join, mallory, link, clock } = openLedgerRoom()
    const ann = await join('ann')
    await ann.note('own')
    const eve = await mallory()
    const ends: string[] = []
    eve.net.handle(limits.PROTOCOL, { maxFrame: limits.MAX_FRAME, maxStreams: 8 }, (channel) => {
      const serve = async () => {
        for await (const frame of channel.frames()) await answer(channel, readFrame(frame))
      }
      serve().then(
        () => ends.push('closed'),
        () => ends.push('reset'),
      )
    })
    await link(ann, eve)
    await clock.advance(2_000)
    return { ann, eve, ends, clock }
  }

  const cat = new Writer('cat')
  cat.note('1')
  cat.note('2')
  const head = { key: cat.person.publicKey, length: 3, id: cat.head.id }
  const summary = encodeFrame({ kind: 'summary', heads: [head], forks: [] })
  /** Says that it holds cat's log, and answers with these. */
  const sends = (reads: readonly ReadEntry[], { isDone = false } = {}) =>
    answering(async (channel, frame) => {
      if (frame.kind === 'root') return channel.send(summary)
      for (const each of entryFrames(reads.map(({ signed }) => signed))) await channel.send(each)
      if (isDone) await channel.close()
    })

  test('with what was asked for is believed', async () => {
    const { ann, ends } = await sends(cat.log, { isDone: true })
    expect([ann.keeper.ledger.log(cat.peer).length, ends]).toEqual([3, ['closed']])
  })

  const stray = new Writer('dan')
  test.for<readonly [string, readonly ReadEntry[], number]>([
    ['a forged signature', [cat.log[0]!, forged(cat.log[1]!)], 0],
    ['an entry that was not asked for', [...cat.log.slice(0, 2), stray.head], 0],
    ['a log with a gap', [cat.log[0]!, cat.log[2]!], 0],
    ['more of a log than there was to be', [...cat.log, cat.branch(3).note('4')], 0],
    ['a log from its middle', [cat.log[1]!], 0],
  ])('with %s loses the stream', async ([, reads, held]) => {
    const { ann, ends } = await sends(reads)
    expect([ann.keeper.ledger.log(cat.peer).length, ann.keeper.ledger.log(stray.peer).length, ends]).toEqual([
      held,
      0,
      ['reset'],
    ])
    // what it said it holds is no longer counted as known
    expect(ann.keeper.ledger.coverage()).toEqual({ held: 1, known: 1 })
  })

  test('with nothing is given up after a while, and holds up nobody', async () => {
    const { ann, ends, clock } = await answering(async () => {})
    expect(ends).toEqual([])
    await ann.note('more')
    await clock.advance(limits.SILENCE)
    expect(ends[0]).toBe('reset')
    expect(ann.keeper.ledger.log(ann.id)).toHaveLength(3)
  })

  test('with frames of a wrong kind, or none, loses the stream', async () => {
    for (const frame of [encodeFrame({ kind: 'same' }), encode(7), new Uint8Array(limits.MAX_FRAME)]) {
      const { ann, ends } = await answering(async (channel, asked) => {
        await channel.send(asked.kind === 'root' ? summary : frame)
      })
      expect([ann.keeper.ledger.size, ends]).toEqual([2, ['reset']])
    }
  })

  test('with proofs that were not asked for, or do not hold, loses the stream', async () => {
    const other = cat.branch(1)
    const pair = [cat.log[1]!, other.note('another')]
    const forkedAt = { key: cat.person.publicKey, seq: 1 }
    for (const [asked, reads] of [
      [false, pair],
      [true, [pair[0]!, forged(pair[1]!)]],
    ] as const) {
      const { ann, ends } = await answering(async (channel, frame) => {
        if (frame.kind === 'root')
          return channel.send(encodeFrame({ kind: 'summary', heads: [], forks: asked ? [forkedAt] : [] }))
        for (const each of entryFrames(
          reads.map(({ signed }) => signed),
          'proofs',
        ))
          await channel.send(each)
      })
      expect([ann.keeper.ledger.forks(), ends]).toEqual([[], ['reset']])
    }
  })
})

describe('whoever asks', () => {
  const asking = async (clock: ManualClock, eve: Net, ann: LedgerMember, frames: readonly Uint8Array[]) => {
    const opening = eve.open(ann.id, limits.PROTOCOL, { maxFrame: limits.MAX_FRAME })
    await clock.advance(20)
    const channel = await opening
    const told: LedgerFrame[] = []
    const end = (async () => {
      for (const frame of frames) await channel.send(frame)
      for await (const frame of channel.frames()) told.push(readFrame(frame))
      return 'closed'
    })().catch(() => 'reset')
    return { told, end, channel }
  }

  async function asked() {
    const room = openLedgerRoom()
    const ann = await room.join('ann')
    await ann.note('1')
    const eve = await room.mallory()
    await room.link(eve, ann)
    await room.clock.advance(61_000)
    const ask = (...frames: Uint8Array[]) => asking(room.clock, eve.net, ann, frames)
    return { ...room, ann, eve: eve.net, ask }
  }

  test('is told the same where it has the same, else what there is, and then what it wants of that', async () => {
    const { ann, clock, ask } = await asked()
    const same = await ask(encodeFrame({ kind: 'root', root: ann.keeper.ledger.root() }))
    const range = { key: ann.keeper.ledger.log(ann.id)[0]!.signed.key, from: 1, to: 100 }
    const id = ann.keeper.ledger.log(ann.id)[0]!.id
    const differs = await ask(
      encodeFrame({ kind: 'root', root: hash('kit', 0) }),
      encodeFrame({ ...WANTS_NOTHING, ranges: [range], ids: [id] }),
    )
    await clock.advance(1_000)
    expect([await same.end, same.told]).toEqual(['closed', [{ kind: 'same' }]])
    expect(await differs.end).toBe('closed')
    expect(differs.told.map(({ kind }) => kind)).toEqual(['summary', 'entries'])
    const [, entries] = differs.told
    expect(entries?.kind === 'entries' && entries.entries.length).toBe(2)
  })

  test('in another way, too often, too slowly, or blocked, is not answered', async () => {
    const { ann, eve, clock, ask } = await asked()
    const bad = await ask(encode('hello'))
    await clock.advance(100)
    expect(await bad.end).toBe('reset')
    const slow = await ask()
    await clock.advance(limits.SILENCE + 1_000)
    expect(await slow.end).toBe('reset')
    const frame = encodeFrame({ kind: 'root', root: hash('kit', 0) })
    const outcomes: (string | number)[] = []
    for (let i = 0; i < limits.MAX_ASKS + 2; i++) {
      const { told, end, channel } = await ask(frame)
      await clock.advance(50)
      await channel.close()
      await clock.advance(50)
      outcomes.push(told.length > 0 ? 'told' : await end)
    }
    expect(outcomes.filter((outcome) => outcome === 'told').length).toBe(limits.MAX_ASKS - 2)
    expect(outcomes.at(-1)).toBe('reset')
    await clock.advance(limits.ASKS_WITHIN)
    ann.blocked.add(eve.self)
    const blocked = await ask(frame)
    await clock.advance(100)
    expect([await blocked.end, blocked.told]).toEqual(['reset', []])
  })

  test('and says that it holds more is asked back', async () => {
    const { ann, eve, clock, ask } = await asked()
    const cat = new Writer('cat')
    const questions: LedgerFrame[] = []
    eve.handle(limits.PROTOCOL, { maxFrame: limits.MAX_FRAME, maxStreams: 8 }, (channel) => {
      const serve = async () => {
        for await (const frame of channel.frames()) {
          questions.push(readFrame(frame))
          for (const each of entryFrames([cat.head.signed])) await channel.send(each)
          await channel.close()
        }
      }
      serve().catch(() => {})
    })
    const offers = [{ key: cat.person.publicKey, length: 1, id: cat.head.id }]
    await ask(encodeFrame({ ...WANTS_NOTHING, offers }))
    await clock.advance(1_000)
    const wanted = questions.filter(({ kind }) => kind === 'wanted')
    expect(wanted.map((frame) => frame.kind === 'wanted' && frame.ranges.map(({ key }) => hex(key)))).toEqual([
      [hex(cat.person.publicKey)],
    ])
    expect(ann.keeper.ledger.log(cat.peer)).toHaveLength(1)
  })
})

test('an import says of each entry that it does not take why', async () => {
  const { join } = openLedgerRoom()
  const ann = await join('ann')
  const cat = new Writer('cat')
  const dan = new Writer('dan')
  cat.note('1')
  dan.note('1')
  dan.note('2')
  const stray = cat.draft('DEFAULT_SET', { key: 'a', value: 'b' }, { instead: { prev: hash('kit', 0) } as never })
  const noEntry = cat.sign(Uint8Array.from(encode({ kind: 'offer' })))
  const entries = [dan.log[2]!, stray, forged(cat.log[1]!), ...cat.log, dan.log[0]!].map(({ signed }) => signed)
  const file = encodeLedgerFile({ room: ann.keeper.ledger.room, entries: [...entries, noEntry] })
  const { added, refused } = await ann.keeper.import(file)
  expect(added).toBe(3)
  const why = refused.map(({ author, seq, fault }) => [author === cat.peer ? 'cat' : 'dan', seq, fault.code])
  expect(why).toEqual(
    expect.arrayContaining([
      ['cat', -1, 'MALFORMED'],
      ['cat', 1, 'BAD_SIGNATURE'],
      ['cat', 2, 'OUT_OF_ORDER'],
      ['dan', 2, 'OUT_OF_ORDER'],
    ]),
  )
  expect(why).toHaveLength(4)
  const elsewhere = encodeLedgerFile({ room: new Uint8Array(16), entries: [] })
  await expect(ann.keeper.import(elsewhere)).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
})

import { describe, expect, test } from 'vitest'
import { memoryLogs } from '../../../src/adapters/memory/log-store.ts'
import { MootError, sentence } from '../../../src/domain/fault.ts'
import { hash } from '../../../src/domain/hash.ts'
import { readLedgerFile } from '../../../src/domain/ledger/ledger-file.ts'
import { LEAST_BETWEEN, ROUND } from '../../../src/peer/ledger/sync-ledger.ts'
import type { Appended, LogStore } from '../../../src/ports/log-store.ts'
import { ledgerTopic } from '../../../src/protocols/ledger/constants.ts'
import { encodeGossip } from '../../../src/protocols/ledger/messages.ts'
import { verifyWithNode } from '../../kits/keys.ts'
import { openLedgerRoom, WIRE_ROOM, type LedgerMember } from '../../kits/ledger-room.ts'
import { loaded } from '../../kits/log-store.ts'
import { LOG_CHARTER, Writer } from '../../kits/logs.ts'

const TOPIC = ledgerTopic(WIRE_ROOM)

/** Two rounds, with all that they may be spread by. */
const TWO_ROUNDS = 2 * 1.2 * ROUND + 1_000

const stored = async (store: LogStore) => (await loaded(store)).flat()

/** A store that keeps an account of what was written when. */
function watchedStore() {
  const inner = memoryLogs()
  const events: string[] = []
  let full = false
  const store: LogStore = {
    ...inner,
    append: async (entries: readonly Appended[]) => {
      if (full) throw new MootError({ code: 'STORAGE_FULL', bytes: 1 })
      await inner.append(entries)
      events.push(`stored ${entries.length}`)
    },
  }
  return { store, events, fill: (is: boolean) => (full = is) }
}

describe('a peer’s own log', () => {
  test('begins with KEY by itself, and is on disk before anybody hears of it', async () => {
    const { join } = openLedgerRoom()
    const { store, events } = watchedStore()
    const ann = await join('ann', { store })
    const ben = await join('ben')
    const publish = ann.net.publish.bind(ann.net)
    ann.net.publish = (...message) => {
      events.push('told')
      return publish(...message)
    }
    await ann.note('hello')
    expect(events).toEqual(['stored 1', 'told', 'stored 1', 'told'])
    expect(ann.keeper.ledger.log(ann.id).map(({ entry }) => entry.type)).toEqual(['KEY', 'DEFAULT_SET'])
    expect(ann.keeper.ledger.log(ann.id)[0]?.entry.body).toEqual({ build: 'kit' })
    expect(ben.root()).toBe(ann.root())
    expect(ben.changes).toEqual(ben.keeper.ledger.log(ann.id))
    expect(await stored(store)).toHaveLength(2)
  })

  test('is written in turn, however many ask at once, and goes on after what could not be written', async () => {
    const { join, clock } = openLedgerRoom()
    const { store, fill } = watchedStore()
    const ann = await join('ann', { store })
    const append = (value: string) => ann.keeper.append('DEFAULT_SET', { key: 'a', value }, LOG_CHARTER)
    const all = Promise.all(['1', '2', '3'].map(append))
    await clock.advance(100)
    expect((await all).map(({ entry }) => entry.seq)).toEqual([1, 2, 3])
    await expect(append('x'.repeat(300))).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
    fill(true)
    await expect(append('4')).rejects.toMatchObject({ fault: { code: 'STORAGE_FULL' } })
    expect(ann.keeper.ledger.log(ann.id)).toHaveLength(4)
    fill(false)
    expect((await append('5')).entry.seq).toBe(4)
    expect(await stored(store)).toHaveLength(5)
  })

  test('is there after a reload, and its signatures are not checked again', async () => {
    const { join, clock } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.note('1')
    await ben.note('2')
    const root = ann.root()
    await ann.leave()
    const again = await join('ann', { store: ann.store })
    expect([again.root(), again.checks.count]).toEqual([root, 0])
    expect(again.changes).toHaveLength(4)
    await again.note('3')
    await clock.advance(100)
    expect(again.keeper.ledger.log(again.id)).toHaveLength(3)
    expect(ben.root()).toBe(again.root())
  })

  test('is not written where what is kept of it cannot be read: nobody knows what it has signed', async () => {
    const { join } = openLedgerRoom()
    const before = await join('ann')
    await before.note('1')
    await before.leave()
    const store: LogStore = {
      ...before.store,
      // oxlint-disable-next-line require-yield
      async *load() {
        throw new MootError({ code: 'STORAGE_UNAVAILABLE', why: 'it does not answer' })
      },
    }
    const ann = await join('ann', { store })
    await expect(ann.note('2')).rejects.toMatchObject({ fault: { code: 'STORAGE_UNAVAILABLE' } })
    expect(await stored(before.store)).toHaveLength(2)
  })

  test('is not waited for by whoever leaves before it may be signed', async () => {
    const { join } = openLedgerRoom()
    const store: LogStore = {
      ...memoryLogs(),
      // oxlint-disable-next-line require-yield
      async *load() {
        await new Promise(() => {})
      },
    }
    const ann = await join('ann', { store })
    const appended = ann.keeper.append('DEFAULT_SET', { key: 'a', value: '1' }, LOG_CHARTER)
    const refused = expect(appended).rejects.toMatchObject({ fault: { code: 'CANCELLED' } })
    await ann.leave()
    await refused
  })

  test('names what was seen of others, and sums up in a checkpoint what is too much for that', async () => {
    const { join, clock } = openLedgerRoom()
    const ann = await join('ann')
    const others: LedgerMember[] = []
    for (const name of ['ben', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jim', 'kay']) {
      const other = await join(name)
      await other.keeper.append('KEY', { build: 'kit' }, LOG_CHARTER)
      others.push(other)
    }
    await clock.advance(100)
    const consent = await ann.keeper.append('CONSENT', { grade: 'clicked' }, LOG_CHARTER)
    const types = ann.keeper.ledger.log(ann.id).map(({ entry }) => entry.type)
    expect(types).toEqual(['KEY', 'CHECKPOINT', 'CONSENT'])
    const past = ann.keeper.ledger.past([consent.id])
    expect(others.map(({ id }) => past?.lengthOf(id))).toEqual(others.map(() => 1))
    // at most one a minute by itself, and one whenever it is asked for
    for (const other of others) await other.note('more')
    await ann.keeper.append('CONSENT', { grade: 'clicked' }, LOG_CHARTER)
    expect(ann.keeper.ledger.of('CHECKPOINT')).toHaveLength(1)
    await ann.keeper.checkpoint()
    expect(ann.keeper.ledger.of('CHECKPOINT')).toHaveLength(2)
    expect(ann.keeper.ledger.of('CHECKPOINT')[1]?.entry.body.entries).toBeGreaterThan(12)
  })
})

describe('a tab that restored an old copy', () => {
  /** Ann wrote three entries, of which her copy has the first two. */
  async function restored() {
    const room = openLedgerRoom()
    const [ann, ben] = [await room.join('ann'), await room.join('ben')]
    await room.link(ann, ben)
    await ann.note('1')
    const copy = memoryLogs()
    const kept = await stored(ann.store)
    await copy.append(kept.map((signed, seq) => ({ signed, seq })))
    const last = await ann.note('2')
    expect(kept).toHaveLength(2)
    await ann.leave()
    return { ...room, ben, copy, last }
  }

  test('asks its neighbours for its own head before it signs, takes over what it had written, and goes on from there', async () => {
    const { join, clock, network, ben, copy, last } = await restored()
    const joining = join('ann', { store: copy, wait: 200 })
    await clock.advance(300)
    const ann = await joining
    const writing = ann.note('3')
    const linked = ann.net.connect(ben.id, [`/memory/${ben.id}`])
    await clock.advance(5_000)
    await linked
    const next = await writing
    expect([next.entry.seq, next.entry.prev]).toEqual([3, last.id])
    expect(ann.keeper.ledger.forks()).toEqual([])
    expect(ben.root()).toBe(ann.root())
    expect(await stored(copy)).toHaveLength(4)
    expect(network.relayed).toBe(true)
  })

  test('that signed alone has forked its log: it says so, to others too, and signs nothing more', async () => {
    const { join, link, clock, ben, copy } = await restored()
    const ann = await join('ann', { store: copy })
    // nobody was linked: it signed in the place of what it had written before
    const other = await ann.note('another')
    expect(other.entry.seq).toBe(2)
    await link(ann, ben)
    await clock.advance(TWO_ROUNDS)
    for (const member of [ann, ben]) {
      expect(member.keeper.ledger.forks()).toMatchObject([{ author: ann.id, seq: 2 }])
      expect(member.keeper.ledger.log(ann.id)).toHaveLength(2)
    }
    expect(ann.root()).toBe(ben.root())
    const refused = await ann.note('more').catch((error: unknown) => error)
    expect(refused).toMatchObject({ fault: { code: 'LOG_FORKED', at: 2 } })
    expect(sentence((refused as MootError).fault)).toContain('forget this key')
    await ann.leave()
    const again = await join('ann', { store: copy })
    await expect(again.note('more')).rejects.toMatchObject({ fault: { code: 'LOG_FORKED', at: 2 } })
  })
})

describe('what a peer missed', () => {
  test('is brought by the next link, from whoever holds it, whole', async () => {
    const { join, link, network, clock } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    network.loseGossip(1)
    for (const value of ['1', '2', '3']) await ann.note(value)
    await ben.note('4')
    expect(ben.root()).not.toBe(ann.root())
    await link(ann, ben)
    await clock.advance(1_000)
    expect(ben.root()).toBe(ann.root())
    expect([ben.keeper.ledger.size, ben.keeper.ledger.coverage()]).toEqual([6, { held: 2, known: 2 }])
    // and on disk
    await clock.advance(2_000)
    expect(await stored(ben.store)).toHaveLength(6)
  })

  test('is not taken by whoever left while it was checked: it would never be on disk', async () => {
    const { join, clock } = openLedgerRoom()
    const checking = Promise.withResolvers<void>()
    const check: typeof verifyWithNode = async (...signed) => {
      await checking.promise
      return verifyWithNode(...signed)
    }
    const [ann, ben] = [await join('ann'), await join('ben', { check })]
    await ann.note('1')
    expect(ben.checks.count).toBeGreaterThan(0)
    await ben.leave()
    checking.resolve()
    await clock.advance(2_000)
    expect([ben.keeper.ledger.size, ben.changes, await stored(ben.store)]).toEqual([0, [], []])
  })

  test('is brought within a round by a link that was there before', async () => {
    const { join, link, network, clock } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await link(ann, ben)
    network.loseGossip(1)
    await ann.note('1')
    await ben.note('2')
    await clock.advance(1.2 * ROUND + 500)
    expect(ben.root()).toBe(ann.root())
  })

  test.for<[string, number]>([
    ['its author wrote more', 0],
    ['others saw it', 1],
  ])('is brought soon where gossip lost it and %s', async ([, teller]) => {
    const { join, link, network, clock } = openLedgerRoom()
    const [ann, ben, cat] = [await join('ann'), await join('ben'), await join('cat')]
    await link(ann, ben)
    await link(ben, cat)
    const asked: string[] = []
    const open = ben.net.open.bind(ben.net)
    ben.net.open = (peer, ...rest) => {
      asked.push(peer)
      return open(peer, ...rest)
    }
    // Ben's next round is far away when it has just had one.
    while (asked.length === 0) await clock.advance(100)
    network.loseGossip(1)
    await ann.note('1')
    await link(ann, cat)
    network.loseGossip(0)
    await [ann, cat][teller]?.note('2')
    expect(ben.root()).not.toBe(ann.root())
    asked.length = 0
    await clock.advance(LEAST_BETWEEN)
    expect(asked).not.toEqual([])
    expect(ben.root()).toBe(ann.root())
  })

  test('is asked of one peer, and of one that is trusted, every ten seconds, and of no more', async () => {
    const { join, link, clock } = openLedgerRoom()
    const ann = await join('ann')
    const asked: string[] = []
    const open = ann.net.open.bind(ann.net)
    ann.net.open = (peer, ...rest) => {
      asked.push(peer)
      return open(peer, ...rest)
    }
    const others: LedgerMember[] = []
    for (const name of ['ben', 'cat', 'dan', 'eve', 'fay']) {
      const other = await join(name)
      await link(ann, other)
      others.push(other)
    }
    expect(asked.filter((peer) => peer === others[0]?.id).length).toBeGreaterThan(0)
    asked.length = 0
    for (const { id } of others.slice(3)) ann.trusted.add(id)
    await clock.advance(100_000)
    expect(asked.length).toBeGreaterThan(14)
    expect(asked.length).toBeLessThan(26)
    const trusted = asked.filter((peer) => ann.trusted.has(peer)).length
    expect(trusted).toBeGreaterThan(7)
    asked.length = 0
    for (const { id } of others) ann.blocked.add(id)
    await clock.advance(30_000)
    expect(asked).toEqual([])
  })

  test('in gossip that changed places is put in order again', async () => {
    const { join, mallory, clock } = openLedgerRoom()
    const ann = await join('ann')
    const eve = await mallory()
    const cat = new Writer('cat')
    const [one, two] = [cat.note('1'), cat.note('2')]
    for (const read of [two, one, cat.log[0]]) await eve.net.publish(TOPIC, encodeGossip(read ? [read.signed] : [], []))
    await clock.advance(100)
    expect(ann.keeper.ledger.log(cat.peer)).toHaveLength(3)
    expect(ann.changes.map(({ entry }) => entry.seq)).toEqual([0, 1, 2])
  })

  test('before some entry is brought when it is wanted, from whoever named it', async () => {
    const { join, link, network, clock } = openLedgerRoom()
    const [ann, ben, cat] = [await join('ann'), await join('ben'), await join('cat')]
    await link(ann, ben)
    network.loseGossip(1)
    await ann.note('1')
    const head = await ann.note('2')
    expect(ben.keeper.ledger.past([head.id])).toBeUndefined()
    const wanted = ben.keeper.want(head.id, ann.id)
    await clock.advance(1_000)
    await wanted
    expect(ben.keeper.ledger.past([head.id])?.lengthOf(ann.id)).toBe(3)
    await link(ben, cat)
    const made = ben.keeper.want(hash('kit', 'made up'), cat.id)
    const refused = expect(made).rejects.toMatchObject({ fault: { code: 'UNREACHABLE', peer: cat.id } })
    await clock.advance(5_000)
    await refused
  })
})

describe('a log cut in the middle', () => {
  test('on disk is fetched again from there, and kept again', async () => {
    const { join, link, clock } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    for (const value of ['1', '2', '3', '4']) await ann.note(value)
    await clock.advance(2_000)
    const kept = await stored(ben.store)
    const log = kept.map((signed, seq) => ({ signed, seq }))
    await ben.leave()
    const broken = memoryLogs()
    await broken.append([...log.slice(0, 2), ...log.slice(3).map(({ signed, seq }) => ({ signed, seq: seq - 1 }))])
    const again = await join('ben', { store: broken })
    expect(again.keeper.ledger.log(ann.id)).toHaveLength(2)
    expect(await stored(broken)).toHaveLength(2)
    await link(again, ann)
    await clock.advance(3_000)
    expect(again.root()).toBe(ann.root())
    expect(await stored(broken)).toEqual(kept)
  })
})

describe('a key that signed two entries for one place', () => {
  test('is found by whoever holds one and is shown the other; every honest peer holds the proof within two rounds', async () => {
    const { join, link, mallory, network, clock } = openLedgerRoom()
    const honest: LedgerMember[] = []
    for (const name of ['ann', 'ben', 'cat', 'dan', 'fay', 'gus', 'hal']) {
      const member = await join(name)
      await member.note(name)
      honest.push(member)
    }
    for (const [i, member] of honest.entries()) {
      const next = honest[(i + 1) % honest.length]
      if (next) await link(member, next)
    }
    const eve = new Writer('eve')
    eve.note('alike')
    const other = eve.branch(2)
    const branches = [eve.note('to some'), other.note('to others')]
    const liar = await mallory('eve')
    const tell = async (audience: number[], log: Writer['log']) => {
      network.partition(
        [eve.peer, ...honest.filter((_, i) => audience.includes(i)).map(({ id }) => id)],
        honest.filter((_, i) => !audience.includes(i)).map(({ id }) => id),
      )
      const signed = log.map((read) => read.signed)
      await liar.net.publish(TOPIC, encodeGossip(signed, []))
      await clock.advance(50)
    }
    await tell([0, 1, 2], eve.log)
    await tell([3, 4, 5, 6], other.log)
    expect(honest.map(({ keeper }) => keeper.ledger.head(eve.peer)?.name)).toEqual(
      honest.map((_, i) => branches[i < 3 ? 0 : 1]?.name),
    )
    network.heal()
    network.crash(eve.peer)
    for (const [i, member] of honest.entries()) {
      const next = honest[(i + 1) % honest.length]
      if (next) await link(member, next)
    }
    await clock.advance(TWO_ROUNDS)
    for (const { keeper } of honest) {
      expect(keeper.ledger.forks()).toMatchObject([{ author: eve.peer, seq: 2 }])
      expect(keeper.ledger.log(eve.peer)).toEqual(eve.log.slice(0, 2))
    }
    // one of those who found it wrote it down, or a few who found it at one time; nobody did so twice
    const written = honest.flatMap(({ keeper, id }) =>
      keeper.ledger.of('FORKED_LOG').filter(({ author }) => author === id),
    )
    expect(written.length).toBeGreaterThan(0)
    expect(new Set(written.map(({ author }) => author)).size).toBe(written.length)
    await clock.advance(TWO_ROUNDS)
    expect(new Set(honest.map(({ root }) => root())).size).toBe(1)
  })

  test('stays so after a reload, on whose disk it ends as well', async () => {
    const { join, mallory, clock } = openLedgerRoom()
    const ann = await join('ann')
    const liar = await mallory('eve')
    const eve = new Writer('eve')
    const other = eve.branch(1)
    eve.note('one')
    other.note('another')
    for (const { log } of [eve, other]) {
      const signed = log.map((read) => read.signed)
      await liar.net.publish(TOPIC, encodeGossip(signed, []))
      await clock.advance(100)
    }
    expect(ann.keeper.ledger.forks()).toHaveLength(1)
    await clock.advance(5_000)
    await ann.leave()
    const again = await join('ann', { store: ann.store })
    expect(again.keeper.ledger.forks()).toMatchObject([{ author: eve.peer, seq: 1 }])
    expect(again.keeper.ledger.log(eve.peer)).toHaveLength(1)
    expect(again.root()).toBe(ann.root())
  })
})

describe('a ledger as a file', () => {
  test('holds all of it, and who the key is only where it is to move', async () => {
    const { join } = openLedgerRoom()
    const [ann, ben] = [await join('ann'), await join('ben')]
    await ann.note('1')
    await ben.note('2')
    const file = await ann.keeper.export()
    expect(readLedgerFile(file)).not.toHaveProperty('identity')
    const identity = { seed: new Uint8Array(32).fill(1), chainSecret: new Uint8Array(32).fill(2) }
    expect(readLedgerFile(await ann.keeper.export(identity)).identity).toEqual(identity)
    const elsewhere = await openLedgerRoom().join('cat')
    expect(await elsewhere.keeper.import(file)).toEqual({ added: 4, refused: [] })
    expect(elsewhere.root()).toBe(ann.root())
    expect(await elsewhere.keeper.import(file)).toEqual({ added: 0, refused: [] })
    expect(await stored(elsewhere.store)).toHaveLength(4)
  })
})

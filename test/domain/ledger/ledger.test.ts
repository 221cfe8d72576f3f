import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextEntry, unseenHeads } from '../../../src/domain/ledger/append.ts'
import type { Entry, ReadEntry } from '../../../src/domain/ledger/entry.ts'
import { Ledger, type Taken } from '../../../src/domain/ledger/ledger.ts'
import { hash, hex } from '../../../src/domain/hash.ts'
import { LOG_CHARTER, LOG_ROOM, Writer } from '../../kits/logs.ts'

const kinds = (taken: readonly Taken[]) => taken.map(({ kind }) => kind)
const takeAll = (ledger: Ledger, reads: readonly ReadEntry[]) => reads.map((read) => ledger.take(read))
const ledgerOf = (...reads: (readonly ReadEntry[])[]): Ledger => {
  const ledger = new Ledger(LOG_ROOM)
  for (const log of reads) expect(kinds(takeAll(ledger, log))).toEqual(log.map(() => 'added'))
  return ledger
}
const job = hash('kit', 'a job')

/** Takes entries in any order, again and again, until nothing more is taken. */
function settle(reads: readonly ReadEntry[]): Ledger {
  const ledger = new Ledger(LOG_ROOM)
  for (let before = ''; before !== hex(ledger.root());) {
    before = hex(ledger.root())
    takeAll(ledger, reads)
  }
  return ledger
}

describe('a ledger', () => {
  test('holds of each log a beginning, and finds entries by name, author, type and subject', () => {
    const [ann, ben] = [new Writer('ann'), new Writer('ben')]
    const vouch = ann.vouch(ben)
    const audit = ben.write('AUDIT', { job, of: ann.person.publicKey, agrees: true }, { seen: [vouch] })
    const revoke = ann.write('REVOKE', { vouch: vouch.id }, { seen: [audit] })
    const ledger = ledgerOf(ann.log, ben.log)
    expect(ledger.size).toBe(5)
    expect(ledger.get(vouch.name)).toBe(vouch)
    expect(ledger.authors()).toEqual([ann.peer, ben.peer].toSorted())
    expect(ledger.log(ann.peer)).toEqual(ann.log)
    expect(ledger.head(ben.peer)).toBe(audit)
    expect(ledger.of('VOUCH')).toEqual([vouch])
    expect(ledger.about(hex(job))).toEqual([audit])
    expect(ledger.about(vouch.name)).toEqual([revoke])
    expect([ledger.log('nobody'), ledger.head('nobody'), ledger.about('00')]).toEqual([[], undefined, []])
    const order = ledger.inOrder()
    expect(order.slice(-3)).toEqual([vouch, audit, revoke])
  })

  test('takes an entry once, and none before the one that it follows', () => {
    const ann = new Writer('ann')
    const [one, two] = [ann.note('1'), ann.note('2')]
    const ledger = new Ledger(LOG_ROOM)
    expect(ledger.take(two)).toEqual({ kind: 'gap', author: ann.peer, have: 0 })
    expect(kinds(takeAll(ledger, ann.log))).toEqual(['added', 'added', 'added'])
    expect(kinds(takeAll(ledger, [one, two, ann.log[0]!]))).toEqual(['known', 'known', 'known'])
    expect(ledger.size).toBe(3)
  })

  test('refuses what is of another room, what follows another entry, and a proof that shows nothing', () => {
    const ann = new Writer('ann')
    const elsewhere = new Writer('ann', { room: new Uint8Array(16) })
    const ledger = ledgerOf(ann.log)
    const stray = ann.draft('DEFAULT_SET', { key: 'a', value: 'b' }, { instead: { prev: job } as Partial<Entry> })
    const [first] = ann.log
    const same = ann.draft('FORKED_LOG', { first: first!.signed, second: first!.signed })
    const twice = elsewhere.branch(0)
    twice.write('KEY', { build: 'another' })
    const other = ann.draft('FORKED_LOG', { first: elsewhere.head.signed, second: twice.head.signed })
    expect(ledger.take(elsewhere.head)).toMatchObject({ kind: 'refused', fault: { code: 'MALFORMED' } })
    expect(ledger.take(stray)).toMatchObject({ kind: 'refused', fault: { code: 'OUT_OF_ORDER' } })
    expect(ledger.take(same)).toMatchObject({ kind: 'refused', fault: { code: 'MALFORMED' } })
    expect(ledger.take(other)).toMatchObject({ kind: 'refused', fault: { code: 'MALFORMED' } })
    expect(ledger.size).toBe(1)
  })

  test('knows no clocks: what nothing links is in no order but that of its name', () => {
    const writers = ['ann', 'ben', 'cat'].map((name) => new Writer(name))
    const names = writers.map(({ head }) => head.name).toSorted()
    for (const order of [writers, writers.toReversed()]) {
      expect(
        ledgerOf(...order.map(({ log }) => log))
          .inOrder()
          .map(({ name }) => name),
      ).toEqual(names)
    }
  })

  test('says what lies before an entry, and that it does not know where some of it is missing', () => {
    const [ann, ben, cat] = [new Writer('ann'), new Writer('ben'), new Writer('cat')]
    const seen = ben.note('seen')
    ben.note('later')
    const head = ann.note('head', [seen])
    const ledger = ledgerOf(ann.log, cat.log)
    expect(ledger.past([head.id])).toBeUndefined()
    expect(ledger.missing([head.id], 8)).toEqual([seen.name])
    takeAll(ledger, ben.log)
    const past = ledger.past([head.id])
    expect([ann, ben, cat].map(({ peer }) => past?.lengthOf(peer))).toEqual([2, 2, 0])
    expect([past?.has(seen), past?.has(ben.head), past?.has(cat.head)]).toEqual([true, false, false])
    expect(ledger.past([])?.lengthOf(ann.peer)).toBe(0)
  })

  test('counts the heads that it heard of: more than it holds, and never more than one for whoever makes them up', () => {
    const [ann, ben, cat] = [new Writer('ann'), new Writer('ben'), new Writer('cat')]
    const missed = ben.note('missed')
    const ledger = ledgerOf(ann.log)
    expect(ledger.coverage()).toEqual({ held: 1, known: 1 })
    ledger.take(missed)
    ledger.take(ben.log[0]!)
    expect(ledger.coverage()).toEqual({ held: 1, known: 2 })
    ledger.take(missed)
    expect(ledger.coverage()).toEqual({ held: 2, known: 2 })
    const heads = Array.from({ length: 500 }, (_, i) => hash('kit', i))
    ledger.take(ann.write('CHECKPOINT', { heads, entries: 500, root: job }))
    expect(ledger.coverage()).toEqual({ held: 2, known: 3 })
    ledger.claims('dan', new Map([[cat.peer, 4]]))
    expect(ledger.coverage()).toEqual({ held: 2, known: 4 })
    ledger.claims('dan', undefined)
    expect(ledger.coverage()).toEqual({ held: 2, known: 3 })
  })
})

describe('a log that forked', () => {
  /** Ann has two logs that are alike up to entry 2. */
  function forked() {
    const ann = new Writer('ann')
    ann.note('1')
    const other = ann.branch(2)
    const [a, b] = [ann.note('a'), other.note('b')]
    const [late, otherLate] = [ann.note('a later'), other.note('b later')]
    return { ann, other, a, b, late, otherLate }
  }

  test('ends before the place that has two entries, for whoever holds either, and takes nothing more', () => {
    const { ann, other, a, b, late, otherLate } = forked()
    for (const [held, came] of [
      [ann.log, b],
      [other.log, a],
    ] as const) {
      const ledger = ledgerOf(held)
      const taken = ledger.take(came)
      expect(taken).toMatchObject({ kind: 'forked', fork: { author: ann.peer, seq: 2 } })
      expect(taken.kind === 'forked' && taken.dropped).toEqual(held.slice(2))
      expect(ledger.log(ann.peer)).toEqual(ann.log.slice(0, 2))
      expect(kinds(takeAll(ledger, [a, b, late, otherLate]))).toEqual(['known', 'known', 'known', 'known'])
      expect([ledger.size, ledger.forks().length]).toEqual([2, 1])
      const names = [a, b].toSorted((one, two) => (one.name < two.name ? -1 : 1)).map(({ signed }) => signed)
      expect([ledger.forks()[0]?.first, ledger.forks()[0]?.second]).toEqual(names)
    }
  })

  test('is the same for whoever was shown it by another, who need hold none of it', () => {
    const { ann, a, b } = forked()
    const ben = new Writer('ben')
    ben.write('FORKED_LOG', { first: b.signed, second: a.signed })
    const told = ledgerOf(ben.log)
    takeAll(told, ann.log)
    const found = ledgerOf(ann.log, ben.log.slice(0, 1))
    found.take(b)
    found.take(ben.head)
    expect(hex(told.root())).toBe(hex(found.root()))
    expect(shapeOf(told)).toEqual(shapeOf(found))
  })

  test('shown by a later place is cut further when the earlier one is', () => {
    const { ann, other, late, otherLate, b } = forked()
    const ledger = ledgerOf(ann.log)
    const proof = { first: late, second: otherLate }
    expect(ledger.takeProof(proof)).toMatchObject({ kind: 'forked', fork: { seq: 3 } })
    expect(ledger.takeProof(proof)).toBeUndefined()
    expect(ledger.take(b)).toMatchObject({ kind: 'forked', fork: { seq: 2 } })
    expect(ledger.take(other.log[3]!)).toEqual({ kind: 'known' })
    expect(ledger.forks()).toMatchObject([{ author: ann.peer, seq: 2 }])
    expect(ledger.takeProof(proof)).toBeUndefined()
    expect(ledger.forks()).toMatchObject([{ author: ann.peer, seq: 2 }])
  })

  test('leaves what others saw of it before: their past goes up to the fork', () => {
    const { ann, a, b } = forked()
    const ben = new Writer('ben')
    const head = ben.note('saw a', [a])
    const ledger = ledgerOf(ann.log, ben.log)
    const before = ledger.past([head.id])
    expect(before?.lengthOf(ann.peer)).toBe(3)
    ledger.take(b)
    expect(ledger.past([head.id])?.lengthOf(ann.peer)).toBe(2)
    expect(ledger.beside().map(({ body }) => hex(body))).toEqual(expect.arrayContaining([hex(a.signed.body)]))
    // whoever saw it first after it had gone knows it too
    const cat = new Writer('cat')
    takeAll(ledger, [...cat.log, cat.note('saw a as well', [a])])
    expect(ledger.past([cat.head.id])?.lengthOf(ann.peer)).toBe(2)
    expect(ledger.missing([cat.head.id], 1)).toEqual([])
  })

  test('that began twice is no log at all', () => {
    const ann = new Writer('ann')
    const again = ann.branch(0)
    again.write('KEY', { build: 'another' })
    const ledger = ledgerOf(ann.log)
    expect(ledger.take(again.head)).toMatchObject({ kind: 'forked', fork: { seq: 0 } })
    expect([ledger.size, ledger.authors(), ledger.forks().length]).toEqual([0, [], 1])
  })
})

interface Act {
  readonly who: number
  readonly sees: readonly number[]
  readonly what: string
}

/** All that a ledger says, as text. */
const shapeOf = (ledger: Ledger) => ({
  root: hex(ledger.root()),
  order: ledger.inOrder().map(({ name }) => name),
  forks: ledger.forks().map(({ seq, first, second }) => [seq, hex(first.body), hex(second.body)]),
})

describe('ledgers that were given the same', { timeout: 60_000 }, () => {
  /** A small room in which everybody sees others at random, and some sign two logs. */
  const acts = fc.array(
    fc.record({
      who: fc.nat(4),
      sees: fc.array(fc.nat(4), { maxLength: 3 }),
      what: fc.constantFrom('note', 'audit', 'vouch', 'checkpoint', 'fork', 'shown'),
    }),
    // as often long as short: what forks is what a longer story tells
    { minLength: 1, maxLength: 40, size: 'max' },
  )

  function tell(story: readonly Act[]): readonly ReadEntry[] {
    const writers = ['ann', 'ben', 'cat', 'dan', 'eve'].map((name) => new Writer(name))
    const all: ReadEntry[] = writers.map(({ head }) => head)
    const proofs: [ReadEntry, ReadEntry][] = []
    for (const [n, { who, sees, what }] of story.entries()) {
      const writer = writers[who]!
      const seen = [...new Set(sees)].filter((i) => i !== who).map((i) => writers[i]!.head)
      if (what === 'fork' && writer.log.length > 1) {
        const at = 1 + (n % (writer.log.length - 1))
        const other = writer.branch(at)
        other.note(`another ${n}`, seen)
        proofs.push([writer.log[at]!, other.head])
        // it may go on with either
        if (n % 2 === 0) writers[who] = other
        all.push(other.head)
      } else if (what === 'shown' && proofs.length > 0) {
        const [first, second] = proofs[n % proofs.length]!
        all.push(writer.write('FORKED_LOG', { first: first.signed, second: second.signed }))
      } else if (what === 'audit')
        all.push(writer.write('AUDIT', { job, of: writers[n % 5]!.person.publicKey, agrees: true }, { seen }))
      else if (what === 'vouch') all.push(writer.vouch(writers[n % 5]!))
      else if (what === 'checkpoint') {
        const heads = writers.map(({ head }) => head.id)
        all.push(writer.write('CHECKPOINT', { heads, entries: n, root: job }, { seen }))
      } else all.push(writer.note(`note ${n}`, seen))
    }
    return all
  }

  /** The same in another order, by what is drawn. */
  const shuffled = (all: readonly ReadEntry[], seed: number) =>
    all.toSorted((a, b) => (hex(hash('kit', seed, a.id)) < hex(hash('kit', seed, b.id)) ? -1 : 1))

  test('have equal roots, orders and forks, in whatever order it came', () => {
    let forks = 0
    fc.assert(
      fc.property(acts, fc.nat(1_000_000), (story, seed) => {
        const all = tell(story)
        const [one, other] = [settle(all), settle(shuffled(all, seed))]
        forks += one.forks().length
        expect(shapeOf(other)).toEqual(shapeOf(one))
        expect(other.about(hex(job)).map(({ name }) => name)).toEqual(one.about(hex(job)).map(({ name }) => name))
        for (const author of one.authors()) {
          const head = one.head(author)!
          const lengths = [one, other].map((ledger) =>
            one.authors().map((each) => ledger.past([head.id])?.lengthOf(each)),
          )
          if (lengths.flat().every((length) => length !== undefined)) expect(lengths[1]).toEqual(lengths[0])
        }
      }),
      { numRuns: 150 },
    )
    expect(forks).toBeGreaterThan(50)
  })

  test('say the same of what lies before an entry, whatever of its log was asked about before', () => {
    let asked = 0
    fc.assert(
      fc.property(acts, (story) => {
        const all = tell(story)
        const followed = settle(all)
        for (const author of followed.authors())
          for (const read of followed.log(author)) {
            const lengths = [followed, settle(all)].map((ledger) => {
              const past = ledger.past([read.id])
              return past && ledger.authors().map((each) => past.lengthOf(each))
            })
            asked++
            expect(lengths[0]).toEqual(lengths[1])
          }
      }),
      { numRuns: 20 },
    )
    expect(asked).toBeGreaterThan(100)
  })

  test('put what an entry names before it', () => {
    fc.assert(
      fc.property(acts, (story) => {
        const all = tell(story)
        const ledger = settle(all)
        const place = new Map(ledger.inOrder().map(({ name }, i) => [name, i]))
        for (const { name, entry } of ledger.inOrder())
          for (const id of [...entry.seen, ...(entry.prev ? [entry.prev] : [])])
            expect(place.get(hex(id)) ?? -1).toBeLessThan(place.get(name) ?? -1)
      }),
      { numRuns: 60 },
    )
  })

  test('give the same when they grew entry by entry and were asked all the time', () => {
    fc.assert(
      fc.property(acts, (story) => {
        const all = tell(story)
        const asked = new Ledger(LOG_ROOM)
        for (let turn = 0; turn < 3; turn++)
          for (const read of all.toReversed()) {
            asked.take(read)
            asked.inOrder()
            asked.about(hex(job))
          }
        for (let before = ''; before !== hex(asked.root());) {
          before = hex(asked.root())
          takeAll(asked, all)
          asked.inOrder()
        }
        expect(asked.inOrder().map(({ name }) => name)).toEqual(
          settle(all)
            .inOrder()
            .map(({ name }) => name),
        )
      }),
      { numRuns: 60 },
    )
  })
})

describe('the next entry of a log', () => {
  test('follows the last, and names the newest of others that nothing in the log reaches', () => {
    const others = ['ben', 'cat', 'dan', 'eve', 'fay', 'gus'].map((name) => new Writer(name))
    const [ben, cat] = others as [Writer, Writer]
    cat.note('saw ben', [ben.head])
    const ann = new Writer('ann')
    const ledger = ledgerOf(ann.log, ...others.map(({ log }) => log))
    const next = nextEntry(ledger, ann.peer, { charter: LOG_CHARTER, type: 'CONSENT', body: { grade: 'clicked' } })
    expect(next).toMatchObject({ room: LOG_ROOM, seq: 1, prev: ann.head.id, charter: LOG_CHARTER })
    expect(next.seen).toHaveLength(4)
    expect(next.seen[0]).toEqual(cat.head.id)
    expect(next.seen.map(hex)).not.toContain(ben.head.name)
    expect(unseenHeads(ledger, ann.peer)).toHaveLength(5)
    // what a checkpoint names is named no more
    const heads = unseenHeads(ledger, ann.peer).map(({ id }) => id)
    ledger.take(ann.write('CHECKPOINT', { heads, entries: ledger.size, root: ledger.root() }))
    expect(unseenHeads(ledger, ann.peer)).toEqual([])
    const past = ledger.past([ann.head.id])
    expect(others.map(({ peer, log }) => past?.lengthOf(peer) === log.length)).toEqual(others.map(() => true))
    ledger.take(ben.note('new'))
    expect(unseenHeads(ledger, ann.peer)).toEqual([ben.head])
  })

  test('of none is a KEY, with nothing before it', () => {
    const ledger = ledgerOf()
    const next = nextEntry(ledger, 'nobody', { charter: LOG_CHARTER, type: 'KEY', body: { build: 'kit' } })
    expect(next).toMatchObject({ seq: 0, seen: [] })
    expect(next).not.toHaveProperty('prev')
  })
})

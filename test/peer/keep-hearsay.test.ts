import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { hash, hex } from '../../src/domain/hash.ts'
import type { MessageOf } from '../../src/domain/messages.ts'
import { Hearsay } from '../../src/peer/disputes/keep-hearsay.ts'
import { person } from '../kits/keys.ts'

const [ann, ben, cat, eve] = [person('ann'), person('ben'), person('cat'), person('eve')]
const room = 'r'
const jobOf = (name: string) => hash('test', 'job', name)

const receipt = (name: string, who = ann, executors = [ben, cat]) =>
  who.say<'receipt'>({
    kind: 'receipt',
    room,
    job: jobOf(name),
    model: 'model',
    state: 'agreed',
    attempt: 1,
    claims: executors.map(({ peer }) => ({ peer, engine: 'cpu', output: jobOf('output') })),
    returned: jobOf('output'),
    drawnFrom: 2,
  })
const contest = (who: typeof ann, name: string) =>
  who.say<'contest'>({ kind: 'contest', room, job: jobOf(name), reason: 'objection', note: '' })
const assertion = (who: typeof ann, name: string) =>
  who.say<'assert'>({
    kind: 'assert',
    room,
    job: jobOf(name),
    canon: jobOf('canon'),
    output: jobOf('output'),
    root: jobOf('root'),
    count: 2,
  })
const settlement = (who: typeof ann, name: string, change: Partial<MessageOf<'settlement'>> = {}) =>
  who.say<'settlement'>({
    kind: 'settlement',
    room,
    job: jobOf(name),
    state: 'settled',
    stands: [ben.peer],
    losers: [{ peer: cat.peer, for: 'claim' }],
    leaves: [],
    ...change,
  })

const clock = () => new ManualClock()
const hearsay = (time = clock()) => new Hearsay({ clock: time, charter: FIRST_CHARTER })

describe('what is heard of disputes of others', () => {
  test('is listed as their words, once the job, its contest and how it ended are known', () => {
    const heard = hearsay()
    heard.noteReceipt(receipt('one'))
    heard.note(contest(ben, 'one'))
    heard.note(settlement(ann, 'one'))
    expect(heard.list()).toMatchObject([
      { job: hex(jobOf('one')), heard: true, mine: false, phase: 'settled', openedBy: ben.peer },
    ])
    expect(heard.list()[0]?.claims.map(({ stands }) => stands)).toEqual([true, false])
  })

  test('may come in any order', () => {
    const heard = hearsay()
    heard.note(settlement(ann, 'one'))
    heard.note(contest(ben, 'one'))
    for (const read of heard.noteReceipt(receipt('one'))) heard.note(read)
    expect(heard.list()).toMatchObject([{ phase: 'settled' }])
  })

  test('by who was no party, after the window, or about no job is not listed', async () => {
    const time = clock()
    const heard = hearsay(time)
    heard.noteReceipt(receipt('one'))
    heard.note(contest(eve, 'one'))
    await time.advance(FIRST_CHARTER.timeouts.contest + 1)
    expect(heard.wants(contest(ben, 'one'))).toBe(false)
    heard.note(contest(ben, 'no job'))
    expect(heard.list()).toEqual([])
  })

  test('of a thousand contests and words by one peer is little, and leaves room for others', () => {
    const heard = hearsay()
    for (let i = 0; i < 1_000; i++) heard.note(contest(eve, `none ${i}`))
    heard.note(contest(ben, 'one'))
    for (const read of heard.noteReceipt(receipt('one'))) heard.note(read)
    expect(heard.list()).toHaveLength(1)
    for (let i = 0; i < 1_000; i++) heard.note(settlement(eve, 'one', { stands: [String(i)] }))
    expect(heard.get(hex(jobOf('one')))?.settlements).toHaveLength(2)
    heard.note(settlement(ann, 'one'))
    expect(heard.get(hex(jobOf('one')))?.settlements).toHaveLength(3)
    for (let i = 0; i < 100; i++) {
      heard.noteReceipt(receipt(`many ${i}`))
      heard.note(contest(ben, `many ${i}`))
    }
    expect(heard.list()).toHaveLength(32)
  })

  test('has room for the parties however many strangers speak first', () => {
    const heard = hearsay()
    heard.noteReceipt(receipt('one'))
    const strangers = Array.from({ length: 40 }, (_, i) => person(`stranger ${i}`))
    const early = strangers.slice(0, 20).map((who) => assertion(who, 'one'))
    for (const read of early) heard.note(read)
    heard.note(assertion(cat, 'one'))
    heard.note(contest(ben, 'one'))
    for (const who of strangers) heard.note(assertion(who, 'one'))
    for (const who of [ann, ben]) heard.note(assertion(who, 'one'))
    for (const who of [ann, ben, cat]) heard.note(settlement(who, 'one'))
    const { assertions, partyAssertions, settlements } = heard.get(hex(jobOf('one')))!
    expect(partyAssertions.map(({ author }) => author)).toEqual([cat, ann, ben].map(({ peer }) => peer))
    expect(assertions).toHaveLength(3 + 8)
    expect(settlements).toHaveLength(3)
  })

  test('knows who asked though somebody else announced the job first', () => {
    const heard = hearsay()
    heard.noteReceipt(receipt('one', eve, [eve]))
    heard.noteReceipt(receipt('one'))
    heard.note(contest(ben, 'one'))
    expect(heard.list()).toMatchObject([{ requester: ann.peer, openedBy: ben.peer }])
  })

  test('waits for the receipt under which a contest is one, whatever was announced before', () => {
    const heard = hearsay()
    heard.note(assertion(cat, 'one'))
    heard.note(contest(ben, 'one'))
    for (const read of heard.noteReceipt(receipt('one', eve, [eve]))) heard.note(read)
    expect(heard.list()).toEqual([])
    for (const read of heard.noteReceipt(receipt('one'))) heard.note(read)
    expect(heard.get(hex(jobOf('one')))).toMatchObject({ requester: ann.peer, assertions: [{ author: cat.peer }] })
    heard.noteReceipt(receipt('two', eve, [eve]))
    heard.note(contest(ben, 'two'))
    for (const read of heard.noteReceipt(receipt('two'))) heard.note(read)
    expect(heard.get(hex(jobOf('two')))).toMatchObject({ requester: ann.peer })
  })

  test('takes nobody for a party on a copied receipt alone', () => {
    const heard = hearsay()
    heard.noteReceipt(receipt('one'))
    heard.noteReceipt(receipt('one', eve))
    heard.note(contest(ben, 'one'))
    heard.note(assertion(eve, 'one'))
    expect(heard.get(hex(jobOf('one')))).toMatchObject({ assertions: [{ author: eve.peer }], partyAssertions: [] })
    heard.note(assertion(cat, 'one'))
    expect(heard.get(hex(jobOf('one')))?.partyAssertions).toMatchObject([{ author: cat.peer }])
  })

  test('keeps four receipts of one job, and the first of each who announces it', () => {
    const heard = hearsay()
    for (let i = 0; i < 3; i++) heard.noteReceipt(receipt('one', person(`stranger ${i}`)))
    for (let i = 0; i < 10; i++) heard.noteReceipt(receipt('one', person('stranger 0'), [eve]))
    heard.noteReceipt(receipt('one'))
    heard.noteReceipt(receipt('one', eve))
    heard.note(contest(eve, 'one'))
    expect(heard.list()).toEqual([])
    heard.note(contest(ann, 'one'))
    expect(heard.list()).toMatchObject([{ requester: ann.peer }])
  })
})

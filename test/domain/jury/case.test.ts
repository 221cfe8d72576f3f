import { describe, expect, test } from 'vitest'
import { whyNotAppeal } from '../../../src/domain/jury/case.ts'
import { isEntry, type ReadEntry, type Vote } from '../../../src/domain/ledger/entry.ts'
import { Ledger } from '../../../src/domain/ledger/ledger.ts'
import { peerIdFromKey } from '../../../src/domain/peer-id.ts'
import { Court, courtOfFour, type CourtJob } from '../../kits/court.ts'

const parties = ['ann', 'ben', 'cat', 'dan']

/** A job of the four, contested by Ann, with a jury drawn by all four links. */
function summoned(jurors: number, init: Parameters<typeof courtOfFour>[1] = {}) {
  const { court } = courtOfFour(jurors, init)
  const job = court.job('ann', ['ben', 'cat', 'dan'])
  const contest = court.contest('ann', job)
  const summons = court.summon('ann', contest, court.open(parties, job, contest))
  return { court, job, contest, summons }
}

/** The jury of the next level, after an appeal. */
function drawn(court: Court, job: CourtJob, contest: ReadEntry<'CONTEST'>, level: number) {
  const links = court.open(parties, job, contest, level)
  return court.summon('ann', contest, links, level)
}

const votes = (text: string): Vote[] => Array.from(text, (letter) => (letter === 'u' ? 'uphold' : 'dismiss'))

describe('a jury', () => {
  test.for([
    ['uuu', 'upheld'],
    ['udu', 'upheld'],
    ['ddd', 'dismissed'],
    ['dud', 'dismissed'],
  ])('of three that votes %s: %s', ([text, outcome]) => {
    const { court, contest } = summoned(8)
    court.votes(contest, votes(text!))
    const ruling = court.rule('ann', contest)
    const level = court.level(contest)
    expect(level.ruling).toBe(ruling)
    expect(ruling.entry.body).toMatchObject({ outcome, clause: 'jury.threshold', level: 0 })
    // Its deciders are named in the order of their seats, the losing vote as well as the others.
    expect(ruling.entry.body.deciders.map(({ vote }) => vote)).toEqual(votes(text!))
    expect(ruling.entry.body.deciders.map(({ peer }) => court.nameOf(peerIdFromKey(peer)))).toEqual(
      court.seated(contest),
    )
    // And so are those whom it binds, with what they had signed.
    const consents = ruling.entry.body.affected.map(({ consent }) =>
      court.ledger.get(Buffer.from(consent!).toString('hex'))!,
    )
    expect(consents.every((read) => isEntry('CONSENT', read))).toBe(true)
    expect(consents.map(({ author }) => court.nameOf(author))).toEqual(parties)
  })

  test('goes its way step by step, as its entries come', () => {
    const { court } = courtOfFour(8)
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    const contest = court.contest('ann', job)
    expect(court.level(contest)).toMatchObject({ size: 3, seats: [] })
    const links = court.open(parties, job, contest)
    expect([...court.level(contest).links.keys()]).toHaveLength(4)
    const summons = court.summon('ann', contest, links)
    const states = () => court.level(contest).seats.map(({ state }) => state)
    const [first, second, third] = court.seated(contest)
    expect(states()).toEqual(['summoned', 'summoned', 'summoned'])
    for (const name of [first!, second!, third!]) court.serve(name, summons)
    expect(states()).toEqual(['serves', 'serves', 'serves'])
    court.commit(second!, summons, 'uphold')
    expect(states()).toEqual(['serves', 'committed', 'serves'])
    court.commit(first!, summons, 'uphold')
    court.commit(third!, summons, 'dismiss')
    court.reveal(first!, summons, 'uphold')
    expect(states()).toEqual(['revealed', 'committed', 'committed'])
    expect(court.level(contest).outcome).toBeUndefined()
    court.reveal(second!, summons, 'uphold')
    // Two of three are enough, and the third may still show its vote.
    expect(court.level(contest).outcome).toMatchObject({ outcome: 'upheld', isComplete: false })
    court.reveal(third!, summons, 'dismiss')
    expect(court.level(contest).outcome).toMatchObject({ outcome: 'upheld', isComplete: true })
    expect(court.level(contest).seats.map(({ reason }) => reason)).toEqual(Array(3).fill('I looked at it.'))
    expect(court.level(contest).ruling).toBeUndefined()
  })

  test('no party ever sits, and no tree has two seats', () => {
    const names = ['eve', 'fay', 'gus', 'hal', 'ida', 'jo', 'kim', 'lou']
    const court = new Court([...parties, ...names])
    // Three introducers, two of whom bring three people each; the parties know each other as well.
    court.vouch(parties, ['eve', 'fay', 'gus', ...parties])
    court.vouch(['eve'], ['hal', 'ida', 'jo'])
    court.vouch(['fay'], ['kim', 'lou'])
    const juries = new Set<string>()
    for (let i = 0; i < 12; i++) {
      court.say('ann', 'DEFAULT_SET', { key: 'note', value: String(i) })
      const job = court.job('ann', ['ben', 'cat', 'dan'])
      const contest = court.contest('ben', job)
      court.summon('ben', contest, court.open(parties, job, contest))
      const seats = court.level(contest).seats
      expect(seats).toHaveLength(3)
      expect(seats.map(({ trees: [tree] }) => court.nameOf(tree!)).toSorted()).toEqual(['eve', 'fay', 'gus'])
      juries.add(court.seated(contest).toSorted().join(' '))
    }
    expect(juries.size).toBeGreaterThan(3)
    expect(
      [...juries]
        .join(' ')
        .split(' ')
        .some((name) => parties.includes(name)),
    ).toBe(false)
  })

  test('who share no court have none, and say so', () => {
    const court = new Court([...parties, 'eve', 'fay', 'gus'])
    court.vouch(['ann'], ['eve', 'fay', 'gus'])
    const contest = court.contest('ann', court.job('ann', ['ben', 'cat', 'dan']))
    expect(court.duties('ann', contest).map(({ kind }) => kind)).toEqual(['rule'])
    const ruling = court.rule('ann', contest)
    expect(court.level(contest).ruling).toBe(ruling)
    expect(ruling.entry.body).toMatchObject({
      outcome: 'unresolved',
      why: 'no-common-court',
      deciders: [],
      clause: 'jury.minOverlap',
    })
    expect(whyNotAppeal(court.case(contest), court.who('ben').peer)).toBe(
      'there is no larger jury here: the next step is a fork',
    )
  })

  test('where the ledger of the offer is not held, nothing is said of it', () => {
    const { court, contest } = summoned(8)
    const elsewhere = new Ledger(court.ledger.room)
    expect(court.case(contest, elsewhere)).toMatchObject({ levels: [], forfeited: [] })
    expect(court.case(contest, elsewhere).court).toBeUndefined()
  })
})

describe('an appeal', () => {
  test('goes from three to five to eleven, among those who sat at no level below', () => {
    const { court, job, contest } = summoned(45)
    const juries = [court.seated(contest)]
    court.votes(contest, votes('uuu'))
    for (const [level, text] of [
      [1, 'ddduu'],
      [2, 'uuuuuuddddd'],
    ] as const) {
      const ruling = court.rule('ann', contest)
      expect(court.level(contest).nextSize).toBe(text.length)
      court.appeal(level === 1 ? 'ben' : 'ann', ruling)
      drawn(court, job, contest, level)
      juries.push(court.seated(contest))
      expect(court.seated(contest)).toHaveLength(text.length)
      court.votes(contest, votes(text))
    }
    court.rule('ann', contest)
    const { levels } = court.case(contest)
    expect(levels.map(({ ruling }) => ruling?.entry.body.outcome)).toEqual(['upheld', 'dismissed', 'upheld'])
    expect(new Set(juries.flat()).size).toBe(3 + 5 + 11)
    expect(whyNotAppeal(court.case(contest), court.who('ben').peer)).toContain('fork')
  })

  test('is for parties, and of a ruling that counts', () => {
    const { court, contest } = summoned(20)
    const [juror] = court.seated(contest)
    court.votes(contest, votes('uuu'))
    expect(whyNotAppeal(court.case(contest), court.who('ben').peer)).toBe('there is no ruling to appeal')
    const ruling = court.rule('ann', contest)
    court.appeal(juror!, ruling)
    expect(court.case(contest).levels).toHaveLength(1)
    expect(whyNotAppeal(court.case(contest), court.who(juror!).peer)).toContain('only the asker')
    expect(whyNotAppeal(court.case(contest), court.who('ben').peer)).toBeUndefined()
    court.appeal('ben', ruling)
    expect(court.case(contest).levels).toHaveLength(2)
  })

  test('has no jury where the pool is not three times its size: the next step is a fork', () => {
    const { court, contest } = summoned(17)
    court.votes(contest, votes('uuu'))
    const ruling = court.rule('ann', contest)
    expect(court.level(contest).nextSize).toBeUndefined()
    court.appeal('ben', ruling)
    expect(court.case(contest).levels).toHaveLength(1)
  })

  test('dissent is kept beside the ruling, whoever dissents', () => {
    const { court, contest } = summoned(8)
    court.votes(contest, votes('uud'))
    const ruling = court.rule('ann', contest)
    for (const name of ['ben', court.seated(contest)[2]!])
      court.say(name, 'DISSENT', { ruling: ruling.id, note: 'I do not agree.' })
    expect(court.level(contest).dissents.map(({ author }) => court.nameOf(author))).toEqual([
      'ben',
      court.seated(contest)[2],
    ])
  })
})

describe('the same case everywhere', () => {
  test('whatever order its entries came in', () => {
    const { court, job, contest } = summoned(20)
    const [first] = court.seated(contest)
    court.noshow(['ann', 'ben', 'cat', 'dan'], court.level(contest).jury!.docket.summons, first!, 'no-answer')
    court.votes(contest, votes('udu'))
    court.appeal('ben', court.rule('ann', contest))
    drawn(court, job, contest, 1)
    const held = court.case(contest)
    expect(held.levels).toHaveLength(2)
    for (const shuffle of [1, 2, 3]) {
      const ledger = new Ledger(court.ledger.room)
      const left = court.written.toSorted((a, b) => (a.id[shuffle]! ^ a.id[0]!) - (b.id[shuffle]! ^ b.id[0]!))
      for (let rounds = 0; ledger.size < court.ledger.size && rounds < 500; rounds++)
        for (const read of left) if (ledger.log(read.author).length === read.entry.seq) ledger.take(read)
      expect(ledger.root()).toEqual(court.ledger.root())
      expect(court.case(contest, ledger)).toEqual(held)
    }
  })

  test('without the log of anybody whom the asker had seen, nothing is said', () => {
    const { court, contest } = summoned(8)
    court.votes(contest, votes('udu'))
    court.rule('ann', contest)
    for (const without of court.ledger.authors()) {
      const ledger = new Ledger(court.ledger.room)
      for (const read of court.written) if (read.author !== without) ledger.take(read)
      expect(court.case(contest, ledger).court).toBeUndefined()
    }
  })

  test('and at each step the entries so far say all that they will ever say of it', () => {
    const { court, contest } = summoned(8)
    const begun = court.written.length
    court.votes(contest, votes('udu'))
    const ruling = court.rule('ann', contest)
    const ledger = new Ledger(court.ledger.room)
    const seen = new Set<string>()
    for (const [i, read] of court.written.entries()) {
      ledger.take(read)
      if (i < begun) continue
      const [level] = court.case(contest, ledger).levels
      seen.add(level!.seats.map(({ state }) => state).join(' '))
      expect(level!.ruling).toBe(i === court.written.length - 1 ? ruling : undefined)
    }
    expect(seen.size).toBeGreaterThan(6)
  })
})

import { describe, expect, test } from 'vitest'
import { hash } from '../../../src/domain/hash.ts'
import { checkRuling } from '../../../src/domain/jury/case.ts'
import type { BodyOf, ReadEntry, Vote } from '../../../src/domain/ledger/entry.ts'
import { courtOfFour } from '../../kits/court.ts'

const parties = ['ann', 'ben', 'cat', 'dan']

function summoned(jurors = 12) {
  const { court } = courtOfFour(jurors)
  const job = court.job('ann', ['ben', 'cat', 'dan'])
  const contest = court.contest('ann', job)
  const summons = court.summon('ann', contest, court.open(parties, job, contest))
  return { court, job, contest, summons, names: court.seated(contest) as [string, string, string] }
}

/** All three have voted `udu`; what is ruled instead of what follows, and why it does not count. */
function ruled(change: (body: BodyOf<'RULING'>, room: ReturnType<typeof summoned>) => Partial<BodyOf<'RULING'>>) {
  const room = summoned()
  const { court, contest } = room
  court.votes(contest, ['uphold', 'dismiss', 'uphold'])
  const body = court.rulingBody('ann', contest)
  const ruling = court.say('ann', 'RULING', { ...body, ...change(body, room) })
  const why = checkRuling(court.ledger, court.case(contest), ruling)
  expect(court.level(contest).ruling === ruling).toBe(why === undefined)
  return why
}

describe('a ruling', () => {
  test('counts where it follows from the votes that lie before it', () => {
    expect(ruled(() => ({}))).toBeUndefined()
  })

  test.for<[string, (body: BodyOf<'RULING'>, room: ReturnType<typeof summoned>) => Partial<BodyOf<'RULING'>>, string]>([
    ['another outcome', () => ({ outcome: 'dismissed' }), 'follows upheld'],
    ['no outcome', () => ({ outcome: 'unresolved', why: 'no-majority' }), 'follows upheld'],
    ['another clause', () => ({ clause: 'jury.quorum' }), 'it follows from jury.threshold'],
    ['a vote less', ({ deciders }) => ({ deciders: deciders.slice(0, 2) }), 'its deciders'],
    [
      'a vote turned',
      ({ deciders }) => ({ deciders: deciders.map((one) => ({ ...one, vote: 'uphold' })) }),
      'its deciders',
    ],
    ['another order', ({ deciders }) => ({ deciders: deciders.toReversed() }), 'its deciders'],
    [
      'one who did not decide',
      ({ deciders }, { court }) => ({
        deciders: deciders.map((one) => ({ ...one, peer: court.who('ben').publicKey })),
      }),
      'its deciders',
    ],
    ['fewer affected', ({ affected }) => ({ affected: affected.slice(1) }), 'those whom it affects'],
    [
      'others affected',
      ({ affected }, { court }) => ({
        affected: affected.map((one) => ({ ...one, peer: court.who('juror-00').publicKey })),
      }),
      'those whom it affects',
    ],
    [
      'no consent',
      ({ affected: [first, ...others] }) => ({ affected: [{ peer: first!.peer }, ...others] }),
      'those whom it affects',
    ],
    [
      'somebody else’s consent',
      ({ affected: [first, second, ...others] }) => ({
        affected: [{ ...first!, consent: second!.consent! }, second!, ...others],
      }),
      'those whom it affects',
    ],
    ['another summons', (_, { contest }) => ({ summon: contest.id }), 'it names no summons that counts'],
    ['another case', () => ({ contest: hash('kit', 'other') }), 'it is about another case or level'],
  ])('with %s does not', ([, change, why]) => {
    expect(ruled(change)).toContain(why)
  })

  test('under another charter than the case does not', () => {
    const { court, contest } = summoned()
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    const right = court.rulingBody('ann', contest)
    const last = court.ledger.head(court.who('ann').peer)!
    const ruling = court.write('ann', {
      ...last.entry,
      seq: last.entry.seq + 1,
      prev: last.id,
      charter: hash('kit', 'another charter'),
      type: 'RULING',
      body: right,
    }) as ReadEntry<'RULING'>
    expect(checkRuling(court.ledger, court.case(contest), ruling)).toBe('it names another charter than the case')
    expect(court.level(contest).ruling).toBeUndefined()
  })

  test('of a level that nobody appealed to does not', () => {
    const { court, contest } = summoned()
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    const ruling = court.say('ann', 'RULING', { ...court.rulingBody('ann', contest), level: 1 })
    expect(checkRuling(court.ledger, court.case(contest), ruling)).toBe('the case has no such level')
  })

  test('before there are votes does not, nor one that has not seen them', () => {
    const { court, contest, summons, names } = summoned()
    const early = court.say('ann', 'RULING', {
      contest: contest.id,
      level: 0,
      summon: summons.id,
      outcome: 'unresolved',
      why: 'no-quorum',
      deciders: [],
      clause: 'jury.quorum',
      affected: parties.map((name) => ({ peer: court.who(name).publicKey })),
    })
    expect(checkRuling(court.ledger, court.case(contest), early)).toContain('nothing follows yet')
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    // Ben names two of the three votes, and has seen no more than them.
    const body = court.rulingBody('ann', contest)
    const blind = court.tell('ben', 'RULING', { ...body, deciders: body.deciders.slice(0, 2) })
    expect(checkRuling(court.ledger, court.case(contest), blind)).toBeUndefined()
    const whole = court.rule('cat', contest)
    expect(court.level(contest).ruling).toBe(whole)
    expect(names).toHaveLength(3)
  })

  test('by a stranger is not looked at', () => {
    const { court, contest } = summoned()
    court.join('zoe')
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    court.say('zoe', 'RULING', court.rulingBody('ann', contest))
    expect(court.level(contest).ruling).toBeUndefined()
  })

  test('that was appealed stands as it was, though more votes come to light', () => {
    const { court, contest, summons, names } = summoned(20)
    for (const name of names) court.commit(name, summons, 'uphold')
    for (const name of names.slice(0, 2)) court.reveal(name, summons, 'uphold')
    const two = court.rule('ann', contest)
    court.appeal('ben', two)
    court.reveal(names[2], summons, 'uphold')
    const body = { ...two.entry.body, deciders: [...two.entry.body.deciders] }
    const shown = court.case(contest).levels[0]!.outcome!.deciders
    const last = shown[2]!
    court.say('cat', 'RULING', {
      ...body,
      deciders: [...body.deciders, { peer: court.who(last.peer).publicKey, vote: 'uphold', reveal: last.reveal!.id }],
    })
    const [level] = court.case(contest).levels
    expect(level!.ruling).toBe(two)
    expect(level!.outcome!.deciders).toHaveLength(3)
  })

  test('who left the charter before it is affected without having signed it', () => {
    const { court, contest } = summoned()
    court.say('ben', 'EXIT', {})
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    const ruling = court.rule('ann', contest)
    expect(ruling.entry.body.affected.map(({ consent }) => consent !== undefined)).toEqual([true, false, true, true])
    expect(checkRuling(court.ledger, court.case(contest), ruling)).toBeUndefined()
  })
})

describe('a vote', () => {
  const decided = (court: ReturnType<typeof summoned>['court'], contest: ReadEntry<'CONTEST'>) =>
    court.level(contest).seats.map(({ state, vote }) => vote ?? state)

  test('that is shown before all have bound theirs does not count, and may be shown again', () => {
    const {
      court,
      contest,
      summons,
      names: [first, second, third],
    } = summoned()
    court.commit(first, summons, 'uphold')
    court.commit(second, summons, 'dismiss')
    court.reveal(first, summons, 'uphold')
    expect(decided(court, contest)).toEqual(['committed', 'committed', 'summoned'])
    court.commit(third, summons, 'uphold')
    expect(decided(court, contest)).toEqual(['committed', 'committed', 'committed'])
    court.reveal(first, summons, 'uphold')
    expect(decided(court, contest)).toEqual(['uphold', 'committed', 'committed'])
  })

  test('that was shown too early keeps nobody from binding his', () => {
    const {
      court,
      contest,
      summons,
      names: [first, second, third],
    } = summoned()
    court.commit(first, summons, 'uphold')
    court.reveal(first, summons, 'uphold')
    for (const name of [second, third]) court.commit(name, summons, 'dismiss')
    for (const name of [second, third]) court.reveal(name, summons, 'dismiss')
    expect(decided(court, contest)).toEqual(['committed', 'dismiss', 'dismiss'])
    expect(court.rule('ann', contest).entry.body.outcome).toBe('dismissed')
  })

  test('once bound is the only one: a second is not heard, and one that opens nothing is none', () => {
    const {
      court,
      contest,
      summons,
      names: [first, second, third],
    } = summoned()
    for (const name of [first, second, third]) court.commit(name, summons, 'uphold')
    court.commit(first, summons, 'dismiss')
    court.reveal(first, summons, 'dismiss')
    expect(decided(court, contest)[0]).toBe('committed')
    court.reveal(first, summons, 'uphold')
    expect(decided(court, contest)[0]).toBe('uphold')
  })

  test('of a party, of somebody who was not drawn or of who has left his seat counts for nothing', () => {
    const { court, contest, summons, names } = summoned()
    const stranger = court
      .level(contest)
      .jury!.docket.order.map(({ peer }) => court.nameOf(peer))
      .at(-1)!
    court.serve(names[0], summons, false)
    const seated = court.seated(contest)
    const voters = ['ben', stranger, names[0]]
    for (const name of [...voters, ...seated]) court.commit(name, summons, voters.includes(name) ? 'dismiss' : 'uphold')
    for (const name of [...voters, ...seated]) court.reveal(name, summons, voters.includes(name) ? 'dismiss' : 'uphold')
    const ruling = court.rule('ann', contest)
    expect(ruling.entry.body.deciders.map(({ vote }) => vote)).toEqual(['uphold', 'uphold', 'uphold'])
  })

  test('bound to another summons opens nothing in this one', () => {
    const { court, contest, summons, names } = summoned()
    const bound = court.commitBody(names[0], contest, 'uphold')
    court.say(names[0], 'VOTE_COMMIT', { ...bound, summon: summons.id })
    for (const name of names.slice(1)) court.commit(name, summons, 'uphold')
    court.reveal(names[0], summons, 'uphold')
    expect(decided(court, contest)[0]).toBe('committed')
  })

  test('of one who did not say that it serves counts as serving', () => {
    const { court, contest, summons, names } = summoned()
    const votes: Vote[] = ['uphold', 'dismiss', 'dismiss']
    for (const [i, name] of names.entries()) court.commit(name, summons, votes[i]!)
    for (const [i, name] of names.entries()) court.reveal(name, summons, votes[i]!)
    expect(decided(court, contest)).toEqual(votes)
  })
})

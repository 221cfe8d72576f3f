import { describe, expect, test } from 'vitest'
import { whyNotAppeal } from '../../../src/domain/jury/case.ts'
import type { ReadEntry, Vote } from '../../../src/domain/ledger/entry.ts'
import { courtOfFour, type Court } from '../../kits/court.ts'

const parties = ['ann', 'ben', 'cat', 'dan']

function contested(jurors = 12, init: Parameters<typeof courtOfFour>[1] = {}) {
  const { court } = courtOfFour(jurors, init)
  const job = court.job('ann', ['ben', 'cat', 'dan'])
  const contest = court.contest('ann', job)
  return { court, job, contest }
}

function summoned(jurors = 12, init: Parameters<typeof courtOfFour>[1] = {}) {
  const { court, job, contest } = contested(jurors, init)
  const summons = court.summon('ann', contest, court.open(parties, job, contest))
  const [first, second, third] = court.seated(contest) as [string, string, string]
  return { court, job, contest, summons, first, second, third }
}

const states = (court: Court, contest: ReadEntry<'CONTEST'>) =>
  Object.fromEntries(court.level(contest).seats.map(({ peer, state }) => [court.nameOf(peer), state]))

/** These vote so: bound first, then shown. */
function vote(court: Court, summons: ReadEntry, names: readonly string[], votes: readonly Vote[]) {
  for (const [i, name] of names.entries()) court.commit(name, summons, votes[i]!)
  for (const [i, name] of names.entries()) court.reveal(name, summons, votes[i]!)
}

describe('a juror who does not sit', () => {
  test('and says so is replaced by the next in the order of the draw', () => {
    const { court, contest, summons, first, second, third } = summoned()
    const order = court.level(contest).jury!.docket.order.map(({ peer }) => court.nameOf(peer))
    court.serve(second, summons, false)
    expect(court.seated(contest)).toEqual([first, third, order[3]])
    expect(court.level(contest).seats[3]).toMatchObject({ state: 'summoned', isReplacement: true })
    expect(court.level(contest).seats[1]).toMatchObject({ state: 'declined', isReplacement: false })
  })

  test('may change its mind until it has bound its vote', () => {
    const { court, contest, summons, first, second } = summoned()
    court.serve(first, summons)
    court.serve(first, summons, false)
    court.commit(second, summons, 'uphold')
    court.serve(second, summons, false)
    expect(states(court, contest)).toMatchObject({ [first]: 'declined', [second]: 'committed' })
  })

  test('at most three take the places of three, and then there is no quorum', () => {
    const { court, contest, summons } = summoned()
    const asked: string[] = []
    for (let i = 0; i < 5; i++) {
      const name = court.seated(contest).find((one) => !asked.includes(one))!
      asked.push(name)
      court.serve(name, summons, false)
    }
    const [last] = court.seated(contest)
    expect(court.level(contest).seats).toHaveLength(6)
    court.serve(last!, summons)
    vote(court, summons, [last!], ['uphold'])
    const ruling = court.rule('ann', contest)
    expect(ruling.entry.body).toMatchObject({ outcome: 'unresolved', why: 'no-quorum', clause: 'jury.quorum' })
    expect(ruling.entry.body.deciders).toHaveLength(1)
    expect(court.level(contest).ruling).toBe(ruling)
  })

  test('two of three who disagree while the third has gone: no majority', () => {
    const { court, contest, summons, first, second, third } = summoned()
    for (const name of [first, second, third]) court.serve(name, summons)
    for (const [name, side] of [
      [first, 'uphold'],
      [second, 'dismiss'],
      [third, 'dismiss'],
    ] as const)
      court.commit(name, summons, side)
    court.reveal(first, summons, 'uphold')
    court.reveal(second, summons, 'dismiss')
    expect(court.level(contest).outcome).toBeUndefined()
    court.noshow(parties, summons, third, 'no-reveal')
    expect(court.rule('ann', contest).entry.body).toMatchObject({
      outcome: 'unresolved',
      why: 'no-majority',
      clause: 'jury.threshold',
    })
  })

  test('who shows its vote after all is heard, and decides', () => {
    const { court, contest, summons, first, second, third } = summoned()
    const names = [first, second, third]
    for (const [i, name] of names.entries()) court.commit(name, summons, i === 0 ? 'uphold' : 'dismiss')
    for (const [i, name] of [first, second].entries()) court.reveal(name, summons, i === 0 ? 'uphold' : 'dismiss')
    court.noshow(parties, summons, third, 'no-reveal')
    const unresolved = court.rule('ann', contest)
    expect(court.level(contest).ruling).toBe(unresolved)
    court.reveal(third, summons, 'dismiss')
    const decided = court.rule('ben', contest)
    expect(court.level(contest).ruling).toBe(decided)
    expect(decided.entry.body.outcome).toBe('dismissed')
  })
})

describe('that somebody was not heard of', () => {
  test('takes all parties by whose links the jury was drawn', () => {
    const { court, contest, summons, first } = summoned()
    court.noshow(['ann', 'ben', 'cat'], summons, first, 'no-answer')
    expect(court.seated(contest)).toContain(first)
    expect(court.level(contest).seats[0]).toMatchObject({ state: 'summoned', awaited: 'doubted' })
    court.noshow(['dan'], summons, first, 'no-answer')
    expect(court.seated(contest)).not.toContain(first)
    expect(states(court, contest)[first]).toBe('absent')
  })

  test('or one party and more than half of the seats', () => {
    const { court, contest, summons, first, second, third } = summoned()
    for (const name of [second, third]) court.serve(name, summons)
    court.noshow([second, third], summons, first, 'no-answer')
    expect(court.seated(contest)).toContain(first)
    court.noshow(['ben'], summons, first, 'no-answer')
    expect(court.seated(contest)).not.toContain(first)
  })

  test('neither strangers nor jurors who do not serve have a say', () => {
    const { court, contest, summons, first, second, third } = summoned()
    court.join('zoe')
    court.noshow(['zoe', second, third, 'ann'], summons, first, 'no-answer')
    expect(court.seated(contest)).toContain(first)
  })

  test('cannot throw out who answered, whoever says it and whenever the answer comes', () => {
    const { court, contest, summons, first } = summoned()
    court.serve(first, summons)
    court.noshow(parties, summons, first, 'no-answer')
    expect(states(court, contest)[first]).toBe('serves')
    const { court: other, contest: same, summons: its, first: late } = summoned()
    other.noshow(parties, its, late, 'no-answer')
    const [replacement] = other.seated(same).slice(-1)
    other.serve(replacement!, its)
    expect(other.seated(same)).not.toContain(late)
    // It comes back as long as no vote is shown: then nobody has gained anything by hurrying.
    other.serve(late, its)
    expect(other.seated(same)).toContain(late)
    expect(other.seated(same)).not.toContain(replacement)
  })

  test('of who serves and does not vote: another is asked; of who has voted it replaces nobody', () => {
    const { court, contest, summons, first, second } = summoned()
    court.serve(first, summons)
    court.noshow(parties, summons, first, 'no-vote')
    court.commit(second, summons, 'uphold')
    court.noshow(parties, summons, second, 'no-vote')
    court.noshow(parties, summons, second, 'no-reveal')
    expect(states(court, contest)).toMatchObject({ [first]: 'absent', [second]: 'committed' })
  })

  test('a party alone ends a case unresolved at most, and the jury’s own word takes its place', () => {
    const { court, contest, summons, first, second, third } = summoned()
    const names = [first, second, third]
    for (const name of names) court.noshow(['ann'], summons, name, 'no-answer')
    const hurried = court.rule('ann', contest)
    expect(hurried.entry.body).toMatchObject({ outcome: 'unresolved', why: 'no-quorum', deciders: [] })
    expect(court.level(contest).ruling).toBe(hurried)
    for (const name of names) court.serve(name, summons)
    vote(court, summons, names, ['dismiss', 'dismiss', 'uphold'])
    const ruling = court.rule('ben', contest)
    expect(court.level(contest).ruling).toBe(ruling)
    expect(ruling.entry.body.outcome).toBe('dismissed')
  })

  test('drawn by one link alone, one party may say it: whoever was absent can still appeal', () => {
    const { court, job, contest } = contested(20, { charter: { appeal: { levels: 1 } } })
    const summons = court.summon('ann', contest, court.open(['ann'], job, contest))
    const [first] = court.seated(contest)
    court.noshow(['ann'], summons, first!, 'no-answer')
    expect(court.seated(contest)).not.toContain(first)
    // On the last level nobody could: there it takes the jury.
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    court.appeal('ann', court.rule('ann', contest))
    const last = court.summon('ann', contest, court.open(['ann'], job, contest, 1), 1)
    const [juror] = court.seated(contest)
    court.noshow(['ann'], last, juror!, 'no-answer')
    expect(court.seated(contest)).toContain(juror)
  })

  test('whom votes were shown to comes too late', () => {
    const { court, contest, summons, first, second, third } = summoned()
    court.noshow(parties, summons, first, 'no-answer')
    const replacement = court.seated(contest).at(-1)!
    const names = [second, third, replacement]
    for (const name of names) court.serve(name, summons)
    for (const name of names) court.commit(name, summons, 'uphold')
    court.reveal(second, summons, 'uphold')
    court.serve(first, summons)
    court.commit(first, summons, 'dismiss')
    expect(court.seated(contest)).toEqual(names)
    for (const name of names.slice(1)) court.reveal(name, summons, 'uphold')
    expect(court.rule('ann', contest).entry.body.deciders).toHaveLength(3)
  })
})

describe('a party that does not open its link', () => {
  test('was absent where it has not been heard of since, and keeps its appeal', () => {
    const { court, job, contest } = contested(20)
    court.summon('ann', contest, court.open(['ann', 'ben', 'cat'], job, contest))
    expect(court.level(contest).jury!.summons).toMatchObject({ absent: [court.who('dan').peer], withheld: [] })
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    const ruling = court.rule('ann', contest)
    expect(court.case(contest).forfeited).toEqual([])
    court.appeal('dan', ruling)
    expect(court.case(contest).levels).toHaveLength(2)
  })

  test('held it back where it wrote something else in knowledge of the contest: drawn without it, it cannot appeal', () => {
    const { court, job, contest } = contested(20)
    const links = court.open(['ann', 'ben', 'cat'], job, contest)
    court.say('dan', 'DEFAULT_SET', { key: 'note', value: 'I am here.' })
    court.summon('ann', contest, links)
    expect(court.level(contest).jury!.summons).toMatchObject({ absent: [], withheld: [court.who('dan').peer] })
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    court.appeal('dan', court.rule('ann', contest))
    const held = court.case(contest)
    expect(held.forfeited.map(court.nameOf)).toEqual(['dan'])
    expect(held.levels).toHaveLength(1)
    expect(whyNotAppeal(held, court.who('dan').peer)).toBe('it held back its link for a jury')
    expect(whyNotAppeal(held, court.who('ben').peer)).toBeUndefined()
  })

  test('has not held it back by opening another first, or by contesting itself', () => {
    const { court, job, contest } = contested(20)
    const other = court.contest('ben', job, 'model')
    court.say('dan', 'OPEN_LINK', court.linkBody('dan', court.job('ann', ['dan']), other, 3))
    court.summon('ann', contest, court.open(['ann'], job, contest))
    expect(court.level(contest).jury!.summons.withheld).toEqual([])
  })

  test('another link makes another jury: whoever holds one back chooses between two', () => {
    const { court, job, contest } = contested(20)
    const links = court.open(['ann', 'ben', 'cat'], job, contest)
    court.summon('ann', contest, links)
    const without = court.seated(contest)
    court.summon('dan', contest, [...links, ...court.open(['dan'], job, contest)])
    expect(court.level(contest).jury!.summons.named).toHaveLength(4)
    expect(court.seated(contest)).not.toEqual(without)
  })

  test('undoes nothing by opening it once more than half of the jury serve', () => {
    const { court, job, contest } = contested(20)
    const links = court.open(['ann', 'ben', 'cat'], job, contest)
    const summons = court.summon('ann', contest, links)
    const jury = court.seated(contest)
    for (const name of jury.slice(0, 2)) court.serve(name, summons)
    court.summon('dan', contest, [...links, ...court.open(['dan'], job, contest)])
    expect(court.seated(contest)).toEqual(jury)
  })

  test('a link that was opened for another contest over the job cannot be left out of this one', () => {
    const { court, job, contest } = contested(20)
    const first = court.open(parties, job, contest)
    const again = court.contest('dan', job, 'model')
    court.summon('dan', again, court.open(['dan'], job, again))
    expect(court.level(again).jury).toBeUndefined()
    court.summon('ann', contest, first)
    court.summon('dan', again, first)
    // The same links over the same job: the same jury, however often one contests.
    expect(court.seated(again)).toEqual(court.seated(contest))
  })

  test('who opened a level and not its link has no jury', () => {
    const { court, job, contest } = contested(20)
    court.summon('ben', contest, court.open(['ben', 'cat', 'dan'], job, contest))
    expect(court.level(contest).jury).toBeUndefined()
  })

  test('a link that is none, or of another level, opens nothing', () => {
    const { court, job, contest } = contested(20)
    const body = court.linkBody('ann', job, contest, 1)
    court.say('ann', 'OPEN_LINK', { ...body, level: 0 })
    court.say('ben', 'OPEN_LINK', { ...body, level: 1 })
    expect(court.level(contest).links.size).toBe(0)
    court.open(['ann'], job, contest)
    expect(court.level(contest).links.size).toBe(1)
  })

  test('a summons counts by a party, with links that are there, and with all of them', () => {
    const { court, job, contest } = contested(20)
    const [ann, ben] = court.open(['ann', 'ben'], job, contest)
    court.join('zoe')
    court.summon('zoe', contest, [ann!, ben!])
    court.summon('ann', contest, [ann!])
    court.summon('ben', contest, [ann!, contest])
    court.summon('ben', contest, [ann!, ann!, ben!])
    expect(court.level(contest).juries).toEqual([])
    // A hurried one that has not seen the other's link gives way to one with both.
    const hurried = court.tell('ann', 'SUMMON', { contest: contest.id, level: 0, links: [ann!.id] })
    expect(court.level(contest).jury).toBeUndefined()
    expect(hurried.entry.body.links).toHaveLength(1)
    const both = court.summon('ben', contest, [ann!, ben!])
    expect(court.level(contest).jury!.docket.summons).toBe(both)
  })
})

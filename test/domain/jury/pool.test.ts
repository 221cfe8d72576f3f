import { describe, expect, test } from 'vitest'
import { hash } from '../../../src/domain/hash.ts'
import { courtOf, seatedLately } from '../../../src/domain/jury/court.ts'
import { poolOf, type Pool } from '../../../src/domain/jury/pool.ts'
import { readTerms } from '../../../src/domain/jury/terms.ts'
import { Court, courtOfFour, crowd } from '../../kits/court.ts'

const parties = ['ann', 'ben', 'cat', 'dan']

/** The pool between the four, by all that Ann can have seen. */
function poolIn(court: Court): Pool {
  const root = court.say('ann', 'DEFAULT_SET', { key: 'note', value: 'now' })
  const [requester, ...executors] = parties.map((name) => court.who(name).peer)
  const past = court.ledger.past([root.id])!
  return poolOf({ ledger: court.ledger, past, charter: court.charter, requester: requester!, executors })
}
const namesIn = (court: Court, pool: Pool) => pool.candidates.map(({ peer }) => court.nameOf(peer)).toSorted()

describe('from whom a jury is drawn', () => {
  test('those whom both sides reach, the parties apart, weighing the root of both masses', () => {
    const court = new Court([...parties, 'eve', 'fay', 'gus', 'hal', 'ida'])
    court.vouch(['ann'], ['eve', 'fay', 'gus', 'ben'])
    court.vouch(['ben', 'cat'], ['fay', 'gus', 'hal', 'ann'])
    court.vouch(['fay'], ['ida'])
    const pool = poolIn(court)
    expect(namesIn(court, pool)).toEqual(['eve', 'fay', 'gus', 'hal', 'ida'])
    const weight = Object.fromEntries(pool.candidates.map((one) => [court.nameOf(one.peer), one.weight]))
    expect(weight.gus).toBeGreaterThan(weight.eve!)
    expect(weight.fay).toBe(weight.gus)
    expect(weight.fay).toBeGreaterThan(weight.ida!)
    expect(pool.overlap).toEqual({ requester: 1, executors: 1 })
    expect(pool.candidates.reduce((sum, one) => sum + one.weight, 0)).toBeLessThan(2 ** 40)
    expect(pool.common).toBe(true)
  })

  test('who signed another charter, or none, is not drawn', () => {
    const court = new Court([...parties, 'eve', 'fay', 'gus'])
    court.join('hal', { signs: false })
    court.vouch(parties, ['eve', 'fay', 'gus', 'hal'])
    court.say('eve', 'EXIT', {})
    expect(namesIn(court, poolIn(court))).toEqual(['fay', 'gus'])
  })

  test('nor who has fewer vouches than the charter asks for, or computed less', () => {
    const court = new Court([...parties, 'eve', 'fay', 'gus'], {
      charter: { membership: { vouches: 4, probationJobs: 1 } },
    })
    court.vouch(parties, ['eve', 'fay', 'gus'])
    court.say('dan', 'REVOKE', {
      vouch: court.ledger.log(court.who('dan').peer).find(({ entry }) => entry.type === 'VOUCH')!.id,
    })
    expect(namesIn(court, poolIn(court))).toEqual([])
    for (const name of ['eve', 'fay'])
      court.say('ben', 'RECEIPT', {
        job: hash('kit', name),
        state: 'one-tab',
        executors: [court.who(name).publicKey],
        commitment: hash('kit', 'commitment'),
        drawnFrom: 1,
        chosen: false,
      })
    expect(namesIn(court, poolIn(court))).toEqual(['fay'])
  })

  test('two who vouch for nobody that the other reaches share no court', () => {
    const court = new Court([...parties, 'eve', 'fay', 'gus', 'hal', 'ida', 'jo'])
    court.vouch(['ann'], ['eve', 'fay', 'gus'])
    court.vouch(['ben', 'cat', 'dan'], ['hal', 'ida', 'jo'])
    expect(poolIn(court)).toEqual({ candidates: [], overlap: { requester: 0, executors: 0 }, common: false })
  })

  test('nor do those of whose trust too little lies in common', () => {
    const court = new Court([...parties, ...crowd(30), 'eve', 'fay', 'gus'])
    court.vouch(['ann'], [...crowd(30), 'eve', 'fay', 'gus'])
    court.vouch(['ben', 'cat', 'dan'], ['eve', 'fay', 'gus'])
    const pool = poolIn(court)
    expect(namesIn(court, pool)).toEqual(['eve', 'fay', 'gus'])
    expect(pool.overlap.executors).toBe(1)
    expect(pool.overlap.requester).toBeCloseTo(3 / 33, 9)
    expect(pool.common).toBe(false)
  })

  test('what is vouched for after the offer changes nothing', () => {
    const { court } = courtOfFour(6)
    const contest = court.contest('ann', court.job('ann', ['ben', 'cat', 'dan']))
    const before = courtOf(court.ledger, readTerms(contest), court.charter)
    court.join('late')
    court.vouch([...parties, ...crowd(6)], ['late'])
    court.say('ann', 'DEFAULT_SET', { key: 'note', value: 'now' })
    expect(courtOf(court.ledger, readTerms(contest), court.charter)).toEqual(before)
    expect(before?.pool.candidates).toHaveLength(6)
  })

  test('an asker without a log has no court; where the root is not held nothing can be said', () => {
    const { court } = courtOfFour(6)
    const terms = readTerms(court.contest('ann', court.job('ann', ['ben', 'cat', 'dan'])))
    const { root: _, ...without } = terms
    expect(courtOf(court.ledger, without, court.charter)?.pool.common).toBe(false)
    expect(courtOf(court.ledger, { ...terms, root: hash('kit', 'nothing') }, court.charter)).toBeUndefined()
    expect(courtOf(new Court([]).ledger, terms, court.charter)).toBeUndefined()
  })
})

describe('a flood of keys', () => {
  const sybils = crowd(1_000, 'sybil')
  const flooded = () => {
    const court = new Court([...parties, ...crowd(5), 'mallory'])
    court.vouch(parties, crowd(5))
    court.vouch(['juror-00'], ['mallory'])
    for (const name of sybils) court.join(name)
    court.vouch(
      ['mallory'],
      sybils.filter((_, i) => i % 4 === 0),
    )
    for (const [i, name] of sybils.entries()) court.vouch([name], sybils.slice(i + 1, i + 3))
    return court
  }

  test('a thousand keys of one introducer are one tree, and take at most one seat', { timeout: 60_000 }, () => {
    const court = flooded()
    const pool = poolIn(court)
    const trees = new Map(pool.candidates.map(({ peer, trees: all }) => [court.nameOf(peer), all.map(court.nameOf)]))
    const inPool = sybils.filter((one) => trees.has(one))
    expect(inPool.length).toBeGreaterThan(900)
    expect(new Set(inPool.flatMap((one) => trees.get(one)!))).toEqual(new Set(['juror-00']))
    // And what they weigh together is bounded by the one vouch that leads to them.
    const weightOf = (of: readonly string[]) =>
      pool.candidates.filter(({ peer }) => of.includes(court.nameOf(peer))).reduce((sum, one) => sum + one.weight, 0)
    expect(weightOf([...inPool, 'mallory'])).toBeLessThan((weightOf(['juror-00']) * 0.85) / 0.15)
  })

  test('neither when a party vouches for every one of them', { timeout: 60_000 }, () => {
    const court = flooded()
    court.vouch(['ann'], sybils.slice(0, 200))
    const pool = poolIn(court)
    const ofExecutors = pool.candidates.flatMap(({ peer, trees: [, tree] }) =>
      sybils.includes(court.nameOf(peer)) ? [court.nameOf(tree!)] : [],
    )
    expect(ofExecutors.length).toBeGreaterThan(900)
    expect(new Set(ofExecutors)).toEqual(new Set(['juror-00']))
  })
})

describe('who sat much lately', () => {
  /** Cases of three seats, one after another, each in a new job. */
  const held = (cases: number, cooldown = 20) => {
    const { court } = courtOfFour(6, { jury: { cooldown } })
    const sat = new Map<string, number>()
    for (let i = 0; i < cases; i++) {
      const job = court.job('ann', ['ben', 'cat', 'dan'])
      const contest = court.contest('ann', job)
      court.summon('ann', contest, court.open(parties, job, contest))
      for (const name of court.seated(contest)) sat.set(name, (sat.get(name) ?? 0) + 1)
      court.votes(contest, ['uphold', 'uphold', 'uphold'])
      court.rule('ann', contest)
    }
    return { court, sat }
  }

  test('is passed over in the next case, so that seats go round', () => {
    const { sat } = held(2)
    expect([...sat.values()]).toEqual([1, 1, 1, 1, 1, 1])
  })

  test('counts only the last rulings, and not those among strangers', () => {
    const { court, sat } = held(1)
    const past = court.ledger.past([court.ledger.head(court.who('ann').peer)!.id])!
    const pool = new Set(crowd(6).map((name) => court.who(name).peer))
    const names = (peers: ReadonlySet<string>) => [...peers].map(court.nameOf).toSorted()
    expect(names(seatedLately(court.ledger, past, court.charter, pool))).toEqual([...sat.keys()].toSorted())
    const { jury } = court.charter
    expect(seatedLately(court.ledger, past, { jury: { ...jury, cooldown: 0 } }, pool).size).toBe(0)
    expect(seatedLately(court.ledger, past, court.charter, new Set()).size).toBe(0)
  })

  test('a ruling that names deciders who showed no vote fills nobody’s share', () => {
    const { court } = courtOfFour(6)
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    const contest = court.contest('ann', job)
    const summons = court.summon('ann', contest, court.open(parties, job, contest))
    court.say('ann', 'RULING', {
      contest: contest.id,
      level: 0,
      summon: summons.id,
      outcome: 'upheld',
      deciders: crowd(6).map((name) => ({ peer: court.who(name).publicKey, vote: 'uphold', reveal: summons.id })),
      clause: 'jury.threshold',
      affected: [{ peer: court.who('ben').publicKey }],
    })
    const past = court.ledger.past([court.ledger.head(court.who('ann').peer)!.id])!
    const pool = new Set(crowd(6).map((name) => court.who(name).peer))
    expect(seatedLately(court.ledger, past, court.charter, pool).size).toBe(0)
  })
})

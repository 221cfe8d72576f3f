import { describe, expect, test } from 'vitest'
import { treesSeenBy, trustAt } from '../../../src/domain/trust/trust.ts'
import { Court, crowd, type CourtInit } from '../../kits/court.ts'
import { hash } from '../../../src/domain/hash.ts'
import { person } from '../../kits/keys.ts'

const trust = (court: Court) => trustAt(court.ledger, undefined, court.charter)
const named = (court: Court, trees: ReadonlyMap<string, string>) =>
  Object.fromEntries([...trees].map(([peer, root]) => [court.nameOf(peer), court.nameOf(root)]))

describe('trust at some point of a ledger', () => {
  test('members are those whose newest word signs the charter', () => {
    const court = new Court(['ann', 'ben', 'cat'])
    court.join('dan', { signs: false })
    const root = court.say('ann', 'DEFAULT_SET', { key: 'note', value: 'here' })
    court.say('ben', 'EXIT', {})
    const membersNow = [...trust(court).members].map(court.nameOf).toSorted()
    const then = trustAt(court.ledger, court.ledger.past([root.id]), court.charter)
    expect(membersNow).toEqual(['ann', 'cat'])
    expect([...then.members].map(court.nameOf).toSorted()).toEqual(['ann', 'ben', 'cat'])
  })

  test('jobs are counted once each, and never on the word of who computed them', () => {
    const court = new Court(['ann', 'ben'])
    const receipt = (by: string, job: string) =>
      court.say(by, 'RECEIPT', {
        job: hash('kit', job),
        state: 'one-tab',
        executors: [court.who('ben').publicKey],
        commitment: hash('kit', 'commitment'),
        drawnFrom: 1,
        chosen: false,
      })
    receipt('ann', 'one')
    receipt('ann', 'one')
    receipt('ann', 'two')
    receipt('ben', 'three')
    expect(trust(court).jobs).toEqual(new Map([[court.who('ben').peer, 2]]))
  })

  test('where the charter names authors, trees begin with those who signed as such, whoever looks', () => {
    const [ann, ben, cat] = ['ann', 'ben', 'cat'].map(person)
    const init: CourtInit = { charter: { authors: [ann!.peer, ben!.peer, cat!.peer] } }
    const court = new Court(['ann', 'ben', 'cat', 'dan', 'eve'], init)
    court.say('ann', 'CONSENT', { grade: 'authored' })
    court.say('ben', 'CONSENT', { grade: 'authored' })
    court.vouch(['ann'], ['dan', 'cat'])
    court.vouch(['ben', 'cat'], ['eve'])
    const expected = { ann: 'ann', ben: 'ben', cat: 'ann', dan: 'ann', eve: 'eve' }
    for (const viewer of ['ann', 'eve'])
      expect(named(court, treesSeenBy(trust(court), [court.who(viewer).peer]))).toEqual(expected)
  })

  test('where it names none, they begin with those for whom the viewer stands in', () => {
    const court = new Court(['ann', 'ben', 'cat', 'dan', 'eve'])
    court.vouch(['ann'], ['ben', 'cat'])
    court.vouch(['ben'], ['dan', 'ann'])
    court.vouch(['cat', 'dan'], ['eve'])
    const seen = treesSeenBy(trust(court), [court.who('ann').peer])
    expect(named(court, seen)).toEqual({ ann: 'ann', ben: 'ben', cat: 'cat', dan: 'ben', eve: 'eve' })
  })

  test('a stranger cannot set up a root of its own', () => {
    const [fakes, sybils] = [crowd(5, 'fake'), crowd(5, 'sybil')]
    const court = new Court(['ann', 'ben', 'mallory', ...fakes, ...sybils])
    court.vouch(['ann'], ['ben'])
    court.vouch(['ben'], ['mallory'])
    court.vouch(['mallory'], sybils)
    for (const [i, fake] of fakes.entries()) court.vouch([fake], [sybils[i]!])
    const seen = named(court, treesSeenBy(trust(court), [court.who('ann').peer]))
    expect(new Set(sybils.map((one) => seen[one]))).toEqual(new Set(['ben']))
    expect(fakes.map((one) => seen[one])).toEqual(fakes.map(() => undefined))
  })
})

import { describe, expect, test } from 'vitest'
import { MAX_VOUCHES, vouchedBy, vouchesFor, vouchGraph } from '../../../src/domain/trust/vouches.ts'
import { Court, crowd } from '../../kits/court.ts'

const graphOf = (court: Court) => vouchGraph(court.ledger)
const vouched = (court: Court, name: string) =>
  vouchedBy(graphOf(court), court.who(name).peer).map(court.nameOf).toSorted()

describe('who vouches for whom', () => {
  test('a vouch counts until its author takes it back, and nobody else can', () => {
    const court = new Court(['ann', 'ben', 'cat'])
    court.vouch(['ann'], ['ben', 'cat'])
    const [ofBen] = court.ledger.of('VOUCH')
    court.say('cat', 'REVOKE', { vouch: ofBen!.id })
    expect(vouched(court, 'ann')).toEqual(['ben', 'cat'])
    court.say('ann', 'REVOKE', { vouch: ofBen!.id })
    expect(vouched(court, 'ann')).toEqual(['cat'])
    expect(vouchesFor(graphOf(court), court.who('ben').peer)).toBe(0)
  })

  test('a second vouch for the same key adds nothing, and outlives the first', () => {
    const court = new Court(['ann', 'ben'])
    court.vouch(['ann', 'ann'], ['ben'])
    expect(vouchesFor(graphOf(court), court.who('ben').peer)).toBe(1)
    court.say('ann', 'REVOKE', { vouch: court.ledger.of('VOUCH')[0]!.id })
    expect(vouched(court, 'ann')).toEqual(['ben'])
  })

  test('nobody vouches for itself', () => {
    const court = new Court(['ann', 'ben'])
    court.tell('ann', 'VOUCH', { peer: court.who('ann').publicKey })
    expect(graphOf(court).members).toEqual([])
    court.vouch(['ann'], ['ben'])
    expect(vouched(court, 'ann')).toEqual(['ben'])
  })

  test('of a past only what lies in it counts: neither later vouches nor later regrets', () => {
    const court = new Court(['ann', 'ben', 'cat'])
    court.vouch(['ann'], ['ben'])
    const root = court.ledger.head(court.who('ann').peer)!
    court.say('ann', 'REVOKE', { vouch: root.id })
    court.vouch(['ann'], ['cat'])
    const then = vouchGraph(court.ledger, court.ledger.past([root.id]))
    expect(vouchedBy(then, court.who('ann').peer).map(court.nameOf)).toEqual(['ben'])
    expect(vouched(court, 'ann')).toEqual(['cat'])
  })

  test(`a flood of one key ends with its first ${MAX_VOUCHES}`, () => {
    const others = crowd(MAX_VOUCHES + 4)
    const court = new Court(['ann', ...others])
    court.vouch(['ann'], others)
    expect(vouched(court, 'ann')).toEqual(others.slice(0, MAX_VOUCHES).toSorted())
  })

  test('the graph is the same in whatever order the entries came', () => {
    const court = new Court(crowd(6))
    court.vouch(crowd(6).slice(0, 3), crowd(6))
    const other = new Court([])
    for (const read of court.written.toReversed().toSorted((a, b) => a.entry.seq - b.entry.seq)) other.ledger.take(read)
    expect(vouchGraph(other.ledger)).toEqual(graphOf(court))
  })
})

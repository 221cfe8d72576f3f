import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import type { CountView, ForkPreview } from '../../../src/peer/governance-view.ts'
import {
  affirmedWords,
  authorsWords,
  changeWords,
  countWords,
  gradesWords,
  keepsWords,
  membersWords,
  mineWords,
  PARTS,
  phaseWords,
  wayWords,
} from '../../../src/ui/charter/charter-words.ts'
import { CLAUSES } from '../../../src/domain/charter/clauses.ts'
import { first, harbour, previewOf, HARBOUR, proposal } from '../../kits/fake-charters.ts'

test('every part of a charter has a name', () => {
  const parts = new Set(CLAUSES.map(({ number }) => number.split('.')[0] ?? ''))
  expect([...parts].toSorted()).toEqual(Object.keys(PARTS).toSorted())
})

test('who can change a charter is said with whom it binds, and that anybody may fork', () => {
  const words = changeWords(FIRST_CHARTER)
  expect(words).toContain('with 3 sponsors, each of another introducer')
  expect(words).toContain('two thirds of the active members')
  expect(words).toContain('binds only those who sign')
  expect(words).toContain('Anybody may fork')
  expect(changeWords({ amendment: { sponsors: 0, ratifyShare: 1 } })).toMatch(/^Any member may propose a change\./)
  expect(changeWords({ amendment: { sponsors: 1, ratifyShare: 1 } })).toContain(
    'with one sponsor of another introducer',
  )
})

test('how one stands to a charter is never more than was done', () => {
  expect(mineWords('clicked')).toContain('with a click')
  expect(mineWords('none')).toContain('does not bind you')
  expect(membersWords(1)).toBe('one member')
  expect(gradesWords(first.grades)).toBe(
    'By their own word, 1 signed in a ballot, 2 after reading what it changes, 6 with a click.',
  )
  expect(gradesWords({ 'authored': 0, 'ballot': 0, 'signed-after-diff': 0, 'clicked': 0 })).toBe('')
  expect(authorsWords(first)).toBe('no key: it names nobody')
  expect(authorsWords(harbour)).toBe('1 of 3 signed as its authors')
})

describe('the three counts', () => {
  const count = (change: Partial<CountView>): CountView => ({
    way: 'raw',
    signed: 5,
    of: 9,
    needed: 6,
    passes: false,
    ...change,
  })

  test('each say what they are out of and what it takes', () => {
    expect(countWords(count({}))).toBe('5 of 9 signed, 6 needed')
    expect(countWords(count({ way: 'introducers', signed: 2.333333, of: 3, needed: 2 }))).toBe(
      '2.3 of 3 signed, 2 needed',
    )
    expect(countWords(count({ way: 'your-trust', signed: 0.3, of: 0.9, needed: 0.6 }))).toBe('33 % signed, 67 % needed')
  })

  test('of nobody are no share at all', () => {
    expect(countWords(count({ of: 0, signed: 0 }))).toBe('nobody to count')
    expect(countWords(count({ way: 'your-trust', of: 0, signed: 0 }))).toBe('your trust reaches none of them')
  })

  test('are named apart', () => {
    const names = (['raw', 'introducers', 'your-trust'] as const).map(wayWords)
    expect(new Set(names).size).toBe(3)
  })
})

test('a proposal is told by how far it has come', () => {
  const said = (phase: typeof proposal.phase) => phaseWords({ ...proposal, phase, sponsors: [] })
  expect(said('proposed')).toBe('Seeks sponsors: 0 of 3')
  expect(said('notice')).toContain('before it may be signed')
  expect(phaseWords({ ...proposal, phase: 'notice', signableAt: new Date('2126-01-02T10:00:00') })).toMatch(
    /may be signed from .*2/,
  )
  expect(said('signing')).toBe('May be signed now')
  expect(said('ratified')).toBe('Ratified, for those who signed')
  expect(said('lapsed')).toContain('whoever signed goes by it')
})

test('what one keeps is told before, with what it is out of', () => {
  const [trust, hosts, history, cases] = keepsWords(previewOf(HARBOUR))
  expect(trust).toContain('2 of the 6 peers')
  expect(hosts).toContain('1 of the 3 peers')
  expect(history).toContain('412 records')
  expect(history).toContain('3 rulings are shown as the old charter')
  expect(cases).toBe('1 open case of yours ends under the old charter.')
  const alone: ForkPreview = {
    ...previewOf(HARBOUR),
    trust: { kept: 0, of: 0 },
    hosts: { kept: 0, of: 0 },
    openCases: 0,
  }
  expect(keepsWords(alone).join(' ')).toContain('parts you from nobody')
  expect(keepsWords({ ...alone, trust: { kept: 0.2, of: 0.8 } })[0]).toContain('25 % of your trust')
})

test('both shares of a default stand with what they are of', () => {
  expect(affirmedWords({ unchanged: 0.93, affirmed: 0.07, of: 14 })).toBe(
    '93 % of 14 keys run it unchanged; 7 % kept it after seeing the alternatives.',
  )
  expect(affirmedWords({ unchanged: 0, affirmed: 0, of: 0 })).toBe('Nobody has said yet what it runs.')
})

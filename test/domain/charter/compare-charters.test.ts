import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER, type Charter } from '../../../src/domain/charter/charter.ts'
import { readCharter, encodeCharter } from '../../../src/domain/charter/charter-document.ts'
import {
  CLAUSES,
  clauseAt,
  clauseSentence,
  ruleName,
  valueAt,
  type Clause,
} from '../../../src/domain/charter/clauses.ts'
import { shareWords, timeWords, valueWords } from '../../../src/domain/charter/clause-words.ts'
import { compareCharters } from '../../../src/domain/charter/compare-charters.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import { person } from '../../kits/keys.ts'
import { leavesOf } from '../../kits/leaves.ts'

const ann = person('ann').peer

const withValue = (charter: Charter, { path }: Clause, value: unknown): Charter => {
  const [part = '', name] = path.split('.')
  const old = charter as unknown as Record<string, Record<string, unknown>>
  return { ...charter, [part]: name === undefined ? value : { ...old[part], [name]: value } }
}

describe('the clauses of a charter', () => {
  test('are all it says, each once and with a number of its own', () => {
    const leaves = leavesOf(FIRST_CHARTER)
    expect(leaves.length).toBeGreaterThan(40)
    expect(CLAUSES.map(({ path }) => path).toSorted()).toEqual(leaves.toSorted())
    expect(new Set(CLAUSES.map(({ number }) => number)).size).toBe(CLAUSES.length)
  })

  test('are numbered in the order in which they are shown', () => {
    const places = CLAUSES.map(({ number }) => number.split('.').map(Number))
    const order = places.toSorted(([a = 0, m = 0], [b = 0, n = 0]) => a - b || m - n)
    expect(places).toEqual(order)
  })

  test.each(CLAUSES)('rule $number, $name, is a sentence', (clause) => {
    const sentence = clauseSentence(clause, FIRST_CHARTER)
    expect(sentence).toMatch(/^[A-Z].*[^.]\.$/)
    expect(sentence).not.toMatch(/%(?!.)|undefined|\[object/)
  })

  test.each(CLAUSES.filter(({ alternatives }) => alternatives.length > 0))(
    'what else rule $number, $name, could be makes a charter, and is one difference',
    (clause) => {
      for (const alternative of clause.alternatives) {
        const changed = withValue(FIRST_CHARTER, clause, alternative)
        expect(readCharter(encodeCharter(changed))).toEqual(changed)
        const differences = compareCharters(FIRST_CHARTER, changed)
        expect(differences.map(({ path }) => path)).toEqual([clause.path])
        expect(differences[0]?.before).not.toBe(differences[0]?.after)
      }
    },
  )

  test('are named as decision lines name them', () => {
    expect(ruleName(FIRST_CHARTER, 'jury.threshold')).toBe('First charter 1, rule 3.2')
    expect(ruleName({ title: 'Tea room', version: 2 }, 'jury.whims')).toBe('Tea room 2, rule jury.whims')
    expect(clauseAt('jury.whims')).toBeUndefined()
  })

  test('say their values in words', () => {
    expect([2 / 3, 0.5, 0.056, 0.15, 1, 0].map(shareWords)).toEqual([
      'two thirds',
      'half',
      '5.6 %',
      '15 %',
      'all',
      'none',
    ])
    expect([100, 3_000, 60_000, 90_000, 3_600_000, 604_800_000].map(timeWords)).toEqual([
      '100 ms',
      '3 s',
      '1 minute',
      '90 s',
      '1 hour',
      '7 days',
    ])
    const say = (path: string) => {
      const clause = clauseAt(path)
      return clause && valueWords(clause.unit, valueAt(FIRST_CHARTER, clause.path))
    }
    expect(say('jury.introducerCap')).toBe('one seat for each introducer')
    expect(say('jury.sizes')).toBe('3, then 5, then 11 seats')
    expect(say('retention')).toBe('100,000 entries')
    expect(say('authors')).toBe('none')
  })
})

describe('two charters', () => {
  test('that are one do not differ', () => {
    expect(compareCharters(FIRST_CHARTER, FIRST_CHARTER)).toEqual([])
  })

  test('are compared rule by rule, with what changes for whoever reads it', () => {
    const stricter = forkOf(
      FIRST_CHARTER,
      { title: 'Strict', jury: { quorum: 0.8, sizes: [5, 11, 21] }, timeouts: { together: 5_000, vote: 60_000 } },
      ann,
    )
    expect(compareCharters(FIRST_CHARTER, stricter)).toEqual([
      { clause: '1.1', path: 'title', name: 'Title', before: '“First charter”', after: '“Strict”', means: '' },
      expect.objectContaining({ clause: '1.4', path: 'authors', before: 'none' }),
      {
        ...{ clause: '3.1', path: 'jury.sizes', name: 'Seats', means: 'Juries have other sizes.' },
        ...{ before: '3, then 5, then 11 seats', after: '5, then 11, then 21 seats' },
      },
      {
        ...{ clause: '3.3', path: 'jury.quorum', name: 'Quorum', means: 'A larger share must vote.' },
        ...{ before: '60 %', after: '80 %' },
      },
      expect.objectContaining({ clause: '9.9', before: '3 s', after: '5 s', means: '' }),
      expect.objectContaining({
        clause: '9.13',
        before: '10 minutes',
        after: '1 minute',
        means: 'Jurors have less time to read.',
      }),
    ])
  })

  test('are compared both ways', () => {
    const stricter = { ...FIRST_CHARTER, jury: { ...FIRST_CHARTER.jury, quorum: 0.8 } }
    expect(compareCharters(stricter, FIRST_CHARTER)).toMatchObject([{ means: 'A smaller share may vote for all.' }])
  })
})

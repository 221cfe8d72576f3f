import { describe, expect, test } from 'vitest'
import { cidOf, ENTRENCHED, FIRST_CHARTER, type Charter } from '../../../src/domain/charter/charter.ts'
import { labelSentence, labelsOf } from '../../../src/domain/charter/check-charter.ts'
import { encodeCharter } from '../../../src/domain/charter/charter-document.ts'
import { forkOf, type Changes } from '../../../src/domain/charter/fork.ts'
import { person } from '../../kits/keys.ts'

const ann = person('ann').peer
const fork = (changes: Changes) => forkOf(FIRST_CHARTER, changes, ann)
const kindsOf = (charter: Charter) => labelsOf(charter, [FIRST_CHARTER]).map(({ kind }) => kind)

describe('whoever joins is told', () => {
  test('nothing of an honest fork', () => {
    expect(labelsOf(fork({ title: 'Tea' }), [FIRST_CHARTER])).toEqual([])
  })

  test('that nobody signs as author of the first charter, and nothing else', () => {
    expect(labelsOf(FIRST_CHARTER, [])).toEqual([{ kind: 'no-author' }])
  })

  test.each<[string, Changes, string]>([
    ['no side can win', { jury: { threshold: 1 } }, 'never-decides'],
    ['both sides can win', { jury: { threshold: 0.3 } }, 'two-winners'],
    ['one vote decides', { jury: { threshold: 0.3, quorum: 0.2 } }, 'one-seat-decides'],
    ['a jury of one decides', { jury: { sizes: [1, 3, 5] } }, 'one-seat-decides'],
    ['one introducer fills a majority', { jury: { introducerCap: 2 } }, 'one-introducer-decides'],
    ['whoever makes keys makes jurors', { membership: { vouches: 0 } }, 'anyone-judges'],
    ['trust goes everywhere', { jury: { alpha: 0.01 } }, 'alpha-odd'],
    ['trust goes nowhere', { jury: { alpha: 0.9 } }, 'alpha-odd'],
    ['checks deter nobody', { verification: { mode: 'adaptive', auditFloor: 0.01 } }, 'checks-deter-nobody'],
    ['nothing ever restarts', { verification: { mode: 'adaptive', probation: 0 } }, 'checks-deter-nobody'],
    ['few ratify', { amendment: { ratifyShare: 0.5 } }, 'ratified-by-few'],
    ['nobody can vote in time', { timeouts: { vote: 10_000 } }, 'too-short'],
    ['nobody can appeal in time', { timeouts: { appeal: 1_000 } }, 'too-short'],
    [
      'an engine is unknown here',
      { canons: [{ library: 'other', version: '9', wasmSha256: 'ab'.repeat(32) }] },
      'unknown-canon',
    ],
    ['a rule of the parent is gone', { entrenched: ENTRENCHED.slice(1) }, 'drops-entrenched'],
  ])('that %s, and may still sign', (_, changes, kind) => {
    const charter = fork(changes)
    expect(kindsOf(charter)).toContain(kind)
    expect(encodeCharter(charter).length).toBeGreaterThan(0)
    for (const label of labelsOf(charter, [FIRST_CHARTER])) expect(labelSentence(label, charter)).toMatch(/^[A-Z].*\.$/)
  })

  test('of a known engine, and of windows that are long enough, nothing', () => {
    const canons = [{ library: 'other', version: '9', wasmSha256: 'ab'.repeat(32) }]
    expect(labelsOf(fork({ canons }), [FIRST_CHARTER], { canons: ['ab'.repeat(32)] })).toEqual([])
    expect(kindsOf(fork({ timeouts: { vote: 120_000 } }))).toEqual([])
  })

  test('which rule it drops, and whose that was', () => {
    const rules = ENTRENCHED.filter((rule) => rule !== 'unresolved')
    const dropped = labelsOf(fork({ entrenched: rules }), [FIRST_CHARTER])
    expect(dropped).toEqual([{ kind: 'drops-entrenched', rule: 'unresolved', parent: cidOf(FIRST_CHARTER) }])
    expect(dropped.map((label) => labelSentence(label, FIRST_CHARTER))).toEqual([
      'It drops what the charter that it comes from entrenched: what nobody settles stays unresolved.',
    ])
    const orphan = { ...FIRST_CHARTER, authors: [ann], entrenched: rules }
    expect(labelsOf(orphan, [])).toEqual([{ kind: 'drops-entrenched', rule: 'unresolved' }])
  })

  test('that a parent is not held, so that nothing can be said of what it dropped', () => {
    const charter = fork({ entrenched: [] })
    expect(labelsOf(charter, [undefined])).toEqual([{ kind: 'parent-not-held', parent: cidOf(FIRST_CHARTER) }])
  })

  test('that it is shown as its own parent, or as that of one that it comes from', () => {
    const id = cidOf('shown so')
    const own = { ...fork({}), parents: [id] }
    expect(labelsOf(own, [undefined], { id })).toContainEqual({ kind: 'own-ancestor', charter: id })
    // a → b → c → a, as somebody tells it.
    const [a, b, c] = ['a', 'b', 'c'].map((name) => cidOf(name)) as [string, string, string]
    const told = new Map([b, c, a].map((parent, i) => [[a, b, c][i], { ...fork({}), parents: [parent] }]))
    const held = (name: string) => told.get(name)
    expect(labelsOf(told.get(a)!, [held(b)], { id: a, held })).toEqual([{ kind: 'own-ancestor', charter: a }])
    expect(labelsOf(told.get(a)!, [held(b)], { id: cidOf('another'), held })).toEqual([])
  })
})

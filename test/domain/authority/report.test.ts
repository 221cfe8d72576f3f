import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceFrom, responsibility } from '../../../src/domain/authority/index.ts'
import { digestOfReport, encodeReport, reportCsv, reportJson } from '../../../src/domain/authority/export-report.ts'
import type { Recorded } from '../../../src/domain/authority/recorded.ts'
import { DRAWER, PANEL, type MeasureKey, type Report } from '../../../src/domain/authority/report-shape.ts'
import { ReportBuilder, reportOf } from '../../../src/domain/authority/report.ts'
import { hash } from '../../../src/domain/hash.ts'
import type { Vote } from '../../../src/domain/ledger/entry.ts'
import { factsOf, history, inputOf, introduction, job, peersNamed, recipeOf, ruling } from '../../kits/histories.ts'

const PEERS = peersNamed(12)
const [ann = '', ben = '', cat = '', dan = '', eve = ''] = PEERS

const measure = (report: Report, key: MeasureKey) =>
  [...report.panel, ...report.drawer].find((each) => each.key === key)!

const votes = (...said: readonly (readonly [string, Vote])[]) => said

/** So many rulings by the same three, over Ann and Ben. */
const rulings = (count: number, by: readonly string[], prefix = 'r'): Recorded[] =>
  Array.from({ length: count }, (_, i) =>
    ruling(`${prefix}${String(i).padStart(4, '0')}`, votes(...by.map((peer) => [peer, 'uphold'] as const)), [ann, ben]),
  )

const report = (decisions: readonly Recorded[], recipe = {}, facts = {}): Report =>
  reportOf({ decisions, facts: factsOf(PEERS, { trees: new Map(), ...facts }), recipe: recipeOf(recipe) })

describe('a report of a room without decisions', () => {
  const empty = report([])

  test('says so, and why each measure has no value', () => {
    expect(empty.sentence).toBe('Nothing has been decided yet, as far as is known here.')
    expect([empty.decisions, empty.discretionary, empty.routes.windows]).toEqual([0, 0, []])
    expect(empty.panel.map(({ key }) => key)).toEqual([...PANEL])
    expect(empty.drawer.map(({ key }) => key)).toEqual([...DRAWER])
    for (const { key, value, why } of [...empty.panel, ...empty.drawer])
      expect([key, value === null ? typeof why : why]).toEqual([key, value === null ? 'string' : null])
    expect(measure(empty, 'effective-deciders').why).toBe('Too few seats (0) to tell concentration from chance')
  })

  test('has an encoding, as any other', () => {
    expect(digestOfReport(empty)).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.parse(reportJson(empty))).toEqual({ report: empty, uncertainty: null })
  })
})

describe('a report of a small room', () => {
  test('counts deciders by the seats that they won, without the bias of few', () => {
    // 30 seats, ten each: Σ m(m−1) / (M(M−1)) = 3 · 90 / 870.
    expect(measure(report(rulings(10, [cat, dan, eve])), 'effective-deciders').value).toBeCloseTo(870 / 270, 12)
  })

  test('shares a decision among its winners, by responsibility, and gives losers nothing', () => {
    const decided = ruling('r', votes([cat, 'uphold'], [dan, 'uphold'], [eve, 'dismiss']), [ann, ben, PEERS[5] ?? ''])
    const made = report([...rulings(1, [cat]), decided])
    // Cat alone made the first for two (ω 2); of the second (ω 3) she and Dan have a half each.
    const each = responsibility(2, decided.quota)
    const parts = { [cat]: 2 + (3 * each) / (2 * each), [dan]: (3 * each) / (2 * each) }
    expect(made.ranked.peer).toEqual([
      { actor: cat, members: 1, share: parts[cat]! / 5, decisions: 2 },
      { actor: dan, members: 1, share: parts[dan]! / 5, decisions: 1 },
    ])
  })

  test('counts by key, by introducer tree and by voting bloc, and shows the least', () => {
    const trees = new Map([cat, dan, eve].map((peer) => [peer, dan] as const))
    const { value, collapses } = measure(report(rulings(10, [cat, dan, eve]), {}, { trees }), 'effective-deciders')
    expect(collapses).toEqual({ peer: 870 / 270, tree: 1, bloc: 870 / 270 })
    expect(value).toBe(1)
    const ranked = report(rulings(10, [cat, dan, eve]), {}, { trees }).ranked.tree
    expect(ranked).toEqual([{ actor: dan, members: 3, share: 1, decisions: 10 }])
  })

  test('sees a bloc that votes as one where cases are split, and none among those who do not', () => {
    const bloc = PEERS.slice(0, 3)
    const others = PEERS.slice(3, 10)
    const draws = chanceFrom(hash('kit', 'voters'), 'votes')
    const drawn = (): Vote => (draws.below(2) === 0 ? 'uphold' : 'dismiss')
    const decisions = Array.from({ length: 60 }, (_, i) => {
      const mind = drawn()
      const said = others.map((peer): readonly [string, Vote] => [peer, drawn()])
      return ruling(`s${i}`, [...bloc.map((peer) => [peer, mind] as const), ...said], [ann, ben])
    })
    const made = report(decisions)
    const blocs = made.ranked.bloc.filter(({ members }) => members > 1)
    expect(blocs.map(({ members }) => members)).toEqual([3])
    expect(blocs[0]?.actor).toBe(bloc.toSorted()[0])
    expect(measure(made, 'independent-voices').beside).toEqual({ name: 'seats', value: 10 })
    expect(measure(made, 'independent-voices').value).toBeLessThan(9)
  })

  test('says in plain words who made half, and what the reader made', () => {
    const twenty = rulings(20, [cat, dan])
    expect(report(twenty, { window: 20, viewer: cat }).sentence).toBe(
      '1 of 12 tabs made half of the last 20 decisions. You made 20.',
    )
    const jobs = [job('j1', ann, [ben, cat, dan]), job('j2', ben, [cat, dan, eve])]
    expect(report([...jobs, ...rulings(1, [cat, dan, eve])], { viewer: ben }).sentence).toBe(
      '3 of 12 tabs made the only ruling or amendment among all 3 decisions. You had no part in it.',
    )
    expect(report(jobs).sentence).toBe(
      'None of all 2 decisions was a ruling or an amendment: nobody decided for others.',
    )
  })

  test('counts the window that was asked for, and series over windows of equal numbers', () => {
    const decisions = [...rulings(400, [cat, dan, eve]), ...rulings(400, [cat], 's')]
    expect(measure(report(decisions, { window: 400 }), 'effective-deciders').value).toBe(1)
    const made = report(decisions)
    expect(made.routes.windows.map((window) => window.decisions)).toEqual(Array.from({ length: 20 }, () => 40))
    const { series } = measure(made, 'effective-deciders')
    expect([series.at(0), series.at(-1)]).toEqual([(120 * 119) / (3 * 40 * 39), 1])
  })

  test('weighs each vote again as if seats had gone by compute, by age, or one each', () => {
    const jobs = Array.from({ length: 5 }, (_, i) => job(`j${i}`, ann, [dan]))
    const split = ruling('r', votes([cat, 'uphold'], [eve, 'uphold'], [dan, 'dismiss']), [ann, ben])
    // In the order of age Dan is older than Eve, and Cat than both: 3 + 1 against 2.
    expect(report([...jobs, split]).flips).toEqual([
      { rule: 'compute', flipped: 1, of: 1, rulings: ['r'] },
      { rule: 'seniority', flipped: 0, of: 1, rulings: [] },
      { rule: 'one-each', flipped: 0, of: 1, rulings: [] },
    ])
    // Nobody had computed anything before it.
    expect(report([split, ...jobs]).flips[0]).toEqual({ rule: 'compute', flipped: 0, of: 0, rulings: [] })
  })
})

describe('the scope “mine”', () => {
  const [mallory = '', ...sybils] = PEERS.slice(6)
  const staged = [
    ...Array.from({ length: 50 }, (_, i) => job(`x${i}`, mallory, sybils.slice(0, 3))),
    ...Array.from({ length: 50 }, (_, i) => ({
      ...ruling(`y${i}`, votes(...sybils.slice(0, 3).map((peer) => [peer, 'uphold'] as const)), [mallory, ann]),
      touches: [mallory],
    })),
    ...sybils.map((peer, i) => introduction(`z${i}`, mallory, peer)),
  ]
  const real = rulings(10, [cat, dan, eve])
  const mine = { scope: 'mine', viewer: ann } as const
  const facts = { trusted: [ben, cat, dan, eve] }

  test('is moved by nothing that strangers do among themselves', () => {
    const honest = report(real, mine, facts)
    expect(honest.decisions).toBe(10)
    expect(report([...real, ...staged], mine, facts)).toEqual(honest)
    expect(report([...real, ...staged], {}, facts).decisions).toBe(real.length + staged.length)
  })

  test('names nobody as a peer whom the reader does not know and who decided nothing', () => {
    expect(report(real, mine, facts).peers).toBe(5)
    expect(report(real, {}, facts).peers).toBe(12)
  })
})

describe('exports', () => {
  const made = reportOf(inputOf({ seed: 'exports', peers: 30, decisions: 300 }))

  test('have a row for each measure, quoted where it must be', () => {
    const lines = reportCsv(made).split('\r\n')
    expect(lines).toHaveLength(PANEL.length + DRAWER.length + 2)
    expect(lines.at(-1)).toBe('')
    expect(lines[6]).toMatch(/^unresolved-overturned,"Unresolved, and overturned",0\./)
  })

  test('defuse what a spreadsheet would run, and leave numbers as they are', () => {
    const hostile = { ...made, recipe: { ...made.recipe, viewer: '=cmd|"/C calc"!A1' } }
    const [, row = ''] = reportCsv(hostile).split('\r\n')
    expect(row.endsWith(`"'=cmd|""/C calc""!A1"`)).toBe(true)
    const negative = { ...made, panel: made.panel.map((each) => ({ ...each, value: -0.25, why: '-1+1' })) }
    expect(reportCsv(negative).split('\r\n')[1]).toMatch(/^effective-deciders,Effective deciders,-0\.25,.*,'-1\+1,/)
  })
})

describe('a report that is built as decisions come', () => {
  const windows = [0, 1, 40, 200]

  test('equals one that is counted from the beginning, to the byte, whatever came late', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.string({ maxLength: 4 }),
          peers: fc.integer({ min: 3, max: 60 }),
          decisions: fc.integer({ min: 0, max: 900 }),
          window: fc.constantFrom(...windows),
          scope: fc.constantFrom('mine' as const, 'everything' as const),
          late: fc.array(fc.tuple(fc.nat(), fc.nat(60)), { maxLength: 6 }),
        }),
        ({ seed, peers, decisions, window, scope, late }) => {
          const input = inputOf({ seed, peers, decisions, rulings: 60 }, { window, scope })
          const builder = new ReportBuilder(input.recipe, input.facts)
          for (const decision of input.decisions) builder.add(decision)
          for (const [at, back] of late) {
            const length = decisions === 0 ? 0 : at % (decisions + 1)
            builder.truncate(length)
            if (back % 3 === 0) builder.report(input.recipe)
            for (const decision of input.decisions.slice(length)) builder.add(decision)
            if (back % 2 === 0) builder.report(input.recipe)
          }
          expect(encodeReport(builder.report(input.recipe))).toEqual(encodeReport(reportOf(input)))
        },
      ),
      { numRuns: 40 },
    )
  })

  test('equals it after each single decision', () => {
    const input = inputOf({ seed: 'each', peers: 25, decisions: 700, rulings: 60 }, { window: 100 })
    const builder = new ReportBuilder(input.recipe, input.facts)
    for (const [i, decision] of input.decisions.entries()) {
      builder.add(decision)
      const now = builder.report(input.recipe)
      if (i % 97 === 0) expect(now).toEqual(reportOf({ ...input, decisions: input.decisions.slice(0, i + 1) }))
    }
  })

  test('follows what is known of the room, as if it had been known from the beginning', () => {
    const input = inputOf({ seed: 'facts', peers: 40, decisions: 600 }, { scope: 'mine' })
    const peers = peersNamed(40)
    const early = factsOf(peers.slice(0, 20), { trusted: [], seniority: peers.slice(10, 20), trees: new Map() })
    const builder = new ReportBuilder(input.recipe, early)
    for (const decision of input.decisions.slice(0, 500)) builder.add(decision)
    builder.report(input.recipe)
    builder.know(input.facts)
    builder.follow(input.decisions)
    expect(builder.report(input.recipe)).toEqual(reportOf(input))
  })

  test('does not depend on which peer was seen first', () => {
    const input = inputOf({ seed: 'who', peers: 30, decisions: 500 })
    const builder = new ReportBuilder(input.recipe, input.facts)
    for (const decision of history({ seed: 'another', peers: 30, decisions: 400 })) builder.add(decision)
    builder.report(input.recipe)
    builder.follow(input.decisions)
    expect(encodeReport(builder.report(input.recipe))).toEqual(encodeReport(reportOf(input)))
  })
})

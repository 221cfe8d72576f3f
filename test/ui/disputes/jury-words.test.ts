import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { clauseAt } from '../../../src/domain/charter/clauses.ts'
import type { CaseView } from '../../../src/peer/governance-view.ts'
import { isOpenCase } from '../../../src/peer/governance/is-open-case.ts'
import {
  aboutWords,
  caseOutcome,
  caseStep,
  countWords,
  dutyWords,
  RULES,
  ruleWords,
  rulingOf,
  rulingWords,
  courtWords,
} from '../../../src/ui/case-words.ts'
import {
  affectedWords,
  gradeWords,
  linkWords,
  markOfCase,
  namesOf,
  nextWords,
  overlapWords,
  replacementWords,
  roleWords,
  seatWords,
  toneOfCase,
  turnoutWords,
} from '../../../src/ui/disputes/jury-words.ts'
import { nicknameOf } from '../../../src/domain/nickname.ts'
import { cases } from '../../kits/fake-cases.ts'
import { idOf } from '../../kits/fake-models.ts'

const all: readonly (readonly [string, CaseView])[] = Object.entries(cases)

test('the numbers of the rules are those of the charter', () => {
  expect(Object.keys(RULES).length).toBeGreaterThan(5)
  for (const [path, number] of Object.entries(RULES)) expect(clauseAt(path)?.number, path).toBe(number)
  expect(ruleWords('jury.threshold')).toBe('rule 3.2')
  expect(ruleWords('jury.tomorrow')).toBe('rule jury.tomorrow')
})

describe('what a case came to', () => {
  test.for([
    ['opening', 'Contested. Before a jury'],
    ['ruled', 'Settled by jury, 4 to 1 (the objection holds)'],
    ['appealable', 'Settled by jury, 2 to 1 (the objection does not hold)'],
    ['refuted', 'Jury says the objection does not hold; re-running MatMul 17 says it does'],
    ['unresolved', "Unresolved: don't rely on this (too few of the jury voted)"],
    ['strangers', "Unresolved: don't rely on this (these two share no court)"],
    ['refused', 'Not before a jury (whoever contests was no party to the job)'],
  ] as const)('%s: %s', ([name, words]) => {
    expect(caseOutcome(cases[name])).toBe(words)
  })

  test('says before a larger jury once it was appealed', () => {
    const [level] = cases.appealable.levels
    expect(caseOutcome({ phase: 'voting', levels: [level, ...cases.opening.levels] })).toBe(
      'Contested. Before a larger jury',
    )
  })

  test('a refuted ruling the other way is told the other way', () => {
    const ruling = { ...rulingOf(cases.ruled)!, refuted: { proof: '' } }
    expect(rulingWords(ruling)).toBe('Jury says the objection holds; re-running the operator says it does not')
  })

  test('an operator named by a stranger is cut', () => {
    const ruling = { ...rulingOf(cases.ruled)!, refuted: { proof: '', operator: 'x'.repeat(160) } }
    expect(rulingWords(ruling).length).toBeLessThan(160)
  })

  test('wears a mark and a tone of its own', () => {
    expect(markOfCase(cases.ruled)).toBe('ruled')
    expect(markOfCase(cases.refuted)).toBe('refuted')
    expect(toneOfCase(cases.refuted)).toBe('contested')
    expect(toneOfCase(cases.refused)).toBe('lone')
    expect(markOfCase(cases.voting)).toBe('contested')
  })

  test('counts the winning side first', () => {
    expect(countWords({ for: 1, against: 4 })).toBe('4 to 1')
    expect(rulingOf(cases.ruled)?.outcome).toBe('upheld')
  })
})

test('an open case says at which step it is, of how many, and on which appeal', () => {
  expect(all.filter(([, each]) => isOpenCase(each)).map(([name]) => name)).toEqual([
    'opening',
    'summoned',
    'voting',
    'revealing',
  ])
  expect(caseStep(cases.opening)).toMatch(/^Step 1 of 4: the parties open the links/)
  expect(caseStep(cases.voting)).toBe('Step 3 of 4: the jury reads and votes; votes are sealed')
  expect(caseStep({ phase: 'summoning', levels: cases.ruled.levels })).toMatch(/^Appeal 1\. Step 2 of 4/)
})

test('a duty says what is waited for and what it is about', () => {
  expect(dutyWords(cases.summoned)).toMatch(/drawn by lot for a jury.*a bad answer/)
  expect(dutyWords(cases.voting)).toMatch(/waits for your vote/)
  expect(aboutWords('delivery')).toContain('withheld')
})

describe('a jury', () => {
  test('says how many have voted and never how', () => {
    expect(turnoutWords(cases.summoned.levels[0])).toBe('1 of 3 serve')
    expect(turnoutWords(cases.voting.levels[0])).toBe('1 of 3 have voted')
    expect(turnoutWords(cases.ruled.levels[1])).toBe('5 of 5 votes are shown')
    expect(seatWords({ state: 'committed' })).toBe('has voted; the vote is sealed')
    expect(seatWords({ state: 'revealed', vote: 'dismiss' })).toBe('the objection does not hold')
    expect(seatWords({ state: 'absent' })).toBe('was not heard of in time')
  })

  test('says from whom it was drawn, and how much of each side’s trust lies there', () => {
    expect(overlapWords({ pool: 2, overlap: { requester: 0.04, executors: 0.61 } })).toBe(
      "Drawn by lot from 2 keys. Of the asker's trust 4 % lies among them, of the answerers' 61 %.",
    )
  })

  test('says whose link is open, and what missing one costs', () => {
    expect(linkWords({ linksOpened: [], linksMissing: [], linksWithheld: [] })).toContain('No party has opened')
    const one = { linksOpened: [idOf('oak')], linksMissing: [idOf('fir')] }
    const [oak, fir] = [nicknameOf(idOf('oak')), nicknameOf(idOf('fir'))]
    expect(linkWords({ ...one, linksWithheld: [] })).toMatch(
      new RegExp(`^${oak} opened its link, .* ${fir} did not yet\\.$`),
    )
    expect(linkWords({ ...one, linksWithheld: [idOf('fir')] })).toMatch(
      new RegExp(`${fir} held it back, and may not appeal\\.$`),
    )
  })

  test('says who took a place, where anybody did', () => {
    expect(replacementWords(cases.ruled.levels[1].seats)).toBeUndefined()
    expect(replacementWords(cases.voting.levels[0].seats)).toBe(
      '1 of those drawn did not sit; one took a place, in the order of the lot.',
    )
    expect(replacementWords(cases.summoned.levels[0].seats)).toContain('nobody has taken a place')
  })

  test('names those whom it affects by how they had signed', () => {
    expect(affectedWords(rulingOf(cases.ruled)!.affected)).toBe(
      'It affects 4 keys: of the charter, 1 wrote it, 1 signed it after reading what it changes, 1 signed it with a click and 1 had not signed it.',
    )
    expect(gradeWords('ballot')).toBe('signed it in a ballot')
  })

  test('is followed by a larger one, by a fork, or by nothing', () => {
    const { sizes } = FIRST_CHARTER.jury
    expect(nextWords(cases.appealable, sizes)).toContain('a larger jury, of 5, would be drawn')
    expect(nextWords(cases.appealable)).toContain('a larger jury would be drawn')
    expect(nextWords(cases.ruled, sizes)).toContain('the next step is a fork')
    expect(nextWords(cases.refuted, sizes)).toContain('Nothing follows')
  })
})

test('of many keys the first are named and the rest counted', () => {
  expect(namesOf(['a', 'b', 'c', 'd', 'e', 'f'].map(idOf))).toMatch(/ and 2 more$/)
  expect(roleWords('bystander')).toBe('')
})

test('no word of a case blames anybody or promises anything', () => {
  const said = all.flatMap(([, each]) => [
    caseOutcome(each),
    caseStep(each),
    dutyWords(each),
    ...each.levels.flatMap((level) => [linkWords(level), overlapWords(level), turnoutWords(level)]),
  ])
  expect(said.length).toBeGreaterThan(60)
  expect(said.filter((words) => /\b(true|false|cheat\w*|liar|trustless|guarantee\w*)\b/i.test(words))).toEqual([])
})

test('what a jury could be drawn from is said while leaving costs nothing', () => {
  expect(courtWords({ common: true, pool: 4, overlap: { requester: 0.62, executors: 1 } })).toBe(
    'A jury over this would be drawn from 4 keys: 62 % of your trust lies there, and 100 % of theirs.',
  )
  expect(courtWords({ common: false, pool: 0, overlap: { requester: 0, executors: 0 } })).toMatch(
    /^You share no court .* arithmetic alone\. You may cancel; it costs nothing\.$/,
  )
})

import { describe, expect, test } from 'vitest'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { Labels, Manifest } from '../../src/domain/manifest.ts'
import type { Answer } from '../../src/peer/view.ts'
import { headline, isNearTie, readLabels } from '../../src/ui/result.ts'
import { decisionLine, evidenceWords, stateWords } from '../../src/ui/verdict-words.ts'
import { againWords, byteSize, fetchingWords, flagWords, plain, whereWords } from '../../src/ui/words.ts'
import { answers, claimOf } from '../kits/fake-answers.ts'
import { digits, floats, opinionOf } from '../kits/fake-models.ts'
import { answerOf, idOf } from '../kits/fake-peer.ts'
import { cases } from '../kits/fake-cases.ts'

const charter = { title: 'First charter', version: 1 }
const said = (change: Partial<Answer>) => stateWords(answerOf(change))

describe('an answer that went before a jury', () => {
  const charter = { title: 'First charter', version: 1 }

  test('is told by the jury, with both words where arithmetic says otherwise', () => {
    expect(stateWords(answerOf({ ...answers.agreed, state: 'ruled', case: cases.ruled }))).toBe(
      'Settled by jury, 4 to 1 (the objection holds)',
    )
    expect(stateWords(answerOf({ ...answers.proven, state: 'ruled', case: cases.refuted }))).toMatch(
      /^Jury says .*; re-running MatMul 17 says it does$/,
    )
    expect(stateWords(answerOf({ ...answers.agreed, state: 'unresolved', case: cases.strangers }))).toBe(
      "Unresolved: don't rely on this (these two share no court)",
    )
    expect(stateWords(answerOf({ ...answers.agreed, state: 'contested', case: cases.voting }))).toBe(
      'Contested. Before a jury',
    )
  })

  test('is what it was where the contest was refused', () => {
    expect(stateWords(answerOf({ ...answers.agreed, case: cases.refused }))).toBe('Agreed by 3 tabs drawn by lot')
  })

  test('names the jury and the rule by which it ruled', () => {
    expect(decisionLine(answerOf({ ...answers.agreed, state: 'ruled', case: cases.ruled }), charter)).toMatch(
      /^Answered by .*, rule 3\.2\. Ruled by .* \+ 4, a jury drawn by lot from 21\.$/,
    )
    expect(decisionLine(answerOf({ ...answers.agreed, state: 'unresolved', case: cases.strangers }), charter)).toMatch(
      /rule 3\.8\.$/,
    )
  })
})

test('whom one knew before stands beside the keys', () => {
  const known = (keys: number, of: number, unintroduced = 0) =>
    evidenceWords(answers.agreed.claims, { known: { keys, of, unintroduced } })
  expect(known(1, 3)).toBe('3 keys · 3 CPU · you knew 1 of these 3 keys before · independence not proven')
  expect(known(0, 3, 3)).toContain('you knew none of these 3 keys before · nobody vouches for any of them')
  expect(known(1, 3, 2)).toContain('nobody vouches for 2 of them')
  expect(known(0, 1, 1)).toContain('you did not know this key before · nobody vouches for it')
  expect(known(1, 1)).toContain('you knew this key before')
  expect(known(0, 0)).toBe('3 keys · 3 CPU · independence not proven')
})

describe('the words of an answer', () => {
  test.for([
    [answers.oneTab, 'One tab said so'],
    [answers.checking, 'Being checked by 3 tabs'],
    [answers.agreed, 'Agreed by 3 tabs drawn by lot'],
    [answers.fewer, 'Agreed by 2 tabs; 3 were asked for'],
    [{ ...answers.agreed, drawnFrom: 3 }, 'Agreed by 3 tabs'],
    [{ ...answers.checking, replication: 5 }, 'Being checked by 3 tabs; 5 were asked for'],
    [answers.gpusOnly, 'Agreed by 3 GPUs; no CPU has checked'],
    [answers.rounding, 'Agreed within rounding (largest difference 0.00002, limit 0.0001)'],
    [answers.contested, 'Contested: 2 answers'],
    [answers.disputed, 'Contested: 2 answers. Being run again'],
    [answers.settled, 'Settled by running it again: 2 of 3 answers stand'],
    [answers.proven, 'Settled by re-running one operator (Conv 18)'],
    [answers.unresolved, "Unresolved: don't rely on this (no tab could run it on the reference engine)"],
    [
      answers.overturned,
      'Overturned. The earlier answer did not stand (now: settled by re-running one operator, Conv 18)',
    ],
    [answers.adaptive, 'One tab said so; it had been right 34 times in a row here'],
    [answers.audited, 'One tab said so; it had been right 34 times in a row here and was checked by another'],
    [
      { ...answers.audited, checked: { streak: 0, probability: 1, by: 'rerun', agrees: true } },
      'One tab said so; it had no record here, and was run again on this device',
    ],
    [answers.lost, 'Lost: nobody answered'],
    [answers.declined, 'No tab could run it'],
    [{ state: 'lost', fault: { code: 'CANCELLED' } }, 'Cancelled'],
  ] as const)('%o', ([answer, words]) => {
    expect(said(answer)).toBe(words)
  })

  test('name who decided, how they were drawn and under what charter', () => {
    const first = nicknameOf(idOf('oak'))
    expect(decisionLine(answerOf(answers.agreed), charter)).toBe(
      `Decided by ${first} + 2, drawn by lot from 14, under First charter 1, rule 2.7.`,
    )
    expect(decisionLine(answerOf(answers.checking), charter)).toBeUndefined()
  })

  test('say when fewer answered than were asked for, and speak of a lot only where it left somebody out', () => {
    const chosen = (change: Partial<Answer>) => decisionLine(answerOf({ ...answers.fewer, ...change }), charter)
    expect(chosen({})).toMatch(/, 2 of the 3 asked for \(nobody else accepted\), under/)
    expect(chosen({ drawnFrom: 3 })).toContain('2 of the 3 asked for (1 more accepted and left)')
    expect(chosen({ replication: 2 })).toContain(', all who accepted, under')
    expect(chosen({ replication: 2, drawnFrom: 4 })).toContain(', drawn by lot from 4, under')
  })

  test('claim no decision where there is none', () => {
    expect(decisionLine(answerOf(answers.contested), charter)).toMatch(/^Answered by/)
    expect(decisionLine(answerOf(answers.unresolved), charter)).toMatch(/^Answered by/)
  })

  test('say that arithmetic settled it, and until when a party may object', () => {
    expect(decisionLine(answerOf(answers.proven), charter)).toMatch(/^Answered by.*Settled by arithmetic, which any/)
    const until = new Date('2026-11-20T12:04:00')
    const line = decisionLine(answerOf(answers.agreed), charter, until)
    expect(line).toMatch(/under First charter 1, rule 2\.7\. Contest until 12:04/)
  })

  test('count keys and engines, and prove no independence', () => {
    expect(evidenceWords(answers.rounding.claims)).toBe('3 keys · 2 CPU, 1 GPU · independence not proven')
    expect(evidenceWords([claimOf('oak')])).toBe('1 key · 1 CPU · nobody checked it')
    const { checked } = answers.adaptive
    expect(evidenceWords([claimOf('oak')], { checked })).toBe(
      '1 key · 1 CPU · not checked this time (6 % of such answers are)',
    )
    expect(evidenceWords([claimOf('oak')], { checked: { ...checked, by: 'audit' } })).toContain(
      'checked by another tab, in secret',
    )
  })

  test('say why it was asked again', () => {
    const name = nicknameOf(idOf('yew'))
    expect(againWords({ reason: 'no-reveal', who: [idOf('yew')] })).toBe(
      `Asked again by itself: ${name} vanished after committing`,
    )
    expect(againWords({ reason: 'withdrew', who: [idOf('yew')] })).toBe(
      `Asked again by itself: ${name} committed to an answer, then withdrew`,
    )
    expect(againWords({ reason: 'short-handed', who: [idOf('yew')] })).toBe(
      `Asked again by itself: ${name} gave it up, and another tab is free to take the place`,
    )
    expect(againWords({ reason: 'nobody-accepted', who: [] })).toBe('Asked again by itself: nobody took it up')
  })
})

describe('labels', () => {
  const output = (...values: number[]) => ({ logits: floats([1, values.length], values) })
  const two = {
    ...digits.manifest,
    labels: { output: 'logits', names: ['cat', 'dog'], activation: 'softmax' },
  } satisfies Manifest

  test('are the shares of a softmax, best first', () => {
    const [first, second] = readLabels(two, output(0, Math.log(3)))!
    expect([first, second]).toEqual([
      { label: 'dog', share: expect.closeTo(0.75, 5) },
      { label: 'cat', share: expect.closeTo(0.25, 5) },
    ])
  })

  test('are the numbers themselves, or each a share of its own, where the manifest says so', () => {
    const shown = (activation: Labels['activation'], ...values: number[]) =>
      readLabels({ ...two, labels: { ...two.labels, activation } }, output(...values))?.map(({ share }) => share)
    expect(shown('none', 0.25, 0.75)).toEqual([0.75, 0.25])
    expect(shown('none', -0.5, 1.5)).toEqual([1, 0])
    expect(shown('sigmoid', 0, Math.log(3))).toEqual([expect.closeTo(0.75, 5), 0.5])
  })

  test('are those of the output that the manifest names, among several', () => {
    const both = { boxes: floats([1, 2], [9, 1]), logits: floats([1, 2], [0, 1]) }
    expect(readLabels(two, both)?.[0]?.label).toBe('dog')
  })

  test('are not there where the output does not fit them', () => {
    expect(readLabels(two, output(1, 2, 3))).toBeUndefined()
    expect(readLabels(two, output(1, Number.NaN))).toBeUndefined()
  })

  test('are a near tie where rounding within the rule could swap the first two', () => {
    const limit = { rms: 2e-5, scaled: 1e-4 }
    expect(isNearTie(two, output(10, 9.999), limit)).toBe(true)
    expect(isNearTie(two, output(10, 9.9), limit)).toBe(false)
    expect(isNearTie(two, output(10, 10), undefined)).toBe(true)
    expect(isNearTie(two, output(10, 9.999), undefined)).toBe(false)
  })

  test('of a contested answer are all of them', () => {
    expect(headline(answerOf(answers.contested))).toBe('7 ≠ 9')
    expect(headline(answerOf(answers.agreed))).toBe('7')
    const alike = answers.contested.claims.map((claim) => ({ ...claim, outputs: claimOf('oak').outputs }))
    expect(headline(answerOf({ ...answers.contested, claims: alike }))).toBe('7')
    expect(headline(answerOf(answers.checking))).toBeUndefined()
  })
})

test('numbers are written for people', () => {
  expect([0, 0.00002, 0.0000041, 12.34, Infinity].map(plain)).toEqual([
    '0',
    '0.00002',
    '0.0000041',
    '12',
    'without bound',
  ])
  expect([512, 2048, 5_300_000, 64 * 1024 ** 2, 1024 ** 3].map(byteSize)).toEqual([
    '512 bytes',
    '2 KiB',
    '5.1 MiB',
    '64 MiB',
    '1 GiB',
  ])
})

test('those who still fetch the model are one sentence, with how far they are on the whole', () => {
  const fetching = (...fractions: (number | undefined)[]) =>
    fetchingWords(fractions.map((fraction) => ({ doing: 'fetching', ...(fraction === undefined ? {} : { fraction }) })))
  expect(fetching(0.2, 0.6, undefined)).toBe('3 tabs are fetching (40 %)')
  expect(fetching(undefined)).toBe('One tab is fetching')
  expect(fetchingWords([{ doing: 'computing' }])).toBeUndefined()
})

test('a model that is not here is fetched by those who compute', () => {
  const at = (cached: boolean, inMemory: boolean, count: number) =>
    whereWords({ cached, inMemory, holders: ['oak', 'ash', 'elm'].slice(0, count).map(idOf) })
  expect(at(false, false, 3)).toBe('3 tabs hold it: those who compute fetch it')
  expect(at(false, false, 1)).toBe('one tab holds it: those who compute fetch it')
  expect(at(false, false, 0)).toBe('nobody here holds it')
  expect([at(true, false, 0), at(true, true, 0)]).toEqual(['kept here', 'here, in memory only'])
})

test('a flag warns with who and why, and a word for it does not', () => {
  const name = nicknameOf(idOf('yew'))
  expect(flagWords([opinionOf('oak', 'endorses', 'Good.')])).toBeUndefined()
  expect(flagWords([opinionOf('yew', 'flags', 'Not its own weights.'), opinionOf('oak', 'endorses')])).toBe(
    `Flagged by ${name}: “Not its own weights.”`,
  )
  expect(flagWords([opinionOf('yew', 'flags')])).toBe(`Flagged by ${name}.`)
  expect(flagWords(['yew', 'oak', 'ash', 'elm', 'fir'].map((each) => opinionOf(each, 'flags')))).toMatch(
    /and 2 more\.$/,
  )
})

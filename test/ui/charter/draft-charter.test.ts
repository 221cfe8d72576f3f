import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cidOf, FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { encodeCharter } from '../../../src/domain/charter/charter-document.ts'
import { clauseAt, sameValue, valueAt, type Clause } from '../../../src/domain/charter/clauses.ts'
import {
  choicesOf,
  draftOf,
  EDITABLE_CLAUSES,
  fieldText,
  kindOf,
  readField,
  unreadable,
  withTexts,
  withValue,
} from '../../../src/ui/charter/draft-charter.ts'

const clause = (path: string): Clause => {
  const found = clauseAt(path)
  if (found === undefined) throw new Error(`no clause at ${path}`)
  return found
}
const read = (path: string, text: string) => readField(clause(path), text, FIRST_CHARTER)

test('every field reads back as what it shows: a form that nobody touched changes nothing', () => {
  expect(EDITABLE_CLAUSES.length).toBeGreaterThan(15)
  for (const each of EDITABLE_CLAUSES) {
    const text = fieldText(each, FIRST_CHARTER)
    expect(sameValue(readField(each, text, FIRST_CHARTER), valueAt(FIRST_CHARTER, each.path)), each.path).toBe(true)
  }
})

test('what is typed is read as people write it', () => {
  expect(read('jury.sizes', '5 11;21')).toEqual([5, 11, 21])
  expect(read('jury.threshold', '66.7')).toBe(2 / 3)
  expect(read('jury.threshold', ' 60 ')).toBe(0.6)
  expect(read('verification.replication', '5')).toBe(5)
  expect(read('verification.mode', 'adaptive')).toBe('adaptive')
  expect(read('timeouts.vote', '3600000')).toBe(3_600_000)
  expect(read('title', ' Harbour charter ')).toBe('Harbour charter')
})

test('what is no value is none, whatever is typed', () => {
  expect(read('jury.sizes', 'three or so')).toBeUndefined()
  expect(read('jury.sizes', '')).toBeUndefined()
  expect(read('jury.threshold', '-1')).toBeUndefined()
  expect(read('jury.introducerCap', '1e9')).toBeUndefined()
  expect(read('verification.mode', 'mine')).toBeUndefined()
  expect(read('title', '  ')).toBeUndefined()
  fc.assert(
    fc.property(fc.constantFrom(...EDITABLE_CLAUSES), fc.string(), (each, text) => {
      const value = readField(each, text, FIRST_CHARTER)
      if (kindOf(each) === 'number' && value !== undefined) expect(Number.isFinite(value)).toBe(true)
    }),
  )
})

test('a choice holds what is in force, once, and what the clause knows beside it', () => {
  const words = choicesOf(clause('timeouts.vote'), FIRST_CHARTER).map((each) => each.words)
  expect(words).toEqual(['10 minutes', '1 hour'])
  expect(choicesOf(clause('verification.mode'), FIRST_CHARTER)[0]?.value).toBe('replicated')
})

test('a draft is the next version, names its parent, and is one that its schema takes', () => {
  const draft = withValue(draftOf(FIRST_CHARTER, { id: cidOf(FIRST_CHARTER) }), 'jury.threshold', 0.6)
  expect(draft).toMatchObject({ version: 2, parents: [cidOf(FIRST_CHARTER)], authors: FIRST_CHARTER.authors })
  expect(draft.jury).toEqual({ ...FIRST_CHARTER.jury, threshold: 0.6 })
  expect(() => encodeCharter(withValue(draft, 'title', 'Harbour'))).not.toThrow()
  expect(FIRST_CHARTER.jury.threshold).toBe(0.5)
})

test('fields that were touched change the draft, and those that were not leave it', () => {
  const draft = draftOf(FIRST_CHARTER, { id: cidOf(FIRST_CHARTER) })
  const texts = { 'jury.threshold': '66.7', 'jury.quorum': '60', 'jury.sizes': 'three or so' }
  expect(unreadable(texts, FIRST_CHARTER).map(({ path }) => path)).toEqual(['jury.sizes'])
  expect(withTexts(draft, texts, FIRST_CHARTER)).toEqual({
    ...draft,
    jury: { ...FIRST_CHARTER.jury, threshold: 2 / 3 },
  })
})

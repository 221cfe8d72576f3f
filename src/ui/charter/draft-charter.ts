import type { Charter } from '../../domain/charter/charter.ts'
import { valueWords } from '../../domain/charter/clause-words.ts'
import { CLAUSES, valueAt, type CharterPath, type Clause } from '../../domain/charter/clauses.ts'
import type { PeerId } from '../../domain/peer-id.ts'

/** A charter on which somebody is at work: the rules that people change, as fields to fill in. Pure. */

/** The rules that the form has a field for. The others are kept. */
const EDITABLE: readonly CharterPath[] = [
  'title',
  'verification.mode',
  'verification.replication',
  'jury.sizes',
  'jury.threshold',
  'jury.quorum',
  'jury.introducerCap',
  'jury.gamma',
  'jury.minOverlap',
  'appeal.levels',
  'membership.vouches',
  'membership.probationJobs',
  'amendment.sponsors',
  'amendment.ratifyShare',
  'timeouts.contest',
  'timeouts.serve',
  'timeouts.vote',
  'timeouts.appeal',
  'timeouts.notice',
  'timeouts.signing',
]

/** Those clauses, in their order. */
export const EDITABLE_CLAUSES: readonly Clause[] = CLAUSES.filter(({ path }) => EDITABLE.includes(path))

/** How a clause is written down: one of a few, a share in percent, a list of numbers, a number or a line of text. */
export type FieldKind = 'choice' | 'percent' | 'numbers' | 'number' | 'text'

export function kindOf({ unit }: Clause): FieldKind {
  switch (unit) {
    case 'time':
    case 'mode':
    case 'policy':
      return 'choice'
    case 'share':
      return 'percent'
    case 'seats':
      return 'numbers'
    case 'text':
      return 'text'
    default:
      return 'number'
  }
}

/** What a `choice` is between: what holds, what else the clause knows, in order where they are numbers. */
export function choicesOf(
  clause: Clause,
  charter: Charter,
): readonly { readonly value: unknown; readonly words: string }[] {
  const now = valueAt(charter, clause.path)
  const values = [now, ...clause.alternatives.filter((each) => each !== now)]
  const sorted = values.every((each) => typeof each === 'number') ? values.toSorted((a, b) => a - b) : values
  return sorted.map((value) => ({ value, words: valueWords(clause.unit, value) }))
}

/** Shares that percent cannot say whole, with what is written for them. */
const THIRDS: readonly (readonly [text: string, share: number])[] = [
  ['33.3', 1 / 3],
  ['66.7', 2 / 3],
]

/** A clause's value as its field shows it. */
export function fieldText(clause: Clause, charter: Charter): string {
  const value = valueAt(charter, clause.path)
  switch (kindOf(clause)) {
    case 'percent':
      return THIRDS.find(([, share]) => share === value)?.[0] ?? String(Number((Number(value) * 100).toFixed(2)))
    case 'numbers':
      return (value as readonly number[]).join(', ')
    default:
      return String(value)
  }
}

/** What a field says, as the clause's value; undefined where it says none. Whether a charter may say so its schema knows. */
export function readField(clause: Clause, text: string, charter: Charter): unknown {
  const line = text.trim()
  const kind = kindOf(clause)
  switch (kind) {
    case 'choice':
      return choicesOf(clause, charter).find(({ value }) => String(value) === line)?.value
    case 'percent': {
      const third = THIRDS.find(([each]) => each === line)
      return third?.[1] ?? numberOf(line, (percent) => percent / 100)
    }
    case 'numbers': {
      const numbers = line.split(/[\s,;]+/).map((each) => numberOf(each))
      return numbers.includes(undefined) ? undefined : numbers
    }
    case 'number':
      return numberOf(line)
    case 'text':
      return line === '' ? undefined : line
    default:
      return kind satisfies never
  }
}

function numberOf(text: string, scale: (value: number) => number = (value) => value): number | undefined {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return undefined
  return scale(Number(text))
}

/** A charter that says something else at a path. */
export function withValue(charter: Charter, path: CharterPath, value: unknown): Charter {
  const [part = '', field] = path.split('.')
  if (field === undefined) return { ...charter, [part]: value }
  const inner = Object.entries(charter[part as 'jury'])
  return { ...charter, [part]: Object.fromEntries([...inner, [field, value]]) }
}

/**
 * The next version of a charter, before anything is changed in it. An amendment keeps its authors, from whom introducer trees begin; a fork is by
 * whoever makes it and whom it invites.
 */
export const draftOf = (
  charter: Charter,
  { id, authors = charter.authors }: { readonly id: string; readonly authors?: readonly PeerId[] },
): Charter => ({ ...charter, version: charter.version + 1, parents: [id], authors })

/** What a form's fields say, by the path of their clause: those that were touched. */
export type Texts = Readonly<Record<string, string>>

/** The clauses whose fields say no value. */
export const unreadable = (texts: Texts, charter: Charter): readonly Clause[] =>
  EDITABLE_CLAUSES.filter((clause) => {
    const text = texts[clause.path]
    return text !== undefined && readField(clause, text, charter) === undefined
  })

/** A draft with what the fields say in it; `charter`: the one that the form began with. */
export const withTexts = (draft: Charter, texts: Texts, charter: Charter): Charter =>
  EDITABLE_CLAUSES.reduce((so, clause) => {
    const text = texts[clause.path]
    if (text === undefined || text === fieldText(clause, charter)) return so
    const value = readField(clause, text, charter)
    return value === undefined ? so : withValue(so, clause.path, value)
  }, draft)

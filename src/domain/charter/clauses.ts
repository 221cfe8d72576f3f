import { encode } from '@ipld/dag-cbor'
import { equalBytes } from '../bytes.ts'
import type { Charter } from './charter.ts'
import { CLAUSE_TABLE, type CharterPath, type ClauseText } from './clause-table.ts'
import { valueWords } from './clause-words.ts'

export type { CharterPath } from './clause-table.ts'

/** One rule of a charter: its number, its name, and what it says. */
export interface Clause extends ClauseText {
  readonly path: CharterPath
}

/** All of them, in their order. */
export const CLAUSES: readonly Clause[] = Object.entries(CLAUSE_TABLE).map(([path, text]) => ({
  ...text,
  path: path as CharterPath,
}))

/** The clause at a path, as a RULING names it; undefined for a path that is none. */
export const clauseAt = (path: string): Clause | undefined => CLAUSES.find((clause) => clause.path === path)

/** What a charter says at a path. */
export const valueAt = (charter: Charter, path: CharterPath): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>>)[name], charter)

/** Whether two values of a clause are one. */
export const sameValue = (a: unknown, b: unknown): boolean => equalBytes(encode(a), encode(b))

/** What a clause says under a charter: one sentence. */
export const clauseSentence = (clause: Clause, charter: Charter): string =>
  clause.sentence.replace('%', () => valueWords(clause.unit, valueAt(charter, clause.path)))

/** A rule as decision lines name it: `First charter 1, rule 3.2`. A path that is no rule of this version is named as it is. */
export const ruleName = ({ title, version }: Pick<Charter, 'title' | 'version'>, path: string): string =>
  `${title} ${version}, rule ${clauseAt(path)?.number ?? path}`

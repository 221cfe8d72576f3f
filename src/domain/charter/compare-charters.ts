import type { Charter } from './charter.ts'
import { valueWords } from './clause-words.ts'
import type { CharterPath } from './clause-table.ts'
import { CLAUSES, sameValue, valueAt, type Clause } from './clauses.ts'

/** One rule on which two charters differ. */
export interface Difference {
  readonly clause: Clause['number']
  readonly path: CharterPath
  readonly name: string
  /** What each says, in words with units. */
  readonly before: string
  readonly after: string
  /** What changes for a reader, in a sentence; empty where the values say it. */
  readonly means: string
}

/** They name a charter and say nothing that it rules. */
const NAMES_IT: readonly CharterPath[] = ['version', 'parents']

/** The rules in which `after` differs from `before`, in the order of their numbers. */
export const compareCharters = (before: Charter, after: Charter): readonly Difference[] =>
  CLAUSES.filter(({ path }) => !NAMES_IT.includes(path)).flatMap((clause) => {
    const [old, now] = [valueAt(before, clause.path), valueAt(after, clause.path)]
    if (sameValue(old, now)) return []
    const { number, path, name, unit } = clause
    return [
      {
        clause: number,
        path,
        name,
        before: valueWords(unit, old),
        after: valueWords(unit, now),
        means: meaning(clause, old, now),
      },
    ]
  })

function meaning({ more = '', less = '', other = '' }: Clause, before: unknown, after: unknown): string {
  if (typeof before !== 'number' || typeof after !== 'number') return other
  return after > before ? more : less
}

import { nicknameOf } from '../nickname.ts'
import { SHIPPED_CHARTERS } from './charter-book.ts'
import { cidOf, type Charter } from './charter.ts'
import { valueWords } from './clause-words.ts'
import type { CharterPath } from './clause-table.ts'
import { CLAUSES, sameValue, valueAt, type Clause } from './clauses.ts'
import { GROUPS, type Group } from './code-default.ts'
import { CODE_DEFAULTS } from './code-defaults.ts'
import {
  DEVELOPERS,
  runtimeDefaults,
  valueText,
  type Default,
  type Runtime,
  type Unordered,
} from './runtime-defaults.ts'

/** Everything that decides for people who did not choose, under a charter in a running app: who ships and connects first. */
export function registryOf(charter: Charter, runtime: Runtime): readonly Default[] {
  const all = [...runtimeDefaults(runtime), ...fromCharter(charter, runtime.ancestors ?? []), ...fromCode(runtime)]
  return GROUPS.flatMap((group) => all.filter((each) => each.group === group)).map((each, order) => ({
    ...each,
    order,
  }))
}

/** Rules that name a charter or its authors: nobody runs something else instead of them. */
const NO_DEFAULTS: readonly CharterPath[] = ['title', 'version', 'parents', 'authors']

/** By the part of a charter that a clause's number begins with. */
const PARTS: Readonly<Record<string, Group>> = {
  1: 'Members and amendments',
  2: 'How answers are checked',
  3: 'Juries',
  4: 'Juries',
  5: 'Members and amendments',
  6: 'Members and amendments',
  7: 'Records',
  8: 'How answers are checked',
  9: 'Time',
}

const fromCharter = (charter: Charter, ancestors: readonly Charter[]): readonly Unordered[] =>
  CLAUSES.filter(({ path }) => !NO_DEFAULTS.includes(path)).map((clause) => {
    const { path, name, unit, number } = clause
    const value = valueAt(charter, path)
    const origin = originOf(clause, charter, ancestors)
    return {
      key: path,
      group: PARTS[number.split('.')[0] ?? ''] ?? 'Limits',
      name,
      value: valueText(value),
      words: valueWords(unit, value),
      setBy: authorsOf(origin),
      setters: origin.authors,
      clause: path,
      since: `${origin.title} ${origin.version}`,
      alternatives: clause.alternatives
        .filter((each) => !sameValue(each, value))
        .map((each) => ({ value: valueText(each), words: valueWords(unit, each) })),
      varies: false,
    }
  })

/** The charter that brought a clause's value: the oldest of those in a row that have it. */
function originOf({ path }: Clause, charter: Charter, ancestors: readonly Charter[]): Charter {
  const value = valueAt(charter, path)
  const changed = ancestors.findIndex((each) => !sameValue(valueAt(each, path), value))
  const same = changed < 0 ? ancestors : ancestors.slice(0, changed)
  return same.at(-1) ?? charter
}

function authorsOf(charter: Charter): string {
  if (charter.authors.length > 0) return charter.authors.map(nicknameOf).join(', ')
  return SHIPPED_CHARTERS.has(cidOf(charter)) ? DEVELOPERS : 'no key'
}

const fromCode = ({ build }: Runtime): readonly Unordered[] =>
  CODE_DEFAULTS.map(({ key, group, name, value, words, alternatives }) => ({
    ...{ key, group, name, value, words, alternatives },
    setBy: DEVELOPERS,
    setters: [],
    clause: 'code',
    since: build,
    varies: false,
  }))

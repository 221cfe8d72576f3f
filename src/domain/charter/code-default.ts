/** What the code decides for people who did not choose, where no charter says it. */

export const GROUPS = [
  'Who ships and connects',
  'What a new tab begins with',
  'How answers are checked',
  'Juries',
  'Members and amendments',
  'Records',
  'Time',
  'What the Authority page shows',
  'What lists begin with',
  'What this device gives',
  'The network',
  'Limits',
] as const

export type Group = (typeof GROUPS)[number]

/** What else a default could be: a value that a DEFAULT_SET can name, and the words for it. */
export interface Alternative {
  readonly value: string
  readonly words: string
}

export interface CodeDefault {
  readonly key: string
  readonly group: Group
  readonly name: string
  /** As `valueText` writes it. */
  readonly value: string
  readonly words: string
  /** The constant that holds it, `file NAME` or `file NAME.field`; absent where it is no constant but a rule of that file. A test holds one against the other. */
  readonly source: string
  readonly alternatives: readonly Alternative[]
}

type Row = readonly [
  key: string,
  name: string,
  value: string | number,
  words: string,
  source: string,
  alternatives: readonly (readonly [value: string | number, words: string])[],
]

/** The defaults of one group. */
export const rows = (group: Group, table: readonly Row[]): readonly CodeDefault[] =>
  table.map(([key, name, value, words, source, alternatives]) => ({
    ...{ key, group, name, value: String(value), words, source },
    alternatives: alternatives.map(([other, say]) => ({ value: String(other), words: say })),
  }))

export const MEBIBYTE = 1 << 20

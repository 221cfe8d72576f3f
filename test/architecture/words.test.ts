import { describe, expect, test } from 'vitest'
import { filesUnder, nodesIn, textOf } from './sources.ts'

/** Words that promise what nobody measured, or blame a person for what a machine computed. */
const BANNED_ON_SCREEN = [
  /trustless/i,
  /cheat(er|ed|ing)?/i,
  /decentrali[sz]ed/i,
  /unhackable/i,
  /tamper-?proof/i,
  /guaranteed/i,
  /\bliar/i,
]

/** Of what is said anywhere, an answer's truth too; and how decentralised something is only beside its number. */
const BANNED_IN_SENTENCES = [
  /trustless/i,
  /\bcheat(er|ed|ing)?s?\b/i,
  /unhackable/i,
  /tamper-?proof/i,
  /guaranteed/i,
  /\bliars?\b/i,
  /(?<!\d.{0,40})decentrali[sz]ed(?!.{0,40}\d)/is,
  // Not as the value of an attribute: `aria-hidden="true"`.
  /(?<!=\s*["'])\btrue\b/i,
]

/** Where sentences are: what people see on screens, in a terminal, and in faults and labels on their way there. */
const SPOKEN = ['src/ui', 'src/domain', 'src/peer', 'src/entry']

/** A word alone is a value (`'true'`, of an attribute); a sentence has a space or begins as one. */
const isSentence = (text: string): boolean => /\s/.test(text.trim()) || /^[A-Z]/.test(text.trim())

/** What a text says in quotes: strings and the fixed parts of templates, no code and no comments. */
const sentencesIn = (file: string, text: string): readonly string[] =>
  [...nodesIn(file, text)].flatMap((node): string[] => {
    const { type, value } = node as { type: string; value?: unknown }
    if (type === 'Literal' && typeof value === 'string') return isSentence(value) ? [value] : []
    return type === 'TemplateElement' ? [(value as { cooked: string }).cooked] : []
  })

const wrongIn = (file: string, sentences: readonly string[]): readonly string[] =>
  sentences.flatMap((sentence) =>
    BANNED_IN_SENTENCES.flatMap((word) => {
      const found = word.exec(sentence)
      return found ? [`${file}: ${found[0]} in “${sentence.trim().slice(0, 80)}”`] : []
    }),
  )

describe('words', () => {
  test('nothing on screen promises more than was measured', () => {
    const screens = ['index.html', ...filesUnder('src/ui')]
    expect(screens.length).toBeGreaterThan(5)
    const wrong = screens.flatMap((file) =>
      BANNED_ON_SCREEN.filter((word) => word.test(textOf(file))).map((word) => `${file}: ${word}`),
    )
    expect(wrong).toEqual([])
  })

  test('nothing that is said anywhere does', () => {
    const files = SPOKEN.flatMap(filesUnder).filter((file) => /\.(ts|cjs)$/.test(file))
    const spoken = files.map((file) => [file, sentencesIn(file, textOf(file))] as const)
    expect(spoken.reduce((sum, [, sentences]) => sum + sentences.length, 0)).toBeGreaterThan(2_000)
    expect(spoken.flatMap(([file, sentences]) => wrongIn(file, sentences))).toEqual([])
    expect(wrongIn('index.html', [textOf('index.html').replaceAll(/<[^>]*>/g, ' ')])).toEqual([])
  })

  test('the words that are looked for would be found', () => {
    const made = [
      "const a = 'This answer is true.'",
      'const b = html`<p aria-hidden="true">The true answer: ${a}</p>`',
      "const c = ['Cheaters lose.', `A ${b} liar`, 'trustless by design']",
      "const d = 'Moot is decentralised.'",
    ].join('\n')
    expect(
      wrongIn('made.ts', sentencesIn('made.ts', made))
        .map((wrong) => wrong.split(': ')[1]?.split(' in ')[0])
        .toSorted(),
    ).toEqual(['Cheaters', 'decentralised', 'liar', 'true', 'true', 'trustless'])
    const fine = [
      'const a = true // a true comment: cheaters and liars',
      "el.setAttribute('aria-hidden', 'true')",
      'const b = html`<i aria-hidden="true"></i><b aria-hidden=${String(true)}></b>`',
      "const c = '62 % of it is decentralised by that count, which is familiar'",
    ].join('\n')
    expect(wrongIn('fine.ts', sentencesIn('fine.ts', fine))).toEqual([])
  })
})

import type { Collapse, Flip, Report, Uncertainty } from '../../domain/authority/report-shape.ts'
import type { Grade } from '../../domain/ledger/entry.ts'
import { amount, counted, share, shortHash } from './figures.ts'
import { milliseconds } from '../words.ts'

/** What the page says of a report as a whole, as text. */

/** Decisions under which no measure tells drift from chance (authority.md, D). */
const FEW = 20

/** Why the measures say little yet; undefined where they say something. */
export function fewWords({
  decisions,
  discretionary,
}: Pick<Report, 'decisions' | 'discretionary'>): string | undefined {
  if (discretionary >= FEW) return undefined
  return decisions < FEW
    ? `Too few decisions (${decisions}) to tell drift from chance`
    : `Too few decisions in which somebody had a say (${discretionary} of ${decisions.toLocaleString('en')}) to tell drift from chance`
}

/** What chance predicts of the sentence, where that speaks of those who made half. Short enough for one line: nothing moves when it comes. */
export function halfWords(
  { ranked }: Pick<Report, 'ranked'>,
  uncertainty: Uncertainty | undefined | null,
): string | undefined {
  if (ranked.peer.length === 0) return undefined
  if (uncertainty === undefined) return 'Chance alone: on its way.'
  const half = uncertainty?.halfByChance
  if (!half) return 'Chance alone: not known here.'
  const [low, high] = [amount(Math.round(half.low)), amount(Math.round(half.high))]
  return `Chance alone predicts ${low === high ? low : `${low} to ${high}`}.`
}

/** `Computed here from 93 % of the heads I know of (13 of 14)`. */
export function coverageWords({ held, known }: Report['recipe']['coverage']): string {
  if (known === 0) return 'No records are held here yet'
  return `Computed here from ${share(held / known)} of the heads I know of (${held.toLocaleString('en')} of ${known.toLocaleString('en')})`
}

/** What was counted: `The last 200 that touch you or those you trust`. */
export function windowWords({ window, scope }: Pick<Report['recipe'], 'window' | 'scope'>): string {
  const which = window === 0 ? 'All' : `The last ${window.toLocaleString('en')}`
  return `${which} ${scope === 'mine' ? 'that touch you or those you trust' : 'held here'}`
}

export const COLLAPSES: readonly { readonly collapse: Collapse; readonly name: string; readonly means: string }[] = [
  { collapse: 'peer', name: 'Key', means: 'Each key by itself. One person may have many.' },
  { collapse: 'tree', name: 'Introducer tree', means: 'All who came in through one introducer, as one.' },
  { collapse: 'bloc', name: 'Voting bloc', means: 'All who vote alike, as one.' },
]

const RULES: Readonly<Record<Flip['rule'], { readonly name: string; readonly words: string }>> = {
  'compute': { name: 'Compute', words: 'seats went by verified compute' },
  'seniority': { name: 'Seniority', words: 'seats went by seniority' },
  'one-each': { name: 'One each', words: 'every key had one vote' },
}
export const ruleName = (rule: Flip['rule']): string => RULES[rule].name

/** `If seats went by seniority, 3 of 18 rulings would come out otherwise.` */
export function flipWords({ rule, flipped, of }: Flip): string {
  const { words } = RULES[rule]
  if (of === 0) return `If ${words}: no ruling could be counted again.`
  const all = counted(of, 'rulings')
  if (flipped === 0) return `If ${words}, all would come out the same (${all}).`
  return `If ${words}, ${flipped} of ${all} would come out otherwise.`
}

export const GRADES: readonly { readonly grade: Grade | 'none'; readonly means: string }[] = [
  { grade: 'authored', means: 'wrote the rule' },
  { grade: 'ballot', means: 'signed it in a ballot' },
  { grade: 'signed-after-diff', means: 'signed after seeing what changes' },
  { grade: 'clicked', means: 'clicked' },
  { grade: 'none', means: 'signed nothing' },
]

/** What came of running the report again from the records. `root`: of the records that are held now. */
export function recomputeWords(
  { equal, ms, digest }: { readonly equal: boolean; readonly ms: number; readonly digest: string },
  recipe: Pick<Report['recipe'], 'root'>,
  root: string,
): string {
  if (equal) return `Equal to the byte: ${shortHash(digest)} in ${milliseconds(ms)}`
  const why =
    recipe.root === root
      ? 'The records are the same, so the report or the code is not: export both and compare.'
      : `The records are others by now: root ${shortHash(recipe.root)} then, ${shortHash(root)} now. Count again.`
  return `Not equal: running it again gave ${shortHash(digest)} in ${milliseconds(ms)}. ${why}`
}

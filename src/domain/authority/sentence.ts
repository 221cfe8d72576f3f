import type { Band, Report, Uncertainty } from './report-shape.ts'

/**
 * What a report says first, in plain words: `3 of 14 tabs made half of the last 40 decisions; chance predicts 5 to 7. You made 2.` What chance
 * predicts only where it is known.
 */
export function sentenceOf(report: Omit<Report, 'sentence'>, uncertainty?: Uncertainty): string {
  const { decisions, peers, recipe, ranked } = report
  if (decisions === 0) return 'Nothing has been decided yet, as far as is known here.'
  const forOthers = report.drawer.find(({ key }) => key === 'nakamoto')?.n ?? 0
  const those = span(decisions, recipe.window)
  if (forOthers === 0)
    return decisions === 1
      ? 'The only decision was no ruling and no amendment: nobody decided for others.'
      : `None of ${those} was a ruling or an amendment: nobody decided for others.`
  const made = ranked.peer.find(({ actor }) => actor === recipe.viewer)?.decisions ?? 0
  const tabs = (count: number) => `${count} of ${peers} ${peers === 1 ? 'tab' : 'tabs'}`
  if (forOthers === 1) {
    const what = decisions === 1 ? 'decision' : `ruling or amendment among ${those}`
    return `${tabs(ranked.peer.length)} made the only ${what}. You had ${made === 0 ? 'no' : 'a'} part in it.`
  }
  const what = forOthers === decisions ? those : `the ${forOthers} rulings and amendments among ${those}`
  const chance = uncertainty?.halfByChance ? `; chance predicts ${between(uncertainty.halfByChance)}` : ''
  return `${tabs(makesHalf(ranked.peer.map(({ share }) => share)))} made half of ${what}${chance}. You made ${made === 0 ? 'none' : made}.`
}

const span = (decisions: number, window: number): string =>
  window > 0 && decisions === window ? `the last ${decisions} decisions` : `all ${decisions} decisions`

/** How far the sum of shares may fall short of a half that it makes: they come from sums of other sums. */
const ROUNDING = 1e-9

/** How many from the top together have half of it all, or more; 0 where nobody has any. The greatest first. */
export function makesHalf(weights: readonly number[]): number {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let held = 0
  return all > 0 ? weights.findIndex((weight) => (held += weight) >= all * (0.5 - ROUNDING)) + 1 : 0
}

function between({ low, high }: Band): string {
  const [least, most] = [Math.round(low), Math.round(high)]
  return least === most ? String(least) : `${least} to ${most}`
}

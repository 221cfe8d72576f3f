import type { Report } from '../../domain/authority/report-shape.ts'
import type { Route } from '../../domain/states.ts'
import { share } from './figures.ts'

/** From what nobody decides to what nobody decided: the order of the stack, the lowest first. */
export const ROUTES: readonly { readonly route: Route; readonly means: string }[] = [
  { route: 'arithmetic', means: 'run again; any tab can repeat it' },
  { route: 'agreement', means: 'tabs drawn by lot computed the same' },
  { route: 'rule', means: 'a clause of the charter fixed it' },
  { route: 'jury', means: 'people voted' },
  { route: 'requester', means: 'who asked took one tab’s word' },
  { route: 'default', means: 'nobody chose; a default did' },
  { route: 'timeout', means: 'somebody did not answer in time' },
  { route: 'unresolved', means: 'nothing was decided, and it says why' },
]

/** Columns that a phone still tells apart: of more, the newest. */
export const MOST_WINDOWS = 26

type Windows = Report['routes']['windows']

/** A part of a column, all in per cent of the drawing. `y` counts from the top. */
interface Block {
  readonly route: Route
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Share of a column's room that is left empty beside it. */
const GAP = 0.12

/** Windows as columns of equal height, the oldest on the left; one that holds fewer decisions than the fullest is so much narrower. */
export function blocksOf(windows: Windows): Block[] {
  const shown = windows.slice(-MOST_WINDOWS)
  const room = 100 / shown.length
  const most = fullest(shown)
  return shown.flatMap(({ counts, decisions }, i) => {
    const width = room * (1 - GAP) * (decisions / most)
    const total = ROUTES.reduce((sum, { route }) => sum + counts[route], 0)
    let top = 100
    return ROUTES.flatMap(({ route }) => {
      if (counts[route] === 0) return []
      const height = (counts[route] / total) * 100
      top -= height
      return [{ route, x: (i + GAP / 2) * room, y: Math.max(0, top), width, height }]
    })
  })
}

/** Decisions in the fullest window; 0 where there is none. */
export const fullest = (windows: Windows): number => Math.max(0, ...windows.map(({ decisions }) => decisions))

/** What each route settled of all, as shares; 0 where nothing was decided. */
export function sharesOf(
  total: Readonly<Record<Route, number>>,
): readonly { readonly route: Route; readonly means: string; readonly share: number }[] {
  const sum = ROUTES.reduce((all, { route }) => all + total[route], 0)
  return ROUTES.map((each) => ({ ...each, share: sum === 0 ? 0 : total[each.route] / sum }))
}

/** The picture in a sentence: `Arithmetic 21 %, agreement 48 %, …`, the largest first, and how the first window compares with the last. */
export function routesRead({ total, windows }: Report['routes']): string {
  const parts = sharesOf(total)
    .filter((each) => each.share > 0)
    .toSorted((a, b) => b.share - a.share)
    .map((each) => `${each.route} ${share(each.share)}`)
  if (parts.length === 0) return 'Decisions by route: none yet'
  const over = windows.length > 1 ? ` Over ${windows.length} windows, the oldest first.` : ''
  return `Decisions by route: ${parts.join(', ')}.${over}`
}

/** What was settled by computing alone: no tab had a say in it that another could not repeat. Undefined where nothing was decided. */
export function computedWords(total: Readonly<Record<Route, number>>): string | undefined {
  const shares = sharesOf(total)
  const of = (route: Route) => shares.find((each) => each.route === route)?.share ?? 0
  if (shares.every((each) => each.share === 0)) return undefined
  return `${share(of('arithmetic') + of('agreement'))} was settled by computing alone: arithmetic or agreement.`
}

/** The route that moved most between the first and the last third of the windows, in words. Undefined under six windows or where none moved by a twentieth. */
export function routesMoved(windows: Windows): string | undefined {
  if (windows.length < 6) return undefined
  const third = Math.floor(windows.length / 3)
  const [before, after] = [mean(windows.slice(0, third)), mean(windows.slice(-third))]
  const [most] = ROUTES.map(({ route }) => ({ route, was: before[route], is: after[route] })).toSorted(
    (a, b) => Math.abs(b.is - b.was) - Math.abs(a.is - a.was),
  )
  if (most === undefined || Math.abs(most.is - most.was) < 0.05) return undefined
  return `What changed most: ${most.route}, from ${share(most.was)} in the first third to ${share(most.is)} in the last.`
}

function mean(windows: Windows): Readonly<Record<Route, number>> {
  const total: Record<string, number> = {}
  for (const { counts } of windows) for (const { route } of ROUTES) total[route] = (total[route] ?? 0) + counts[route]
  const all = Object.values(total).reduce((a, b) => a + b, 0)
  return Object.fromEntries(ROUTES.map(({ route }) => [route, all === 0 ? 0 : (total[route] ?? 0) / all])) as Record<
    Route,
    number
  >
}

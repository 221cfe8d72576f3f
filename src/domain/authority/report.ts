import { RULES } from './flips.ts'
import type { Item } from './item.ts'
import { measuresOf } from './measures.ts'
import { othersReadings, type OthersReadings } from './others-readings.ts'
import { roomReadings, type RoomReadings } from './room-readings.ts'
import type { Recorded, ReportInput, RoomFacts } from './recorded.ts'
import { DRAWER, PANEL, type Flip, type Measure, type MeasureKey, type Recipe, type Report } from './report-shape.ts'
import { Selection } from './selection.ts'
import { sentenceOf } from './sentence.ts'
import { byGrade, byRoute } from './tally.ts'
import { newCache, refresh, type WindowCache } from './window-readings.ts'
import type { Window } from './windows.ts'

/** Ids of rulings that a report names as flipped, under each rule. */
const MOST_FLIPPED = 64
/** What a report is built for: the part of its recipe that does not change as entries come. */
export type Viewpoint = Pick<Recipe, 'code' | 'window' | 'scope' | 'viewer'>

/**
 * Reports of a room as it goes on, each equal to the byte to `reportOf` the same. What one decision costs does not depend on how many
 * came before it, as long as it is the last in causal order; one that is not costs as much as all behind it.
 */
export class ReportBuilder {
  readonly #viewpoint: Viewpoint
  readonly #selection: Selection<WindowCache>
  #others: { readonly context: number; readonly othersMoved: number; readonly readings: OthersReadings } | undefined
  #room: { readonly facts: RoomFacts; readonly readings: RoomReadings } | undefined

  constructor(viewpoint: Viewpoint, facts: RoomFacts) {
    this.#viewpoint = viewpoint
    this.#selection = new Selection(viewpoint, facts)
  }

  /** Decisions that were added, whatever their scope. */
  get length(): number {
    return this.#selection.length
  }

  /** What is known of the room from here on. */
  know(facts: RoomFacts): void {
    this.#selection.know(facts)
  }

  /** The next decision in causal order. */
  add(decision: Recorded): void {
    this.#selection.add(decision)
  }

  /** Brings the decisions up to these: those that come first and are the same objects stay. */
  follow(decisions: readonly Recorded[]): void {
    this.#selection.truncate(this.#selection.sameUpTo(decisions))
    for (let at = this.length; at < decisions.length; at++) {
      const decision = decisions[at]
      if (decision !== undefined) this.add(decision)
    }
  }

  /** Takes away all decisions but the first so many: before one that came late, or is another now, and those behind it are added again. */
  truncate(length: number): void {
    this.#selection.truncate(length)
  }

  report({ root, coverage }: Pick<Recipe, 'root' | 'coverage'>): Report {
    const selection = this.#selection
    const { total, facts } = selection
    const { code, window, scope, viewer } = this.#viewpoint
    const { list } = windowsOf(selection)
    const others = this.#othersNow()
    const measures = measuresOf(selection, list, { ...this.#roomNow(), ...others })
    const report = {
      recipe: { code, root, window, scope, viewer, coverage },
      decisions: total.decisions,
      discretionary: total.discretionary,
      peers: selection.sight().population.length,
      routes: {
        total: byRoute(total),
        windows: list.map(({ tally }) => ({ decisions: tally.decisions, counts: byRoute(tally) })),
      },
      panel: listed(PANEL, measures),
      drawer: listed(DRAWER, measures),
      ranked: others.ranked,
      flips: flips(selection),
      consent: byGrade(total),
      marked: facts.marked,
    }
    return { ...report, sentence: sentenceOf(report) }
  }

  #othersNow(): OthersReadings {
    const selection = this.#selection
    // Who is counted with whom is settled first: that may move the context.
    selection.sight()
    const { context, othersMoved } = selection
    if (this.#others?.context !== context || this.#others.othersMoved !== othersMoved)
      this.#others = { context, othersMoved, readings: othersReadings(selection) }
    return this.#others.readings
  }

  #roomNow(): RoomReadings {
    const { facts } = this.#selection
    const known = this.#room
    if (
      known?.facts.members === facts.members &&
      known.facts.trees === facts.trees &&
      known.facts.trusted === facts.trusted &&
      known.facts.ratifyShare === facts.ratifyShare
    )
      return known.readings
    const members = facts.members.filter((peer) => this.#selection.isInScope(peer))
    const readings = roomReadings(members, facts)
    this.#room = { facts, readings }
    return readings
  }
}

/** A report is a function of entries, viewpoint, code and window. */
export function reportOf({ decisions, facts, recipe }: ReportInput): Report {
  const builder = new ReportBuilder(recipe, facts)
  for (const decision of decisions) builder.add(decision)
  return builder.report(recipe)
}

/** Windows with what they come to now. */
export function windowsOf(selection: Selection<WindowCache>): {
  readonly width: number
  readonly list: readonly Window<WindowCache>[]
} {
  const sight = selection.sight()
  const { roll, context } = selection
  const windows = selection.windows()
  const nameOf = (peer: number) => roll.nameOf(peer)
  for (const each of windows.list) {
    // What a window under way comes to would be compared with others of more decisions.
    if (each.to - each.from < windows.width) continue
    each.cache ??= newCache(selection.within(each, isSplit), each.tally, nameOf)
    refresh(each.cache, each.tally, { sight, context, nameOf })
  }
  return windows
}

const isSplit = ({ split }: Item): boolean => split

const listed = (keys: readonly MeasureKey[], measures: ReadonlyMap<MeasureKey, Measure>): readonly Measure[] =>
  keys.flatMap((key) => measures.get(key) ?? [])

const flips = (selection: Selection<WindowCache>): readonly Flip[] =>
  RULES.map((rule, i) => {
    const { counted, flipped } = selection.flips()[i] ?? { counted: 0, flipped: 0 }
    return { rule, flipped, of: counted, rulings: selection.flipped(i, flipped === 0 ? 0 : MOST_FLIPPED) }
  })

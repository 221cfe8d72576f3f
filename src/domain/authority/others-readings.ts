import { collapsed } from './actors.ts'
import {
  alignment,
  byEntropy,
  columnsOf,
  deciders,
  fewestOverHalf,
  inequality,
  squares,
  type Reading,
} from './readings.ts'
import type { Collapse, Ranked, Report } from './report-shape.ts'
import type { Selection } from './selection.ts'

/** What depends on decisions for others alone, and is the same while jobs come and go. */
export interface OthersReadings {
  readonly concentration: Readonly<
    Record<'effective-deciders' | 'nakamoto' | 'gini' | 'herfindahl' | 'entropy' | 'seniority-alignment', Reading>
  >
  readonly ranked: Report['ranked']
}

export function othersReadings(selection: Selection<unknown>): OthersReadings {
  const { total } = selection
  const sight = selection.sight()
  const columns = columnsOf(total, sight)
  return {
    concentration: {
      'effective-deciders': deciders(total, columns),
      'nakamoto': fewestOverHalf(total, columns),
      'gini': inequality(total, columns, sight.population.length),
      'herfindahl': squares(total, columns),
      'entropy': byEntropy(total, columns),
      'seniority-alignment': alignment('seniority-alignment', total, sight),
    },
    ranked: { peer: ranked(selection, 'peer'), tree: ranked(selection, 'tree'), bloc: ranked(selection, 'bloc') },
  }
}

/** Actors of one ranking: as many as there are logs in a room. */
const MOST_ACTORS = 4_096

/** By share, then by name. */
function ranked(selection: Selection<unknown>, collapse: Collapse): readonly Ranked[] {
  const { roll, total } = selection
  const { population, actors } = selection.sight()
  const { actors: all, counts } = collapsed(population, total.authorityOf, actors[collapse])
  const members = membersOf(selection, collapse)
  let units = 0
  for (const actor of all) units += counts.at(actor)
  return all
    .toSorted((a, b) => counts.at(b) - counts.at(a) || (roll.nameOf(a) < roll.nameOf(b) ? -1 : 1))
    .slice(0, MOST_ACTORS)
    .map((actor) => ({
      actor: roll.nameOf(actor),
      members: members(actor),
      share: counts.at(actor) / units,
      decisions: selection.wonBy(collapse, actor),
    }))
}

/** How many of the population belong to an actor. */
function membersOf(selection: Selection<unknown>, collapse: Collapse): (actor: number) => number {
  if (collapse === 'peer') return () => 1
  const { population, actors } = selection.sight()
  const sizes = new Map<number, number>()
  for (const peer of population) {
    const actor = actors[collapse](peer)
    sizes.set(actor, (sizes.get(actor) ?? 0) + 1)
  }
  return (actor) => sizes.get(actor) ?? 1
}

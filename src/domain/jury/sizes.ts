import type { Charter } from '../charter/charter.ts'
import type { Candidate } from './draw.ts'
import { capacityOf } from './seats.ts'

/** How many times the seats a jury above the first wants in its pool. */
const POOL = 3

/**
 * The seats of the jury at a level, where the candidates can fill it under the caps, above the first three times over in number. Undefined
 * where they cannot, or the charter has no such level: there is no smaller jury in its place, and the next step is a fork.
 */
export function sizeAt(
  { jury, appeal }: Pick<Charter, 'jury' | 'appeal'>,
  level: number,
  candidates: readonly Pick<Candidate, 'trees'>[],
): number | undefined {
  const size = level > appeal.levels ? undefined : jury.sizes[level]
  if (size === undefined || capacityOf(candidates, jury.introducerCap) < size) return undefined
  return level === 0 || candidates.length >= POOL * size ? size : undefined
}

import type { Chance } from '../domain/checking.ts'
import type { RandomBytes } from '../ports/clock.ts'

/** Chance from random bytes: 32 bits of it at a time. */
export const chanceFrom = (random: RandomBytes): Chance => {
  return () => new DataView(random(4).buffer).getUint32(0) / 2 ** 32
}

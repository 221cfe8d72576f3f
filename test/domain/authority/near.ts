import { expect } from 'vitest'

/** Equal within `tolerance`, one by one. */
export function near(actual: number | readonly number[], expected: number | readonly number[], tolerance = 1e-9): void {
  const [some, others] = [[actual].flat(), [expected].flat()]
  expect(some).toHaveLength(others.length)
  const farthest = some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] ?? NaN))), 0)
  expect(farthest, `${some.join(', ')} is not near ${others.join(', ')}`).toBeLessThanOrEqual(tolerance)
}

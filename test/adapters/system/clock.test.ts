import { expect, test } from 'vitest'
import { systemClock } from '../../../src/adapters/system/clock.ts'

const passed = (ms: number): Promise<void> => new Promise((resolve) => systemClock.after(ms, resolve))

test('goes on, and never back', async () => {
  const before = systemClock.now()
  await passed(5)
  expect(systemClock.now()).toBeGreaterThan(before)
})

test('fires no timer that was cancelled', async () => {
  const fired: string[] = []
  const cancel = systemClock.after(1, () => fired.push('cancelled'))
  cancel()
  await passed(5)
  expect(fired).toEqual([])
})

test('a wait of years does not end at once', async () => {
  const fired: string[] = []
  const cancel = systemClock.after(2 ** 40, () => fired.push('years'))
  await passed(5)
  cancel()
  expect(fired).toEqual([])
})

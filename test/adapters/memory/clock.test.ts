import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'

describe('a manual clock', () => {
  it('fires timers in order of time, then of their making, and no further than it is told', async () => {
    const clock = new ManualClock()
    const fired: string[] = []
    for (const [ms, name] of [
      [20, 'c'],
      [10, 'a'],
      [10, 'b'],
      [30, 'd'],
    ] as const)
      clock.after(ms, () => fired.push(name))
    await clock.advance(20)
    expect(fired).toEqual(['a', 'b', 'c'])
    expect(clock.now()).toBe(20)
  })

  it('lets what a timer set off settle before the next one, and tells it the time', async () => {
    const clock = new ManualClock()
    const seen: string[] = []
    clock.after(10, () => void Promise.resolve().then(() => clock.after(5, () => seen.push(`child at ${clock.now()}`))))
    clock.after(20, () => seen.push(`second at ${clock.now()}`))
    await clock.runUntilIdle()
    expect(seen).toEqual(['child at 15', 'second at 20'])
  })

  it('forgets a timer that was cancelled', async () => {
    const clock = new ManualClock()
    const fired: string[] = []
    const cancel = clock.after(10, () => fired.push('cancelled'))
    clock.after(10, () => fired.push('kept'))
    cancel()
    await clock.runUntilIdle()
    expect(fired).toEqual(['kept'])
  })

  it('stops when it has seen enough, and says so when that never comes', async () => {
    const clock = new ManualClock()
    let ticks = 0
    const tick = () => {
      ticks++
      clock.after(1_000, tick)
    }
    tick()
    await clock.runUntil(() => ticks === 5)
    expect(clock.now()).toBe(4_000)
    await expect(clock.runUntilIdle(60_000)).rejects.toThrow('not done after 60000 ms')
  })
})

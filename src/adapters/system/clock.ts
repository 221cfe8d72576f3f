import { LONGEST_TIMER } from '../../domain/longest-timer.ts'
import type { Clock } from '../../ports/clock.ts'

/** The machine's own time. Waits of more than 24 days end early. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), LONGEST_TIMER))
    return () => clearTimeout(timer)
  },
}

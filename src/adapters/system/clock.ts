import type { Clock } from '../../ports/clock.ts'

/** Milliseconds of the longest timer (HTML, "timers": a signed 32-bit number); a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** The machine's own time. Waits of more than 24 days end early. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), LONGEST_TIMER))
    return () => clearTimeout(timer)
  },
}

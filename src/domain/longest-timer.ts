/** Milliseconds, 24 days, of the longest timer (HTML, "timers": a signed 32-bit number): one that is set for longer fires at once. */
export const LONGEST_TIMER = 2 ** 31 - 1

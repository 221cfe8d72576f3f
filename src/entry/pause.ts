import type { Clock } from '../ports/clock.ts'

/** Resolves after so many milliseconds, or as soon as nobody waits any longer. */
export function pause({ clock, signal }: { clock: Clock; signal: AbortSignal }, ms: number): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => settle())
    const settle = () => {
      cancel()
      signal.removeEventListener('abort', settle)
      resolve()
    }
    signal.addEventListener('abort', settle)
  })
}

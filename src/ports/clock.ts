/** Time and timers, so that a simulation can hold them. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. Not comparable between peers. */
  now(): number
  /** Calls `callback` once after `ms`. Returns the way to cancel it. */
  after(ms: number, callback: () => void): () => void
}

/** Cryptographically strong random bytes (or, in a simulation, seeded ones). */
export type RandomBytes = (length: number) => Uint8Array

/**
 * What one peer holds of one room. Keys are free, and so is signing: whatever anybody may add without limit is bounded here. What is over is
 * refused with `RATE_LIMITED`, and counted as not held. `places.ts` says who gives way to whom.
 */

/** Logs of one room. A room of a thousand, with three keys each over the years. */
export const MAX_LOGS = 4_096

/** Entries of one log: what the first charter retains. */
export const MAX_LOG_ENTRIES = 100_000

/** Bytes of the entries' bodies of one log: 100,000 of 335 bytes. */
export const MAX_LOG_BYTES = 32 << 20

/**
 * Weight of all logs together. An entry of up to 511 bytes and seven references weighs 1, and takes some 2 KB of memory with its
 * indexes: half a gigabyte at the most.
 */
export const MAX_WEIGHT = 250_000

/** The share of the room, in logs and in weight, up to which the keys of one introducer may take the places of others: an eighth. */
export const SHARE = 8

/** The part of a log that goes at a time where it has to give way: so that a flood does not have it cut entry by entry. */
export const GIVES_WAY = 16

/** Logs whose fork is remembered, and bytes of the proofs of that: past them a fork of a key without a log makes room. */
export const MAX_FORKS = 1_024
export const MAX_FORK_BYTES = 8 << 20

/** Entries from beyond a fork that are remembered because others name them. */
export const MAX_VOID = 1_024

/** Answers of `past` that are kept. */
export const MAX_PASTS = 32

/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/blocks/1.0.0'

/** Bytes of a request: one sha-256 digest. */
export const MAX_REQUEST = 32

/** Bytes of an answer: one block, or none where the peer lacks it. */
export const MAX_BLOCK = 1024 * 1024

/** Blocks asked for before the first is answered: three of 1 MiB stay under the 4 MiB that WebRTC keeps unread. */
export const WINDOW = 3

/** Streams one peer may hold open: one for each model that it fetches at a time. */
export const MAX_STREAMS = 8

/** Milliseconds without an answer after which a holder is given up. */
export const PATIENCE = 15_000

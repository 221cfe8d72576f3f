/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/control/1.0.0'

/** Bytes of one frame: a goodbye is 30. */
export const MAX_FRAME = 1024

/** Streams of one peer: one held, one that replaces it. */
export const MAX_STREAMS = 2

/** Milliseconds until a stream that broke while its link holds is opened again. */
export const REOPEN = 1_000

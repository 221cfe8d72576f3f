/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/opinions/1.0.0'

/** Bytes of one signed opinion: its body of at most 1,280, key, signature, and what CBOR adds. */
export const MAX_SIGNED = 1_536

/** Models that one request names. */
export const MAX_NAMED = 64

/** Bytes of a request: 64 model ids of 59 characters. */
export const MAX_REQUEST = 8 * 1024

/** Opinions in one frame of an answer, and bytes of such a frame. */
export const FRAME_OPINIONS = 32
export const MAX_FRAME = FRAME_OPINIONS * MAX_SIGNED

/** Opinions in one answer: half of what a peer keeps, some 300 KB. */
export const MAX_TOLD = 512

/** Streams of one peer: one under way, one that replaces it. */
export const MAX_STREAMS = 2

/** Requests answered at a time, and of one peer within `ASKS_WITHIN` milliseconds: a tab may be reloaded a few times. */
export const MAX_ANSWERING = 8
export const MAX_ASKS = 8
export const ASKS_WITHIN = 60_000

/** Peers whose requests are counted at a time: what comes past them is not answered. */
export const MAX_ASKERS = 1_000

/** Milliseconds that a request may take, from the stream's opening to its end: 300 KB at 20 kB/s. */
export const PATIENCE = 15_000

/** Signatures of gossip under verification at a time: more than that is dropped, and learnt by asking. */
export const MAX_VERIFYING = 64

/** Opinions of others that are kept, in all and of one model: some 600 KB. */
export const MAX_OPINIONS = 1_024
export const MAX_OF_MODEL = 64

/** Opinions of others that are kept on models that nobody in the room has named. */
export const MAX_UNNAMED = 64

/** Opinions of one key that are kept: past them its oldest makes room for its newest. */
export const MAX_OF_AUTHOR = 128

/** The gossip topic of a room's opinions; the room's name stays out of it. */
export const opinionsTopic = (room: string): string => `/moot/1/opinions/${room}`

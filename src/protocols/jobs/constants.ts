/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/jobs/1.0.0'

/** Bytes of one input, all tensors together: an image of 1024² in three float planes is 12 MiB. */
export const MAX_INPUT = 16 * 1024 * 1024

/** Bytes of one output, all tensors together: a REVEAL-SET carries several. */
export const MAX_OUTPUT = 4 * 1024 * 1024

/** Bytes of one frame: the largest input with its AWARD beside it. */
export const MAX_FRAME = MAX_INPUT + 128 * 1024

/** Bytes of outputs beside one REVEAL-SET. What is past it is left out: its hash is in the REVEAL. */
export const MAX_REVEALED = 12 * 1024 * 1024

/** Bytes of what is gossiped: an OFFER with its addresses, or a RECEIPT. */
export const MAX_GOSSIP = 16 * 1024

/** Streams one peer may hold open with us: one for each job that it answers; 16 asks at a time, with room to end the last ones. */
export const MAX_STREAMS = 64

/** Milliseconds that a new stream has to bring its first message. */
export const FIRST_MESSAGE = 5_000

/** Frames one end may send on a job's stream: 256 blocks of progress, a sign of life each second and the messages come to some 500. */
export const MAX_FRAMES = 2_048

/** Signatures of gossip under verification at a time: more than that is dropped, and asked again by whoever is honest. */
export const MAX_VERIFYING = 256

/** Milliseconds that an orderly close may wait for the far side to take what was sent: a last frame of 16 MiB over a slow line. */
export const CLOSING = 30_000

/** The gossip topic of a room's jobs; the room's name stays out of it. */
export const jobsTopic = (room: string): string => `/moot/1/jobs/${room}`

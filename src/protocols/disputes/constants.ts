/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/disputes/1.0.0'

/** Bytes of what is gossiped: a SETTLEMENT that names eleven claims is 2 KB. */
export const MAX_GOSSIP = 16 * 1024

/** Bytes of a request: a signed message, or the places of 512 nodes. */
export const MAX_REQUEST = 24 * 1024

/** Bytes of an answer: a case with its input and outputs, or what one operator takes. */
export const MAX_ANSWER = 32 * 1024 * 1024

/** Hashes of a trace that are shown in one answer, 256 KiB: past that it is shown node by node. */
export const MAX_WHOLE = 8_192

/** Nodes of a trace, and values, that one request names. */
export const MAX_NODES = 512
export const MAX_VALUES = 64

/** Streams of one peer: a dispute asks one thing after another. */
export const MAX_STREAMS = 8

/** Requests answered at a time, and those of one peer among them: so a handful of keys cannot keep everybody else out. */
export const MAX_ANSWERING = 16
export const MAX_ANSWERING_OF_PEER = 2

/** Requests of one peer within `ASKS_WITHIN` milliseconds: a tab that is wrong in a busy room is in five disputes a second, and is told and asked of each. */
export const MAX_ASKS = 600
export const ASKS_WITHIN = 60_000

/** Requests for values among them: each may run a part of the model again, and a dispute takes one or two of either side. */
export const MAX_VALUE_ASKS = 12

/** Milliseconds until the request has come: 24 KiB, sent as the stream opens, take no longer on a slow line. */
export const REQUEST_WITHIN = 5_000

/** Milliseconds until the answer was taken, from the opening of the stream on: a model may have to be run again, 32 MiB to travel. */
export const ANSWER_WITHIN = 60_000

/** Askers, and authors, that are counted at a time: past them whoever was counted first is let go of, some 100 bytes each. */
export const MAX_COUNTED = 1_000

/** Signatures of gossip under verification at a time, and messages of one key within `ASKS_WITHIN`, two for each of those disputes: what is past it is dropped unread. */
export const MAX_VERIFYING = 128
export const MAX_TOLD = 600

/** The gossip topic of a room's disputes; the room's name stays out of it. */
export const disputesTopic = (room: string): string => `/moot/1/disputes/${room}`

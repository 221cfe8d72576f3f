import { MAX_LOGS } from '../../domain/ledger/limits.ts'

/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/ledger/1.0.0'

/** The gossip topic of a room's new entries; the room's name stays out of it. */
export const ledgerTopic = (room: string): string => `/moot/1/ledger/${room}`

/** Bytes of one gossip message: two entries that show a fork, or a few usual ones. */
export const MAX_GOSSIP = 128 * 1024
/** Entries of one gossip message, and proofs. */
export const GOSSIP_ENTRIES = 16
export const GOSSIP_PROOFS = 1

/** Bytes of one frame: a summary of `MAX_LOGS` heads is 280 KB, an answer is cut at `FRAME_BYTES`. */
export const MAX_FRAME = 1 << 20
/** Bytes of entries gathered into one frame of an answer: four times what is checked at once, so that checking and decoding overlap. */
export const FRAME_BYTES = 512 * 1024
/** Entries in one frame: those of 150 bytes. */
export const FRAME_ENTRIES = 2_048

/** Bytes of a head in a summary (key, length, id), of a fork (key, place) and of a range (key, from, to). */
export const HEAD_BYTES = 68
export const FORK_BYTES = 36
export const RANGE_BYTES = 40

/** Ranges of one request, and forks that one summary names. */
export const MAX_RANGES = MAX_LOGS
export const MAX_NAMED_FORKS = 1_024
/** Single entries and proofs that one request names. */
export const MAX_IDS = 64
export const MAX_PROOFS = 256

/** Bytes of entries in one answer: 160,000 usual ones. What is over is asked for again. */
export const MAX_TOLD = 96 << 20

/** Streams of one peer: one under way, one that replaces it. */
export const MAX_STREAMS = 2

/**
 * Questions answered at a time, and of one peer within `ASKS_WITHIN` milliseconds: one every ten seconds, or every six where something
 * is lacking, one back for each that it answers, those of a link, and a few that look for a fork.
 */
export const MAX_ANSWERING = 8
export const MAX_ASKS = 30
export const ASKS_WITHIN = 60_000

/** Peers whose questions are counted at a time: what comes past them is not answered. */
export const MAX_ASKERS = 1_000

/** Milliseconds without a frame after which a stream is given up, and that one may take in all: 96 MiB at 0.4 MB/s. */
export const SILENCE = 10_000
export const PATIENCE = 240_000

/** Milliseconds for which a log that is on its way from one peer is asked of no other: without a word, and in all. */
export const COMES_WITHIN = 5_000
export const COMES_AT_MOST = 30_000

/** Signatures checked together, while the next so many are decoded: some 5 ms of a main thread. */
export const CHECKED_AT_ONCE = 256

/** Gossip messages under verification at a time: more than that is dropped, and learnt by asking. */
export const MAX_VERIFYING = 64

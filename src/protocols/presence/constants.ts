/** Bytes of one announcement: 8 addresses and 64 model ids fit. */
export const MAX_PRESENCE = 8 * 1024

/** Milliseconds between announcements when nothing changes; each peer spreads them by a fifth either way. */
export const ANNOUNCE_EVERY = 10_000

/** Milliseconds without a word, and without a link, after which a peer counts as gone: two announcements may be lost. */
export const EXPIRY = 30_000

/** Milliseconds between two announcements of ours: changes within it are told at once. */
export const LEAST_GAP = 200

/** Milliseconds until a newcomer that has heard of nobody says hello again; doubled each time, up to `ANNOUNCE_EVERY`. The first is lost where gossip has no stream yet. */
export const HELLO_AGAIN = 250

/** Milliseconds for which a peer counts as new: it says hello to each that says hello to it. */
export const NEWNESS = 2_000

/** Milliseconds over which a room spreads its answers to a hello, for each peer it has, and at most: 100 must not speak at once. */
export const ANSWER_SPREAD = 8
export const LONGEST_ANSWER = 800

/** Peers kept of one room, and peers that left whose last announcement is remembered, so that it cannot be replayed. */
export const MAX_PEERS = 1_000

/** Signatures under verification at a time: more gossip than that is dropped, and said again by whoever is honest. */
export const MAX_VERIFYING = 64

/** The gossip topic of a room's presence. */
export const presenceTopic = (room: string): string => `/moot/1/presence/${room}`

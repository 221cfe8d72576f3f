/** Carried in each stream's negotiation: a peer of another version does not answer. */
export const PROTOCOL = '/moot/blocks/1.0.0'

/** Bytes of a request: one sha-256 digest. */
export const MAX_REQUEST = 32

/** Bytes of an answer: one block, or none where the peer lacks it. */
export const MAX_BLOCK = 1024 * 1024

/** Blocks asked of one holder and not yet checked: three of 1 MiB stay under the 4 MiB that WebRTC keeps unread. */
export const WINDOW = 3

/** Holders asked at a time. More would not fill a line that eight do not. */
export const MAX_HOLDERS = 8

/** Milliseconds without an answer after which a holder is waited for, and another asked beside it. */
export const SLOW = 2_000

/** Holders of one fetch with a stream, those that are slow included. */
export const MAX_STREAMS_OUT = 2 * MAX_HOLDERS

/** Blocks of one fetch that are asked for, checked or stored at a time: each holder's window, and 24 MiB of memory. */
export const MAX_UNHANDLED = MAX_HOLDERS * WINDOW

/** Holders asked for one block at a time, once no other is left to ask for: who was asked, and whoever has nothing to do. */
export const MAX_ASKED = 2

/** Milliseconds without an answer after which a holder is given up: a block at 35 kB/s. */
export const PATIENCE = 30_000

/** Streams in a row that were lost before they brought anything, after which a holder is left: a link that changes its path cuts one, a far page that was reloaded another. */
export const MAX_FRUITLESS = 4

/** Milliseconds before a holder is asked again whose stream was lost; as often longer as it was lost in a row. */
export const AGAIN = 500

/** Blocks in a row that a holder may say it lacks before it counts as having none. */
export const MAX_LACKED = 32

/** Milliseconds between two looks at who holds the blocks. */
export const LOOK = 1_000

/** Keys that are remembered for lying, for silence, or for not reading; the first is forgotten for the next. */
export const MAX_REMEMBERED = 256

/** Streams one peer may hold open: one for each model that it fetches at a time. */
export const MAX_STREAMS = 8

/** Streams served at a time: a full room fetching one model. */
export const MAX_SERVED = 128

/** Requests that may wait on one stream: twice what a fetch of ours has ahead. */
export const MAX_WAITING = 2 * WINDOW

/** Blocks read for one peer and not yet sent: one on its way, the next read meanwhile. */
export const MAX_READ_FOR_ONE = 2

/** Blocks read and not yet sent, for all peers: 16 MiB. */
export const MAX_READ = 16

/** Requests in a row for what is not here, after which a stream is cut off: twice what a fetch of ours bears. */
export const MAX_VAIN = 2 * MAX_LACKED

/** Milliseconds that a block may take to leave: one at 35 kB/s, as `PATIENCE` has it. */
export const SENDING = 30_000

/** Milliseconds for which a peer that did not read what it asked for is served nothing. */
export const KEPT_OUT = 60_000

/** Milliseconds that a stream is held open without a request. */
export const IDLE = 60_000

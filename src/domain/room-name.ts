import { hash } from './hash.ts'

/** What a room is called on the wire, 16 bytes: relays and receipts do not learn its name. */
export const roomName = (room: string): Uint8Array => hash('moot/room', room).slice(0, 16)

import { PresenceProtocol, type PresenceComponents, type PresenceInit } from './handler.ts'

export type { OwnPresence, PresenceComponents, PresenceEvents, PresenceInit } from './handler.ts'
export type { PresentPeer } from './table.ts'

/** Who is in the room: `presence({ room, epoch })({ net, signer, verify, clock, random })`. */
export const presence =
  (init: PresenceInit) =>
  (components: PresenceComponents): PresenceProtocol =>
    new PresenceProtocol(init, components)

export type Presence = PresenceProtocol

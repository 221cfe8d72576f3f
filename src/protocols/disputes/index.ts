import { DisputeProtocol, type DisputesComponents, type DisputesInit } from './handler.ts'

export { MAX_WHOLE } from './constants.ts'
export type { DisputeBook, DisputeDoor, DisputeRead } from './handler.ts'

/** How disputes travel: `disputes({ room })({ net, verify, clock, book })`. */
export const disputes =
  (init: DisputesInit) =>
  (components: DisputesComponents): DisputeProtocol =>
    new DisputeProtocol(init, components)

export type DisputeWire = DisputeProtocol

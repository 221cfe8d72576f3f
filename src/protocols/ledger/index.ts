import { LedgerProtocol, type LedgerProtocolComponents, type LedgerProtocolInit } from './handler.ts'

export { holds } from './check-entries.ts'
export { CHECKED_AT_ONCE } from './constants.ts'
export type { Conflict } from './compare.ts'
export type { LedgerBook } from './handler.ts'
export type { Summary, Wanted } from './messages.ts'

/** Entries of a room: `ledgerExchange({ room })({ net, verify, clock, book })`. */
export const ledgerExchange =
  (init: LedgerProtocolInit) =>
  (components: LedgerProtocolComponents): LedgerProtocol =>
    new LedgerProtocol(init, components)

export type LedgerExchange = LedgerProtocol

import { createContext } from '@lit/context'
import type { Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'

/** The tab's peer: provided by `moot-room`, from which every screen below takes it. */
export const peerContext = createContext<Peer>(Symbol('moot-peer'))

/** What was asked since this tab opened. */
export const asksContext = createContext<Asks>(Symbol('moot-asks'))

import { createContext } from '@lit/context'
import type { Peer } from '../peer/view.ts'
import type { Asks } from './asks.ts'
import type { Hosting } from './hosting.ts'

/** The tab's peer: provided by `moot-room`, from which every screen below takes it. */
export const peerContext = createContext<Peer>(Symbol('moot-peer'))

/** What was asked since this tab opened. */
export const asksContext = createContext<Asks>(Symbol('moot-asks'))

/** What this tab brings here on a person's word. */
export const hostingContext = createContext<Hosting>(Symbol('moot-hosting'))

import type { Peer } from '../peer/view.ts'

declare global {
  interface ImportMetaEnv {
    /** Multiaddrs of the relays given at build time (`MOOT_RELAYS=… npm run build`), separated by commas. */
    readonly MOOT_RELAYS?: string
  }
  /** This tab's peer, once it joined. */
  var moot: Peer | undefined
}

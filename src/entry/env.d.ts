import type { Peer } from '../peer/view.ts'

declare global {
  interface ImportMetaEnv {
    /** Multiaddrs of the relays given at build time (`MOOT_RELAYS=… npm run build`), separated by commas. */
    readonly MOOT_RELAYS?: string
    /** Sha-256 of the rules' sources, and of all sources, in hexadecimal. */
    readonly MOOT_RULES: string
    readonly MOOT_BUILD: string
  }
  /** This tab's peer, once it joined. */
  var moot: Peer | undefined
}

interface ImportMetaEnv {
  /** Multiaddrs of the relays given at build time (`MOOT_RELAYS=… npm run build`), separated by commas. */
  readonly MOOT_RELAYS?: string
}

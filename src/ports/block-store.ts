/**
 * Blocks by the sha-256 digest of their bytes, bounded in all. Where there is no room the least recently used go first,
 * and never a pinned one. A block that finds no room for that reason, or because the device is full, is refused with
 * `STORAGE_FULL`; where the device stores nothing, `STORAGE_UNAVAILABLE`.
 */
export interface BlockStore {
  /** Counts as a use. What it gives is the caller's own, in a buffer of its own. */
  get(digest: Uint8Array): Promise<Uint8Array | undefined>
  /** Those of the digests whose blocks are not kept, in their order. */
  missing(digests: readonly Uint8Array[]): Promise<readonly Uint8Array[]>
  /**
   * The caller has checked that `bytes` hash to `digest`, leaves them alone until this settles, and may do with them what it likes
   * from then on. A block that is pinned stays so.
   */
  put(digest: Uint8Array, bytes: Uint8Array, options?: { pinned?: boolean }): Promise<void>
  /** Keeps blocks until they are unpinned or deleted. Those that are not here are passed over. */
  pin(digests: readonly Uint8Array[], pinned: boolean): Promise<void>
  delete(digests: readonly Uint8Array[]): Promise<void>
  /** Bytes of all the blocks kept, and of those that are pinned. */
  usage(): Promise<{ readonly bytes: number; readonly pinned: number }>
  /** Keeps so many bytes at most from now on, and lets go of what is over. */
  limit(maxBytes: number): Promise<void>
}

/** Blocks by the sha-256 digest of their bytes. An adapter may refuse a block that it has no room for with `STORAGE_FULL`. */
export interface BlockStore {
  get(digest: Uint8Array): Promise<Uint8Array | undefined>
  has(digest: Uint8Array): Promise<boolean>
  /** The caller has checked that `bytes` hash to `digest`. */
  put(digest: Uint8Array, bytes: Uint8Array): Promise<void>
  delete(digest: Uint8Array): Promise<void>
  /** Bytes of all the blocks kept. */
  size(): Promise<number>
}

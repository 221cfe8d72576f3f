/**
 * Small records by key, kept across reloads and shared by the tabs of one browser. What is read was written by some
 * version of this app or by the device's owner: readers check it. Rejects with `STORAGE_FULL` or `STORAGE_UNAVAILABLE`.
 */
export interface RecordStore {
  /** All of them, by key in the order of its characters. */
  all(): Promise<readonly (readonly [key: string, value: unknown])[]>
  get(key: string): Promise<unknown>
  /** `value` is plain data: what dag-cbor can hold. Replaces what was there. */
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

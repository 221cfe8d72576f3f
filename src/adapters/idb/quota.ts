/** What the browser grants this origin. */
export interface StorageRoom {
  /** Bytes that it may use, by the browser's estimate. */
  readonly quota: number
  /** Bytes that it uses, likewise. */
  readonly used: number
  /** Whether they stay when the device runs out of room. */
  readonly persistent: boolean
}

/** Nothing where the browser does not say. */
export async function storageRoom(
  storage: StorageManager | undefined = globalThis.navigator?.storage,
): Promise<StorageRoom | undefined> {
  try {
    if (!storage) return undefined
    const [{ quota, usage }, persistent] = await Promise.all([storage.estimate(), storage.persisted()])
    return quota === undefined || usage === undefined ? undefined : { quota, used: usage, persistent }
  } catch {
    return undefined
  }
}

/**
 * Asks that what is kept stays when the device runs out of room. Firefox asks the person, so only an act of theirs that wants
 * it, a pin or an import, may lead here; Chromium and Safari decide by themselves. Whether it is granted.
 */
export async function askToPersist(
  storage: StorageManager | undefined = globalThis.navigator?.storage,
): Promise<boolean> {
  try {
    return (await storage?.persist()) ?? false
  } catch {
    return false
  }
}

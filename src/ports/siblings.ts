/** The other peers that share this device's storage: the tabs of one browser. */
export interface Siblings {
  /** Tells them that what is kept has changed. */
  tell(): void
  /** Calls back when one of them tells. Returns the way to stop. */
  listen(onTold: () => void): () => void
}

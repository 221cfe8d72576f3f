import type { MovedIdentity } from '../domain/ledger/ledger-file.ts'

/** The key of this device's own that may leave it. */
export interface OwnIdentity extends MovedIdentity {
  /** Deletes it from this device: whoever joins next has a new one. Rejects with `STORAGE_UNAVAILABLE`. */
  forget(): Promise<void>
}

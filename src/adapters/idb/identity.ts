import * as v from 'valibot'
import { fault, type Fault } from '../../domain/fault.ts'
import type { OwnIdentity } from '../../ports/identity.ts'
import { storageFault, type MootConnection, type MootDatabase } from './database.ts'
import { rememberSlot, takeSlot, type Slot } from './slots.ts'

/** Bytes of an Ed25519 seed, and of the secret beside it. */
const SECRET_BYTES = 32

const secret = v.pipe(
  v.instance(Uint8Array),
  v.check((bytes) => bytes.length === SECRET_BYTES),
)
export const IdentityRecord = v.object({ slot: v.number(), seed: secret, chainSecret: secret, createdAt: v.date() })

export type IdentityRecord = v.InferOutput<typeof IdentityRecord>

/** Who this tab is. No other tab of this browser is the same, at any time. */
export interface Identity extends OwnIdentity {
  /** 0 to 63. Absent for an identity in memory. */
  readonly slot?: number
  readonly createdAt: Date
  /** True where it is kept across reloads; else `fault` says why not. */
  readonly persistent: boolean
  readonly fault?: Fault
  /** Deletes it from this browser: the next one that this tab opens is new. Rejects with `STORAGE_UNAVAILABLE`. */
  forget(): Promise<void>
  /** Lets another tab have it, and resolves once one can. */
  close(): Promise<void>
}

export interface IdentityInit {
  readonly database: MootDatabase
  /** Default: the browser's. */
  readonly locks?: LockManager
  /** Default: this tab's. */
  readonly session?: Storage
  readonly signal?: AbortSignal
}

/**
 * Opens this tab's identity: the one it had before a reload, else one that no open tab has, else a new one. Where the
 * browser stores nothing it is in memory, `persistent` is false and `fault` says why. Rejects only when aborted.
 */
export async function openIdentity({
  database,
  locks = globalThis.navigator?.locks,
  session = tabStorage(),
  signal,
}: IdentityInit): Promise<Identity> {
  try {
    if (!locks) throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'it cannot keep two tabs apart (no Web Locks)' })
    const slot = await takeSlot(locks, session, signal)
    try {
      const record = await openRecord(database, slot.number)
      signal?.throwIfAborted()
      rememberSlot(session, slot)
      return heldIdentity(database, slot, record)
    } catch (error) {
      await slot.release()
      throw error
    }
  } catch (error) {
    signal?.throwIfAborted()
    return {
      ...create(),
      persistent: false,
      fault: storageFault(error).fault,
      forget: async () => {},
      close: async () => {},
    }
  }
}

/** The slot's record; a new one, safely on disk, where there is none or none that reads as one. */
async function openRecord(database: MootDatabase, slot: number): Promise<IdentityRecord> {
  const connection = await database.connect()
  const kept = v.safeParse(IdentityRecord, await connection.get('identities', slot))
  if (kept.success && kept.output.slot === slot) return kept.output
  const record = { slot, ...create() }
  await putRecord(connection, record)
  return record
}

/** On disk before it resolves. */
export async function putRecord(connection: MootConnection, record: IdentityRecord): Promise<void> {
  const tx = connection.transaction('identities', 'readwrite', { durability: 'strict' })
  await Promise.all([tx.store.put(record, record.slot), tx.done])
}

/** The identity in a slot that this tab holds. */
export const heldIdentity = (database: MootDatabase, slot: Slot, record: IdentityRecord): Identity => ({
  ...record,
  persistent: true,
  forget: () => forget(database, slot.number),
  close: () => slot.release(),
})

/** The tab keeps the slot: what it opens there next is new, while another may hold the key of a tab that was closed. */
async function forget(database: MootDatabase, slot: number): Promise<void> {
  try {
    const tx = (await database.connect()).transaction('identities', 'readwrite', { durability: 'strict' })
    await Promise.all([tx.store.delete(slot), tx.done])
  } catch (error) {
    throw storageFault(error)
  }
}

const create = (): Omit<IdentityRecord, 'slot'> => ({
  seed: crypto.getRandomValues(new Uint8Array(SECRET_BYTES)),
  chainSecret: crypto.getRandomValues(new Uint8Array(SECRET_BYTES)),
  createdAt: new Date(),
})

/** Browsers that block storage throw at the mere name of it. */
export function tabStorage(): Storage | undefined {
  try {
    return globalThis.sessionStorage
  } catch {
    return undefined
  }
}

import * as v from 'valibot'
import { equalBytes } from '../../domain/bytes.ts'
import { fault } from '../../domain/fault.ts'
import type { MovedIdentity } from '../../domain/ledger/ledger-file.ts'
import { storageFault, type MootConnection } from './database.ts'
import { heldIdentity, IdentityRecord, putRecord, tabStorage, type Identity, type IdentityInit } from './identity.ts'
import { ALL, rememberSlot, SLOTS, takeOneOf, type Slot } from './slots.ts'

/** Held while a key is brought: two tabs that bring the same one at a time bring it once. */
const BRINGING = 'moot-identity-bringing'

export interface BringInit extends IdentityInit {
  readonly moved: MovedIdentity
  /** Puts the key's records where the slot's logs are. They come before the key: without them it would sign its log anew. */
  readonly fill: (slot: number) => Promise<void>
  /** Takes them back where the key does not follow. */
  readonly clear: (slot: number) => Promise<void>
}

/**
 * Keeps the key of another device in a slot that holds none, and opens it in this tab; one that is in this browser already, in no open tab,
 * is opened where it is. Rejects with `KEY_NOT_MOVED` where another tab has it open or there is no slot, with `STORAGE_UNAVAILABLE`
 * where nothing can be kept (a key in memory would end with the tab), and with what `fill` does: then nothing came.
 */
export async function bringIdentity({
  database,
  moved,
  fill,
  clear,
  locks = globalThis.navigator?.locks,
  session = tabStorage(),
  signal,
}: BringInit): Promise<Identity> {
  if (!locks) throw fault({ code: 'STORAGE_UNAVAILABLE', why: 'it cannot keep two tabs apart (no Web Locks)' })
  return locks.request(BRINGING, { ...(signal ? { signal } : {}) }, async () => {
    try {
      const connection = await database.connect()
      const kept = await records(connection)
      const here = kept.find(({ seed }) => equalBytes(seed, moved.seed))
      const slot = await slotFor(here, kept, locks, signal)
      try {
        const record = here ?? { slot: slot.number, ...secrets(moved), createdAt: new Date() }
        await fill(slot.number)
        signal?.throwIfAborted()
        if (!here) await putRecord(connection, record)
        rememberSlot(session, slot)
        return heldIdentity(database, slot, record)
      } catch (error) {
        if (!here) await clear(slot.number).catch(() => {})
        await slot.release()
        throw error
      }
    } catch (error) {
      signal?.throwIfAborted()
      throw storageFault(error)
    }
  })
}

async function slotFor(
  here: IdentityRecord | undefined,
  kept: readonly IdentityRecord[],
  locks: LockManager,
  signal: AbortSignal | undefined,
): Promise<Slot> {
  const taken = new Set(kept.map(({ slot }) => slot))
  const slot = await takeOneOf(here ? [here.slot] : ALL.filter((number) => !taken.has(number)), locks, signal)
  if (slot) return slot
  const why = here
    ? 'it is on this device already, and another tab has it open. Go on there'
    : `this browser keeps ${SLOTS} keys at most, and has no room for another`
  throw fault({ code: 'KEY_NOT_MOVED', why })
}

/** Every identity that is kept here, whoever has it open. */
async function records(connection: MootConnection): Promise<readonly IdentityRecord[]> {
  const kept: readonly unknown[] = await connection.getAll('identities', undefined, SLOTS)
  return kept.flatMap((value) => {
    const record = v.safeParse(IdentityRecord, value)
    return record.success ? [record.output] : []
  })
}

const secrets = ({ seed, chainSecret }: MovedIdentity) => ({
  seed: new Uint8Array(seed),
  chainSecret: new Uint8Array(chainSecret),
})

import { bringIdentity } from '../adapters/idb/bring-identity.ts'
import type { MootDatabase } from '../adapters/idb/database.ts'
import type { Identity } from '../adapters/idb/identity.ts'
import { openIdbLogs } from '../adapters/idb/log-store.ts'
import { openSigner } from '../adapters/webcrypto/signer.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { roomName } from '../domain/room-name.ts'
import { bringRecords } from '../peer/ledger/bring-records.ts'
import { readMoved } from '../peer/ledger/read-moved.ts'

export interface BringKeyOptions {
  readonly database: MootDatabase
  readonly room: string
}

/** Opens the key that a file moves to this device, with its records in place. Rejects as `readMoved`, `bringRecords` and `bringIdentity` do: then nothing came. */
export async function bringKey(file: Uint8Array, { database, room }: BringKeyOptions): Promise<Identity> {
  const key = await readMoved(file, { room, openSigner, verify: verifySignature })
  const name = roomName(room)
  const logs = (slot: number) => openIdbLogs({ database, slot, room: name })
  return bringIdentity({
    database,
    moved: key.identity,
    fill: (slot) => bringRecords(file, { room: name, key, verify: verifySignature, store: logs(slot) }),
    clear: (slot) => logs(slot).clear(),
  })
}

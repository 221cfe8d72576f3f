import { openSigner } from '../adapters/webcrypto/signer.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { fault } from '../domain/fault.ts'
import { MAX_LEDGER_FILE } from '../domain/ledger/ledger-file.ts'
import { nicknameOf } from '../domain/nickname.ts'
import { readMoved } from '../peer/ledger/read-moved.ts'
import type { BroughtKey } from '../ui/joining.ts'

/**
 * Checks a file that moves a key, with this device's own crypto and no peer: nothing is kept. Rejects as `readMoved` does.
 */
export async function readKeyFile(file: Blob, room: string): Promise<BroughtKey> {
  if (file.size > MAX_LEDGER_FILE)
    throw fault({ code: 'TOO_LARGE', what: 'file of a key', bytes: file.size, limit: MAX_LEDGER_FILE })
  const bytes = new Uint8Array(await file.arrayBuffer())
  const { peer, own, records } = await readMoved(bytes, { room, openSigner, verify: verifySignature })
  return { file: bytes, id: peer, nickname: nicknameOf(peer), own, records }
}

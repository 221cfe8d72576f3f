import { equalBytes } from '../../domain/bytes.ts'
import { fault } from '../../domain/fault.ts'
import { readEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import { readLedgerFile, type MovedIdentity } from '../../domain/ledger/ledger-file.ts'
import { Ledger } from '../../domain/ledger/ledger.ts'
import { MAX_LOG_ENTRIES } from '../../domain/ledger/limits.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { roomName } from '../../domain/room-name.ts'
import type { Signer, VerifySignature } from '../../ports/signer.ts'
import { CHECKED_AT_ONCE, holds } from '../../protocols/ledger/index.ts'

/** Characters of a room's name in a sentence. */
const NAME_SHOWN = 40

export interface ReadMovedComponents {
  /** The room that the key is brought to, as a person knows it. */
  readonly room: string
  readonly openSigner: (seed: Uint8Array) => Promise<Signer>
  readonly verify: VerifySignature
}

/** A key in a file, with its own log whole and every signature in that checked. Of the records of others nothing is known yet. */
export interface MovedKey {
  readonly identity: MovedIdentity
  readonly peer: PeerId
  /** Its own entries: none of a key that never signed one. */
  readonly own: number
  /** Entries of everybody. */
  readonly records: number
}

/**
 * Reads a file that moves a key to a room, and checks whatever a key that goes on from it would build on. Rejects with `MALFORMED`,
 * `TOO_LARGE`, `BAD_SIGNATURE`, with `LOG_FORKED` where the key signs nothing more, and with `KEY_NOT_MOVED` for one that is of another
 * room, holds no key, or not all that the key signed.
 */
export async function readMoved(
  file: Uint8Array,
  { room, openSigner, verify }: ReadMovedComponents,
): Promise<MovedKey> {
  const { room: name, entries, identity } = readLedgerFile(file)
  if (identity === undefined)
    throw fault({
      code: 'KEY_NOT_MOVED',
      why: 'the file holds records and no key. Add those under My device once you have joined',
    })
  if (!equalBytes(name, roomName(room)))
    throw fault({
      code: 'KEY_NOT_MOVED',
      why: `the file is of another room than “${room.slice(0, NAME_SHOWN)}”. Open the room that it is of, and bring it there`,
    })
  const { peer, publicKey } = await openSigner(identity.seed)
  const own = entries.filter(({ key }) => equalBytes(key, publicKey))
  if (own.length > MAX_LOG_ENTRIES)
    throw fault({ code: 'KEY_NOT_MOVED', why: `the file lists more than ${MAX_LOG_ENTRIES} records of the key` })
  const log = own.map((signed) => readEntry(signed)).toSorted((a, b) => a.entry.seq - b.entry.seq)
  await checkSignatures(log, verify)
  return { identity, peer, own: lengthOf(log, name), records: entries.length }
}

async function checkSignatures(log: readonly ReadEntry[], verify: VerifySignature): Promise<void> {
  for (let at = 0; at < log.length; at += CHECKED_AT_ONCE) {
    const good = await Promise.all(log.slice(at, at + CHECKED_AT_ONCE).map((read) => holds(read, verify)))
    if (good.includes(false)) throw fault({ code: 'BAD_SIGNATURE', what: 'records of the key in the file' })
  }
}

/** Entries of a log that stands whole, from its KEY on. */
function lengthOf(log: readonly ReadEntry[], room: Uint8Array): number {
  const ledger = new Ledger(room, { isKept: () => true })
  for (const read of log) {
    const taken = ledger.take(read)
    if (taken.kind === 'forked') throw fault({ code: 'LOG_FORKED', at: taken.fork.seq })
    if (taken.kind === 'gap')
      throw fault({ code: 'KEY_NOT_MOVED', why: `the file lacks number ${taken.have + 1} of the key's own records` })
    if (taken.kind === 'refused') throw fault(taken.fault)
  }
  return ledger.size
}

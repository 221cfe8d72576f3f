import { fault } from '../../domain/fault.ts'
import type { ReadEntry } from '../../domain/ledger/entry.ts'
import { Ledger } from '../../domain/ledger/ledger.ts'
import { keyFromPeerId, type PeerId } from '../../domain/peer-id.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { importLedger } from './import-ledger.ts'
import { loadLogs } from './load-logs.ts'
import type { MovedKey } from './read-moved.ts'

/** Entries that are written in one go: some megabyte. */
const TOGETHER = 2_048

export interface BringRecordsComponents {
  /** 16 bytes. */
  readonly room: Uint8Array
  /** What `readMoved` says of the file. */
  readonly key: Pick<MovedKey, 'peer' | 'own'>
  readonly verify: VerifySignature
  /** Where the key will find its records. What is there already stays, and may be more than the file holds. */
  readonly store: LogStore
}

/**
 * Puts the records that came with a key where it will go on from them, each signature checked first: the key's own are on disk before those
 * of others, and all of them before this resolves. Nothing is written of a file that does not hold. Rejects with `LOG_FORKED` and
 * `KEY_NOT_MOVED`, and with `STORAGE_FULL` or `STORAGE_UNAVAILABLE` half-way.
 */
export async function bringRecords(
  file: Uint8Array,
  { room, key: { peer, own }, verify, store }: BringRecordsComponents,
): Promise<void> {
  const ledger = new Ledger(room, { isKept: (author) => author === peer })
  const take = (reads: readonly ReadEntry[]) => reads.map((read) => ledger.take(read))
  await loadLogs({
    store,
    take: (reads) => {
      const taken = take(reads)
      return { taken, added: [] }
    },
    takeProof: (proof) => void ledger.takeProof(proof),
    lengthOf: (author) => ledger.lengthOf(author),
    signal: new AbortController().signal,
  })
  const before = new Map(ledger.authors().map((author) => [author, ledger.lengthOf(author)]))
  await importLedger(file, { room, verify, take })
  const fork = ledger.forkOf(peer)
  if (fork) throw fault({ code: 'LOG_FORKED', at: fork.seq })
  if (ledger.lengthOf(peer) < own)
    throw fault({ code: 'KEY_NOT_MOVED', why: "not all of the key's own records could be taken from the file" })
  await write(ledger, before, peer, store)
}

/** Brings a store from the lengths that it had to those of a ledger. */
async function write(
  ledger: Ledger,
  before: ReadonlyMap<PeerId, number>,
  first: PeerId,
  store: LogStore,
): Promise<void> {
  for (const [author, length] of before)
    if (ledger.lengthOf(author) < length) await store.cut(keyFromPeerId(author), ledger.lengthOf(author))
  const authors = [first, ...ledger.authors().filter((author) => author !== first)]
  const added = authors.flatMap((author) =>
    ledger
      .log(author)
      .slice(before.get(author) ?? 0)
      .map(({ signed, entry }) => ({ signed, seq: entry.seq })),
  )
  for (let at = 0; at < added.length; at += TOGETHER) await store.append(added.slice(at, at + TOGETHER))
  await store.beside(ledger.beside())
}

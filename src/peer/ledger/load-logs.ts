import { authorOf, type Signed } from '../../domain/envelope.ts'
import { readEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import type { Taken } from '../../domain/ledger/ledger.ts'
import { forkBetween, type ForkProof } from '../../domain/ledger/proof.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { LogStore } from '../../ports/log-store.ts'

export interface LoadLogsComponents {
  readonly store: Pick<LogStore, 'load' | 'cut'>
  readonly take: (reads: readonly ReadEntry[]) => {
    readonly taken: readonly Taken[]
    readonly added: readonly ReadEntry[]
  }
  readonly takeProof: (proof: ForkProof) => void
  readonly lengthOf: (author: PeerId) => number
  readonly signal: AbortSignal
}

/**
 * Reads what is kept, and gives what of it is held now. Every signature was checked before its entry was written, and a checksum says that it is
 * what was written: schema and links are looked at again, signatures are not. Whoever changes this device's disk changes what this device says,
 * and nobody else's ledger. What does not follow ends its log there, and is fetched again. Rejects where the store cannot be
 * read: then nobody knows what this peer has signed, and it must not sign.
 */
export async function loadLogs(components: LoadLogsComponents): Promise<readonly ReadEntry[]> {
  const { store, take, takeProof, lengthOf, signal } = components
  const loaded: ReadEntry[] = []
  /** Logs that end before something that is no part of them. */
  const broken = new Map<PeerId, Uint8Array>()
  /** Entries that follow nothing, by their place: two of one place show a fork. */
  const loose = new Map<string, ReadEntry>()
  for await (const page of store.load()) {
    if (signal.aborted) return loaded
    const reads = page.flatMap((signed) => {
      const read = tryRead(signed)
      if (read === undefined) broken.set(authorOf(signed), signed.key)
      return read ?? []
    })
    const { taken, added } = take(reads)
    // one by one: a log may be longer than a call may have arguments
    for (const read of added) loaded.push(read)
    for (const [i, read] of reads.entries()) {
      const kind = taken[i]?.kind
      if (kind !== 'gap' && kind !== 'refused') continue
      broken.set(read.author, read.signed.key)
      const place = `${read.author} ${read.entry.seq}`
      const other = loose.get(place)
      const proof = other && forkBetween(other, read)
      if (proof) takeProof(proof)
      else loose.set(place, read)
    }
  }
  for (const [author, key] of broken) await store.cut(key, lengthOf(author))
  return loaded
}

function tryRead(signed: Signed): ReadEntry | undefined {
  try {
    return readEntry(signed)
  } catch {
    return undefined
  }
}

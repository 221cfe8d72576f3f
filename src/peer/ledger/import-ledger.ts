import { faultOf, type Fault } from '../../domain/fault.ts'
import { fault } from '../../domain/fault.ts'
import { equalBytes } from '../../domain/hash.ts'
import { readEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import { readLedgerFile } from '../../domain/ledger/ledger-file.ts'
import type { Taken } from '../../domain/ledger/ledger.ts'
import { authorOf } from '../../domain/envelope.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { CHECKED_AT_ONCE, holds } from '../../protocols/ledger/index.ts'

export interface ImportLedgerComponents {
  readonly room: Uint8Array
  readonly verify: VerifySignature
  readonly take: (reads: readonly ReadEntry[]) => readonly Taken[]
}

interface Refusal {
  readonly author: PeerId
  readonly seq: number
  readonly fault: Fault
}

/** Takes the entries of a file, each with its signature checked: what does not hold is left out and said, and the rest stays. */
export async function importLedger(
  file: Uint8Array,
  { room, verify, take }: ImportLedgerComponents,
): Promise<{ readonly added: number; readonly refused: readonly Refusal[] }> {
  const { room: name, entries } = readLedgerFile(file)
  if (!equalBytes(name, room)) throw fault({ code: 'MALFORMED', what: 'ledger file', why: 'it is of another room' })
  const refused: Refusal[] = []
  const reads = entries.flatMap((signed): ReadEntry[] => {
    try {
      return [readEntry(signed)]
    } catch (error) {
      refused.push({ author: authorOf(signed), seq: -1, fault: faultOf(error) })
      return []
    }
  })
  // whatever the order in the file: each log from its beginning
  reads.sort((a, b) => (a.author < b.author ? -1 : a.author > b.author ? 1 : a.entry.seq - b.entry.seq))
  let added = 0
  for (let at = 0; at < reads.length; at += CHECKED_AT_ONCE) {
    const some = reads.slice(at, at + CHECKED_AT_ONCE)
    const good = await Promise.all(some.map((read) => holds(read, verify)))
    const refuse = ({ author, entry }: ReadEntry, why: Fault) => refused.push({ author, seq: entry.seq, fault: why })
    for (const [i, read] of some.entries()) if (!good[i]) refuse(read, { code: 'BAD_SIGNATURE', what: 'entry' })
    const held = some.filter((_, i) => good[i])
    for (const [i, taken] of take(held).entries()) {
      const read = held[i]
      if (taken.kind === 'added') added++
      if (read && taken.kind === 'refused') refuse(read, taken.fault)
      if (read && taken.kind === 'gap')
        refuse(read, { code: 'OUT_OF_ORDER', what: 'entry', during: 'a log of which the entry before is missing' })
    }
  }
  return { added, refused }
}

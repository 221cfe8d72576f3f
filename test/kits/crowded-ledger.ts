import { chanceFrom } from '../../src/domain/authority/chance.ts'
import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { digestOfCid } from '../../src/domain/cids.ts'
import { hash } from '../../src/domain/hash.ts'
import {
  encodeEntry,
  readEntry,
  type BodyOf,
  type Entry,
  type EntryType,
  type ReadEntry,
} from '../../src/domain/ledger/entry.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'

/** Nobody checks a signature that is in the ledger already. */
const UNSIGNED = new Uint8Array(64)
const NO_KEY = new Uint8Array(32)

export interface CrowdedLedgerInit {
  readonly seed: string
  readonly peers: number
  /** Entries beside the first three of each peer. */
  readonly entries: number
}

/**
 * A room of many, without juries: each signs the charter, vouches for two, and then jobs end, defaults are set and proofs come. Signatures are
 * left out, so that it can be made anywhere and in a short time.
 */
export function crowdedLedger({ seed, peers, entries }: CrowdedLedgerInit): Ledger {
  const ledger = new Ledger(hash('kit', 'crowded').slice(0, 16), { isKept: () => true })
  const draws = chanceFrom(hash('kit', 'crowded ledger', seed), 'entries')
  const keys = Array.from({ length: peers }, (_, i) => hash('kit', 'crowded key', seed, i))
  const charter = digestOfCid(cidOf(FIRST_CHARTER), 'charter')
  const heads = new Map<number, ReadEntry>()
  const newest: ReadEntry[] = []
  const say = <T extends EntryType>(who: number, type: T, body: BodyOf<T>) => {
    const last = heads.get(who)
    const seen = newest[newest.length - 1 - draws.below(8)]
    const entry = {
      ...{ room: ledger.room, charter, type, body },
      seq: last ? last.entry.seq + 1 : 0,
      ...(last ? { prev: last.id } : {}),
      seen: seen && seen !== last ? [seen.id] : [],
    } as unknown as Entry
    const read = readEntry({ body: encodeEntry(entry), key: keys[who] ?? NO_KEY, signature: UNSIGNED })
    ledger.take(read)
    heads.set(who, read)
    newest.push(read)
  }
  const someone = () => Math.floor(draws.unit() * draws.unit() * peers)
  const key = () => keys[someone()] ?? NO_KEY
  for (let who = 0; who < peers; who++) {
    say(who, 'KEY', { build: 'kit' })
    say(who, 'CONSENT', { grade: who % 3 === 0 ? 'signed-after-diff' : 'clicked' })
    say(who, 'VOUCH', { peer: keys[(who * 7 + 1) % peers] ?? NO_KEY })
  }
  for (let i = 0; i < entries; i++) {
    const who = someone()
    const job = hash('kit', 'crowded job', seed, i)
    const kind = draws.below(100)
    if (kind < 2) say(who, 'DEFAULT_SET', { key: 'first.model', value: String(i) })
    else
      say(who, 'RECEIPT', {
        job,
        state: kind < 20 ? 'one-tab' : 'agreed',
        executors: kind < 20 ? [key()] : [key(), key(), key()],
        commitment: job,
        drawnFrom: 4,
        chosen: kind % 2 === 0,
      })
  }
  return ledger
}

import { hex } from '../../domain/hash.ts'
import type { ReadEntry } from '../../domain/ledger/entry.ts'
import type { Governance } from '../governance-view.ts'

/** Bytes of one value that are shown: a hash is whole, a charter's text is cut. */
const SHOWN_BYTES = 64

/** An entry for whoever opens what a number was computed from: what its author signed, as text. */
export const describeEntry = ({ author, entry }: ReadEntry): NonNullable<Awaited<ReturnType<Governance['entry']>>> => ({
  type: entry.type,
  author,
  seq: entry.seq,
  body: JSON.stringify(entry.body, (_, value: unknown) => (value instanceof Uint8Array ? shown(value) : value), 2),
})

const shown = (bytes: Uint8Array): string =>
  bytes.length <= SHOWN_BYTES ? hex(bytes) : `${hex(bytes.subarray(0, SHOWN_BYTES))}… (${bytes.length} bytes)`

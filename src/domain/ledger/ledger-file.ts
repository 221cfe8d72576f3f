import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import type { Signed } from '../envelope.ts'
import { fault } from '../fault.ts'
import { decodeCbor, parse } from '../messages.ts'
import { MAX_PROOF } from './entry.ts'
import { MAX_WEIGHT } from './limits.ts'

/** Bytes of the largest file that is read: a full room, with what CBOR adds. */
export const MAX_LEDGER_FILE = 256 << 20

/** Entries of one file: a full room, with what shows its forks. */
const MAX_FILE_ENTRIES = 2 * MAX_WEIGHT

/** What makes a key move: whoever has this is that peer. */
export interface MovedIdentity {
  /** The 32-byte seed of its Ed25519 key. */
  readonly seed: Uint8Array
  /** 32 bytes from which its hash chains are made. */
  readonly chainSecret: Uint8Array
}

export interface LedgerFile {
  /** 16 bytes. */
  readonly room: Uint8Array
  /** Each log from its KEY on. No signature is checked by reading the file. */
  readonly entries: readonly Signed[]
  /** Only in a file that moves a key. */
  readonly identity?: MovedIdentity
}

const bytes = (length: number) =>
  v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `must be ${length} bytes`)

const File = v.strictObject({
  moot: v.literal('ledger'),
  version: v.literal(1),
  room: bytes(16),
  // Checked by hand below: half a million of them pass a schema slowly.
  entries: v.pipe(
    v.custom<unknown[]>((value) => Array.isArray(value), 'must be a list'),
    v.maxLength(MAX_FILE_ENTRIES),
  ),
  identity: v.exactOptional(v.strictObject({ seed: bytes(32), chainSecret: bytes(32) })),
})

export const encodeLedgerFile = ({ room, entries, identity }: LedgerFile): Uint8Array =>
  encode({
    moot: 'ledger',
    version: 1,
    room,
    entries: entries.map(({ body, key, signature }) => ({ body, key, signature })),
    ...(identity ? { identity: { seed: identity.seed, chainSecret: identity.chainSecret } } : {}),
  })

/** Throws `MALFORMED` or `TOO_LARGE`, whatever the bytes. No entry is read, and no signature checked. */
export function readLedgerFile(data: Uint8Array): LedgerFile {
  if (data.length > MAX_LEDGER_FILE)
    throw fault({ code: 'TOO_LARGE', what: 'ledger file', bytes: data.length, limit: MAX_LEDGER_FILE })
  const { room, entries, identity } = parse(File, decodeCbor(data, 'ledger file'), 'ledger file')
  if (!entries.every(isSigned))
    throw fault({ code: 'MALFORMED', what: 'ledger file', why: 'what it lists is no signed entry' })
  return { room, entries, ...(identity ? { identity } : {}) }
}

function isSigned(value: unknown): value is Signed {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false
  const { body, key, signature } = value as Partial<Record<keyof Signed, unknown>>
  return (
    body instanceof Uint8Array &&
    body.length <= MAX_PROOF &&
    key instanceof Uint8Array &&
    key.length === 32 &&
    signature instanceof Uint8Array &&
    signature.length === 64
  )
}

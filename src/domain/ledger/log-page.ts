import type { Signed } from '../envelope.ts'
import { equalBytes } from '../hash.ts'
import { MAX_PROOF } from './entry.ts'

/**
 * Entries as they lie on a disk: of each the length of its body, a checksum, its signature and its body, and where they are of several
 * logs the key before all that. 72 bytes beside each body. What does not check is where a page ends.
 */

/** Entries of one log in one page: a page is written anew for each entry that is added to it, some 30 KB at the most of usual ones. */
export const PAGE_ENTRIES = 64

const HEAD = 8
const SIGNATURE = 64
const KEY = 32

export const LOOSE = KEY + HEAD + SIGNATURE

export const packPage = (entries: readonly Signed[]): Uint8Array => pack(entries, 0)

/** What reads of a page, up to the first that does not. */
export function unpackPage(page: Uint8Array, key: Uint8Array): readonly Signed[] {
  return unpack(page, 0).map(({ body, signature }) => ({ body, key, signature }))
}

/** Entries of any logs: `LOOSE` bytes for each, beside its body. */
export const packLoose = (entries: readonly Signed[]): Uint8Array => pack(entries, KEY)

export const unpackLoose = (page: Uint8Array): readonly Signed[] => unpack(page, KEY)

/** Bytes of a page of these. */
export const packedLength = (entries: readonly Signed[]): number =>
  entries.reduce((sum, { body }) => sum + HEAD + SIGNATURE + body.length, 0)

/** The first entries of a page, and how many it has of so many. */
export function beginningOf(page: Uint8Array, most: number): { readonly bytes: Uint8Array; readonly entries: number } {
  let at = 0
  let entries = 0
  while (entries < most) {
    const end = endOf(page, at, 0)
    if (end === undefined) break
    at = end
    entries++
  }
  return { bytes: page.subarray(0, at), entries }
}

function pack(entries: readonly Signed[], keyBytes: number): Uint8Array {
  const page = new Uint8Array(packedLength(entries) + entries.length * keyBytes)
  const view = new DataView(page.buffer)
  let at = 0
  for (const { body, key, signature } of entries) {
    if (keyBytes > 0) page.set(key, at)
    at += keyBytes
    page.set(signature, at + HEAD)
    page.set(body, at + HEAD + SIGNATURE)
    const end = at + HEAD + SIGNATURE + body.length
    view.setUint32(at, body.length, true)
    view.setUint32(at + 4, crc32(page.subarray(at + HEAD, end)), true)
    at = end
  }
  return page
}

function unpack(page: Uint8Array, keyBytes: number): Signed[] {
  const entries: Signed[] = []
  let key: Uint8Array = new Uint8Array(0)
  for (let at = 0; ;) {
    const end = endOf(page, at, keyBytes)
    if (end === undefined) return entries
    const from = at + keyBytes + HEAD
    // each its own, so that keeping one does not keep the page
    const owner = page.subarray(at, at + keyBytes)
    if (!equalBytes(owner, key)) key = owner.slice()
    entries.push({
      key,
      signature: page.slice(from, from + SIGNATURE),
      body: page.slice(from + SIGNATURE, end),
    })
    at = end
  }
}

/** Where an entry ends; undefined where there is none that checks. */
function endOf(page: Uint8Array, at: number, keyBytes: number): number | undefined {
  const from = at + keyBytes
  if (from + HEAD + SIGNATURE > page.length) return undefined
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const length = view.getUint32(from, true)
  const end = from + HEAD + SIGNATURE + length
  if (length > MAX_PROOF || end > page.length) return undefined
  return crc32(page.subarray(from + HEAD, end)) === view.getUint32(from + 4, true) ? end : undefined
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1
  return crc
})

/** CRC-32 (IEEE 802.3): finds what a disk lost; nobody is kept from writing another. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xff_ff_ff_ff
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xff_ff_ff_ff) >>> 0
}

/** Entries by log, in the order of their coming, as runs that belong into one page each. */
export function pagesOf(
  entries: readonly { readonly signed: Signed; readonly seq: number }[],
  nameOf: (key: Uint8Array) => string,
): readonly {
  readonly name: string
  readonly key: Uint8Array
  readonly page: number
  readonly offset: number
  readonly entries: readonly Signed[]
}[] {
  const runs = new Map<string, { name: string; key: Uint8Array; page: number; offset: number; entries: Signed[] }>()
  for (const { signed, seq } of entries) {
    const page = Math.floor(seq / PAGE_ENTRIES)
    const name = nameOf(signed.key)
    const run = runs.get(`${name} ${page}`)
    if (run) run.entries.push(signed)
    else runs.set(`${name} ${page}`, { name, key: signed.key, page, offset: seq % PAGE_ENTRIES, entries: [signed] })
  }
  return [...runs.values()]
}

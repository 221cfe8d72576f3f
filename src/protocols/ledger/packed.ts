import { compareBytes } from '../../domain/hash.ts'
import { fault } from '../../domain/fault.ts'
import { FORK_BYTES, HEAD_BYTES, RANGE_BYTES } from './constants.ts'

/** The last entry of a log. */
export interface Head {
  readonly key: Uint8Array
  /** Entries of the log. 1 at least. */
  readonly length: number
  /** Of the last. */
  readonly id: Uint8Array
}

export interface ForkedAt {
  readonly key: Uint8Array
  readonly seq: number
}

/** Entries of a log from `from` on, without `to`. */
export interface Range {
  readonly key: Uint8Array
  readonly from: number
  readonly to: number
}

/** Counts of entries travel as 32 bits, the least significant first. */
const COUNT = 4
const MAX_COUNT = 0xff_ff_ff_ff

export const packHeads = (heads: readonly Head[]): Uint8Array =>
  pack(heads, HEAD_BYTES, (head) => [head.key, head.length, head.id])

export const packForks = (forks: readonly ForkedAt[]): Uint8Array =>
  pack(forks, FORK_BYTES, (fork) => [fork.key, fork.seq])

export const packRanges = (ranges: readonly Range[]): Uint8Array =>
  pack(ranges, RANGE_BYTES, (range) => [range.key, range.from, range.to])

/** Throws `MALFORMED`: keys must rise, so that none comes twice. */
export const readHeads = (bytes: Uint8Array): readonly Head[] =>
  read(bytes, HEAD_BYTES, (at) => ({
    key: bytes.slice(at, at + 32),
    length: count(bytes, at + 32),
    id: bytes.slice(at + 36, at + 68),
  }))

export const readForks = (bytes: Uint8Array): readonly ForkedAt[] =>
  read(bytes, FORK_BYTES, (at) => ({ key: bytes.slice(at, at + 32), seq: count(bytes, at + 32) }))

export const readRanges = (bytes: Uint8Array): readonly Range[] =>
  read(bytes, RANGE_BYTES, (at) => ({
    key: bytes.slice(at, at + 32),
    from: count(bytes, at + 32),
    to: count(bytes, at + 36),
  }))

function pack<T extends { readonly key: Uint8Array }>(
  items: readonly T[],
  size: number,
  parts: (item: T) => readonly (Uint8Array | number)[],
): Uint8Array {
  const bytes = new Uint8Array(items.length * size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const item of items.toSorted((a, b) => compareBytes(a.key, b.key)))
    for (const part of parts(item)) {
      if (typeof part === 'number') view.setUint32(at, Math.min(part, MAX_COUNT), true)
      else bytes.set(part, at)
      at += typeof part === 'number' ? COUNT : part.length
    }
  return bytes
}

function read<T extends { readonly key: Uint8Array }>(bytes: Uint8Array, size: number, item: (at: number) => T): T[] {
  if (bytes.length % size !== 0) throw malformed('it is cut short')
  const items: T[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const next = item(at)
    const last = items.at(-1)
    if (last && compareBytes(last.key, next.key) >= 0) throw malformed('its keys are not in order')
    items.push(next)
  }
  return items
}

const count = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true)

const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'list of logs', why })

import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { readEntry, type ReadEntry } from '../../domain/ledger/entry.ts'
import { LOOSE, packLoose, unpackLoose } from '../../domain/ledger/log-page.ts'
import { forkBetween, type ForkProof } from '../../domain/ledger/proof.ts'
import { decodeCbor, parse, SignedSchema } from '../../domain/messages.ts'
import * as limits from './constants.ts'
import {
  packForks,
  packHeads,
  packRanges,
  readForks,
  readHeads,
  readRanges,
  type ForkedAt,
  type Head,
  type Range,
} from './packed.ts'

const bytes = (most: number, least = 0) =>
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length <= most && value.length >= least,
    `must be ${least} to ${most} bytes`,
  )
const digest = bytes(32, 32)
const heads = bytes(limits.MAX_RANGES * limits.HEAD_BYTES)
const forks = bytes(limits.MAX_NAMED_FORKS * limits.FORK_BYTES)

const Frame = v.variant('kind', [
  /** "Mine is this: what have you?" Begins an exchange. */
  v.strictObject({ kind: v.literal('root'), root: digest }),
  /** "The same." Ends it. */
  v.strictObject({ kind: v.literal('same') }),
  /** "These logs, and these forks." */
  v.strictObject({ kind: v.literal('summary'), heads, forks }),
  /** "Of that I want these; and you may want those of mine." Begins a stream, or follows a summary. */
  v.strictObject({
    kind: v.literal('wanted'),
    ranges: bytes(limits.MAX_RANGES * limits.RANGE_BYTES),
    /** Single entries, by id: those from beyond a fork too. */
    ids: v.pipe(v.array(digest), v.maxLength(limits.MAX_IDS)),
    /** Keys whose forks are to be shown. */
    proofs: v.pipe(v.array(digest), v.maxLength(limits.MAX_PROOFS)),
    offers: heads,
    forks,
  }),
  /** A part of the answer; the last one ends with the stream. */
  v.strictObject({ kind: v.literal('entries'), entries: bytes(limits.MAX_FRAME) }),
  /** Two entries for each fork. */
  v.strictObject({ kind: v.literal('proofs'), entries: bytes(limits.MAX_FRAME) }),
])

export interface Summary {
  readonly heads: readonly Head[]
  readonly forks: readonly ForkedAt[]
}

export interface Wanted {
  readonly ranges: readonly Range[]
  readonly ids: readonly Uint8Array[]
  readonly proofs: readonly Uint8Array[]
}

export type LedgerFrame =
  | { readonly kind: 'root'; readonly root: Uint8Array }
  | { readonly kind: 'same' }
  | ({ readonly kind: 'summary' } & Summary)
  | ({ readonly kind: 'wanted'; readonly offers: readonly Head[]; readonly forks: readonly ForkedAt[] } & Wanted)
  | { readonly kind: 'entries'; readonly entries: readonly Signed[] }
  | { readonly kind: 'proofs'; readonly entries: readonly Signed[] }

export function encodeFrame(frame: LedgerFrame): Uint8Array {
  switch (frame.kind) {
    case 'root':
    case 'same':
      return encode(frame)
    case 'summary':
      return encode({ ...frame, heads: packHeads(frame.heads), forks: packForks(frame.forks) })
    case 'wanted':
      return encode({
        ...frame,
        ranges: packRanges(frame.ranges),
        offers: packHeads(frame.offers),
        forks: packForks(frame.forks),
      })
    case 'entries':
    case 'proofs':
      return encode({ kind: frame.kind, entries: packLoose(frame.entries) })
    default:
      return frame satisfies never
  }
}

/** Throws `MALFORMED`, whatever the bytes. No entry is read, and no signature checked. */
export function readFrame(data: Uint8Array): LedgerFrame {
  const frame = parse(Frame, decodeCbor(data, 'ledger message'), 'ledger message')
  switch (frame.kind) {
    case 'root':
    case 'same':
      return frame
    case 'summary':
      return { kind: 'summary', heads: readHeads(frame.heads), forks: readForks(frame.forks) }
    case 'wanted':
      return {
        ...frame,
        ranges: readRanges(frame.ranges),
        offers: readHeads(frame.offers),
        forks: readForks(frame.forks),
      }
    case 'entries':
    case 'proofs':
      return { kind: frame.kind, entries: unpacked(frame.entries) }
    default:
      return frame satisfies never
  }
}

function unpacked(packed: Uint8Array): readonly Signed[] {
  const entries = unpackLoose(packed)
  const length = entries.reduce((sum, { body }) => sum + LOOSE + body.length, 0)
  if (length !== packed.length || entries.length > limits.FRAME_ENTRIES)
    throw fault({ code: 'MALFORMED', what: 'ledger message', why: 'its entries cannot be told apart' })
  return entries
}

/** What an answer holds, in frames. */
export function* entryFrames(entries: Iterable<Signed>, kind: 'entries' | 'proofs' = 'entries'): Generator<Uint8Array> {
  let gathered: Signed[] = []
  let size = 0
  for (const signed of entries) {
    gathered.push(signed)
    size += LOOSE + signed.body.length
    // a fork's two entries stay together
    if (kind === 'proofs' && gathered.length % 2 === 1) continue
    if (size < limits.FRAME_BYTES && gathered.length < limits.FRAME_ENTRIES) continue
    yield encodeFrame({ kind, entries: gathered })
    gathered = []
    size = 0
  }
  if (gathered.length > 0) yield encodeFrame({ kind, entries: gathered })
}

const Gossip = v.strictObject({
  entries: v.pipe(v.array(SignedSchema), v.maxLength(limits.GOSSIP_ENTRIES)),
  proofs: v.pipe(v.array(v.tuple([SignedSchema, SignedSchema])), v.maxLength(limits.GOSSIP_PROOFS)),
})

export interface LedgerGossip {
  readonly entries: readonly ReadEntry[]
  readonly proofs: readonly ForkProof[]
}

const plainSigned = ({ body, key, signature }: Signed) => ({ body, key, signature })

export const encodeGossip = (entries: readonly Signed[], proofs: readonly (readonly [Signed, Signed])[]): Uint8Array =>
  encode({
    entries: entries.map(plainSigned),
    proofs: proofs.map(([first, second]) => [plainSigned(first), plainSigned(second)]),
  })

/** Throws `MALFORMED` or `TOO_LARGE`, whatever the bytes. No signature is checked here. */
export function readGossip(data: Uint8Array): LedgerGossip {
  if (data.length > limits.MAX_GOSSIP)
    throw fault({ code: 'TOO_LARGE', what: 'entries', bytes: data.length, limit: limits.MAX_GOSSIP })
  const { entries, proofs } = parse(Gossip, decodeCbor(data, 'entries'), 'entries')
  return { entries: entries.map(readEntry), proofs: proofs.map(([first, second]) => readProof(first, second)) }
}

/** Throws `MALFORMED` or `TOO_LARGE` for two entries that show no fork. No signature is checked here. */
export function readProof(first: Signed, second: Signed): ForkProof {
  const proof = forkBetween(readEntry(first), readEntry(second))
  if (proof === undefined) throw fault({ code: 'MALFORMED', what: 'proof of a fork', why: 'it shows none' })
  return proof
}

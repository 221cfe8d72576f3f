import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { digestOf, authorOf, type Signed } from '../envelope.ts'
import { fault } from '../fault.ts'
import { hex } from '../hash.ts'
import { plain } from '../manifest.ts'
import { decodeCbor, LOST_FOR, MAX_ACCEPTS, MAX_REPLICATION, parse, SignedSchema } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'

/**
 * One line of a peer's log: signed, numbered, linked to the one before it and to the newest of others' that its author had seen. It
 * travels as the body of a `Signed`; `id` is the digest of that. "Before" means reachable through `prev`, `seen` and the entries that a body names; there is
 * no clock in it.
 */

/** Foreign heads that one entry names. A CHECKPOINT names more, in its body. */
export const MAX_SEEN = 4
/** Bytes of a signed entry's body: a CONTEST with eleven accepts is 12 KB, a charter 4 KB. */
export const MAX_ENTRY = 24 * 1024
/** Bytes of a FORKED_LOG: the two entries that it holds, and itself. */
export const MAX_PROOF = 2 * MAX_ENTRY + 2 * 1024
/** Bytes of a charter's encoding. */
export const MAX_CHARTER = 16 * 1024
/** Heads that one CHECKPOINT names. */
export const MAX_HEADS = 512
/** Seats of the largest jury, and so the deciders of one ruling. */
export const MAX_JURY = 33
/** Levels that a case may climb. */
export const MAX_LEVEL = 8

const bytes = (least: number, most = least) =>
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length >= least && value.length <= most,
    least === most ? `must be ${least} bytes` : `must be ${least} to ${most} bytes`,
  )
const count = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const list = <T extends v.GenericSchema>(item: T, least: number, most: number) =>
  v.pipe(v.array(item), v.minLength(least), v.maxLength(most))
const digest = bytes(32)
/** The id of another entry. */
const ref = digest
/** A raw Ed25519 public key: `peerIdFromKey` gives the peer's name. */
const key = bytes(32)
const level = count(0, MAX_LEVEL)
const signed = SignedSchema

/** How a signature under a charter came about, the strongest first. */
export const GRADES = ['authored', 'ballot', 'signed-after-diff', 'clicked'] as const
/** What a contest is about. Of `arithmetic` the canon decides; of the others a jury. */
const CONTEST_CLASSES = ['arithmetic', 'delivery', 'model', 'quality', 'rule'] as const
/** Why a jury came to no ruling. */
const UNDECIDED = ['no-quorum', 'no-majority', 'no-common-court'] as const
/** Why somebody counts as absent. */
const ABSENT_FOR = ['no-answer', 'no-vote', 'no-reveal', 'withheld'] as const
/** `uphold`: the contest is right, and what it objects to does not stand. */
export const VOTES = ['uphold', 'dismiss'] as const

const vote = v.picklist(VOTES)

/** What each type of entry says. */
const BODIES = {
  /** "This log begins." The first of every log, and only the first. */
  KEY: v.strictObject({ build: plain(128) }),
  /** "I know whose key this is, and let others rely on it." */
  VOUCH: v.strictObject({ peer: key }),
  /** "No longer." Names the VOUCH that it takes back. */
  REVOKE: v.strictObject({ vouch: ref }),
  /** "I sign the charter that this entry names." With its text where no entry that the author holds has it. */
  CONSENT: v.strictObject({ grade: v.picklist(GRADES), document: v.exactOptional(bytes(1, MAX_CHARTER)) }),
  /** "Let us amend the charter that this entry names so." The text of the new one, which names the old one as its parent. */
  PROPOSE: v.strictObject({ document: bytes(1, MAX_CHARTER), reason: plain(280) }),
  /** "I stand behind that proposal." */
  SPONSOR: v.strictObject({ proposal: ref }),
  /** "I go by another charter from here on." The text of the new one. */
  FORK: v.strictObject({ document: bytes(1, MAX_CHARTER) }),
  /** "I leave the charter that this entry names." */
  EXIT: v.strictObject({ to: v.exactOptional(digest) }),
  /** "I run this default so." */
  DEFAULT_SET: v.strictObject({ key: plain(64), value: plain(256) }),
  /** "I have seen the alternatives, and keep it." */
  DEFAULT_AFFIRM: v.strictObject({ key: plain(64), value: plain(256), shown: count(0, 64) }),
  /** "So my job ended." By the requester. What was asked and answered is in `commitment`, salted. */
  RECEIPT: v.strictObject({
    job: digest,
    state: v.picklist(['one-tab', 'agreed', 'agreed-rounding', 'agreed-gpus-only', 'contested']),
    executors: list(key, 1, MAX_REPLICATION),
    /** `hash('moot/receipt-commitment', salt, receipt file)`. */
    commitment: digest,
    drawnFrom: count(1, MAX_ACCEPTS),
    /** Whether the asker chose how it was checked; else the charter's default did. */
    chosen: v.boolean(),
  }),
  /** "I had that executor's answer checked in secret." */
  AUDIT: v.strictObject({ job: digest, of: key, agrees: v.boolean() }),
  /** "I object to how that job ended." By a party. */
  CONTEST: v.strictObject({
    job: digest,
    class: v.picklist(CONTEST_CLASSES),
    /** What the objection is, in its author's words. */
    claim: plain(280),
    /** What a jury's draw is recomputed from; absent of a contest over arithmetic, which has none. */
    terms: v.exactOptional(
      v.strictObject({
        /** OFFER and RECEIPT of the requester, ACCEPTs of those who sat. */
        offer: signed,
        receipt: signed,
        accepts: list(signed, 1, MAX_REPLICATION),
        /** Digests of all other ACCEPTs: with these the job's name follows from its offer. */
        others: list(digest, 0, MAX_ACCEPTS),
      }),
    ),
  }),
  /** "This is what the canon computes for that job." */
  ASSERT: v.strictObject({ job: digest, output: digest, root: digest }),
  /** "So arithmetic settled it." Evidence proves it, not its author. */
  PROVEN: v.strictObject({
    job: digest,
    state: v.picklist(['settled', 'proven', 'unresolved']),
    stands: list(key, 0, MAX_REPLICATION),
    losers: list(v.strictObject({ peer: key, for: v.picklist(LOST_FOR) }), 0, MAX_ACCEPTS),
    operator: v.exactOptional(plain(160)),
  }),
  /** "This is my link for the jury of that level." By a party. */
  OPEN_LINK: v.strictObject({ contest: ref, level, link: digest }),
  /** "The jury of that level is drawn from these links." By a party. Who is drawn follows. */
  SUMMON: v.strictObject({ contest: ref, level, links: list(ref, 1, MAX_REPLICATION + 1) }),
  /** "I serve", or not. By who is drawn. */
  SERVE: v.strictObject({ summon: ref, serves: v.boolean() }),
  /** "That one was not heard of in time." Of a summons, or of a job. */
  NOSHOW: v.strictObject({
    summon: v.exactOptional(ref),
    job: v.exactOptional(digest),
    peer: key,
    why: v.picklist(ABSENT_FOR),
  }),
  /** `hash('moot/vote', summon, author's key, vote, salt)`. */
  VOTE_COMMIT: v.strictObject({ summon: ref, commitment: digest }),
  VOTE_REVEAL: v.strictObject({ summon: ref, vote, salt: digest, reason: plain(280) }),
  /** "So the jury ruled." By anyone; follows from the votes that it names. */
  RULING: v.strictObject({
    contest: ref,
    level,
    /** Absent where there was no common court to summon. */
    summon: v.exactOptional(ref),
    outcome: v.picklist(['upheld', 'dismissed', 'unresolved']),
    why: v.exactOptional(v.picklist(UNDECIDED)),
    /** All whose vote counted, in the order of their seats, with the VOTE_REVEAL of each. */
    deciders: list(v.strictObject({ peer: key, vote, reveal: ref }), 0, MAX_JURY),
    /** The rule that it follows, as a path in the charter: `jury.threshold`. */
    clause: plain(64),
    /** Whom it binds, with the CONSENT of each under the charter that this entry names. */
    affected: list(v.strictObject({ peer: key, consent: v.exactOptional(ref) }), 1, MAX_REPLICATION + 1),
  }),
  /** "Let a larger jury look at it." By a party that has not forfeited it. */
  APPEAL: v.strictObject({ ruling: ref }),
  /** "I do not agree, and say why." */
  DISSENT: v.strictObject({ ruling: ref, note: plain(280) }),
  /** "That ruling contradicts what arithmetic has shown." Names the PROVEN. */
  REFUTE: v.strictObject({ ruling: ref, proof: ref }),
  /** "I have seen these heads." Its author's view of the ledger: how many entries, and their root. */
  CHECKPOINT: v.strictObject({ heads: list(ref, 0, MAX_HEADS), entries: count(0, 2 ** 40), root: digest }),
  /** "These two are signed by one key for one place of one log." */
  FORKED_LOG: v.strictObject({ first: signed, second: signed }),
} as const

export type EntryType = keyof typeof BODIES
export type BodyOf<T extends EntryType> = v.InferOutput<(typeof BODIES)[T]>
export type Grade = (typeof GRADES)[number]
export type ContestClass = (typeof CONTEST_CLASSES)[number]
export type Undecided = (typeof UNDECIDED)[number]
export type Vote = (typeof VOTES)[number]

export const ENTRY_TYPES = Object.keys(BODIES) as readonly EntryType[]

interface Place {
  /** Of the room's name: a key has one log for each room. 16 bytes. */
  readonly room: Uint8Array
  /** Counts from 0 without gaps. */
  readonly seq: number
  /** Id of the entry before it; absent of the first. */
  readonly prev?: Uint8Array
  /** Ids of others' newest entries, as far as the author knew: those that nothing before it in this log reaches. */
  readonly seen: readonly Uint8Array[]
  /** Digest of the charter (inside its CID) that its author went by, or that it signs. */
  readonly charter: Uint8Array
}

export type EntryOf<T extends EntryType> = { [K in T]: Place & { readonly type: K; readonly body: BodyOf<K> } }[T]
export type Entry = EntryOf<EntryType>

const Frame = v.strictObject({
  room: bytes(16),
  seq: count(0, Number.MAX_SAFE_INTEGER),
  prev: v.exactOptional(digest),
  seen: list(ref, 0, MAX_SEEN),
  charter: digest,
  type: v.picklist(ENTRY_TYPES),
  body: v.unknown(),
})

/** An entry whose schema holds. Whether its signature holds is the caller's to have checked. */
export interface ReadEntry<T extends EntryType = EntryType> {
  readonly signed: Signed
  readonly id: Uint8Array
  /** The id in hexadecimal. */
  readonly name: string
  readonly author: PeerId
  readonly entry: EntryOf<T>
}

/** Throws `MALFORMED` for what nobody would read. */
export function encodeEntry(entry: Entry): Uint8Array {
  checkEntry(entry)
  return encode(entry)
}

/** Reads a signed body. Throws `MALFORMED` or `TOO_LARGE`; never anything else, whatever the bytes. */
export function readEntry(signedEntry: Signed): ReadEntry {
  const { length } = signedEntry.body
  if (length > MAX_PROOF) throw fault({ code: 'TOO_LARGE', what: 'entry', bytes: length, limit: MAX_PROOF })
  const entry = checkEntry(decodeCbor(signedEntry.body, 'entry'))
  if (length > MAX_ENTRY && entry.type !== 'FORKED_LOG')
    throw fault({ code: 'TOO_LARGE', what: 'entry', bytes: length, limit: MAX_ENTRY })
  const id = digestOf(signedEntry)
  return { signed: signedEntry, id, name: hex(id), author: authorOf(signedEntry), entry }
}

export const isEntry = <T extends EntryType>(type: T, read: ReadEntry): read is ReadEntry<T> => read.entry.type === type

function checkEntry(value: unknown): Entry {
  const frame = parse(Frame, value, 'entry')
  const body = parse(BODIES[frame.type], frame.body, frame.type)
  if ((frame.seq === 0) !== (frame.prev === undefined))
    throw fault({ code: 'MALFORMED', what: 'entry', why: 'the first of a log has no link, and every other has one' })
  if ((frame.seq === 0) !== (frame.type === 'KEY'))
    throw fault({ code: 'MALFORMED', what: 'entry', why: 'a log begins with KEY, and has it nowhere else' })
  return { ...frame, body } as Entry
}

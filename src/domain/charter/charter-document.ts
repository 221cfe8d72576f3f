import { encode } from '@ipld/dag-cbor'
import * as v from 'valibot'
import { equalBytes } from '../bytes.ts'
import { cidOfDigest, isCid } from '../cids.ts'
import { fault } from '../fault.ts'
import { hashBytes } from '../hash.ts'
import { MAX_CHARTER, MAX_JURY, MAX_LEVEL } from '../ledger/entry.ts'
import { LONGEST_TIMER } from '../longest-timer.ts'
import { plain } from '../manifest.ts'
import { decodeCbor, MAX_REPLICATION, parse } from '../messages.ts'
import { keyFromPeerId, peerIdFromKey, type PeerId } from '../peer-id.ts'
import type { Charter } from './charter.ts'

/** A charter as it travels, in the body of a CONSENT, a PROPOSE or a FORK: its dag-cbor encoding, of which there is one alone, so that its CID names it. */

/** UTF-16 code units of a title: one line on a phone. */
export const MAX_TITLE = 60
/** Charters that one comes from: two that are joined again, and room. */
const MAX_PARENTS = 4
/** Keys whose words a charter can be. */
export const MAX_AUTHORS = 16
/** Rules that a charter entrenches: the five, and as many of its own as one reads. */
const MAX_ENTRENCHED = 32
/** Engines that a charter calls canonical: one for each version over some years. */
const MAX_CANONS = 16
/** Milliseconds of the longest wait within a job: an OFFER ends after an hour at the latest. */
const LONGEST_IN_JOB = 3_600_000
/** Vouches and sponsors that may be asked for: no room holds more people who know each other. */
const MAX_PEOPLE = 64
/** Results, jobs and rulings that may be asked for. */
const MAX_RECORD = 100_000
/** Entries of a log: what a CHECKPOINT covers at least, and what a browser stores of one at most. */
const RETENTION = { least: 100, most: 10_000_000 }

const count = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const part = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1))
const share = v.pipe(part, v.gtValue(0, 'must be over 0'))
const distinct = <T extends v.GenericSchema<unknown, string>>(item: T, most: number) =>
  v.pipe(
    v.array(item),
    v.maxLength(most),
    v.check((all) => new Set(all).size === all.length, 'must name each once'),
  )
const inJob = count(1, LONGEST_IN_JOB)
const wait = count(1, LONGEST_TIMER)

const sizes = v.pipe(
  v.array(count(1, MAX_JURY)),
  v.minLength(1),
  v.maxLength(MAX_LEVEL + 1),
  v.check((all) => all.every((size) => size % 2 === 1), 'must be odd'),
  v.check((all) => all.every((size, i) => size > (all[i - 1] ?? 0)), 'must grow'),
)

const canon = v.strictObject({
  library: v.pipe(plain(64), v.nonEmpty()),
  version: v.pipe(plain(64), v.nonEmpty()),
  wasmSha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a sha-256 in hexadecimal')),
})

const CharterSchema = v.pipe(
  v.strictObject({
    title: v.pipe(
      plain(MAX_TITLE),
      v.check((title) => title.trim() !== '', 'must be there'),
    ),
    version: count(1, 1_000_000),
    parents: distinct(v.pipe(v.string(), v.check(isCid, 'must be the CID of a charter')), MAX_PARENTS),
    authors: distinct(v.pipe(v.string(), v.check(isPeerId, 'must be a peer id')), MAX_AUTHORS),
    entrenched: distinct(
      v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a rule')),
      MAX_ENTRENCHED,
    ),
    verification: v.strictObject({
      replication: count(1, MAX_REPLICATION),
      attempts: count(1, 16),
      mode: v.picklist(['one-tab', 'replicated', 'adaptive']),
      probation: count(0, MAX_RECORD),
      streak: count(1, MAX_RECORD),
      auditFloor: part,
      tolerancePolicy: v.picklist(['app', 'calibrated']),
    }),
    jury: v.strictObject({
      sizes,
      threshold: share,
      quorum: share,
      introducerCap: count(1, MAX_JURY),
      gamma: share,
      cooldown: count(0, MAX_RECORD),
      alpha: share,
      minOverlap: part,
    }),
    appeal: v.strictObject({ levels: count(0, MAX_LEVEL) }),
    membership: v.strictObject({ vouches: count(0, MAX_PEOPLE), probationJobs: count(0, MAX_RECORD) }),
    amendment: v.strictObject({ sponsors: count(0, MAX_PEOPLE), ratifyShare: share }),
    retention: count(RETENTION.least, RETENTION.most),
    canons: v.pipe(
      v.array(canon),
      v.minLength(1),
      v.maxLength(MAX_CANONS),
      v.check((all) => new Set(all.map(({ wasmSha256 }) => wasmSha256)).size === all.length, 'must name each once'),
    ),
    timeouts: v.strictObject({
      offerWindow: inJob,
      offer: inJob,
      silence: inJob,
      commit: inJob,
      reveal: inJob,
      compute: inJob,
      contest: wait,
      assert: inJob,
      together: inJob,
      opening: inJob,
      link: inJob,
      serve: wait,
      vote: wait,
      voteReveal: wait,
      appeal: wait,
      notice: wait,
      signing: wait,
    }),
  }),
  v.check(({ appeal, jury }) => appeal.levels < jury.sizes.length, 'has more levels of appeal than sizes of juries'),
)

/** Both ways: nothing that would lose or gain a field. */
const Schema: v.GenericSchema<unknown, Charter> = CharterSchema

/** The bytes that its CID names. Throws `MALFORMED` or `TOO_LARGE` for what nobody would read. */
export function encodeCharter(charter: Charter): Uint8Array {
  const bytes = encode(parse(Schema, charter, 'charter'))
  checkSize(bytes)
  return bytes
}

/** Reads a charter's document. Throws `MALFORMED` or `TOO_LARGE`; never anything else, whatever the bytes. */
export function readCharter(bytes: Uint8Array): Charter {
  checkSize(bytes)
  const charter = parse(Schema, decodeCbor(bytes, 'charter'), 'charter')
  // A charter has one name: other bytes of the same rules would be another charter to whoever signed them.
  if (!equalBytes(encode(charter), bytes))
    throw fault({ code: 'MALFORMED', what: 'charter', why: 'it is not in the one encoding that its name goes by' })
  return charter
}

/** Sha-256 of a document: what an entry's `charter` is, and what is inside the CID. 32 bytes. */
export const charterDigest = (document: Uint8Array): Uint8Array => hashBytes(document)

/** The CID that a document has, whatever is in it. */
export const charterIdOf = (document: Uint8Array): string => cidOfDigest(charterDigest(document))

function checkSize({ length }: Uint8Array): void {
  if (length > MAX_CHARTER) throw fault({ code: 'TOO_LARGE', what: 'charter', bytes: length, limit: MAX_CHARTER })
}

function isPeerId(text: string): boolean {
  try {
    return peerIdFromKey(keyFromPeerId(text as PeerId)) === text
  } catch {
    return false
  }
}

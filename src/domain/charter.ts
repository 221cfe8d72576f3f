import { encode } from '@ipld/dag-cbor'
import type { Check } from './checking.ts'
import { cidOfDigest } from './cids.ts'
import { hashBytes } from './hash.ts'

/** The rules that a room's peers share. Its CID is in every OFFER; a peer under another charter declines. */
export interface Charter {
  readonly title: string
  readonly version: number
  readonly verification: {
    /** Executors for one ask where the asker does not say. */
    readonly replication: number
    /** How often an ask is asked again by itself before it is lost. */
    readonly attempts: number
    /** How an ask is checked where the asker does not say. */
    readonly mode: Check['mode']
    /** Results of a key that must have been checked before any of its results goes unchecked; again after each refutation. */
    readonly probation: number
    /** Consecutive right results after which a result is checked with probability 1 / streak (Anderson 2019, BOINC). */
    readonly streak: number
    /** The least probability of a check, however long the streak: at least 1 / (detection × probation) deters. */
    readonly auditFloor: number
  }
  /** Engines whose cpu outputs are canonical: library, version, sha-256 of the wasm binary (hex). */
  readonly canons: readonly { readonly library: string; readonly version: string; readonly wasmSha256: string }[]
  /** Milliseconds, each counted by the clock of whoever waits: clocks of two peers are never compared. */
  readonly timeouts: {
    /** How long a requester with enough accepts still waits for those who have not answered. */
    readonly offerWindow: number
    /** How long it waits for enough accepts. */
    readonly offer: number
    /** How long an executor may give no sign of life before it counts as vanished. */
    readonly silence: number
    /** How long one seat may take from AWARD to COMMIT, fetching the model included. */
    readonly commit: number
    /** From COMMIT-SET to REVEAL. */
    readonly reveal: number
    /** One run of a model on one engine. */
    readonly compute: number
    /** From a receipt until no party may contest it any more, as each hears of it. */
    readonly contest: number
    /** From a contest until somebody must have asserted what the canon computes. */
    readonly assert: number
    /** How long whoever has run the canon waits for the assertions of the other parties. */
    readonly together: number
    /** How long an asserter may take to open what it asserted. */
    readonly opening: number
  }
}

/** The CID (v1, dag-cbor, sha-256, base32) of a value, as text. */
export const cidOf = (value: unknown): string => cidOfDigest(hashBytes(encode(value)))

/** What every room of this version runs under: written by Moot's developers, who are thereby the ones who set these defaults. */
export const FIRST_CHARTER: Charter = {
  title: 'First charter',
  version: 1,
  verification: {
    replication: 3,
    attempts: 3,
    mode: 'replicated',
    // Whoever is wrong in one job of ten comes through 20 checks in 12 tries of 100, and then gives some nine wrong answers until it is found;
    // through 40 in 1.5. Simulated (test/bench/checking): the worst of 20 runs has 12 wrong in 10,000 answers with 20, and none with 40.
    probation: 40,
    streak: 10,
    // Twice what deters: 1 / (0.9 × 40), 0.9 being the share of faults that a check was seen to detect at least.
    auditFloor: 0.056,
  },
  canons: [
    {
      library: 'onnxruntime-web',
      version: '1.30.0',
      wasmSha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
    },
  ],
  timeouts: {
    offerWindow: 100,
    offer: 2_000,
    silence: 4_000,
    commit: 60_000,
    reveal: 10_000,
    compute: 30_000,
    contest: 300_000,
    assert: 30_000,
    together: 3_000,
    opening: 5_000,
  },
}

/** Every charter that a receipt may name and this version can check, the one in use last. */
export const CHARTERS: readonly Charter[] = [FIRST_CHARTER]

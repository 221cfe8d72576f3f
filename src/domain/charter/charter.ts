import { encode } from '@ipld/dag-cbor'
import type { Check } from '../checking.ts'
import { cidOfDigest } from '../cids.ts'
import { hashBytes } from '../hash.ts'
import type { PeerId } from '../peer-id.ts'

/**
 * The rules that a room's peers share: signed, and named by its CID, which is in every OFFER; a peer under another charter declines.
 * Who joins a room signs its charter. A majority changes it for nobody but those who sign the change.
 */
export interface Charter {
  readonly title: string
  readonly version: number
  /** CIDs of the charters that this one amends or forks from; none of a first one. */
  readonly parents: readonly string[]
  /** Whose words these are, by key. Each counts as an author once its log holds its CONSENT of the grade `authored`. */
  readonly authors: readonly PeerId[]
  /** Rules that a charter which descends from this one keeps; one that drops any says so to whoever joins. */
  readonly entrenched: readonly string[]
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
    /** Whose limits say which claims agree: the app's own, or those of each model's publisher where it calibrated them. */
    readonly tolerancePolicy: 'app' | 'calibrated'
  }
  readonly jury: {
    /** Seats at each level. The first wants a pool of as many; the next ones of three times as many. */
    readonly sizes: readonly number[]
    /** The share of the seats that a side needs more than. */
    readonly threshold: number
    /** The least share of the seats that must vote. */
    readonly quorum: number
    /** Seats for each introducer tree at most. */
    readonly introducerCap: number
    /** The share of recent seats past which a juror is passed over; how many of the last rulings are recent. */
    readonly gamma: number
    readonly cooldown: number
    /** Restart probability of the personalised PageRank by which the pool is weighted. */
    readonly alpha: number
    /** The least share of each side's trust that must lie in the pool; under it there is no common court. */
    readonly minOverlap: number
  }
  readonly appeal: {
    /** Levels above the first. */
    readonly levels: number
  }
  readonly membership: {
    /** Live vouches that a juror needs. */
    readonly vouches: number
    /** Jobs that a juror must have computed before the ledger root of the case. */
    readonly probationJobs: number
  }
  readonly amendment: {
    /** Sponsors that a proposal needs beside its proposer, each of another introducer tree. */
    readonly sponsors: number
    /** The share of the active members that must sign until an amendment counts as ratified. It binds only who signs. */
    readonly ratifyShare: number
  }
  /** Entries of one log that are kept; what is older may be dropped once a CHECKPOINT covers it, and is then counted as not held. */
  readonly retention: number
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
    /** How long the parties of a case may take to open their links, before the jury is drawn without. */
    readonly link: number
    /** How long a juror may take to say whether it serves, to vote, and to show its vote. */
    readonly serve: number
    readonly vote: number
    readonly voteReveal: number
    /** From a ruling until no party may appeal it any more, as each hears of it. */
    readonly appeal: number
    /** From the sponsoring of a proposal until it may be signed; from then until signing ends. */
    readonly notice: number
    readonly signing: number
  }
}

/** What no charter of this family may drop: the five rules that nothing in Moot breaks. */
export const ENTRENCHED = ['arithmetic', 'deciders-named', 'unresolved', 'dissent-and-fork', 'recomputable'] as const

/** The CID (v1, dag-cbor, sha-256, base32) of a value, as text. */
export const cidOf = (value: unknown): string => cidOfDigest(hashBytes(encode(value)))

/** What every room of this version runs under: written by Moot's developers, who are thereby the ones who set these defaults. */
export const FIRST_CHARTER: Charter = {
  title: 'First charter',
  version: 1,
  parents: [],
  // No key of the developers' is in the app: introducer trees begin with those for whom each side of a job vouches itself.
  authors: [],
  entrenched: [...ENTRENCHED],
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
    tolerancePolicy: 'calibrated',
  },
  jury: {
    sizes: [3, 5, 11],
    threshold: 0.5,
    quorum: 0.6,
    introducerCap: 1,
    gamma: 0.25,
    cooldown: 20,
    alpha: 0.15,
    minOverlap: 0.1,
  },
  appeal: { levels: 2 },
  membership: { vouches: 1, probationJobs: 0 },
  amendment: { sponsors: 3, ratifyShare: 2 / 3 },
  retention: 100_000,
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
    link: 3_000,
    serve: 60_000,
    vote: 600_000,
    voteReveal: 30_000,
    appeal: 3_600_000,
    notice: 3_600_000,
    signing: 604_800_000,
  },
}

/** Every charter that a receipt may name and this version can check, the one in use last. */
export const CHARTERS: readonly Charter[] = [FIRST_CHARTER]

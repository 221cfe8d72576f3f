import { encode } from '@ipld/dag-cbor'
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
  }
}

/** The CID (v1, dag-cbor, sha-256, base32) of a value, as text. */
export const cidOf = (value: unknown): string => cidOfDigest(hashBytes(encode(value)))

/** What every room of this version runs under: written by Moot's developers, who are thereby the ones who set these defaults. */
export const FIRST_CHARTER: Charter = {
  title: 'First charter',
  version: 1,
  verification: { replication: 3, attempts: 3 },
  canons: [
    {
      library: 'onnxruntime-web',
      version: '1.30.0',
      wasmSha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
    },
  ],
  timeouts: { offerWindow: 100, offer: 2_000, silence: 4_000, commit: 60_000, reveal: 10_000, compute: 30_000 },
}

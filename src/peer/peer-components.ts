import type { Charter } from '../domain/charter/charter.ts'
import type { Grade } from '../domain/ledger/entry.ts'
import type { BlockStore } from '../ports/block-store.ts'
import type { CanonEngine, OpenCanon } from '../ports/canon-engine.ts'
import type { Claim } from '../ports/claim.ts'
import type { Clock, RandomBytes } from '../ports/clock.ts'
import type { OwnIdentity } from '../ports/identity.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { LogStore } from '../ports/log-store.ts'
import type { Net } from '../ports/net.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { Settings, SettingsStore } from '../ports/settings.ts'
import type { Siblings } from '../ports/siblings.ts'
import type { Signer, VerifySignature } from '../ports/signer.ts'
import type { OpenSurgery } from '../ports/surgery.ts'
import type { Runtime } from '../domain/charter/runtime-defaults.ts'
import type { Reckon } from './governance/report-room.ts'
import type { ShippedModel } from './hold-models.ts'
import type { OpenDiagnosisTools } from './keep-diagnoses.ts'
import type { Disturb, PlantedFault } from './plant-fault.ts'
import type { OpenImportTools, StorageRoom } from './room-models.ts'

export interface PeerInit {
  readonly room: string
  readonly charter: Charter
  /** How the person came to sign it; absent where it is not signed, and this peer only looks on. */
  readonly consent?: Grade
  /** As a person set them now, over what was kept. */
  readonly settings?: Partial<Settings>
  readonly plantedFault?: PlantedFault
  /** Milliseconds since 1970 at the start: orders this run's announcements after those of earlier ones. */
  readonly epoch: number
}

export interface PeerComponents {
  readonly net: Net
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly random: RandomBytes
  readonly cpu: CanonEngine
  /** Settles once the cpu can compute, where it is still being opened. */
  readonly cpuReady?: Promise<void>
  readonly startGpu?: () => Promise<InferenceEngine>
  readonly blocks: BlockStore
  /** What is kept beside the blocks: which models they make, which imports are half-way, who thinks what of a model, what was seen of whom. */
  readonly records: {
    readonly models: RecordStore
    readonly imports: RecordStore
    readonly opinions: RecordStore
    readonly standing: RecordStore
    /** Texts of charters that this device was asked to go by, by CID. */
    readonly charters: RecordStore
  }
  /** Where the signed records of a room are kept, as this key holds them. 16 bytes: the room's name on the wire. */
  readonly logs: (room: Uint8Array) => LogStore
  /** What this device runs that nobody chose: relays, where the app came from, which build of it. */
  readonly runtime: Runtime
  /** Sha-256 of the wasm binaries that this app can run, in hexadecimal: a charter may name others. */
  readonly canons: readonly string[]
  /** Sha-256 of the rules' sources, in hexadecimal: what a report was computed by. */
  readonly code: string
  /** Works out what chance predicts, off this thread where there is one. */
  readonly reckon: Reckon
  readonly importTools: OpenImportTools
  /** Takes models apart, and opens any canon of the app's own list: for disputes and for evidence. */
  readonly openSurgery: OpenSurgery
  readonly openCanon: OpenCanon
  /** What it takes to find out what this device's GPU computes wrong. Absent where there can be none. */
  readonly diagnosisTools?: OpenDiagnosisTools
  /** What puts a planted fault into this device's engines; absent where none is planted. */
  readonly disturb?: Disturb
  /** Where several peers share one storage: keeps things to one of them, and tells the others. */
  readonly claim?: Claim
  readonly siblings?: Siblings
  /** What the browser says of its storage, and the way to ask that it keeps it. */
  readonly storage?: StorageRoom
  readonly shipped: readonly ShippedModel[]
  /** Lets go of what this peer alone may hold, once it has left: its key, for whoever joins next. */
  readonly release?: () => Promise<void>
  readonly settings: SettingsStore
  /** 32 bytes behind the juries' hash chains; leave this device with its key alone. */
  readonly chainSecret: Uint8Array
  /** The key itself, so that a person can take it elsewhere. Absent where it is kept by whoever runs this peer. */
  readonly identity?: OwnIdentity
}

import type { Runtime } from '../../domain/charter/runtime-defaults.ts'
import type { Charter } from '../../domain/charter/charter.ts'
import type { Grade } from '../../domain/ledger/entry.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { Clock, RandomBytes } from '../../ports/clock.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { Net } from '../../ports/net.ts'
import type { OwnIdentity } from '../../ports/identity.ts'
import type { RecordStore } from '../../ports/record-store.ts'
import type { Signer, VerifySignature } from '../../ports/signer.ts'
import type { JobCase } from '../disputes/keep-cases.ts'
import type { Reckon } from './report-room.ts'

export interface GovernanceComponents {
  readonly self: PeerId
  /** As it is called on the wire: 32 hexadecimal digits. */
  readonly room: string
  readonly charter: Charter
  readonly charterId: string
  /** How the person came to sign it; absent where it is not signed. */
  readonly consent?: Grade
  readonly net: Pick<Net, 'self' | 'links' | 'open' | 'handle' | 'publish' | 'subscribe' | 'on'>
  readonly signer: Signer
  readonly verify: VerifySignature
  readonly clock: Clock
  readonly random: RandomBytes
  /** What the juries' hash chains are made from; leaves this device with its key alone. */
  readonly chainSecret: Uint8Array
  readonly identity?: OwnIdentity
  readonly logs: (room: Uint8Array) => LogStore
  readonly records: { readonly charters: RecordStore }
  readonly runtime: Runtime
  readonly canons: readonly string[]
  readonly code: string
  readonly reckon: Reckon
  /** Jobs that this peer took part in, and what parties show of theirs. */
  readonly disputes: {
    case(job: string): JobCase | undefined
    fetchCase(peer: PeerId, job: string, options?: { signal?: AbortSignal }): Promise<Uint8Array | undefined>
  }
  /** Whether this device computes only for those with whom it shares a court. */
  readonly needsCourt: () => boolean
  /** Peers that host the room's models. */
  readonly hosts: () => readonly PeerId[]
  readonly isBlocked: (peer: PeerId) => boolean
  readonly onChange: () => void
}

import { hash, hex, fromHex } from '../../domain/hash.ts'
import type { BodyOf, EntryType } from '../../domain/ledger/entry.ts'
import type { Message, MessageOf } from '../../domain/messages.ts'
import { keyFromPeerId, type PeerId } from '../../domain/peer-id.ts'
import type { Asked } from '../ask-room.ts'
import type { JobCase } from '../disputes/keep-cases.ts'
import { dropOldest } from '../drop-oldest.ts'

/** Verdicts that are remembered: a dispute is over in a minute, and a room has not so many at once. */
const MAX_PROVEN = 1_024

export interface OutcomesComponents {
  readonly self: PeerId
  /** 32 bytes of this device's own: a receipt's salt follows from it and the job, so that it can be opened without being kept. */
  readonly chainSecret: Uint8Array
  /** Writes an entry of this peer's log. Resolves once it is signed and stored. */
  readonly append: <T extends EntryType>(type: T, body: BodyOf<T>) => Promise<unknown>
  readonly onFault: (fault: unknown) => void
}

/** Writes into this peer's log how its jobs, contests and checks ended. Nothing waits for it. */
export class Outcomes {
  readonly #components: OutcomesComponents
  /** Jobs of which a PROVEN was written, with what it said: a verdict that changes is written again. */
  readonly #proven = new Map<string, string>()

  constructor(components: OutcomesComponents) {
    this.#components = components
  }

  /** A job that this peer took part in was decided. Its requester records it, salted. */
  noteJob({ job, requester, executors, state, file, asked }: JobCase): void {
    const { self, chainSecret } = this.#components
    if (requester !== self || asked === undefined) return
    const salt = hash('moot/receipt-salt', chainSecret, job)
    this.#write('RECEIPT', {
      job,
      state,
      executors: executors.map(keyFromPeerId),
      commitment: hash('moot/receipt-commitment', salt, file),
      ...asked,
    })
  }

  /** A message of a dispute that this peer signed. */
  noteSigned(message: Message): void {
    switch (message.kind) {
      case 'contest':
        return this.#write('CONTEST', { job: message.job, class: 'arithmetic', claim: message.note })
      case 'assert':
        return this.#write('ASSERT', { job: message.job, output: message.output, root: message.root })
      case 'settlement':
        return this.#noteSettled(message)
      default:
    }
  }

  /** An executor's answer was checked in secret. */
  noteAudit(job: Uint8Array, of: PeerId, agrees: boolean): void {
    this.#write('AUDIT', { job, of: keyFromPeerId(of), agrees })
  }

  /** An executor kept to itself what it was bound to. */
  noteWithheld(job: Uint8Array, peer: PeerId): void {
    this.#write('NOSHOW', { job, peer: keyFromPeerId(peer), why: 'withheld' })
  }

  #noteSettled({ job, state, stands, losers, operator }: MessageOf<'settlement'>): void {
    const body: BodyOf<'PROVEN'> = {
      job,
      state,
      stands: stands.map(keyFromPeerId),
      losers: losers.map((loser) => ({ peer: keyFromPeerId(loser.peer), for: loser.for })),
      ...(operator ? { operator: `${operator.type} ${operator.index}`.slice(0, 160) } : {}),
    }
    const said = JSON.stringify([state, stands, losers])
    if (this.#proven.get(hex(job)) === said) return
    this.#proven.set(hex(job), said)
    dropOldest(this.#proven, MAX_PROVEN)
    this.#write('PROVEN', body)
  }

  #write<T extends EntryType>(type: T, body: BodyOf<T>): void {
    this.#components.append(type, body).catch((error: unknown) => this.#components.onFault(error))
  }
}

/** What an ask shows beside its receipt: who withheld in the attempts before, and how its answer was checked in secret. */
export function recordAsked(records: Pick<Outcomes, 'noteAudit' | 'noteWithheld'>, result: Asked): void {
  for (const { reason, who, job } of result.again)
    if (reason === 'no-reveal' && job !== undefined) for (const peer of who) records.noteWithheld(fromHex(job), peer)
  if (result.kind === 'failed' || result.checked?.seen.by !== 'audit') return
  const { agrees } = result.checked.seen
  if (agrees !== undefined) records.noteAudit(result.outcome.job, result.outcome.verdict.returned.peer, agrees)
}

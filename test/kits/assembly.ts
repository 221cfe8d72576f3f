import { encodeCharter, charterDigest } from '../../src/domain/charter/charter-document.ts'
import { FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import type { BodyOf, EntryType, Grade, ReadEntry } from '../../src/domain/ledger/entry.ts'
import { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { PeerId } from '../../src/domain/peer-id.ts'
import { LOG_ROOM, Writer } from './logs.ts'

export const textOf = (charter: Charter): Uint8Array => encodeCharter(charter)
export const digestOfCharter = (charter: Charter): Uint8Array => charterDigest(textOf(charter))

/** People who sign, propose and sponsor, in one ledger. Whatever is said is taken at once. */
export class Assembly {
  readonly ledger = new Ledger(LOG_ROOM)
  readonly #writers = new Map<string, Writer>()

  /** Somebody by name, who comes on the first word. */
  one(name: string): Writer {
    const known = this.#writers.get(name)
    if (known) return known
    const writer = new Writer(name)
    this.#writers.set(name, writer)
    this.#take(writer.head)
    return writer
  }

  peer(name: string): PeerId {
    return this.one(name).peer
  }

  /** Under the first charter unless another is named. */
  say<T extends EntryType>(name: string, type: T, body: BodyOf<T>, charter: Charter = FIRST_CHARTER): ReadEntry<T> {
    const read = this.one(name).write(type, body, { instead: { charter: digestOfCharter(charter) } })
    this.#take(read)
    return read
  }

  sign(name: string, charter: Charter = FIRST_CHARTER, grade: Grade = 'clicked'): ReadEntry<'CONSENT'> {
    return this.say(name, 'CONSENT', { grade, document: textOf(charter) }, charter)
  }

  #take(read: ReadEntry): void {
    const taken = this.ledger.take(read)
    if (taken.kind !== 'added') throw new Error(`not taken: ${taken.kind}`)
  }
}

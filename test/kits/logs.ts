import type { Signed } from '../../src/domain/envelope.ts'
import { hash } from '../../src/domain/hash.ts'
import {
  encodeEntry,
  readEntry,
  type BodyOf,
  type Entry,
  type EntryOf,
  type EntryType,
  type ReadEntry,
} from '../../src/domain/ledger/entry.ts'
import { person, type Person } from './keys.ts'

export const LOG_ROOM = hash('kit', 'a room').slice(0, 16)
export const LOG_CHARTER = hash('kit', 'a charter')

export interface WriteOptions {
  readonly seen?: readonly ReadEntry[]
  /** Takes the place of what would be written: another number, another link. */
  readonly instead?: Partial<Entry>
}

/** Somebody who writes a log by hand: also what no honest peer would write. Signatures are real. */
export class Writer {
  readonly person: Person
  readonly room: Uint8Array
  readonly log: ReadEntry[] = []

  constructor(name: string, { room = LOG_ROOM, keyed = true }: { room?: Uint8Array; keyed?: boolean } = {}) {
    this.person = person(name)
    this.room = room
    if (keyed) this.write('KEY', { build: 'kit' })
  }

  get peer() {
    return this.person.peer
  }

  get head(): ReadEntry {
    const head = this.log.at(-1)
    if (head === undefined) throw new Error('the log is empty')
    return head
  }

  /** The next entry, not added to the log. */
  draft<T extends EntryType>(type: T, body: BodyOf<T>, { seen = [], instead = {} }: WriteOptions = {}): ReadEntry<T> {
    const last = this.log.at(-1)
    const entry = {
      room: this.room,
      seq: this.log.length,
      ...(last ? { prev: last.id } : {}),
      seen: seen.map(({ id }) => id),
      charter: LOG_CHARTER,
      type,
      body,
      ...instead,
    } as unknown as EntryOf<T>
    return readEntry(this.sign(Uint8Array.from(encodeEntry(entry as unknown as Entry)))) as unknown as ReadEntry<T>
  }

  write<T extends EntryType>(type: T, body: BodyOf<T>, options: WriteOptions = {}): ReadEntry<T> {
    const read = this.draft(type, body, options)
    this.log.push(read)
    return read
  }

  /** Something small that says nothing to anybody. */
  note(value: string, seen: readonly ReadEntry[] = []): ReadEntry<'DEFAULT_SET'> {
    return this.write('DEFAULT_SET', { key: 'note', value }, { seen })
  }

  vouch(writer: Writer): ReadEntry<'VOUCH'> {
    return this.write('VOUCH', { peer: writer.person.publicKey })
  }

  consent(): ReadEntry<'CONSENT'> {
    return this.write('CONSENT', { grade: 'clicked' })
  }

  /** A second self that goes on from before `seq`. */
  branch(seq: number): Writer {
    const other = new Writer(this.person.name, { room: this.room, keyed: false })
    other.log.push(...this.log.slice(0, seq))
    return other
  }

  sign(body: Uint8Array): Signed {
    return this.person.signBody(body)
  }
}

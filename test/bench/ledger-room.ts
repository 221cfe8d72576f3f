import { createHash } from 'node:crypto'
import { hash } from '../../src/domain/hash.ts'
import type { BodyOf, EntryType, ReadEntry } from '../../src/domain/ledger/entry.ts'
import { encodeLedgerFile } from '../../src/domain/ledger/ledger-file.ts'
import { MAX_HEADS } from '../../src/domain/ledger/entry.ts'
import { LOG_ROOM, Writer } from '../kits/logs.ts'

/** The same numbers for the same calls. */
function draws(): () => number {
  let state = 0x9e37_79b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

let made = 0
const digest = (): Uint8Array => new Uint8Array(createHash('sha256').update(`bench ${made++}`).digest())

/** A room that has run for some months, as a file: what its peers wrote, each seeing a few others. Signatures are real. */
export function ledgerOf({ authors, entries }: { authors: number; entries: number }): {
  readonly file: Uint8Array
  readonly bodyBytes: number
} {
  const draw = draws()
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(draw() * list.length)]
    if (item === undefined) throw new Error('there is nothing to pick')
    return item
  }
  const writers = Array.from({ length: authors }, (_, i) => new Writer(`bench ${i}`))
  const keys = (count: number) => Array.from({ length: count }, () => pick(writers).person.publicKey)
  const signed = (bytes: number) => ({ body: new Uint8Array(bytes), key: digest(), signature: new Uint8Array(64) })
  const contests: Uint8Array[] = [digest()]
  const summons: Uint8Array[] = [digest()]
  const write = <T extends EntryType>(writer: Writer, type: T, body: BodyOf<T>): ReadEntry<T> => {
    const seen = new Map<string, ReadEntry>()
    for (let i = Math.floor(draw() * 3); i > 0; i--) {
      const other = pick(writers)
      if (other !== writer) seen.set(other.peer, other.head)
    }
    return writer.write(type, body, { seen: [...seen.values()] })
  }
  const acts: readonly (readonly [share: number, act: (writer: Writer) => void])[] = [
    [
      62,
      (writer) =>
        void write(writer, 'RECEIPT', {
          job: digest(),
          state: pick(['agreed', 'agreed-rounding', 'one-tab'] as const),
          executors: keys(pick([1, 1, 1, 3])),
          commitment: digest(),
          drawnFrom: 5,
          chosen: draw() < 0.2,
        }),
    ],
    [10, (writer) => void write(writer, 'AUDIT', { job: digest(), of: pick(writers).person.publicKey, agrees: true })],
    [4, (writer) => void write(writer, 'VOUCH', { peer: pick(writers).person.publicKey })],
    [2, (writer) => void write(writer, 'CONSENT', { grade: 'signed-after-diff' })],
    [3, (writer) => void write(writer, 'DEFAULT_AFFIRM', { key: 'jury.alpha', value: '0.15', shown: 3 })],
    [3, (writer) => void write(writer, 'ASSERT', { job: digest(), output: digest(), root: digest() })],
    [
      2,
      (writer) =>
        void write(writer, 'PROVEN', {
          job: digest(),
          state: 'proven',
          stands: keys(2),
          losers: [{ peer: digest(), for: 'claim' }],
          operator: 'Conv 12',
        }),
    ],
    [
      1,
      (writer) => {
        const terms = { offer: signed(900), receipt: signed(600), accepts: [signed(400)], others: [digest(), digest()] }
        const read = write(writer, 'CONTEST', { job: digest(), class: 'quality', claim: 'It reads 7 as 1.', terms })
        contests.push(read.id)
      },
    ],
    [2, (writer) => void write(writer, 'OPEN_LINK', { contest: pick(contests), level: 0, link: digest() })],
    [
      1,
      (writer) =>
        void summons.push(
          write(writer, 'SUMMON', { contest: pick(contests), level: 0, links: [digest(), digest()] }).id,
        ),
    ],
    [2, (writer) => void write(writer, 'SERVE', { summon: pick(summons), serves: true })],
    [2, (writer) => void write(writer, 'VOTE_COMMIT', { summon: pick(summons), commitment: digest() })],
    [
      2,
      (writer) =>
        void write(writer, 'VOTE_REVEAL', {
          summon: pick(summons),
          vote: 'uphold',
          salt: digest(),
          reason: 'The picture shows a seven; the model was told so by its publisher.',
        }),
    ],
    [
      1,
      (writer) =>
        void write(writer, 'RULING', {
          contest: pick(contests),
          level: 0,
          summon: pick(summons),
          outcome: 'upheld',
          deciders: keys(3).map((peer) => ({ peer, vote: 'uphold' as const, reveal: digest() })),
          clause: 'jury.threshold',
          affected: keys(4).map((peer) => ({ peer, consent: digest() })),
        }),
    ],
    [
      3,
      (writer) => {
        const heads = Array.from({ length: Math.min(MAX_HEADS, 12) }, () => pick(writers).head.id)
        write(writer, 'CHECKPOINT', { heads, entries: 1_000, root: hash('bench', 'root') })
      },
    ],
  ]
  const wheel = acts.flatMap(([share, act]) => Array.from({ length: share }, () => act))
  // each as often as the next, so that logs are as long as is said
  for (let i = authors; i < entries; i++) {
    const writer = writers[i % authors]
    if (writer) pick(wheel)(writer)
  }
  const all = writers.flatMap(({ log }) => log.map((read) => read.signed))
  return {
    file: encodeLedgerFile({ room: LOG_ROOM, entries: all }),
    bodyBytes: all.reduce((sum, { body }) => sum + body.length, 0),
  }
}

import { describe, expect, test } from 'vitest'
import type { ReadEntry } from '../../../src/domain/ledger/entry.ts'
import { Ledger } from '../../../src/domain/ledger/ledger.ts'
import {
  GIVES_WAY,
  MAX_LOG_BYTES,
  MAX_LOG_ENTRIES,
  MAX_LOGS,
  MAX_WEIGHT,
  SHARE,
} from '../../../src/domain/ledger/limits.ts'
import { hash } from '../../../src/domain/hash.ts'
import { peerIdFromKey, type PeerId } from '../../../src/domain/peer-id.ts'
import { LOG_CHARTER, LOG_ROOM } from '../../kits/logs.ts'

/** Logs of keys that nobody has, unsigned: there are too many of them here to be signed. */
class Stranger {
  readonly key: Uint8Array
  readonly peer: PeerId
  #last: ReadEntry | undefined

  constructor(name: string) {
    this.key = hash('kit', name)
    this.peer = peerIdFromKey(this.key)
  }

  entry(type: string, body: object, bytes = 100): ReadEntry {
    const seq = this.#last ? this.#last.entry.seq + 1 : 0
    const id = hash('kit', this.key, seq)
    const read = {
      signed: { body: new Uint8Array(bytes), key: this.key, signature: new Uint8Array(64) },
      id,
      name: Buffer.from(id).toString('hex'),
      author: this.peer,
      entry: {
        room: LOG_ROOM,
        seq,
        ...(this.#last ? { prev: this.#last.id } : {}),
        seen: [],
        charter: LOG_CHARTER,
        type,
        body,
      },
    } as unknown as ReadEntry
    this.#last = read
    return read
  }

  begin = (bytes?: number) => this.entry('KEY', { build: 'kit' }, bytes)
  consent = () => this.entry('CONSENT', { grade: 'clicked' })
  vouch = (other: Stranger) => this.entry('VOUCH', { peer: other.key })
  note = (bytes?: number) => this.entry('DEFAULT_SET', { key: 'a', value: 'b' }, bytes)
}

const many = (name: string, count: number) => Array.from({ length: count }, (_, i) => new Stranger(`${name} ${i}`))
const LIMITED = { kind: 'refused', fault: { code: 'RATE_LIMITED' } }

describe('a room with too many logs', { timeout: 60_000 }, () => {
  /** Twenty peers that vouch for one another, from one who began. */
  function family(ledger: Ledger, name: string, count = 20): Stranger[] {
    const all = many(name, count)
    for (const each of all) ledger.take(each.begin())
    for (const [i, each] of all.entries()) if (i > 0) ledger.take(all[i >> 1]!.vouch(each))
    return all
  }
  const kept = (ledger: Ledger, all: readonly Stranger[]) => all.filter(({ peer }) => ledger.lengthOf(peer) > 0).length

  test('keeps those who came first of those whom nobody vouches for, and lets in whom somebody vouches for', () => {
    const ledger = new Ledger(LOG_ROOM)
    const honest = family(ledger, 'honest')
    const flood = many('flood', MAX_LOGS)
    for (const each of flood) ledger.take(each.begin())
    expect([ledger.authors().length, kept(ledger, honest)]).toEqual([MAX_LOGS, 20])
    const late = new Stranger('late')
    const first = late.begin()
    expect(ledger.take(first)).toMatchObject(LIMITED)
    expect(ledger.wants(late.peer)).toBe(false)
    ledger.take(honest[3]!.vouch(late))
    expect(ledger.wants(late.peer)).toBe(true)
    const last = flood[MAX_LOGS - 21]!
    expect(ledger.take(first)).toMatchObject({ kind: 'added', gaveWay: [{ author: last.peer, seq: 0 }] })
    expect(ledger.lengthOf(last.peer)).toBe(0)
    expect(kept(ledger, honest)).toBe(20)
  })

  test('lets those go first who signed no charter', () => {
    const ledger = new Ledger(LOG_ROOM)
    const honest = family(ledger, 'honest')
    const flood = many('flood', MAX_LOGS - 20)
    for (const [i, each] of flood.entries()) {
      ledger.take(each.begin())
      if (i > 5) ledger.take(each.consent())
    }
    const late = new Stranger('late')
    ledger.take(honest[0]!.vouch(late))
    expect(ledger.take(late.begin())).toMatchObject({ kind: 'added', gaveWay: [{ author: flood[5]!.peer }] })
  })

  test('has a thousand keys of one introducer push out each other, and nobody else', () => {
    const ledger = new Ledger(LOG_ROOM)
    const honest = family(ledger, 'honest', 60)
    const others = many('others', MAX_LOGS - 60 - 1)
    for (const each of others) {
      ledger.take(each.begin())
      ledger.take(each.consent())
    }
    const eve = new Stranger('eve')
    ledger.take(eve.begin())
    ledger.take(eve.consent())
    const brood = many('brood', 1_000)
    for (const each of brood) ledger.take(eve.vouch(each))
    for (const each of brood) ledger.take(each.begin())
    expect(kept(ledger, honest)).toBe(60)
    // she has her share of what strangers held, and no more
    expect(kept(ledger, brood)).toBe(MAX_LOGS / SHARE)
    expect(kept(ledger, others)).toBe(MAX_LOGS - 60 - 1 - MAX_LOGS / SHARE)
    const late = new Stranger('late')
    ledger.take(honest[5]!.vouch(late))
    expect(ledger.take(late.begin())).toMatchObject({ kind: 'added' })
    expect(kept(ledger, honest)).toBe(60)
  })

  test('has them push out each other under an honest introducer too', () => {
    const ledger = new Ledger(LOG_ROOM)
    const honest = family(ledger, 'honest', 1_500)
    const brood = many('brood', 4_000)
    for (const each of brood) ledger.take(honest[7]!.vouch(each))
    for (const each of brood.slice(0, MAX_LOGS - 1_500)) ledger.take(each.begin())
    expect(ledger.authors()).toHaveLength(MAX_LOGS)
    for (const each of brood.slice(MAX_LOGS - 1_500, MAX_LOGS - 1_400)) ledger.take(each.begin())
    expect(kept(ledger, honest)).toBe(1_500)
    // whom another vouches for still finds a place: of theirs
    const late = new Stranger('late')
    ledger.take(honest[9]!.vouch(late))
    const taken = ledger.take(late.begin())
    expect(taken).toMatchObject({ kind: 'added' })
    expect([kept(ledger, honest), kept(ledger, [late])]).toEqual([1_500, 1])
  })

  test('never lets go of whom this peer trusts, and takes them in whoever is there', () => {
    const trusted = new Set<PeerId>()
    const ledger = new Ledger(LOG_ROOM, { isKept: (author) => trusted.has(author) })
    const [ann, ben] = [new Stranger('ann'), new Stranger('ben')]
    for (const each of [ann, ben]) trusted.add(each.peer)
    ledger.take(ann.begin())
    for (const each of family(ledger, 'eve', MAX_LOGS - 1)) expect(ledger.lengthOf(each.peer)).toBeGreaterThan(0)
    expect(ledger.take(ben.begin())).toMatchObject({ kind: 'added' })
    expect([ledger.lengthOf(ann.peer), ledger.lengthOf(ben.peer), ledger.authors().length]).toEqual([1, 1, MAX_LOGS])
  })
})

describe('a room with too many entries', { timeout: 60_000 }, () => {
  const fill = (ledger: Ledger, writer: Stranger, count: number, bytes?: number) => {
    let added = 0
    for (let i = 0; i < count; i++) if (ledger.take(writer.note(bytes)).kind === 'added') added++
    return added
  }

  test('holds so many of one log, and so many bytes of it', () => {
    const ledger = new Ledger(LOG_ROOM)
    const [long, heavy] = [new Stranger('long'), new Stranger('heavy')]
    ledger.take(long.begin())
    expect(fill(ledger, long, MAX_LOG_ENTRIES - 1)).toBe(MAX_LOG_ENTRIES - 1)
    expect(ledger.take(long.note())).toMatchObject(LIMITED)
    ledger.take(heavy.begin())
    const each = 20_000
    expect(fill(ledger, heavy, 2_000, each)).toBe(Math.floor((MAX_LOG_BYTES - 100) / each))
    expect(ledger.lengthOf(long.peer)).toBe(MAX_LOG_ENTRIES)
  })

  test('takes from whoever has the most, and from a flood before it takes from others', () => {
    const ledger = new Ledger(LOG_ROOM)
    const [ann, eve, mal] = [new Stranger('ann'), new Stranger('eve'), new Stranger('mal')]
    for (const each of [ann, eve, mal]) ledger.take(each.begin())
    fill(ledger, ann, 1_000)
    fill(ledger, eve, MAX_LOG_ENTRIES)
    const [next, first] = [new Stranger('next'), new Stranger('first')]
    ledger.take(first.begin())
    fill(ledger, mal, MAX_LOG_ENTRIES)
    ledger.take(next.begin())
    fill(ledger, next, MAX_LOG_ENTRIES)
    expect(ledger.size).toBeLessThanOrEqual(MAX_WEIGHT)
    expect(ledger.size).toBeGreaterThan(MAX_WEIGHT * (1 - 2 / GIVES_WAY))
    expect([ledger.lengthOf(ann.peer), ledger.lengthOf(first.peer)]).toEqual([1_001, 1])
    // there is room for a newcomer and for who holds little, at the cost of who holds much
    expect(fill(ledger, ann, 3_000)).toBe(3_000)
    expect(ledger.lengthOf(ann.peer)).toBe(4_001)
    for (const each of [eve, mal, next]) expect(ledger.lengthOf(each.peer)).toBeGreaterThan(50_000)
  })
})

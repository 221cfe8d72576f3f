import * as v from 'valibot'
import { LOST_FOR, parse } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { MAX_STREAKS, UNKNOWN, weightier, withSeen, type Seen, type Standing } from '../domain/standing.ts'
import type { RecordStore } from '../ports/record-store.ts'

/** Keys of which something is kept: who was not heard of for longest leaves first. A record is some hundred bytes. */
const MAX_KEYS = 2_048

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const StandingSchema = v.strictObject({
  checked: count,
  streaks: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(160)), count),
    v.check((streaks) => Object.keys(streaks).length <= MAX_STREAKS, 'too many streaks'),
  ),
  losses: v.strictObject(v.entriesFromList(LOST_FOR, v.exactOptional(count))),
  /** Counts up with everything noted of any key, so that it is known who was not heard of for longest. */
  turn: count,
})

/** What this peer has seen of others, across reloads. A store without room is no reason to fail: it is then known for as long as this tab lives. */
export class Standings {
  readonly #records: RecordStore
  /** Who was noted last comes last. */
  readonly #standings = new Map<PeerId, Standing>()
  #turn = 0
  #tail: Promise<void> = Promise.resolve()

  constructor(records: RecordStore) {
    this.#records = records
  }

  /** Reads what was kept. Never rejects. */
  async load(): Promise<void> {
    const all = await this.#records.all().catch(() => [])
    const kept = all.flatMap(([peer, value]) => {
      const read = readKept(value)
      return read ? [{ peer, ...read }] : []
    })
    for (const { peer, turn, standing } of kept.toSorted((a, b) => a.turn - b.turn)) {
      this.#put(peer, weightier(this.of(peer), standing))
      this.#turn = Math.max(this.#turn, turn)
    }
  }

  of(peer: PeerId): Standing {
    return this.#standings.get(peer) ?? UNKNOWN
  }

  /** Something was seen of a key, by this peer itself. */
  note(peer: PeerId, seen: Seen): void {
    this.#put(peer, withSeen(this.of(peer), seen))
    this.#tail = this.#tail.then(() => this.#write(peer)).catch(() => {})
  }

  /** Resolves once all that was noted is written, or cannot be. */
  async written(): Promise<void> {
    await this.#tail
  }

  #put(peer: PeerId, standing: Standing): void {
    this.#standings.delete(peer)
    this.#standings.set(peer, standing)
  }

  /** Another tab of this browser may have seen more of the key: what weighs more is what counts. */
  async #write(peer: PeerId): Promise<void> {
    const kept = readKept(await this.#records.get(peer))
    const standing = kept ? weightier(this.of(peer), kept.standing) : this.of(peer)
    this.#turn = Math.max(this.#turn, kept?.turn ?? 0) + 1
    this.#put(peer, standing)
    await this.#records.put(peer, { ...standing, turn: this.#turn })
    const [oldest] = this.#standings.keys()
    if (this.#standings.size <= MAX_KEYS || oldest === undefined) return
    this.#standings.delete(oldest)
    await this.#records.delete(oldest)
  }
}

/** Undefined for what no version of this app wrote. */
function readKept(value: unknown): { standing: Standing; turn: number } | undefined {
  try {
    const { turn, ...standing } = parse(StandingSchema, value, 'record')
    return { standing, turn }
  } catch {
    return undefined
  }
}

import type { Worked } from './co-votes.ts'
import { correctedSquare, LEAST_SHARED_VOTES } from './independence.ts'
import type { Item } from './item.ts'

/** Jurors of one window whose votes are compared: those who voted most, beside whom others seldom share eight cases there. */
const MOST_VOTERS = 64

/** What `CoVotes` works out, of the split cases of one window alone. `nameOf` settles who of two that voted as often is compared. */
export function windowVoices(split: readonly Item[], nameOf: (peer: number) => string): Worked {
  const seats = seatsOf(split, nameOf)
  const k = seats.size
  const [shared, yes, both] = [new Int32Array(k * k), new Int32Array(k * k), new Int32Array(k * k)]
  for (const { deciders, upheld } of split) {
    for (let i = 0; i < deciders.length; i++) {
      const mine = seats.get(deciders[i] ?? -1)
      if (mine === undefined) continue
      const vote = upheld[i] ?? 0
      for (let j = 0; j < deciders.length; j++) {
        const other = i === j ? undefined : seats.get(deciders[j] ?? -1)
        if (other === undefined) continue
        const at = mine * k + other
        shared[at] = (shared[at] ?? 0) + 1
        yes[at] = (yes[at] ?? 0) + vote
        both[at] = (both[at] ?? 0) + vote * (upheld[j] ?? 0)
      }
    }
  }
  let [pairs, sum] = [0, 0]
  const known = new Set<number>()
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) {
      const at = i * k + j
      const cases = shared[at] ?? 0
      if (cases < LEAST_SHARED_VOTES) continue
      pairs++
      known.add(i).add(j)
      sum += correctedSquare({
        shared: cases,
        yes: yes[at] ?? 0,
        theirYes: yes[j * k + i] ?? 0,
        bothYes: both[at] ?? 0,
      })
    }
  }
  return { voters: known.size, pairs, meanSquare: pairs === 0 ? 0 : sum / pairs }
}

/** A place for each of those who voted most, in an order that depends on them alone. */
function seatsOf(split: readonly Item[], nameOf: (peer: number) => string): ReadonlyMap<number, number> {
  const votes = new Map<number, number>()
  for (const { deciders } of split) for (const peer of deciders) votes.set(peer, (votes.get(peer) ?? 0) + 1)
  const often = [...votes].filter(([, count]) => count >= LEAST_SHARED_VOTES)
  often.sort(([a, some], [b, others]) => others - some || (nameOf(a) < nameOf(b) ? -1 : 1))
  return new Map(often.slice(0, MOST_VOTERS).map(([peer], seat) => [peer, seat]))
}

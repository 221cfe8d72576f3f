import type { LedgerView } from '../ledger/ledger-view.ts'
import type { PeerId } from '../peer-id.ts'
import type { Default } from './runtime-defaults.ts'

/** How many of the active members run a default as it is, and how many of those meant to. */
export interface DefaultShares {
  readonly key: string
  /** The value that counts as unchanged: the registry's, or of one that varies the most common among those who said theirs. */
  readonly value: string
  /** U: share of the members that run it, 0..1; `of`: members of whom it is known. */
  readonly unchanged: number
  readonly running: number
  readonly of: number
  /** A: share of those who run it that affirmed this value after seeing others, 0..1. */
  readonly affirmed: number
  readonly affirming: number
}

/** What one member last said of one default. */
interface Said {
  readonly value: string
  readonly affirmed: boolean
}

/** The default whose value every log says in its first entry. */
const BUILD = 'ship.build'

/**
 * U and A of every default, in the registry's order. Whoever said nothing of one runs it unchanged; of one that varies nothing is known of
 * them. An affirmation counts for the value that it names, if at least one other was shown, until its author runs another.
 */
export function defaultShares(
  ledger: LedgerView,
  registry: readonly Default[],
  activeMembers: readonly PeerId[],
): readonly DefaultShares[] {
  const members = new Set(activeMembers)
  const said = saidBy(ledger, members)
  return registry.map(({ key, value: standard, varies }) => {
    const ofKey = said.get(key) ?? new Map<PeerId, Said>()
    const value = varies ? (mostCommon(ofKey) ?? standard) : standard
    const of = varies ? ofKey.size : members.size
    const changed = [...ofKey.values()].filter((each) => each.value !== value).length
    const running = of - changed
    const affirming = [...ofKey.values()].filter((each) => each.value === value && each.affirmed).length
    return {
      ...{ key, value, running, of, affirming },
      unchanged: of === 0 ? 0 : running / of,
      affirmed: running === 0 ? 0 : affirming / running,
    }
  })
}

/** Default grip: Σ v U (1 − A) / Σ v, over the defaults of which anything is known. Undefined where nothing is. */
export function defaultGrip(shares: readonly DefaultShares[], weightOf: (key: string) => number): number | undefined {
  const known = shares.filter(({ of }) => of > 0)
  const weight = known.reduce((sum, { key }) => sum + weightOf(key), 0)
  if (weight === 0) return undefined
  return (
    known.reduce((sum, { key, unchanged, affirmed }) => sum + weightOf(key) * unchanged * (1 - affirmed), 0) / weight
  )
}

/** By default, what each of these peers last said of it. */
function saidBy(ledger: LedgerView, members: ReadonlySet<PeerId>): ReadonlyMap<string, ReadonlyMap<PeerId, Said>> {
  const words = [
    ...ledger.of('KEY').map((read) => ({ read, key: BUILD, value: read.entry.body.build, affirms: false })),
    ...ledger.of('DEFAULT_SET').map((read) => ({ read, ...read.entry.body, affirms: false })),
    ...ledger.of('DEFAULT_AFFIRM').map((read) => ({ read, ...read.entry.body, affirms: read.entry.body.shown > 0 })),
  ].toSorted((a, b) => a.read.entry.seq - b.read.entry.seq)
  const said = new Map<string, Map<PeerId, Said>>()
  for (const { read, key, value, affirms } of words) {
    if (!members.has(read.author)) continue
    const ofKey = said.get(key) ?? new Map<PeerId, Said>()
    said.set(key, ofKey)
    const before = ofKey.get(read.author)
    ofKey.set(read.author, { value, affirmed: affirms || (before?.value === value && before.affirmed) })
  }
  return said
}

/** Of values equally common the one that sorts first. */
function mostCommon(said: ReadonlyMap<PeerId, Said>): string | undefined {
  const counts = new Map<string, number>()
  for (const { value } of said.values()) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0]
}

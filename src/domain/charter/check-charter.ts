import { cidOf, CHARTERS, ENTRENCHED, type Charter } from './charter.ts'
import { keptWords, shareWords, shortCid, timeWords } from './clause-words.ts'
import { clauseAt, ruleName } from './clauses.ts'

/**
 * What whoever joins must be told of a charter. Nothing here refuses it: what no charter may be is `readCharter`'s to refuse. A charter is
 * free to be unwise, and a person to sign it, knowing.
 */
export type Label =
  /** Presented as descending from itself, or from what descends from it: a hash cannot, so somebody's account of it is false. */
  | { readonly kind: 'own-ancestor'; readonly charter: string }
  | { readonly kind: 'parent-not-held'; readonly parent: string }
  /** A rule that its parent entrenched; without a parent, one of the five. */
  | { readonly kind: 'drops-entrenched'; readonly rule: string; readonly parent?: string }
  | { readonly kind: 'no-author' }
  | { readonly kind: 'unknown-canon'; readonly canon: string }
  /** No side can have more seats than there are. */
  | { readonly kind: 'never-decides' }
  /** Both sides can have enough. */
  | { readonly kind: 'two-winners' }
  /** Seats of a jury in which one vote is enough. */
  | { readonly kind: 'one-seat-decides'; readonly size: number }
  | { readonly kind: 'one-introducer-decides'; readonly size: number; readonly cap: number }
  | { readonly kind: 'anyone-judges' }
  | { readonly kind: 'alpha-odd'; readonly alpha: number }
  | { readonly kind: 'checks-deter-nobody'; readonly needed: number; readonly auditFloor: number }
  | { readonly kind: 'ratified-by-few'; readonly ratifyShare: number }
  | { readonly kind: 'too-short'; readonly path: string; readonly ms: number; readonly needed: number }

/** Restart probabilities that anybody uses: under, trust spreads over everybody whom anyone let in; over, it hardly leaves who gives it. */
const ALPHA = { least: 0.05, most: 0.5 }

/** The share of faults that a check was seen to detect at least. */
const DETECTION = 0.9

/** Milliseconds that a person needs, who has to notice, to read and to decide; to sign, people are asleep or at work first. */
const A_PERSON_NEEDS = {
  contest: 60_000,
  serve: 20_000,
  vote: 120_000,
  appeal: 300_000,
  notice: 600_000,
  signing: 86_400_000,
} as const satisfies Partial<Charter['timeouts']>

/** Charters of which the ancestry is followed: a longer one is not looked at to its end. */
const MAX_ANCESTORS = 256

/** How a charter comes to whoever reads it. */
export interface Presented {
  /** The CID under which it was shown. Default its own. */
  readonly id?: string
  /** Charters that are held, for the ancestry beyond the parents. Default none. */
  readonly held?: (id: string) => Charter | undefined
  /** Sha-256 of the wasm binaries that this app can run. Default those that its own charters name. */
  readonly canons?: readonly string[]
}

const KNOWN_CANONS = CHARTERS.flatMap(({ canons }) => canons.map(({ wasmSha256 }) => wasmSha256))

/** What whoever joins must be told, the gravest first. `parents` in the order in which the charter names them, undefined where one is not held. */
export function labelsOf(
  charter: Charter,
  parents: readonly (Charter | undefined)[],
  { id = cidOf(charter), held = () => undefined, canons = KNOWN_CANONS }: Presented = {},
): readonly Label[] {
  return [
    ...ancestry(charter, parents, id, held),
    ...drops(charter, parents),
    ...majorities(charter),
    ...people(charter),
    ...charter.canons
      .filter(({ wasmSha256 }) => !canons.includes(wasmSha256))
      .map(({ library, version }): Label => ({ kind: 'unknown-canon', canon: `${library} ${version}` })),
    ...windows(charter),
  ]
}

function ancestry(
  charter: Charter,
  parents: readonly (Charter | undefined)[],
  id: string,
  held: (id: string) => Charter | undefined,
): readonly Label[] {
  const lookUp = (name: string) => parents[charter.parents.indexOf(name)] ?? held(name)
  const seen = new Set<string>()
  const open = [...charter.parents]
  while (open.length > 0 && seen.size < MAX_ANCESTORS) {
    const next = open.pop()
    if (next === undefined || seen.has(next)) continue
    seen.add(next)
    open.push(...(lookUp(next)?.parents ?? []))
  }
  return [
    ...(seen.has(id) ? [{ kind: 'own-ancestor', charter: id } as const] : []),
    ...charter.parents
      .filter((parent) => lookUp(parent) === undefined && parent !== id)
      .map((parent): Label => ({ kind: 'parent-not-held', parent })),
  ]
}

function drops(charter: Charter, parents: readonly (Charter | undefined)[]): readonly Label[] {
  const dropped = (rules: readonly string[]) => rules.filter((rule) => !charter.entrenched.includes(rule))
  if (charter.parents.length === 0) return dropped(ENTRENCHED).map((rule) => ({ kind: 'drops-entrenched', rule }))
  const said = new Set<string>()
  return charter.parents.flatMap((parent, i) =>
    dropped(parents[i]?.entrenched ?? [])
      .filter((rule) => !said.has(rule) && said.add(rule))
      .map((rule): Label => ({ kind: 'drops-entrenched', rule, parent })),
  )
}

/** Seats that a side needs at least. */
const majorityOf = (size: number, threshold: number): number => Math.floor(size * threshold) + 1

function majorities({ jury }: Charter): readonly Label[] {
  const { sizes, threshold, quorum, introducerCap: cap } = jury
  const lone = sizes.find((size) => majorityOf(size, threshold) <= 1 && Math.ceil(size * quorum) <= 1)
  const captured = sizes.find((size) => cap >= majorityOf(size, threshold))
  return [
    ...(threshold >= 1 ? [{ kind: 'never-decides' } as const] : []),
    ...(threshold < 0.5 ? [{ kind: 'two-winners' } as const] : []),
    ...(lone === undefined ? [] : [{ kind: 'one-seat-decides', size: lone } as const]),
    ...(captured === undefined ? [] : [{ kind: 'one-introducer-decides', size: captured, cap } as const]),
  ]
}

function people({ authors, amendment, jury, membership, verification }: Charter): readonly Label[] {
  const { probation, auditFloor, mode } = verification
  // Nothing is ever restarted where there is no probation: then no share of checks deters.
  const needed = probation === 0 ? 1 : Math.min(1, 1 / (DETECTION * probation))
  return [
    ...(authors.length === 0 ? [{ kind: 'no-author' } as const] : []),
    ...(membership.vouches === 0 ? [{ kind: 'anyone-judges' } as const] : []),
    ...(jury.alpha < ALPHA.least || jury.alpha > ALPHA.most ? [{ kind: 'alpha-odd', alpha: jury.alpha } as const] : []),
    ...(mode === 'adaptive' && auditFloor < needed
      ? [{ kind: 'checks-deter-nobody', needed, auditFloor } as const]
      : []),
    ...(amendment.ratifyShare <= 0.5 ? [{ kind: 'ratified-by-few', ratifyShare: amendment.ratifyShare } as const] : []),
  ]
}

const windows = ({ timeouts }: Charter): readonly Label[] =>
  Object.entries(A_PERSON_NEEDS).flatMap(([name, needed]): Label[] => {
    const ms = timeouts[name as keyof typeof A_PERSON_NEEDS]
    return ms < needed ? [{ kind: 'too-short', path: `timeouts.${name}`, ms, needed }] : []
  })

/** A label, as whoever joins reads it. */
export function labelSentence(label: Label, charter: Pick<Charter, 'title' | 'version'>): string {
  switch (label.kind) {
    case 'own-ancestor':
      return `It is shown as coming from itself (${shortCid(label.charter)}), which no charter can: do not rely on what is said of its origin.`
    case 'parent-not-held':
      return `The charter that it comes from (${shortCid(label.parent)}) is not held here: what it changed cannot be shown.`
    case 'drops-entrenched':
      return label.parent === undefined
        ? `It does not promise this to those who come after it: ${keptWords(label.rule)}.`
        : `It drops what the charter that it comes from entrenched: ${keptWords(label.rule)}.`
    case 'no-author':
      return 'No key signs as its author: introducers are those for whom each side of a job vouches itself.'
    case 'unknown-canon':
      return `It decides by an engine that this app does not have (${label.canon}): its answers cannot be run again here.`
    case 'never-decides':
      return 'No side can ever have enough seats: every case stays unresolved.'
    case 'two-winners':
      return `Both sides of a case can have enough seats (${ruleName(charter, 'jury.threshold')}).`
    case 'one-seat-decides':
      return `On a jury of ${label.size}, one vote can decide.`
    case 'one-introducer-decides':
      return `People of one introducer can have the majority of a jury: ${label.cap} of ${label.size} seats.`
    case 'anyone-judges':
      return 'A juror needs nobody to vouch for it: whoever makes keys makes jurors.'
    case 'alpha-odd':
      return label.alpha < ALPHA.least
        ? `Trust hardly returns to where it came from (${shareWords(label.alpha)}): it spreads over everybody whom anyone let in.`
        : `Trust hardly leaves who gives it (${shareWords(label.alpha)}): few people will share a court.`
    case 'checks-deter-nobody':
      return `It checks ${shareWords(label.auditFloor)} of what known keys compute; under ${shareWords(label.needed)}, being wrong costs a key less than it saves.`
    case 'ratified-by-few':
      return `An amendment counts as ratified when ${shareWords(label.ratifyShare)} signed.`
    case 'too-short':
      return `${clauseAt(label.path)?.name ?? label.path}: ${timeWords(label.ms)}. A person needs ${timeWords(label.needed)} or more.`
    default:
      return label satisfies never
  }
}

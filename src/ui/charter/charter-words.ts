import type { Charter } from '../../domain/charter/charter.ts'
import { shareWords } from '../../domain/charter/clause-words.ts'
import { GRADES as ALL_GRADES, type Grade } from '../../domain/ledger/entry.ts'
import type { CharterView, CountView, DefaultView, ForkPreview, ProposalView } from '../../peer/governance-view.ts'
import { clock, percent } from '../words.ts'

/** The words of a charter, of changing it, and of what nobody chose. Pure. */

/** The parts of a charter by the first number of their rules. */
export const PARTS: Readonly<Record<string, string>> = {
  1: 'The charter itself',
  2: 'How answers are checked',
  3: 'Juries',
  4: 'Appeals',
  5: 'Who may sit',
  6: 'How it is changed',
  7: 'Records',
  8: 'What arithmetic goes by',
  9: 'How long things may take',
}

const GRADES: Readonly<Record<Grade | 'none', string>> = {
  'authored': 'You are one of its authors.',
  'ballot': 'You signed it in a ballot.',
  'signed-after-diff': 'You signed it after reading what it changes.',
  'clicked': 'You signed it with a click, by joining.',
  'none': 'You have not signed it: it does not bind you.',
}
/** How this peer stands to a charter. */
export const mineWords = (grade: Grade | 'none'): string => GRADES[grade]

const SIGNED: Readonly<Record<Grade, string>> = {
  'authored': 'as an author',
  'ballot': 'in a ballot',
  'signed-after-diff': 'after reading what it changes',
  'clicked': 'with a click',
}

/** How its members came to sign a charter; empty where it has none. */
export function gradesWords(grades: CharterView['grades']): string {
  const kinds = ALL_GRADES.filter((grade) => grades[grade] > 0)
  const parts = kinds.map((grade, i) => `${grades[grade]}${i === 0 ? ' signed' : ''} ${SIGNED[grade]}`)
  return parts.length === 0 ? '' : `By their own word, ${parts.join(', ')}.`
}

export const membersWords = (members: number): string => (members === 1 ? 'one member' : `${members} members`)

/** Who can change a charter, and whom that binds. */
export function changeWords({ amendment }: Pick<Charter, 'amendment'>): string {
  const { sponsors, ratifyShare } = amendment
  const who =
    sponsors === 0
      ? 'Any member may propose a change'
      : `Any member may propose a change, with ${sponsors === 1 ? 'one sponsor' : `${sponsors} sponsors, each`} of another introducer`
  const ratified = ratifyShare >= 1 ? 'all active members' : `${shareWords(ratifyShare)} of the active members`
  return `${who}. It counts as ratified once ${ratified} signed, and binds only those who sign. Anybody may fork it at any time, alone.`
}

/** One of the three ways of counting, and what it counts. */
export function wayWords(way: CountView['way']): string {
  switch (way) {
    case 'raw':
      return 'Each member once'
    case 'introducers':
      return 'One share for each introducer'
    case 'your-trust':
      return 'By your own trust'
    default:
      return way satisfies never
  }
}

/** `5 of 9, 6 needed`. Nobody counted is no share at all. */
export function countWords({ way, signed, of, needed }: CountView): string {
  if (of === 0) return way === 'your-trust' ? 'your trust reaches none of them' : 'nobody to count'
  if (way === 'your-trust') return `${percent(signed / of)} signed, ${percent(needed / of)} needed`
  return `${amount(signed)} of ${amount(of)} signed, ${amount(needed)} needed`
}

const amount = (value: number): string => String(Math.round(value * 10) / 10)

/** How far a proposal has come. */
export function phaseWords({ phase, sponsors, sponsorsNeeded, signableAt }: ProposalView): string {
  switch (phase) {
    case 'proposed':
      return `Seeks sponsors: ${sponsors.length} of ${sponsorsNeeded}`
    case 'notice':
      return signableAt
        ? `Shown to all: may be signed from ${moment(signableAt)}`
        : 'Shown to all before it may be signed'
    case 'signing':
      return 'May be signed now'
    case 'ratified':
      return 'Ratified, for those who signed'
    case 'lapsed':
      return 'Not ratified in time; whoever signed goes by it'
    default:
      return phase satisfies never
  }
}

/** Today by the clock alone. */
const moment = (date: Date): string =>
  date.toDateString() === new Date().toDateString()
    ? clock(date)
    : date.toLocaleString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

/** What one keeps who goes by another charter, as sentences. */
export function keepsWords({ trust, hosts, history, openCases }: ForkPreview): readonly string[] {
  const { entries, proofs, rulings } = history
  return [
    trust.of === 0
      ? 'You vouch for nobody yet, so this parts you from nobody whom you know.'
      : `${share(trust)} of your trust goes by it already; the rest may follow, or not.`,
    hosts.of === 0
      ? 'Nobody else hosts your models here.'
      : `${hosts.kept} of the ${hosts.of} ${hosts.of === 1 ? 'peer' : 'peers'} that host its models go by it already.`,
    `Your history comes along: ${entries} ${entries === 1 ? 'record' : 'records'}. ${proofs} proven ${proofs === 1 ? 'fact carries' : 'facts carry'} over as they are; ${rulings} ${rulings === 1 ? 'ruling is' : 'rulings are'} shown as the old charter's.`,
    openCases === 0
      ? 'No case of yours is open.'
      : `${openCases} open ${openCases === 1 ? 'case of yours ends' : 'cases of yours end'} under the old charter.`,
  ]
}

/** Peers where they are counted, else a share. */
const share = ({ kept, of }: ForkPreview['trust']): string =>
  Number.isInteger(kept) && Number.isInteger(of) && of > 1 ? `${kept} of the ${of} peers` : percent(kept / of)

/** How many run a default as it is, and how many said so after seeing what else there is: with what they are shares of. */
export const affirmedWords = ({
  unchanged,
  affirmed,
  of,
}: Pick<DefaultView, 'unchanged' | 'affirmed' | 'of'>): string =>
  of === 0
    ? 'Nobody has said yet what it runs.'
    : `${percent(unchanged)} of ${of} ${of === 1 ? 'key runs' : 'keys run'} it unchanged; ${percent(affirmed)} kept it after seeing the alternatives.`

/** Who wrote a charter, and which of them have signed as such. */
export function authorsWords({ charter, signedBy }: Pick<CharterView, 'charter' | 'signedBy'>): string {
  const named = charter.authors.length
  if (named === 0) return 'no key: it names nobody'
  return `${signedBy.length} of ${named} signed as its ${named === 1 ? 'author' : 'authors'}`
}

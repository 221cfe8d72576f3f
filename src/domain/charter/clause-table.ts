import type { Charter } from './charter.ts'
import type { Unit } from './clause-words.ts'
import { TIME_CLAUSES } from './time-clauses.ts'

/** Where a rule stands in a charter: `jury.threshold`, as a RULING names it. */
export type CharterPath = {
  [K in keyof Charter]: Charter[K] extends string | number | readonly unknown[]
    ? K
    : `${K}.${keyof Charter[K] & string}`
}[keyof Charter]

export interface ClauseText {
  /** As decision lines name it, after the charter: `First charter 1, rule 3.2`. */
  readonly number: string
  readonly name: string
  readonly unit: Unit
  /** What it says; `%` stands for its value in words. */
  readonly sentence: string
  /** What changes for a reader when the number grows or falls, or when it is another; absent where the values say it. */
  readonly more?: string
  readonly less?: string
  readonly other?: string
  /** What else it could be. */
  readonly alternatives: readonly unknown[]
}

/** Every rule of a charter. Numbers never move: a new rule is added at the end of its part. */
export const CLAUSE_TABLE: Readonly<Record<CharterPath, ClauseText>> = {
  'title': { number: '1.1', name: 'Title', unit: 'text', sentence: 'It is called %.', alternatives: [] },
  'version': { number: '1.2', name: 'Version', unit: 'number', sentence: 'It is version %.', alternatives: [] },
  'parents': { number: '1.3', name: 'Parents', unit: 'charters', sentence: 'It comes from: %.', alternatives: [] },
  'authors': {
    number: '1.4',
    name: 'Authors',
    unit: 'keys',
    sentence: 'Its authors, by key: %.',
    other: 'Introducer trees begin with the authors, so others stand at the roots.',
    alternatives: [],
  },
  'entrenched': {
    number: '1.5',
    name: 'Entrenched',
    unit: 'kept',
    sentence: 'Whatever descends from it keeps: %.',
    other: 'What later charters must keep, or say that they dropped, is another list.',
    alternatives: [[]],
  },
  'verification.mode': {
    number: '2.1',
    name: 'How an ask is checked',
    unit: 'mode',
    sentence: 'Where the asker does not choose, an ask goes to %.',
    other: 'Asks are checked another way where the asker does not choose.',
    alternatives: ['one-tab', 'adaptive'],
  },
  'verification.replication': {
    number: '2.2',
    name: 'Tabs for one ask',
    unit: 'tabs',
    sentence: 'Where several tabs answer and the asker does not say how many, % do.',
    more: 'More tabs compute each ask.',
    less: 'Fewer tabs compute each ask.',
    alternatives: [2, 5],
  },
  'verification.attempts': {
    number: '2.3',
    name: 'Tries',
    unit: 'tries',
    sentence: 'An ask that nobody answers is tried % before it is lost.',
    alternatives: [1, 5],
  },
  'verification.probation': {
    number: '2.4',
    name: 'Probation',
    unit: 'results',
    sentence: 'Of a key that was never seen, % are checked before any goes unchecked.',
    more: 'New keys are checked longer.',
    less: 'New keys are believed sooner.',
    alternatives: [20, 80],
  },
  'verification.streak': {
    number: '2.5',
    name: 'Streak',
    unit: 'results',
    sentence: 'After % in a row that were found right, a key is checked less often.',
    more: 'A key is checked longer on each model.',
    less: 'A key is checked less, sooner.',
    alternatives: [5, 20],
  },
  'verification.auditFloor': {
    number: '2.6',
    name: 'Least checking',
    unit: 'share',
    sentence: 'However good its record, % of what a key computes is checked.',
    more: 'Known keys are checked more often.',
    less: 'Known keys are checked less often.',
    alternatives: [0.028, 0.1],
  },
  'verification.tolerancePolicy': {
    number: '2.7',
    name: 'Limits of rounding',
    unit: 'policy',
    sentence: 'Whether two answers agree is judged by %.',
    other: 'Others set the limit within which two answers count as equal.',
    alternatives: ['app'],
  },
  'jury.sizes': {
    number: '3.1',
    name: 'Seats',
    unit: 'seats',
    sentence: 'A jury has, from level to level, %.',
    other: 'Juries have other sizes.',
    alternatives: [
      [5, 11, 21],
      [3, 7, 15],
    ],
  },
  'jury.threshold': {
    number: '3.2',
    name: 'Majority',
    unit: 'share',
    sentence: 'A side wins with more than % of the seats.',
    more: 'More seats must agree before anything is decided.',
    less: 'Fewer seats decide.',
    alternatives: [0.6, 2 / 3],
  },
  'jury.quorum': {
    number: '3.3',
    name: 'Quorum',
    unit: 'share',
    sentence: 'At least % of the seats must vote, or it stays unresolved.',
    more: 'A larger share must vote.',
    less: 'A smaller share may vote for all.',
    alternatives: [0.5, 0.8],
  },
  'jury.introducerCap': {
    number: '3.4',
    name: 'Seats for one introducer',
    unit: 'seatsEach',
    sentence: 'A jury has at most %.',
    more: 'One introducer can bring more jurors into one jury.',
    less: 'One introducer can bring fewer jurors into one jury.',
    alternatives: [2],
  },
  'jury.gamma': {
    number: '3.5',
    name: 'Share of recent seats',
    unit: 'share',
    sentence: 'Whoever had more than % of the recent seats is passed over.',
    more: 'The same jurors may sit more often.',
    less: 'Seats go around more.',
    alternatives: [0.1, 0.5],
  },
  'jury.cooldown': {
    number: '3.6',
    name: 'What counts as recent',
    unit: 'rulings',
    sentence: 'Recent seats are those of the last %.',
    alternatives: [10, 50],
  },
  'jury.alpha': {
    number: '3.7',
    name: 'How far trust carries',
    unit: 'share',
    sentence: 'At each introduction, % of trust goes back to where it came from.',
    more: 'Trust stays nearer to those whom a party knows itself.',
    less: 'Trust carries farther, to friends of friends and whomever they let in.',
    alternatives: [0.1, 0.3],
  },
  'jury.minOverlap': {
    number: '3.8',
    name: 'Common court',
    unit: 'share',
    sentence: 'Where less than % of a side’s trust lies in the pool, the two share no court.',
    more: 'More pairs of people share no court.',
    less: 'A jury may be drawn from people whom one side hardly trusts.',
    alternatives: [0.05, 0.25],
  },
  'appeal.levels': {
    number: '4.1',
    name: 'Appeals',
    unit: 'levels',
    sentence: 'A case can climb % above its first jury.',
    more: 'A ruling can be appealed more often.',
    less: 'A ruling is final sooner.',
    alternatives: [0, 1],
  },
  'membership.vouches': {
    number: '5.1',
    name: 'Vouches',
    unit: 'vouches',
    sentence: 'A juror needs %.',
    more: 'Newcomers need more people before they may sit.',
    less: 'Newcomers need fewer people before they may sit.',
    alternatives: [0, 2],
  },
  'membership.probationJobs': {
    number: '5.2',
    name: 'Work before judging',
    unit: 'jobs',
    sentence: 'A juror must have computed % before the case began.',
    more: 'Only who has computed more may sit.',
    less: 'Who has computed less may sit.',
    alternatives: [5, 20],
  },
  'amendment.sponsors': {
    number: '6.1',
    name: 'Sponsors',
    unit: 'sponsors',
    sentence: 'Beside its proposer, an amendment needs %, each of another introducer.',
    more: 'Amendments are harder to put forward.',
    less: 'Amendments are easier to put forward.',
    alternatives: [1, 5],
  },
  'amendment.ratifyShare': {
    number: '6.2',
    name: 'Ratified',
    unit: 'share',
    sentence: 'It counts as ratified when % of the active members signed. It binds only those who sign.',
    more: 'More must sign before an amendment counts as ratified.',
    less: 'Fewer must sign before an amendment counts as ratified.',
    alternatives: [0.5, 0.75],
  },
  'retention': {
    number: '7.1',
    name: 'How long records stay',
    unit: 'entries',
    sentence: 'Of each log at least the last % are kept.',
    more: 'Records of what people did stay longer.',
    less: 'Older records may be dropped sooner, and then count as not held.',
    alternatives: [10_000, 1_000_000],
  },
  'canons': {
    number: '8.1',
    name: 'Reference engines',
    unit: 'engines',
    sentence: 'What arithmetic says is what these compute: %.',
    other: 'Another engine decides what arithmetic says.',
    alternatives: [
      [
        {
          library: 'onnxruntime-web',
          version: '1.22.0',
          wasmSha256: '71aef04959c5c1b6de461b6538e2058e306610034a85aad2742d0c7fd4533fe4',
        },
      ],
    ],
  },
  ...TIME_CLAUSES,
}

import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { CaseFile, CaseView, LevelView, SeatView } from '../../src/peer/governance-view.ts'
import { claimOf } from './fake-answers.ts'
import { digits, idOf } from './fake-models.ts'
import { agreedReceipt } from './fake-receipt.ts'

/** Cases before a jury as they may be seen, in every phase, with nobody behind them. */

const seat = (name: string, state: SeatView['state'], change: Partial<SeatView> = {}): SeatView => ({
  peer: idOf(name),
  nickname: nicknameOf(idOf(name)),
  tree: idOf(name),
  state,
  isReplacement: false,
  ...change,
})

const level = (change: Partial<LevelView> = {}): LevelView => ({
  level: 0,
  size: 3,
  pool: 11,
  overlap: { requester: 0.72, executors: 0.41 },
  linksOpened: ['fir', 'oak', 'ash'].map(idOf),
  linksMissing: [],
  linksWithheld: [],
  seats: [],
  ...change,
})

const opened: CaseView = {
  id: 'c0'.repeat(32),
  job: 'ab'.repeat(32),
  class: 'quality',
  claim: 'I drew a one with a foot, as we write it at home. All three said seven.',
  charter: { id: cidOf(FIRST_CHARTER), title: FIRST_CHARTER.title, version: FIRST_CHARTER.version },
  contestant: idOf('fir'),
  requester: idOf('fir'),
  executors: ['oak', 'ash', 'elm'].map(idOf),
  phase: 'opening',
  levels: [level({ linksOpened: [idOf('fir')] })],
  role: 'bystander',
  asks: [],
  next: 'appeal',
  openedAt: new Date('2026-11-20T12:01:30'),
}

const voting = level({
  seats: [
    seat('me', 'serves', { tree: idOf('elm') }),
    seat('yew', 'committed', { tree: idOf('bay') }),
    seat('bay', 'summoned', { isReplacement: true }),
    seat('larch', 'absent'),
  ],
})

const revealed = (name: string, vote: 'uphold' | 'dismiss', reason: string, tree = name): SeatView =>
  seat(name, 'revealed', { vote, reason, tree: idOf(tree) })

const affected = [
  { peer: idOf('fir'), grade: 'signed-after-diff' },
  { peer: idOf('oak'), grade: 'authored' },
  { peer: idOf('ash'), grade: 'clicked' },
  { peer: idOf('elm'), grade: 'none' },
] as const

const five = level({
  level: 1,
  size: 5,
  pool: 21,
  overlap: { requester: 0.81, executors: 0.66 },
  seats: [
    revealed('birch', 'uphold', 'A foot and no bar: a one, in half of Europe.', 'yew'),
    revealed('rowan', 'uphold', 'The stroke begins at the top left. It is a one.'),
    revealed('hazel', 'uphold', ''),
    revealed('alder', 'uphold', 'I asked two others at the table.', 'elm'),
    revealed('holly', 'dismiss', 'The model was trained on sevens that look so. It did what it says.', 'bay'),
  ],
  ruling: {
    id: 'd1'.repeat(32),
    outcome: 'upheld',
    for: 4,
    against: 1,
    clause: 'jury.threshold',
    affected,
    dissents: [
      {
        peer: idOf('holly'),
        note: '<b>Nobody</b> reads ones with a foot in the data it names. I would fork over this.',
      },
    ],
  },
})

const appealed = level({
  seats: [
    revealed('yew', 'dismiss', 'Looks like a seven to me.'),
    revealed('me', 'uphold', 'It has a foot.', 'elm'),
    revealed('bay', 'dismiss', 'Computed as asked.'),
  ],
  ruling: {
    id: 'd0'.repeat(32),
    outcome: 'dismissed',
    for: 1,
    against: 2,
    clause: 'jury.threshold',
    affected,
    dissents: [],
  },
})

const unresolvedLevel = (change: Partial<NonNullable<LevelView['ruling']>>, seats: readonly SeatView[]) =>
  level({
    seats,
    ruling: {
      id: 'd2'.repeat(32),
      outcome: 'unresolved',
      for: 0,
      against: 0,
      clause: 'jury.quorum',
      affected,
      dissents: [],
      ...change,
    },
  })

/** One case for each thing that can become of it. */
export const cases = {
  opening: opened,
  summoned: {
    ...opened,
    phase: 'summoning',
    role: 'juror',
    asks: ['serve'],
    levels: [
      level({ seats: [seat('me', 'summoned', { tree: idOf('elm') }), seat('yew', 'serves'), seat('bay', 'declined')] }),
    ],
  },
  voting: { ...opened, phase: 'voting', role: 'juror', asks: ['vote'], levels: [voting] },
  revealing: {
    ...opened,
    phase: 'revealing',
    levels: [
      level({ seats: [revealed('yew', 'dismiss', 'A seven.'), seat('bay', 'committed'), seat('me', 'committed')] }),
    ],
  },
  ruled: { ...opened, phase: 'ruled', role: 'executor', asks: ['dissent'], levels: [appealed, five], next: 'fork' },
  appealable: {
    ...opened,
    phase: 'ruled',
    role: 'requester',
    asks: ['appeal', 'dissent'],
    levels: [appealed],
    next: 'appeal',
  },
  refuted: {
    ...opened,
    class: 'rule',
    claim: 'The limit lets through what the reference does not compute.',
    phase: 'ruled',
    levels: [
      level({
        ...appealed,
        ruling: { ...appealed.ruling!, refuted: { proof: '3e'.repeat(32), operator: 'MatMul 17' } },
      }),
    ],
    next: 'none',
  },
  unresolved: {
    ...opened,
    phase: 'unresolved',
    levels: [
      unresolvedLevel({ why: 'no-quorum', for: 1 }, [
        revealed('yew', 'uphold', 'A one.'),
        seat('bay', 'absent'),
        seat('me', 'absent'),
      ]),
    ],
  },
  strangers: {
    ...opened,
    class: 'delivery',
    claim: '',
    phase: 'unresolved',
    levels: [
      {
        ...unresolvedLevel({ why: 'no-common-court', clause: 'jury.minOverlap' }, []),
        pool: 2,
        overlap: { requester: 0.04, executors: 0.61 },
      },
    ],
    next: 'fork',
  },
  forfeited: {
    ...opened,
    phase: 'ruled',
    role: 'requester',
    asks: ['dissent'],
    levels: [
      { ...appealed, linksOpened: ['oak', 'ash'].map(idOf), linksMissing: [idOf('fir')], linksWithheld: [idOf('fir')] },
    ],
    forfeited: 'your link for this level was not opened in time, so the jury was drawn again without it',
  },
  refused: {
    ...opened,
    phase: 'refused',
    refusedFor: 'whoever contests was no party to the job',
    levels: [],
    next: 'none',
  },
} as const satisfies Record<string, CaseView>

/** A case as it is, with an id of its own. */
export const caseOf = (name: keyof typeof cases, id = cases[name].id): CaseView => ({ ...cases[name], id })

export const caseFile: CaseFile = {
  file: new Uint8Array(8),
  checked: agreedReceipt({ name: 'draw', holds: true, detail: '3 drawn from 14 by the lot' }),
  manifest: digits.manifest,
  outputs: [
    { peers: ['oak', 'ash'].map(idOf), output: claimOf('oak').outputs, returned: true },
    { peers: [idOf('elm')], returned: false },
  ],
}

import { MEBIBYTE, rows, type CodeDefault } from './code-default.ts'

const AGREEMENT = 'src/domain/agreement.ts'
const CHECKING = 'src/domain/checking.ts'

/** How answers are checked, and what is kept of that, as far as the code decides it. */
export const CHECKING_DEFAULTS: readonly CodeDefault[] = [
  ...rows('How answers are checked', [
    [
      'tolerance.fp32',
      'Limit of rounding, 32-bit numbers',
      'rms 0.00002, scaled 0.0001',
      'at most 0.00002 of the whole, 0.0001 of the largest',
      `${AGREEMENT} FP32_RULE`,
      [
        ['rms 0.000002, scaled 0.00001', 'ten times stricter'],
        ['exact', 'equal bits alone'],
      ],
    ],
    [
      'tolerance.ceiling',
      'Loosest limit that a publisher may set',
      'rms 0.01, scaled 0.02',
      '1 % of the whole, 2 % of the largest',
      'src/domain/manifest.ts MAX_TOLERANCE',
      [['exact', 'none: equal bits alone']],
    ],
    [
      'tolerance.integer',
      'Limit for integers',
      'exact',
      'equal bits',
      AGREEMENT,
      [['scaled 0.0001', 'within rounding, as of fractions']],
    ],
    [
      'verdict.returned',
      'Which of several agreeing answers is shown',
      'cpu, else least hash',
      'a CPU’s, else the one with the least hash',
      'src/domain/verdict.ts',
      [
        ['least hash', 'the one with the least hash'],
        ['first', 'the first that came'],
      ],
    ],
    [
      'verdict.groups',
      'When two answers count as one',
      'all of the group',
      'when it agrees with every answer that counts as that one',
      'src/domain/verdict.ts',
      [['any of the group', 'when it agrees with any of them']],
    ],
    [
      'lot.cpu',
      'A CPU among those who answer',
      'yes',
      'one sits wherever one is there',
      'src/domain/lot.ts',
      [['no', 'by lot alone']],
    ],
    [
      'lot.trees',
      'Seats in one job for one introducer',
      'one first',
      'one of each tree first',
      'src/domain/lot.ts',
      [['no', 'by lot alone']],
    ],
    [
      'checking.several',
      'Tabs where an asker wants several and the charter names no number',
      3,
      'three',
      'src/ui/draft.ts SEVERAL',
      [
        [2, 'two'],
        [5, 'five'],
      ],
    ],
    [
      'checking.invited',
      'Tabs that an adaptive ask invites',
      4,
      'four',
      `${CHECKING} INVITED`,
      [
        [1, 'one'],
        [8, 'eight'],
      ],
    ],
    [
      'checking.explored',
      'Share of asks for tabs that are still unknown',
      1 / 32,
      'one in 32',
      `${CHECKING} EXPLORED`,
      [
        [0, 'none: the known stay the known'],
        [0.25, 'one in four'],
      ],
    ],
    [
      'checking.doublings',
      'How often a refuted answer doubles probation',
      4,
      'four times at most',
      'src/domain/standing.ts MAX_DOUBLINGS',
      [
        [0, 'never'],
        [8, 'eight times'],
      ],
    ],
    [
      'checking.small-run',
      'Longest hidden run of one’s own',
      500,
      '500 ms',
      `${CHECKING} SMALL_RUN`,
      [
        [0, 'none'],
        [5_000, '5 s'],
      ],
    ],
    [
      'checking.small-model',
      'Largest model that one runs oneself, before it was measured',
      10 * MEBIBYTE,
      '10 MiB',
      `${CHECKING} SMALL_MODEL`,
      [
        [0, 'none'],
        [100 * MEBIBYTE, '100 MiB'],
      ],
    ],
    [
      'dispute.opens',
      'Who opens a contest over answers that differ',
      'by itself',
      'it opens by itself',
      'src/peer/ask-room.ts',
      [['by hand', 'a party has to']],
    ],
    [
      'engine.gpu-test',
      'A GPU before it may answer',
      'self-test',
      'must first compute what the reference does',
      'src/adapters/onnx/gpu-check.ts',
      [['none', 'none: it answers unchecked']],
    ],
  ]),
  ...rows('Juries', [
    [
      'jury.pool',
      'Pool of a jury above the first',
      3,
      'three times its seats',
      'src/domain/jury/sizes.ts POOL',
      [
        [2, 'twice its seats'],
        [5, 'five times its seats'],
      ],
    ],
    [
      'trust.vouches',
      'Vouches of one key that count',
      256,
      'the first 256',
      'src/domain/trust/vouches.ts MAX_VOUCHES',
      [[64, 'the first 64']],
    ],
  ]),
  ...rows('Records', [
    [
      'records.cases',
      'Jobs whose record a party keeps',
      256,
      '256',
      'src/peer/disputes/keep-cases.ts MAX_CASES',
      [
        [64, '64'],
        [1_024, '1,024'],
      ],
    ],
    [
      'records.opinions',
      'Words on models that are kept',
      1_024,
      '1,024',
      'src/protocols/opinions/constants.ts MAX_OPINIONS',
      [[256, '256']],
    ],
    [
      'records.eviction',
      'Which model goes first when there is no room',
      'least recently used',
      'the one longest unused, and none that is pinned',
      'src/ports/block-store.ts',
      [['largest', 'the largest']],
    ],
  ]),
]

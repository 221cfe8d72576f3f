import { MEBIBYTE, rows, type CodeDefault } from './code-default.ts'

const SETTINGS = 'src/peer/settings.ts'
const JOIN = 'src/ui/join-memory.ts'
const NODE_PEER = 'src/entry/peer.ts'
const MESH = 'src/peer/mesh-plan.ts'
const PRESENCE = 'src/protocols/presence/constants.ts'
const RELAY = 'src/adapters/libp2p/relay.ts'
const ENGINE = 'src/adapters/onnx/worker-engine.ts'

/** What a device gives, how tabs link, and what no tab goes beyond. */
export const DEVICE_DEFAULTS: readonly CodeDefault[] = [
  ...rows('What this device gives', [
    [
      'device.watching',
      'Only looking on',
      'no',
      'no: it takes part',
      `${SETTINGS} DEFAULT_SETTINGS.watching`,
      [['yes', 'yes: it runs no job']],
    ],
    ['device.paused', 'Paused', 'no', 'no', `${SETTINGS} DEFAULT_SETTINGS.paused`, [['yes', 'yes']]],
    ['device.engine', 'Computes with', 'cpu', 'the CPU', `${SETTINGS} DEFAULT_SETTINGS.engine`, [['gpu', 'the GPU']]],
    [
      'device.duty',
      'Computing for others, at most',
      0.25,
      '25 % of the time',
      `${SETTINGS} DEFAULT_SETTINGS.duty`,
      [
        [0.1, '10 %'],
        [0.5, '50 %'],
        [1, '100 %'],
      ],
    ],
    [
      'device.cacheBytes',
      'Models kept, at most, where nobody was asked',
      512 * MEBIBYTE,
      '512 MiB',
      `${SETTINGS} DEFAULT_SETTINGS.cacheBytes`,
      [
        [64 * MEBIBYTE, '64 MiB'],
        [1_024 * MEBIBYTE, '1 GiB'],
      ],
    ],
    [
      'device.needsCourt',
      'Whom it computes for',
      'no',
      'whoever asks',
      `${SETTINGS} DEFAULT_SETTINGS.needsCourt`,
      [['yes', 'those with whom it shares a court']],
    ],
    [
      'device.uploadBytesPerSecond',
      'Models sent to others, at most',
      0,
      'no limit',
      `${SETTINGS} DEFAULT_SETTINGS.uploadBytesPerSecond`,
      [
        [4 * MEBIBYTE, '4 MiB/s'],
        [MEBIBYTE, '1 MiB/s'],
      ],
    ],
    [
      'device.hidden',
      'A phone whose screen shows something else',
      'accepts nothing',
      'takes no job',
      'src/entry/join.ts',
      [['accepts', 'takes jobs as before']],
    ],
    [
      'join.duty',
      'Computing for others, as Join proposes it',
      0.25,
      '25 % of the time',
      `${JOIN} FRESH.duty`,
      [
        [0.1, '10 %'],
        [0.5, '50 %'],
      ],
    ],
    [
      'join.cache',
      'Models kept, as Join proposes it',
      256 * MEBIBYTE,
      '256 MiB',
      `${JOIN} FRESH.cacheBytes`,
      [
        [64 * MEBIBYTE, '64 MiB'],
        [1_024 * MEBIBYTE, '1 GiB'],
      ],
    ],
    ['join.engine', 'Engine, as Join proposes it', 'cpu', 'the CPU', `${JOIN} FRESH.engine`, [['gpu', 'the GPU']]],
    [
      'join.duties',
      'Shares that Join lets one choose from',
      '0.1, 0.25, 0.5',
      '10, 25 or 50 %',
      `${JOIN} DUTIES`,
      [['0.1, 0.25, 0.5, 1', 'the whole of it too']],
    ],
    [
      'node.room',
      'Room of a peer without a browser',
      'commons',
      'the room “commons”',
      `${NODE_PEER} COMMAND.options.room.default`,
      [['--room', 'any room']],
    ],
    [
      'node.app',
      'Where such a peer looks for relays',
      'http://localhost:8080',
      'the app on the same machine',
      `${NODE_PEER} COMMAND.options.app.default`,
      [['--app', 'any address']],
    ],
    [
      'node.duty',
      'Computing for others of such a peer',
      25,
      '25 % of the time',
      `${NODE_PEER} COMMAND.options.duty.default`,
      [
        [10, '10 %'],
        [100, '100 %'],
      ],
    ],
    [
      'node.cache',
      'Models kept by such a peer',
      4_096,
      '4,096 MB',
      `${NODE_PEER} COMMAND.options.cache.default`,
      [[1024, '1,024 MB']],
    ],
  ]),
  ...rows('The network', [
    [
      'mesh.small',
      'Rooms in which everybody links with everybody',
      8,
      'up to 8 others',
      `${MESH} SMALL_ROOM`,
      [[16, 'up to 16 others']],
    ],
    ['mesh.degree', 'Links that a tab seeks in larger rooms', 4, 'four', `${MESH} MIN_DEGREE`, [[8, 'eight']]],
    [
      'mesh.most',
      'Links from which on it leaves newcomers to others',
      8,
      'eight',
      `${MESH} MAX_DEGREE`,
      [[12, 'twelve']],
    ],
    ['mesh.pruned', 'Links above which some are given up', 12, 'twelve', `${MESH} PRUNE_ABOVE`, [[24, 'twenty-four']]],
    [
      'presence.every',
      'How often a tab says that it is here',
      10_000,
      'every 10 s',
      `${PRESENCE} ANNOUNCE_EVERY`,
      [
        [5000, 'every 5 s'],
        [30000, 'every 30 s'],
      ],
    ],
    [
      'presence.expiry',
      'When a silent tab counts as gone',
      30_000,
      'after 30 s',
      `${PRESENCE} EXPIRY`,
      [
        [15000, 'after 15 s'],
        [60000, 'after 1 minute'],
      ],
    ],
    ['relay.tabs', 'Tabs that one relay serves', 2_000, '2,000', `${RELAY} MAX_TABS`, [[500, '500']]],
    [
      'relay.time',
      'How long a relay carries one connection',
      2 * 3_600_000,
      '2 hours',
      `${RELAY} RELAYED_MS`,
      [[600000, '10 minutes']],
    ],
  ]),
  ...rows('Limits', [
    [
      'limit.replication',
      'Tabs for one ask, at most',
      11,
      'eleven',
      'src/domain/messages.ts MAX_REPLICATION',
      [
        [5, 'five'],
        [21, 'twenty-one'],
      ],
    ],
    [
      'limit.accepts',
      'Tabs of which the lot draws, at most',
      64,
      'the first 64 to answer',
      'src/domain/messages.ts MAX_ACCEPTS',
      [[256, 'the first 256']],
    ],
    [
      'limit.model',
      'Largest model that a tab runs',
      256 * MEBIBYTE,
      '256 MiB',
      'src/domain/manifest.ts MAX_MODEL',
      [
        [64 * MEBIBYTE, '64 MiB'],
        [1_024 * MEBIBYTE, '1 GiB'],
      ],
    ],
    [
      'limit.memory',
      'Memory of one run',
      1_024 * MEBIBYTE,
      '1 GiB',
      `${ENGINE} MEMORY_LIMIT`,
      [
        [512 * MEBIBYTE, '512 MiB'],
        [2_048 * MEBIBYTE, '2 GiB'],
      ],
    ],
    [
      'limit.relays',
      'Relays used at a time',
      8,
      'eight',
      'src/domain/relay-list.ts MAX_RELAYS',
      [
        [2, 'two'],
        [16, 'sixteen'],
      ],
    ],
    [
      'limit.jury',
      'Seats of the largest jury',
      33,
      '33',
      'src/domain/ledger/entry.ts MAX_JURY',
      [
        [11, 'eleven'],
        [101, '101'],
      ],
    ],
  ]),
]

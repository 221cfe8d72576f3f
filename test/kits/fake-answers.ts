import type { Answer, ClaimView, Rerun } from '../../src/peer/view.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import { FP32_RULE } from '../../src/domain/agreement.ts'
import type { EngineKind } from '../../src/domain/states.ts'
import { disputeOf } from './fake-disputes.ts'
import { floats, idOf } from './fake-models.ts'

/** Logits of a confident seven, and of an unsure nine. */
const SEVEN = floats([1, 10], [-4.1, -1.9, 0.2, 1.4, -3, -2.2, -8, 9.6, -1.1, 2.9])
const NINE = floats([1, 10], [-2.5, -3.4, -1.2, 1.1, 2.2, -0.9, -6, 3.1, 0.4, 5.4])

export const claimOf = (name: string, change: Partial<ClaimView> = {}): ClaimView => ({
  peer: idOf(name),
  nickname: nicknameOf(idOf(name)),
  engine: 'cpu',
  build: change.engine === 'gpu' ? 'onnxruntime-web 1.30.0 webgpu, apple metal-3' : 'onnxruntime-web 1.30.0 wasm',
  outputHash: '9f3a61c0d27be845aa19c4f0327d66b1e0c58f9a7741d2c3b86e5509ad31fc72',
  computeMs: 3.2,
  group: 0,
  outputs: { logits: SEVEN },
  ...change,
})

const decided: Partial<Answer> = {
  phase: 'done',
  drawnFrom: 14,
  output: { logits: SEVEN },
  receipt: new Uint8Array(8),
  totalMs: 31,
  slowestExecutorMs: 4.2,
}
const three = [claimOf('oak'), claimOf('ash', { computeMs: 4.2 }), claimOf('elm', { computeMs: 2.9 })]

const differing = [
  claimOf('oak'),
  claimOf('ash'),
  claimOf('elm', { group: 1, outputHash: 'c81e42aa'.repeat(8), outputs: { logits: NINE }, computeMs: 6 }),
] as const

/** One answer for each state that is reached without a jury. */
export const answers = {
  oneTab: { ...decided, state: 'one-tab', drawnFrom: 1, claims: [claimOf('oak')] },
  agreed: { ...decided, state: 'agreed', claims: three },
  fewer: { ...decided, state: 'agreed', drawnFrom: 2, claims: three.slice(0, 2) },
  rounding: {
    ...decided,
    state: 'agreed-rounding',
    claims: [
      claimOf('oak'),
      claimOf('ash'),
      claimOf('elm', { engine: 'gpu', outputHash: '41d0b7e2'.repeat(8), computeMs: 1.4 }),
    ],
    rounding: { seen: { rms: 0.0000041, scaled: 0.00002 }, limit: FP32_RULE },
  },
  gpusOnly: {
    ...decided,
    state: 'agreed-gpus-only',
    claims: ['oak', 'ash', 'elm'].map((name) => claimOf(name, { engine: 'gpu' as EngineKind })),
    rounding: { seen: { rms: 0, scaled: 0 }, limit: FP32_RULE },
  },
  contested: {
    ...decided,
    state: 'contested',
    claims: differing,
  },
  disputed: {
    ...decided,
    state: 'contested',
    claims: differing,
    job: disputeOf('rerunning').job,
    dispute: disputeOf('rerunning'),
  },
  settled: {
    ...decided,
    state: 'settled',
    claims: differing,
    stands: ['oak', 'ash'].map(idOf),
    losers: disputeOf('settled').losers,
    job: disputeOf('settled').job,
    dispute: disputeOf('settled'),
  },
  proven: {
    ...decided,
    state: 'proven',
    claims: differing,
    stands: ['oak', 'ash'].map(idOf),
    losers: [
      ...disputeOf('proven').losers,
      { peer: idOf('yew'), nickname: nicknameOf(idOf('yew')), for: 'false-reveal' },
    ],
    job: disputeOf('proven').job,
    dispute: disputeOf('proven'),
  },
  unresolved: {
    ...decided,
    state: 'unresolved',
    claims: differing,
    job: disputeOf('unresolved').job,
    dispute: disputeOf('unresolved'),
  },
  overturned: {
    ...decided,
    state: 'proven',
    claims: differing,
    stands: [idOf('elm')],
    job: disputeOf('overturned').job,
    dispute: disputeOf('overturned'),
  },
  contestable: {
    ...decided,
    state: 'agreed',
    claims: three,
    job: 'ab'.repeat(32),
    contestUntil: new Date('2126-11-20T12:04:00'),
  },
  adaptive: {
    ...decided,
    state: 'one-tab',
    claims: [claimOf('oak')],
    replication: 1,
    check: { mode: 'adaptive' },
    checked: { streak: 34, probability: 0.056, by: 'none' },
  },
  audited: {
    ...decided,
    state: 'one-tab',
    claims: [claimOf('oak')],
    replication: 1,
    check: { mode: 'adaptive' },
    checked: { streak: 34, probability: 0.056, by: 'audit', agrees: true },
  },
  checking: {
    phase: 'computing',
    drawnFrom: 14,
    executors: [
      { peer: idOf('oak'), nickname: nicknameOf(idOf('oak')), engine: 'cpu', doing: 'committed' },
      { peer: idOf('ash'), nickname: nicknameOf(idOf('ash')), engine: 'cpu', doing: 'computing' },
      { peer: idOf('elm'), nickname: nicknameOf(idOf('elm')), engine: 'gpu', doing: 'fetching', fraction: 0.42 },
    ],
  },
  fetching: {
    phase: 'computing',
    drawnFrom: 14,
    executors: (['oak', 'ash', 'elm'] as const).map((name, i) => ({
      peer: idOf(name),
      nickname: nicknameOf(idOf(name)),
      engine: 'cpu' as const,
      doing: 'fetching' as const,
      fraction: 0.2 + 0.21 * i,
    })),
  },
  again: {
    ...decided,
    state: 'agreed',
    attempt: 2,
    claims: three,
    again: [{ attempt: 1, reason: 'no-reveal', who: [idOf('yew')] }],
  },
  lost: { state: 'lost', phase: 'done', attempt: 3, fault: { code: 'NOBODY_LEFT', attempts: 3 } },
  declined: {
    state: 'lost',
    phase: 'done',
    fault: { code: 'DECLINED', why: 'This model cannot be run here: it has no kernel for GroupNorm.' },
  },
} as const satisfies Record<string, Partial<Answer>>

export const rerunOf = (checked: Rerun['checked'], claims: readonly ClaimView[]): Rerun => ({
  checked,
  outputs: { logits: SEVEN },
  outputHash: claimOf('oak').outputHash,
  computeMs: 5.1,
  claims: claims.map(({ peer, engine, group }) => ({
    peer,
    engine,
    stands: group === 0,
    deviation: group === 0 ? { rms: 0, scaled: 0 } : { rms: 0.31, scaled: 0.44 },
  })),
})

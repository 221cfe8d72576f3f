import { nicknameOf } from '../../src/domain/nickname.ts'
import type {
  AssertionView,
  Diagnosis,
  DisputedClaim,
  DisputeView,
  EvidenceReport,
  LeafView,
} from '../../src/peer/dispute-view.ts'
import { digits, floats, idOf, photographs } from './fake-models.ts'

/** Disputes as they may be seen, in every phase, with nobody behind them. */

const named = (name: string) => ({ peer: idOf(name), nickname: nicknameOf(idOf(name)) })
const hashOf = (digit: string): string => `${digit}f3a61c0d27be845`.repeat(4)

/** The operators of squeezenet 1.1, in the order in which they run. */
const fire = ['Conv', 'Relu', 'Conv', 'Relu', 'Conv', 'Relu', 'Concat']
const types = [
  ...['Conv', 'Relu', 'MaxPool', ...fire, ...fire, 'MaxPool', ...fire, ...fire, 'MaxPool'],
  ...[...fire, ...fire, ...fire, ...fire, 'Dropout', 'Conv', 'Relu', 'GlobalAveragePool', 'Reshape'],
]
const SQUEEZENET = types.map((type, index) => ({ index, type }))

const claim = (name: string, change: Partial<DisputedClaim> = {}): DisputedClaim => ({
  ...named(name),
  engine: 'cpu',
  outputHash: hashOf('9'),
  ...change,
})
const account = (name: string, change: Partial<AssertionView> = {}): AssertionView => ({
  ...named(name),
  root: hashOf('4'),
  output: hashOf('9'),
  standing: 'open',
  ...change,
})

/** 64 channels of 55 × 55 that wave, and the same with one channel raised by a hundredth. */
const right = Array.from({ length: 64 * 9 }, (_, i) => Math.sin(i / 3) * 2.5 + Math.cos(i / 17))
const raised = right.map((value, i) => (i >= 27 * 9 && i < 31 * 9 ? value * (1 + 0.01 * Math.abs(Math.sin(i))) : value))

export const leaf = {
  operator: { index: 18, type: 'Conv', name: 'fire4/squeeze1x1' },
  inputs: [
    { name: 'fire3/concat_1', dtype: 'float32', dims: [1, 128, 3, 3], hash: hashOf('7') },
    { name: 'fire4/squeeze1x1_w_0', dtype: 'float32', dims: [64, 128, 1, 1], hash: hashOf('e') },
    { name: 'fire4/squeeze1x1_b_0', dtype: 'float32', dims: [64], hash: hashOf('a') },
  ],
  value: 'fire4/squeeze1x1_1',
  sides: [
    { peers: [named('oak'), named('ash')], hash: hashOf('5'), output: floats([1, 64, 3, 3], right), stands: true },
    { peers: [named('elm')], hash: hashOf('b'), output: floats([1, 64, 3, 3], raised), stands: false },
  ],
  rerun: { hash: hashOf('5'), output: floats([1, 64, 3, 3], right), computeMs: 2.14 },
} as const satisfies LeafView

const opened: DisputeView = {
  job: '1a'.repeat(32),
  model: photographs.id,
  modelName: 'squeezenet',
  requester: idOf('fir'),
  openedBy: idOf('fir'),
  reason: 'outside-rule',
  note: '',
  openedAt: new Date('2026-11-20T11:58:04'),
  mine: false,
  phase: 'asserting',
  step: { at: 1, of: 2 },
  claims: [claim('oak'), claim('ash'), claim('elm', { outputHash: hashOf('c') })],
  assertions: [],
  losers: [],
  overturned: false,
  refused: [],
  hasEvidence: false,
}

const judged = [
  claim('oak', { stands: true, deviation: { rms: 0, scaled: 0 } }),
  claim('ash', { stands: true, engine: 'gpu', deviation: { rms: 0.0000011, scaled: 0.0000021 } }),
  claim('elm', { stands: false, outputHash: hashOf('c'), deviation: { rms: 0.0043, scaled: 0.0071 } }),
]

const settled: DisputeView = {
  ...opened,
  phase: 'settled',
  step: { at: 2, of: 2 },
  claims: judged,
  assertions: ['oak', 'ash', 'elm'].map((name) => account(name, { standing: 'stands' })),
  losers: [{ ...named('elm'), for: 'claim' }],
  output: { scores: floats([1, 4], [8.1, 2.2, -0.4, 1.9]) },
  tookMs: 812,
  hasEvidence: true,
}

const proven: DisputeView = {
  ...settled,
  phase: 'proven',
  step: { at: 4, of: 4 },
  assertions: [
    account('oak', { standing: 'stands' }),
    account('ash', { standing: 'stands' }),
    account('elm', { standing: 'refuted', root: hashOf('8'), output: hashOf('c') }),
  ],
  strip: { operators: SQUEEZENET, agreed: 18, differs: 18 },
  leaf,
  losers: [
    { ...named('elm'), for: 'assertion' },
    { ...named('elm'), for: 'claim' },
  ],
  tookMs: 2_140,
}

/** A model of so many operators, as long names of them as there are. */
const chain = (length: number) =>
  Array.from({ length }, (_, index) => ({
    index,
    type: ['Conv', 'BatchNormalization', 'Relu', 'InstanceNormalization', 'Add'][index % 5] ?? 'Conv',
  }))

const note = `<b>Look</b> at the sheep: ${'they are not walls, '.repeat(30)}`

export const disputes = {
  asserting: opened,
  comparing: {
    ...opened,
    phase: 'comparing',
    step: { at: 2, of: 4 },
    assertions: [account('oak'), account('elm', { root: hashOf('8'), output: hashOf('c') })],
    strip: { operators: SQUEEZENET, agreed: 0 },
  },
  rerunning: {
    ...opened,
    phase: 'rerunning',
    step: { at: 3, of: 4 },
    assertions: [account('oak'), account('elm', { root: hashOf('8'), output: hashOf('c') })],
    strip: { operators: SQUEEZENET, agreed: 18, differs: 18 },
  },
  settled,
  proven,
  long: {
    ...proven,
    strip: { operators: chain(500), agreed: 311, differs: 311 },
    leaf: { ...leaf, operator: { index: 311, type: 'BatchNormalization', name: 'x'.repeat(400) } },
  },
  vast: { ...proven, strip: { operators: chain(20_000), agreed: 12_345, differs: 12_345 } },
  withheld: {
    ...proven,
    leaf: { ...leaf, sides: leaf.sides.map(({ output, ...side }) => (side.stands ? { ...side, output } : side)) },
  },
  /** The same values, another output: no operator decides. */
  output: {
    ...settled,
    phase: 'proven',
    step: { at: 4, of: 4 },
    assertions: proven.assertions,
    strip: { operators: SQUEEZENET, agreed: SQUEEZENET.length },
    losers: [{ ...named('elm'), for: 'assertion' }],
  },
  unresolved: {
    ...opened,
    reason: 'objection',
    note,
    openedBy: idOf('elm'),
    phase: 'unresolved',
    step: { at: 2, of: 2 },
    unresolved: 'canon-unavailable',
    tookMs: 30_000,
    mine: true,
    hasEvidence: true,
  },
  overturned: { ...proven, overturned: true },
  flooded: {
    ...settled,
    reason: 'audit',
    losers: [
      { ...named('elm'), for: 'contradiction' },
      { ...named('yew'), for: 'withheld' },
    ],
    assertions: [
      account('oak', { standing: 'stands' }),
      account('elm', { standing: 'contradicted' }),
      account('elm', { standing: 'contradicted', root: hashOf('8') }),
      account('yew', { standing: 'withheld', root: hashOf('6') }),
    ],
    refused: [
      { ...named('elm'), fault: { code: 'RATE_LIMITED', what: 'assertions' }, times: 997 },
      { ...named('yew'), fault: { code: 'BAD_SIGNATURE', what: 'assertion' }, times: 1 },
    ],
  },
  heard: {
    ...opened,
    heard: true,
    phase: 'settled',
    step: { at: 2, of: 2 },
    claims: judged,
    losers: [{ ...named('elm'), for: 'claim' }],
    modelName: '',
  },
} as const satisfies Record<string, DisputeView>

/** The same under a job of its own. */
export const disputeOf = (name: keyof typeof disputes, digit = '1a'): DisputeView => ({
  ...disputes[name],
  job: digit.repeat(32),
})

export const evidenceHolds: EvidenceReport = {
  holds: true,
  checks: [
    { name: 'receipt', holds: true, detail: '14 signatures of 4 keys hold; it says contested' },
    { name: 'messages', holds: true, detail: 'one contest, 3 assertions and one settlement, all signed' },
    { name: 'traces', holds: true, detail: 'both lists hash to their roots; value 18 is the first that differs' },
    { name: 'operator', holds: true, detail: 'Conv 18 run again in 2.1 ms: what the first side said' },
    { name: 'claims', holds: undefined, detail: 'the output of one claim is not in the file; its hash remains' },
    { name: 'verdict', holds: true, detail: 'the same as the settlement says' },
  ],
  verdict: {
    state: 'proven',
    operator: { index: 18, type: 'Conv' },
    stands: [idOf('oak'), idOf('ash')],
    losers: [{ peer: idOf('elm'), for: 'assertion' }],
  },
  leaf,
}

export const evidenceAltered: EvidenceReport = {
  holds: false,
  checks: [
    { name: 'receipt', holds: true, detail: '14 signatures of 4 keys hold; it says contested' },
    {
      name: 'inputs',
      holds: false,
      detail: 'fire3/concat_1 is not what both sides signed: one byte or more was altered',
    },
    { name: 'verdict', holds: undefined, detail: 'it takes the inputs' },
  ],
}

export const diagnosis: Diagnosis = {
  model: digits.id,
  modelName: 'conv1d_bug',
  adapter: 'nvidia ampere, 0x2684',
  build: 'onnxruntime-web 1.30.0 webgpu',
  canon: 'onnxruntime-web 1.30.0',
  faults: [
    {
      operator: { index: 0, type: 'Conv', name: 'conv' },
      inputs: [
        { name: 'x', dtype: 'float32', dims: [1, 129, 3] },
        { name: 'w', dtype: 'float32', dims: [128, 129, 3] },
      ],
      output: { name: 'y', dims: [1, 128, 1] },
      deviation: { rms: 1.23, scaled: 1.7 },
      limit: { rms: 2e-5, scaled: 1e-4 },
    },
    {
      operator: { index: 4, type: 'Conv', name: 'conv_1' },
      inputs: [{ name: 'h', dtype: 'float32', dims: [1, 33, 12] }],
      output: { name: 'z', dims: [1, 64, 10] },
      deviation: { rms: 0.31, scaled: 0.44 },
      limit: { rms: 2e-5, scaled: 1e-4 },
    },
  ],
  compared: 9,
  leftToCpu: 2,
  reproduction: { model: new Uint8Array(8), inputs: {} },
  report: '# onnxruntime-web 1.30.0, WebGPU: Conv differs from the CPU\n',
}

export const cleanDiagnosis: Diagnosis = {
  ...diagnosis,
  modelName: 'squeezenet',
  faults: [],
  compared: 66,
  leftToCpu: 0,
}

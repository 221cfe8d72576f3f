import { LitElement } from 'lit'
import { fault } from '../../src/domain/fault.ts'
import { nicknameOf } from '../../src/domain/nickname.ts'
import type { Answer, ImportView, ModelSummary } from '../../src/peer/view.ts'
import '../../src/ui/models/screens.ts'
import '../../src/ui/moot-app.ts'
import '../../src/ui/moot-room.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { rememberCharter } from '../../src/ui/join-memory.ts'
import type { BroughtKey } from '../../src/ui/joining.ts'
import { linkTo, naming } from '../../src/ui/route.ts'
import { pictureTensor } from '../../src/ui/picture/picture-tensor.ts'
import { SAMPLE_DIGITS } from '../../src/ui/picture/sample-digits.ts'
import { renderStrokes } from '../../src/ui/picture/strokes.ts'
import { answers, rerunOf } from './fake-answers.ts'
import { caseFile, caseOf, cases } from './fake-cases.ts'
import {
  defaults,
  differencesTo,
  first,
  HARBOUR,
  harbour,
  previewOf,
  proposal,
  STRANGE,
  strange,
  trust,
} from './fake-charters.ts'
import { cleanDiagnosis, diagnosis, disputeOf, disputes, evidenceAltered, evidenceHolds } from './fake-disputes.ts'
import { digits, fileOf, idOf, modelOf, moods, opinionOf, photographs, sums, TINY_TOKENIZER } from './fake-models.ts'
import { FakePeer, peerOf } from './fake-peer.ts'
import { agreedReceipt, checkedReceipt } from './fake-receipt.ts'
import {
  capturedReport,
  capturedUncertainty,
  emptyReport,
  report,
  STRANGE_ENTRY,
  strangeReport,
  uncertainty,
  youngReport,
} from './fake-report.ts'
import type { Report, Uncertainty } from '../../src/peer/governance-view.ts'
import { control, element, everyElement, pageText, settled, until } from './page.ts'

/** Every screen as a person may find it, for screenshots and for the checks that go over all of them. */
interface Scene {
  /** What follows `#/r/commons/`. */
  readonly screen: string
  /** Nobody has pressed Join yet. */
  readonly before?: true
  /** The charter that the link names. */
  readonly charter?: string
  readonly answers?: readonly Partial<Answer>[]
  readonly prepare?: (peer: FakePeer) => void
  /** What the person does then, until it shows. */
  readonly action?: (peer: FakePeer) => void
  readonly shows?: string
}

const CROWD = [
  peerOf('oak', { models: [digits.id], speedMs: 3.1 }),
  peerOf('ash', { speedMs: 4.2, load: 1 }),
  peerOf('elm', { engine: 'gpu', adapter: 'apple metal-3', build: 'onnxruntime-web 1.30.0 webgpu', speedMs: 1.3 }),
  peerOf('yew', { path: 'relay', speedMs: 12 }),
  peerOf('fir', { engine: 'gpu', adapter: 'nvidia ampere', build: 'onnxruntime-web 1.30.0 webgpu' }),
  peerOf('bay', { watching: true, engine: 'none' }),
]

const RECEIPTS = [
  {
    job: '0c'.repeat(32),
    requester: idOf('oak'),
    model: digits.id,
    state: 'agreed',
    deciders: ['ash', 'elm', 'me'].map(idOf),
    drawnFrom: 5,
    mayContest: true,
  },
  {
    job: '1c'.repeat(32),
    requester: idOf('fir'),
    model: digits.id,
    state: 'contested',
    deciders: ['oak', 'yew', 'ash'].map(idOf),
    drawnFrom: 4,
    mayContest: false,
  },
  {
    job: '2c'.repeat(32),
    requester: idOf('elm'),
    model: digits.id,
    state: 'one-tab',
    deciders: [idOf('oak')],
    drawnFrom: 1,
    mayContest: false,
  },
] as const

const drawHolds = { name: 'draw', holds: true, detail: '2 of the 3 asked for drawn from 2 by the lot' } as const

const crowded = (peer: FakePeer): void =>
  peer.change({ peers: CROWD, receipts: RECEIPTS, models: [digits, photographs, sums] })

const flagged: ModelSummary = {
  ...photographs,
  cached: false,
  opinions: [
    opinionOf('yew', 'flags', 'The labels are those of another model: sheep come out as walls.'),
    opinionOf('ash', 'endorses', 'Checked against 200 pictures of mine.'),
    opinionOf('fir', 'endorses'),
  ],
}

const olderPhotographs = modelOf(
  { ...photographs.manifest, version: '1.0', notes: 'The first.' },
  { cached: false, holders: [idOf('oak')] },
)

const namesake = modelOf(
  { ...photographs.manifest, publisher: idOf('bay'), version: '1.1' },
  {
    cached: false,
    holders: [idOf('bay')],
    transfer: { bytes: 2_031_616, total: 4_956_208, secondsLeft: 12, from: [idOf('bay')] },
  },
)

const large = modelOf(
  {
    ...photographs.manifest,
    publisher: idOf('fir'),
    name: 'vast-transformer-with-a-name-as-long-as-they-come',
    version: '0.3.0-rc.1',
    task: 'feature-extraction',
    files: [fileOf('model.onnx', 700_000), fileOf('model.onnx_data', 523_000_000, 'weights')],
    arithmetic: 'qdq',
  },
  { cached: false, holders: [idOf('fir'), idOf('elm')] },
)

const library = (peer: FakePeer): void => {
  crowded(peer)
  peer.change({
    models: [
      digits,
      { ...flagged, pinned: false },
      olderPhotographs,
      namesake,
      moods,
      { ...sums, pinned: true },
      large,
    ],
  })
  peer.changeDevice({ cachedBytes: 41_000_000 })
}

const manyModels = Array.from({ length: 40 }, (_, i) =>
  modelOf(
    { ...sums.manifest, name: `model ${i + 1}`, publisher: idOf(`publisher${i % 7}`), version: `${i}.0` },
    { cached: i % 5 === 0, holders: ['oak', 'ash', 'elm'].slice(0, i % 4).map(idOf) },
  ),
)

const INSPECTION: NonNullable<ImportView['inspection']> = {
  opset: 17,
  inputs: photographs.manifest.inputs,
  outputs: photographs.manifest.outputs,
  undeclaredOutputs: [],
  operators: [
    { type: 'Conv', count: 26 },
    { type: 'Relu', count: 26 },
    { type: 'Concat', count: 8 },
    { type: 'MaxPool', count: 3 },
    { type: 'GlobalAveragePool', count: 1 },
  ],
  parameters: 1_235_496,
  memory: 24_000_000,
  arithmetic: 'fp32',
  weights: [],
  metadata: {},
}

const { image, labels } = photographs.manifest
export const READY: Partial<ImportView> = {
  phase: 'ready',
  inspection: INSPECTION,
  calibration: {
    outputs: photographs.manifest.outputs,
    canon: new Uint8Array(32),
    canonicalRun: 'plain',
    note: 'This device has no GPU that can be used, so how far GPUs round it is not known.',
  },
  proposal: {
    name: 'squeezenet',
    version: '1.0.0',
    licence: 'unknown',
    ...(image && { image }),
    ...(labels && { labels }),
  },
}

const { text } = moods.manifest
export const READY_TEXT: Partial<ImportView> = {
  ...READY,
  inspection: { ...INSPECTION, inputs: moods.manifest.inputs, outputs: moods.manifest.outputs },
  proposal: { name: 'moods', version: '2.0', licence: 'MIT', task: 'text-classification', ...(text && { text }) },
}

/** An import as far as a scene wants it. */
const importing = (change: Partial<ImportView>, shows: string) =>
  ({
    screen: 'models/add',
    prepare: library,
    action: (peer: FakePeer) => {
      dropFile('squeezenet.onnx')
      peer.models.imports[0]?.change(change)
    },
    shows,
  }) as const

/** A key from another device. */
export const BROUGHT: BroughtKey = {
  file: new Uint8Array(6),
  id: idOf('oak'),
  nickname: nicknameOf(idOf('oak')),
  own: 37,
  records: 412,
}

/** As much of a file of evidence as tells that it is one: dag-cbor of `{ moot: 'evidence' }`. */
export const EVIDENCE = new Uint8Array([0xa1, 0x64, ...ascii('moot'), 0x68, ...ascii('evidence')])

const disputed = (screen: string, name: keyof typeof disputes, given: readonly Partial<Answer>[]) =>
  ({
    screen,
    prepare: (peer: FakePeer) => {
      crowded(peer)
      peer.change({ disputes: [disputeOf(name)] })
    },
    answers: given,
    shows: 'Every answer is kept',
  }) as const

const dispute = (name: keyof typeof disputes, shows: string) =>
  ({ ...disputed(`disputes/${disputeOf(name).job}`, name, []), shows }) as const

/** A report as a room gives it, and what a worker adds to it: nothing where it is still on its way. */
const authority = (given: Report, shows: string, doubts: Uncertainty = uncertainty, screen = 'authority') =>
  ({
    screen,
    prepare: (peer: FakePeer) => {
      crowded(peer)
      const { ledger } = peer.governance.view
      const { root, coverage } = given.recipe
      peer.governance.reportIs = given
      peer.governance.uncertaintyIs = doubts
      peer.governance.entryIs = STRANGE_ENTRY
      peer.governance.change({ ledger: { ...ledger, root, coverage } })
    },
    shows,
  }) as const

/** A room with a history: two charters beside the one in force, an amendment under way, people who vouch for each other. */
const governed = (peer: FakePeer): void => {
  crowded(peer)
  peer.governance.differencesAre = differencesTo(HARBOUR)
  peer.governance.previewIs = previewOf(HARBOUR)
  peer.governance.defaultsAre = defaults
  const input = pictureTensor(digits.manifest, renderStrokes(SAMPLE_DIGITS[1] ?? []))
  peer.governance.caseFileIs = { ...caseFile, input }
  peer.governance.change({
    charters: [first, harbour, strange],
    proposals: [proposal],
    invitations: [harbour.id],
    trust,
    ledger: {
      entries: 412,
      logs: 14,
      own: 37,
      root: '4e'.repeat(32),
      coverage: { held: 13, known: 14 },
      forks: [{ peer: idOf('bay'), seq: 12 }],
    },
  })
}

/** One case, as its screen shows it. */
const jury = (name: keyof typeof cases, shows: string) =>
  ({
    screen: `case/${caseOf(name).id}`,
    prepare: (peer: FakePeer) => {
      governed(peer)
      peer.governance.change({ cases: [caseOf(name)] })
    },
    shows,
  }) as const

export const SCENES = {
  'join': { screen: '', before: true },
  'ask': { screen: 'ask', prepare: crowded, answers: [answers.rounding, answers.contested, answers.agreed] },
  'join-declined': { screen: '', before: true, action: () => control('Not now').click(), shows: 'Nothing was started' },
  'join-verify': {
    screen: '',
    before: true,
    action: () => element('a.check').click(),
    shows: 'Drop a receipt or evidence',
  },
  'join-key': {
    screen: '',
    before: true,
    action: () => giveFile('input[type=file]', 'moot-key.moot'),
    shows: 'whose key is in the file',
  },
  'device-move': {
    screen: 'device',
    prepare: governed,
    action: () => control('Move this key to another device').click(),
    shows: 'Save the file and forget the key here',
  },
  'device-forget': {
    screen: 'device',
    prepare: governed,
    action: () => control('Forget this key').click(),
    shows: 'gone for good',
  },
  'device-still': {
    screen: 'device',
    prepare: (peer) => {
      governed(peer)
      peer.governance.forgetKey = () =>
        Promise.reject(fault({ code: 'STORAGE_UNAVAILABLE', why: 'it does not answer' }))
    },
    action: () => moveKey(),
    shows: 'Try again to forget it here',
  },
  'device-moved': { screen: 'device', prepare: governed, action: () => moveKey(), shows: 'no longer on this device' },
  'verify-agreed': {
    screen: 'verify',
    prepare: (peer) => (peer.checksTo = agreedReceipt(drawHolds)),
    action: () => dropFile('answer.moot'),
    shows: 'Nothing in it fails',
  },
  'ask-drawn': { screen: 'ask', prepare: crowded, action: () => control('Draw a 8').click(), shows: 'Undo' },
  'ask-picture': { screen: 'ask', prepare: crowded, action: () => control('Picture').click(), shows: 'Drop a picture' },
  'ask-numbers': {
    screen: 'ask',
    prepare: (peer) => peer.change({ models: [sums], peers: CROWD }),
    action: () => control('Fill in an example').click(),
    shows: 'This model wants',
  },
  'ask-alone': { screen: 'ask' },
  'answer-agreed': { screen: 'answer/1', prepare: crowded, answers: [answers.agreed] },
  'answer-rounding': { screen: 'answer/1', prepare: crowded, answers: [answers.rounding] },
  'answer-contested': { screen: 'answer/1', prepare: crowded, answers: [answers.contested] },
  'answer-rerun': {
    screen: 'answer/1',
    prepare: (peer) => {
      crowded(peer)
      peer.rerunsTo = rerunOf(checkedReceipt, answers.contested.claims)
    },
    answers: [answers.contested],
    action: () => control('Re-run it here').click(),
    shows: 'answers stand',
  },
  'answer-checking': { screen: 'answer/1', prepare: crowded, answers: [answers.checking] },
  'answer-again': { screen: 'answer/1', prepare: crowded, answers: [answers.again] },
  'answer-lost': { screen: 'answer/1', prepare: crowded, answers: [answers.lost] },
  'answer-declined': { screen: 'answer/1', prepare: crowded, answers: [answers.declined] },
  'answer-fewer': { screen: 'answer/1', prepare: crowded, answers: [answers.fewer] },
  'answer-one-tab': { screen: 'answer/1', answers: [answers.oneTab] },
  'peers': { screen: 'peers', prepare: crowded },
  'device': {
    screen: 'device',
    prepare: (peer) =>
      peer.changeDevice({
        used: 0.17,
        jobsRun: 41,
        computedMs: 6120,
        cachedBytes: 5_300_000,
        uploadedBytes: 81_000_000,
        storage: { quota: 12_400_000_000, used: 41_000_000, persistent: false },
        plantedFault: 'scale=1.01',
      }),
  },
  'verify': { screen: 'verify' },
  'verify-read': {
    screen: 'verify',
    prepare: (peer) => (peer.checksTo = checkedReceipt),
    action: () => dropFile('answer.moot'),
    shows: 'checks fail',
  },
  'models': { screen: 'models', prepare: library, shows: 'Add a model' },
  'models-empty': { screen: 'models', prepare: (peer) => peer.change({ models: [] }), shows: 'No model yet. Add one.' },
  'models-many': {
    screen: 'models',
    prepare: (peer) => peer.change({ models: manyModels, peers: CROWD }),
    shows: '40 models',
  },
  'models-full': {
    screen: 'models',
    prepare: (peer) => {
      library(peer)
      peer.change({ models: peer.view.models.map((model) => (model.cached ? { ...model, inMemory: true } : model)) })
      peer.changeDevice({ cachedBytes: 256 * 1024 ** 2 })
    },
    shows: 'storage is full',
  },
  'models-found': {
    screen: 'models',
    prepare: library,
    action: () => fill('#search', 'gloomy'),
    shows: 'Knows',
  },
  'models-failed': {
    screen: 'models',
    prepare: library,
    action: (peer) => peer.models.change(moods.id, { fault: { code: 'BLOCK_MISSING', digest: '9f3a61c0d27b' } }),
    shows: 'could not be fetched',
  },
  'model': { screen: `models/${photographs.id}`, prepare: library, shows: 'What it is' },
  'model-coming': { screen: `models/${namesake.id}`, prepare: library, shows: '12 s left' },
  'model-large': { screen: `models/${large.id}`, prepare: library, shows: 'Too large for a tab' },
  'model-flag': {
    screen: `models/${photographs.id}`,
    prepare: library,
    action: () => control('Flag').click(),
    shows: 'What is wrong with it',
  },
  'model-delete': {
    screen: `models/${sums.id}`,
    prepare: library,
    action: () => control('Delete from this device').click(),
    shows: 'gone from this room',
  },
  'model-unknown': { screen: 'models/bafyunknown', shows: 'No such model here' },
  'add': {
    screen: 'models/add',
    prepare: (peer) =>
      (peer.models.unfinished = [
        {
          key: 'hub',
          title: 'onnx-community/whisper-tiny',
          bytes: 18_000_000,
          origin: { kind: 'hub', repository: 'onnx-community/whisper-tiny' },
        },
        { key: 'files', title: 'candy.onnx', bytes: 3_200_000 },
      ]),
    shows: 'Left half-way',
  },
  'add-no-address': {
    screen: 'models/add',
    action: () => {
      fill('#address', 'ftp://example.org/model.onnx')
      queueMicrotask(() => control('Look').click())
    },
    shows: 'could not be read',
  },
  'add-looking': importing({}, 'Looking what is there'),
  'add-choosing': importing(
    {
      phase: 'choosing',
      choices: [
        { path: 'onnx/model.onnx', size: 152_000_000 },
        { path: 'onnx/model_fp16.onnx', size: 76_400_000 },
        { path: 'onnx/model_quantized.onnx', size: 41_000_000 },
        { path: 'onnx/model_of_a_name_that_goes_on_and_on_and_on_for_no_good_reason_at_all.onnx' },
      ],
    },
    'Which file?',
  ),
  'add-reading': importing(
    { phase: 'reading', transfer: { bytes: 63_000_000, total: 152_000_000, secondsLeft: 95 } },
    '2 min left',
  ),
  'add-checking': importing({ phase: 'checking', inspection: INSPECTION }, 'seeded inputs'),
  'add-ready': importing(READY, 'Publish'),
  'add-ready-text': importing(READY_TEXT, 'Tokens at most'),
  'add-refused': importing(
    { phase: 'failed', fault: { code: 'MODEL_REFUSED', why: 'its operator RandomNormal draws at random' } },
    'cannot be run here',
  ),
  'add-failed': importing(
    {
      phase: 'failed',
      fault: {
        code: 'SOURCE_FAILED',
        source: 'example.org',
        why: 'it does not let other pages read it (no CORS headers)',
        advice: 'Download the file and drop it here.',
      },
    },
    'Download the file',
  ),
  'add-done': importing({ phase: 'done', model: photographs }, 'Ask it'),
  'ask-text': {
    screen: 'ask',
    prepare: (peer) => peer.change({ models: [moods], peers: CROWD }),
    shows: 'Cut into tokens',
    action: () => fill('#words', 'What a fine day'),
  },
  'answer-text': {
    screen: 'ask',
    prepare: (peer) => {
      const file = (value: object) => new TextEncoder().encode(JSON.stringify(value))
      peer.models.files = { 'tokenizer.json': file(TINY_TOKENIZER), 'tokenizer_config.json': file({}) }
      peer.change({ models: [moods], peers: CROWD })
    },
    action: () => {
      fill('#words', 'What a fine day for a walk among the stones.\nThe sheep think so too.')
      control('Ask').click()
    },
    shows: 'The lot protects',
  },
  'ask-flagged': {
    screen: 'ask',
    prepare: (peer) => peer.change({ models: [flagged], peers: CROWD }),
    shows: 'Flagged by',
  },
  'ask-many': {
    screen: 'ask',
    prepare: (peer) => peer.change({ models: manyModels, peers: CROWD }),
    shows: 'Add a model',
  },
  'answer-fetching': {
    screen: 'answer/1',
    prepare: crowded,
    answers: [answers.fetching],
    shows: '3 tabs are fetching',
  },
  'answer-disputed': { ...disputed('answer/1', 'rerunning', [answers.disputed]), shows: 'Follow the dispute' },
  'answer-settled': disputed('answer/1', 'settled', [answers.settled]),
  'answer-proven': disputed('answer/1', 'proven', [answers.proven]),
  'answer-unresolved': disputed('answer/1', 'unresolved', [answers.unresolved]),
  'answer-overturned': disputed('answer/1', 'overturned', [answers.overturned]),
  'answer-adaptive': { screen: 'answer/1', prepare: crowded, answers: [answers.adaptive], shows: '34 times' },
  'answer-audited': { screen: 'answer/1', prepare: crowded, answers: [answers.audited], shows: 'in secret' },
  'answer-contest': {
    screen: 'answer/1',
    prepare: crowded,
    answers: [answers.contestable],
    action: () => control('Contest').click(),
    shows: 'Arithmetic decides',
  },
  'ask-one-tab': {
    screen: 'ask',
    prepare: crowded,
    action: () => control('One tab').click(),
    shows: 'nobody checks it',
  },
  'ask-adaptive': {
    screen: 'ask',
    prepare: crowded,
    action: () => control('Adaptive').click(),
    shows: 'now and then',
  },
  'disputes-none': { screen: 'disputes', prepare: crowded, shows: 'No disputes yet' },
  'disputes': {
    screen: 'disputes',
    prepare: (peer) => {
      crowded(peer)
      const names = Object.keys(disputes) as (keyof typeof disputes)[]
      peer.change({ disputes: names.map((name, i) => disputeOf(name, `${i.toString(16)}b`)) })
    },
    shows: 'Settled by',
  },
  'dispute-unknown': { screen: `disputes/${'0'.repeat(64)}`, prepare: crowded, shows: 'No such dispute here' },
  'dispute-asserting': dispute('asserting', 'Step 1 of 2'),
  'dispute-comparing': dispute('comparing', '66 operators, in the order'),
  'dispute-rerunning': dispute('rerunning', 'part at Conv 18'),
  'dispute-settled': dispute('settled', '2 of 3 answers stand'),
  'dispute-proven': dispute('proven', 'Run again here'),
  'dispute-long': dispute('long', 'of 500 operators'),
  'dispute-vast': dispute('vast', 'of 20000 operators'),
  'dispute-withheld': dispute('withheld', 'were not shown'),
  'dispute-output': dispute('output', 'and another output'),
  'dispute-unresolved': dispute('unresolved', 'no tab could run it'),
  'dispute-overturned': dispute('overturned', 'Overturned'),
  'dispute-flooded': dispute('flooded', '997 times'),
  'dispute-heard': dispute('heard', 'Known from others'),
  'dispute-replayed': {
    ...dispute('proven', 'with the same outcome'),
    action: (peer) => {
      peer.evidenceIs = new Uint8Array(8)
      peer.replaysTo = evidenceHolds
      control('Re-run here').click()
    },
  },
  'device-diagnosis': {
    screen: 'device',
    prepare: (peer) => {
      crowded(peer)
      peer.changeDevice({
        diagnoses: [diagnosis],
        gpu: { state: 'ready', adapter: diagnosis.adapter },
        settings: { ...peer.view.device.settings, engine: 'gpu' },
        engine: 'gpu',
        build: diagnosis.build,
      })
    },
    shows: 'Save report',
  },
  'device-checked': {
    screen: 'device',
    prepare: (peer) => {
      crowded(peer)
      peer.diagnosesTo = cleanDiagnosis
      peer.changeDevice({
        gpu: { state: 'ready', adapter: diagnosis.adapter },
        settings: { ...peer.view.device.settings, engine: 'gpu' },
        engine: 'gpu',
        build: diagnosis.build,
      })
    },
    action: () => control('Check this GPU').click(),
    shows: 'within the rule',
  },
  'verify-evidence': {
    screen: 'verify',
    prepare: (peer) => (peer.replaysTo = evidenceHolds),
    action: () => dropFile('evidence.moot', EVIDENCE),
    shows: 'with the same outcome',
  },
  'verify-altered': {
    screen: 'verify',
    prepare: (peer) => (peer.replaysTo = evidenceAltered),
    action: () => dropFile('evidence.moot', EVIDENCE),
    shows: 'This evidence does not hold',
  },
  'authority': authority(report, '3.1 to 5.4'),
  'authority-waiting': {
    ...authority(report, 'on its way'),
    prepare: (peer) => {
      authority(report, '').prepare(peer)
      peer.governance.uncertaintyIs = undefined
    },
  },
  'authority-empty': authority(emptyReport, 'What will appear here'),
  'authority-young': authority(youngReport, 'Too few decisions (12)'),
  'authority-captured': authority(capturedReport, 'Above the heavy line', capturedUncertainty),
  'authority-strange': authority(strangeReport, 'Held, not counted'),
  'authority-grown': {
    ...authority(report, 'Count again'),
    action: (peer) => peer.governance.change({ ledger: { ...peer.governance.view.ledger, root: '77'.repeat(32) } }),
  },
  'authority-table': {
    ...authority(report, '3.1 to 5.4'),
    action: () => openDetails(),
  },
  'measure': authority(report, 'How it can be gamed', uncertainty, 'authority/effective-deciders'),
  'measure-none': authority(report, 'No entries', uncertainty, 'authority/agenda'),
  'measure-entry': {
    ...authority(report, 'How it can be gamed', uncertainty, 'authority/capital-alignment'),
    action: () => control('10031003…1003').click(),
    shows: 'CONTEST',
  },
  'join-charter': { screen: '', before: true, charter: harbour.id, shows: 'Its text is not here yet' },
  'join-signed': {
    screen: '',
    before: true,
    charter: strange.id,
    prepare: () => rememberCharter({ ...strange, ...STRANGE }),
    shows: 'you signed on this site before',
  },
  'charter': { screen: 'charter', prepare: governed, shows: 'The rules' },
  'charter-first': { screen: 'charter', prepare: crowded, shows: 'The rules' },
  'charter-unknown': {
    screen: 'charter',
    prepare: (peer) => {
      governed(peer)
      peer.change({ charter: { ...peer.view.charter, id: 'bafyreib2', title: 'Elsewhere', version: 3 } })
    },
    shows: 'is not here yet',
  },
  'charter-diff': { screen: `charter/${harbour.id}`, prepare: governed, shows: 'Go by it' },
  'charter-strange': {
    screen: `charter/${strange.id}`,
    prepare: (peer) => {
      governed(peer)
      peer.governance.differencesAre = differencesTo(STRANGE)
      peer.governance.previewIs = previewOf(STRANGE)
    },
    shows: 'one vote can decide',
  },
  'charter-none': { screen: 'charter/bafyreib2', prepare: governed, shows: 'No such charter here' },
  'amend': { screen: 'charter/amend', prepare: governed, shows: 'See what it changes' },
  'amend-proposal': {
    screen: 'charter/amend',
    prepare: governed,
    action: () => {
      fill('#jury-threshold', '66.7')
      queueMicrotask(() => control('See what it changes').click())
    },
    shows: 'Propose it',
  },
  'amend-fork': {
    screen: 'charter/amend',
    prepare: governed,
    action: () => {
      control('Fork, for myself').click()
      fill('#title', 'Harbour charter')
      queueMicrotask(() => control('See what it changes').click())
    },
    shows: 'What you keep if you fork',
  },
  'amend-wrong': {
    screen: 'charter/amend',
    prepare: governed,
    action: () => fill('#jury-sizes', 'three or so'),
    shows: 'could not be read: seats',
  },
  'defaults': { screen: 'charter/defaults', prepare: governed, shows: 'defaults. You kept' },
  'defaults-open': {
    screen: 'charter/defaults',
    prepare: (peer) => {
      governed(peer)
      peer.governance.defaultsAre = defaults.slice(0, 12)
    },
    action: () => openDetails(),
    shows: 'I run another',
  },
  'cases': {
    screen: 'disputes',
    prepare: (peer) => {
      governed(peer)
      const names = Object.keys(cases) as (keyof typeof cases)[]
      peer.change({ disputes: [disputeOf('rerunning'), disputeOf('proven', '1b')] })
      peer.governance.change({ cases: names.map((name, i) => caseOf(name, `${i.toString(16)}c`.repeat(32))) })
    },
    shows: 'Settled by jury',
  },
  'case-opening': jury('opening', 'Step 1 of 4'),
  'case-summoned': jury('summoned', 'Serve on the jury'),
  'case-voting': jury('voting', 'Seal my vote'),
  'case-revealing': jury('revealing', 'the votes are shown'),
  'case-ruled': jury('ruled', 'Settled by jury, 4 to 1'),
  'case-appealable': jury('appealable', 'A party may appeal'),
  'case-refuted': jury('refuted', 're-running MatMul 17 says'),
  'case-unresolved': jury('unresolved', 'too few of the jury voted'),
  'case-strangers': jury('strangers', 'share no court'),
  'case-forfeited': jury('forfeited', 'You may not appeal'),
  'case-refused': jury('refused', 'Not before a jury'),
  'case-unknown': { screen: `case/${'0'.repeat(64)}`, prepare: governed, shows: 'No such case here' },
  'case-dissent': {
    ...jury('ruled', 'Sign the dissent'),
    action: () => control('I do not agree').click(),
  },
  'case-unreachable': {
    ...jury('voting', 'Ask for it again'),
    prepare: (peer) => {
      jury('voting', '').prepare(peer)
      peer.governance.caseFileIs = fault({ code: 'UNREACHABLE', peer: 'the parties', why: 'none of them is here' })
    },
  },
  'room-summoned': {
    screen: 'ask',
    prepare: (peer) => {
      governed(peer)
      peer.governance.change({ cases: [caseOf('summoned')] })
    },
    shows: 'You were drawn by lot for a jury',
  },
  'answer-contest-jury': {
    screen: 'answer/1',
    prepare: governed,
    answers: [answers.contestable],
    action: () => {
      control('Contest').click()
      void until(() => pageText().includes('What is your objection')).then(() =>
        control('It was computed right, and is a bad answer').click(),
      )
    },
    shows: 'A jury decides',
  },
  'answer-ruled': {
    screen: 'answer/1',
    prepare: governed,
    answers: [{ ...answers.agreed, state: 'ruled', case: caseOf('ruled') }],
    shows: 'See how it was ruled',
  },
  'answer-refuted': {
    screen: 'answer/1',
    prepare: governed,
    answers: [{ ...answers.agreed, state: 'ruled', case: caseOf('refuted') }],
    shows: 'Jury says',
  },
  'answer-jury': {
    screen: 'answer/1',
    prepare: governed,
    answers: [{ ...answers.agreed, state: 'contested', case: caseOf('voting') }],
    shows: 'Follow the case',
  },
  'answer-known': {
    screen: 'answer/1',
    prepare: governed,
    answers: [{ ...answers.agreed, known: { keys: 1, of: 3, unintroduced: 2 } }],
    shows: 'you knew 1 of these 3 keys before',
  },
  'peers-trust': { screen: 'peers', prepare: governed, shows: 'Introducer trees' },
  'device-forked': {
    screen: 'device',
    prepare: (peer) => {
      governed(peer)
      const { ledger } = peer.governance.view
      peer.governance.change({ ledger: { ...ledger, forks: [...ledger.forks, { peer: idOf('me'), seq: 3 }] } })
    },
    shows: 'This log forked, cause unknown',
  },
  'room-troubled': {
    screen: 'peers',
    prepare: (peer) => {
      peer.change({ relays: [{ address: '/dns4/example.org/tcp/443/tls/ws', connected: false }], peers: CROWD })
      peer.changeDevice({ settings: { ...peer.view.device.settings, paused: true } })
    },
  },
} as const satisfies Record<string, Scene>

export type SceneName = keyof typeof SCENES

/** Puts a scene in the page. The app is what a person would have; the peer is not. */
export async function mountScene(name: SceneName): Promise<{ app: MootApp; peer: FakePeer }> {
  const scene: Scene = SCENES[name]
  const peer = new FakePeer()
  scene.prepare?.(peer)
  location.hash = `#/r/commons${scene.screen && '/ask'}${naming(scene.charter)}`
  const app = document.createElement('moot-app')
  app.join = async () => peer
  app.readKey = async () => BROUGHT
  document.body.append(app)
  await settled(app)
  if (scene.before) {
    await act(scene, app, peer)
    return { app, peer }
  }
  control('Join').click()
  await until(() => app.renderRoot.querySelector('moot-room') !== null)
  const room = app.renderRoot.querySelector('moot-room')!
  await settled(room)
  for (const answer of scene.answers ?? []) askFor(peer, room.asks, answer)
  location.hash = `#/r/commons/${scene.screen}`
  await until(() => linkTo(room.route.room, room.route.screen) === `#/r/commons/${scene.screen}`)
  await until(() => room.renderRoot.querySelector('main > *') instanceof LitElement)
  await settled(room)
  await act(scene, room, peer)
  return { app, peer }
}

async function act({ action, shows = '' }: Scene, within: LitElement, peer: FakePeer): Promise<void> {
  action?.(peer)
  await until(() => pageText().includes(shows))
  await settled(within)
}

/** Opens whatever can be opened. */
function openDetails(): void {
  for (const each of everyElement()) if (each instanceof HTMLDetailsElement) each.open = true
}

/** Writes into a field, as a person would. */
function fill(selector: string, text: string): void {
  const field = element<HTMLInputElement>(selector)
  field.value = text
  field.dispatchEvent(new Event('input'))
}

/** Gives a file to a field, as a person would who chose it. */
export function giveFile(selector: string, name: string): void {
  const files = new DataTransfer()
  files.items.add(new File([new Uint8Array(8)], name))
  const field = element<HTMLInputElement>(selector)
  field.files = files.files
  field.dispatchEvent(new Event('change'))
}

function moveKey(): void {
  control('Move this key to another device').click()
  queueMicrotask(() => control('Save the file and forget the key here').click())
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function dropFile(name: string, bytes: Uint8Array<ArrayBuffer> = new Uint8Array(8)): void {
  const files = new DataTransfer()
  files.items.add(new File([bytes], name))
  element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
}

function askFor(peer: FakePeer, asks: { ask: FakePeer['ask'] }, answer: Partial<Answer>): void {
  const digit = answer.state === 'contested' ? 9 : 7
  const input = pictureTensor(digits.manifest, renderStrokes(SAMPLE_DIGITS[digit] ?? []))
  asks.ask({ model: digits.id, input })
  peer.asks.at(-1)?.change(answer)
}

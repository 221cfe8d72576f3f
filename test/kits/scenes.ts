import type { LitElement } from 'lit'
import type { Answer } from '../../src/peer/view.ts'
import '../../src/ui/moot-app.ts'
import '../../src/ui/moot-room.ts'
import type { MootApp } from '../../src/ui/moot-app.ts'
import { pictureTensor } from '../../src/ui/picture/picture-tensor.ts'
import { SAMPLE_DIGITS } from '../../src/ui/picture/sample-digits.ts'
import { renderStrokes } from '../../src/ui/picture/strokes.ts'
import { answers, rerunOf } from './fake-answers.ts'
import { digits, photographs, sums } from './fake-models.ts'
import { FakePeer, idOf, peerOf } from './fake-peer.ts'
import { agreedReceipt, checkedReceipt } from './fake-receipt.ts'
import { control, element, pageText, settled, until } from './page.ts'

/** Every screen as a person may find it, for screenshots and for the checks that go over all of them. */
interface Scene {
  /** What follows `#/r/commons/`. */
  readonly screen: string
  /** Nobody has pressed Join yet. */
  readonly before?: true
  readonly answers?: readonly Partial<Answer>[]
  readonly prepare?: (peer: FakePeer) => void
  /** What the person does then, until it shows. */
  readonly action?: () => void
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
    requester: idOf('oak'),
    model: digits.id,
    state: 'agreed',
    deciders: ['ash', 'elm', 'fir'].map(idOf),
    drawnFrom: 5,
  },
  {
    requester: idOf('fir'),
    model: digits.id,
    state: 'contested',
    deciders: ['oak', 'yew', 'ash'].map(idOf),
    drawnFrom: 4,
  },
  { requester: idOf('elm'), model: digits.id, state: 'one-tab', deciders: [idOf('oak')], drawnFrom: 1 },
] as const

const drawHolds = { name: 'draw', holds: true, detail: '2 of the 3 asked for drawn from 2 by the lot' } as const

const crowded = (peer: FakePeer): void =>
  peer.change({ peers: CROWD, receipts: RECEIPTS, models: [digits, photographs, sums] })

export const SCENES = {
  'join': { screen: '', before: true },
  'ask': { screen: 'ask', prepare: crowded, answers: [answers.rounding, answers.contested, answers.agreed] },
  'join-declined': { screen: '', before: true, action: () => control('Not now').click(), shows: 'Nothing was started' },
  'join-verify': {
    screen: '',
    before: true,
    action: () => element('a.check').click(),
    shows: 'Drop a receipt file here',
  },
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
  location.hash = `#/r/commons${scene.screen && '/ask'}`
  const app = document.createElement('moot-app')
  app.join = async () => peer
  document.body.append(app)
  await settled(app)
  if (scene.before) {
    await act(scene, app)
    return { app, peer }
  }
  control('Join').click()
  await until(() => app.renderRoot.querySelector('moot-room') !== null)
  const room = app.renderRoot.querySelector('moot-room')!
  await settled(room)
  for (const answer of scene.answers ?? []) askFor(peer, room.asks, answer)
  location.hash = `#/r/commons/${scene.screen}`
  await until(() => room.route.screen.name === scene.screen.split('/')[0])
  await settled(room)
  await act(scene, room)
  return { app, peer }
}

async function act({ action, shows = '' }: Scene, within: LitElement): Promise<void> {
  action?.()
  await until(() => pageText().includes(shows))
  await settled(within)
}

function dropFile(name: string): void {
  const files = new DataTransfer()
  files.items.add(new File([new Uint8Array(8)], name))
  element('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }))
}

function askFor(peer: FakePeer, asks: { ask: FakePeer['ask'] }, answer: Partial<Answer>): void {
  const digit = answer.state === 'contested' ? 9 : 7
  const input = pictureTensor(digits.manifest, renderStrokes(SAMPLE_DIGITS[digit] ?? []))
  asks.ask({ model: digits.id, input })
  peer.asks.at(-1)?.change(answer)
}

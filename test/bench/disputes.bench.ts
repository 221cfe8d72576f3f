import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { Opened } from '../../src/domain/dispute/opened-trace.ts'
import { NOT_CARRIED } from '../../src/domain/dispute/trace.ts'
import type { Dispute } from '../../src/domain/dispute/dispute-state.ts'
import { isKind, readMessage } from '../../src/domain/messages.ts'
import { readEvidence } from '../../src/domain/dispute/evidence.ts'
import { equalBytes, hash } from '../../src/domain/hash.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { Rehearsal } from '../../src/entry/rehearsal/rehearsal.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { computeValues, runCanon } from '../../src/peer/disputes/run-canon.ts'
import { packEvidence } from '../../src/peer/disputes/pack-evidence.ts'
import { rerunOperator } from '../../src/peer/disputes/rerun-operator.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Channel, Net } from '../../src/ports/net.ts'
import { importFile, openRoom, until } from '../kits/peers.ts'
import { person } from '../kits/keys.ts'
import type { Bench, Figure } from './figure.ts'

/** A real model, beside the project where it lies at all. */
const SQUEEZENET = join(import.meta.dirname, '../../../shared/models/squeezenet_fp32.onnx')

/** Bytes that both sides may exchange until it is known which operator decides. */
const MOST_BYTES = 10 * 1024

/** Bytes of evidence: of any operator, and of half of them. */
const [MOST_EVIDENCE, HALF_EVIDENCE] = [6 << 20, 0.5 * (1 << 20)]

/** How often a plain run the way from contest to verdict may take. */
const MOST_RUNS = 8

const DISPUTES = 11
const COLLUDED = 50

const signal = new AbortController().signal

export const bench: Bench = async () => [...(await bytesUpToTheLeaf()), ...(await verdicts()), ...(await colluders())]

/**
 * One who asked and one who answered, and nobody else: all that passes between them in a dispute that an operator decides, and
 * the evidence that each operator would have left.
 */
async function bytesUpToTheLeaf(): Promise<Figure[]> {
  const engine = await openNodeCpuEngine()
  const room = await openRoom({ engine })
  try {
    const traffic: { kind: string; bytes: number }[] = []
    const ann = await room.join('ann', {
      components: { net: counting(room.network.peer(person('ann').peer), traffic) },
    })
    const liar = await room.join('liar', {
      init: { plantedFault: parseFault('op=30,scale=1.01') },
      components: { disturb },
    })
    await room.meshed(ann, liar)
    const bytes = new Uint8Array(await readFile(SQUEEZENET))
    const { id, manifest } = await importFile(liar, 'squeezenet_fp32.onnx', bytes)
    await until(ann, ({ models }) => models.some((model) => model.id === id))
    const input = seededInputs(manifest, 1)
    const { job = '' } = await ann.ask({ model: id, input }, { check: { mode: 'one-tab' } }).done
    await ann.contest(job)
    await until(ann, ({ disputes }) => disputes.some(({ phase }) => phase === 'proven'))
    const exchanged = traffic.filter(({ kind }) => kind !== 'values')
    const evidence = await sizesOfEvidence(await ann.evidence(job), { engine, bytes, input })
    return [
      {
        what: 'squeezenet, two assertions differ: bytes exchanged up to the operator that decides, both directions',
        value: exchanged.reduce((sum, one) => sum + one.bytes, 0),
        unit: 'bytes',
        bar: MOST_BYTES,
        raw: exchanged,
      },
      {
        what: `squeezenet: evidence that any of its ${evidence.length} operators decides, largest`,
        value: Math.max(...evidence),
        unit: 'bytes',
        bar: MOST_EVIDENCE,
      },
      {
        what: 'squeezenet: the same, median over operators',
        value: median(evidence),
        unit: 'bytes',
        bar: HALF_EVIDENCE,
        raw: evidence,
      },
    ]
  } finally {
    await room.close()
    await engine.close()
  }
}

/** Bytes of the bundle for each operator, packed as a dispute over it packs it. */
async function sizesOfEvidence(
  sample: Uint8Array,
  {
    engine,
    bytes,
    input,
  }: {
    engine: Awaited<ReturnType<typeof openNodeCpuEngine>>
    bytes: Uint8Array
    input: ReturnType<typeof seededInputs>
  },
): Promise<number[]> {
  const file = readEvidence(sample)
  if (file.grounds !== 'contest') throw new Error('no evidence of a contest')
  const { manifest } = file.receipt
  const model = { id: 'squeezenet', bytes, weights: [], manifest }
  const surgery = await openSurgery(model)
  const own = await runCanon({ engine, model, input }, {})
  const places = new Map(surgery.outline.values.map(({ name }, place) => [name, place]))
  const isCarried = (place: number) => !equalBytes(own.opened.hashAt(place) ?? NOT_CARRIED, NOT_CARRIED)
  const hashOf = (name: string) => own.opened.hashAt(places.get(name) ?? -1)
  const give = (names: readonly string[]) => computeValues({ engine, model, input }, surgery, names, hashOf, {})
  const receipt = { ...file.receipt, input: { salt: hash('salt'), tensors: input } }
  const assertions = file.messages
    .map(readMessage)
    .filter((read) => isKind('assert', read))
    .map((read) => ({ read, key: '', standing: 'open' as const }))
  const state = stateOf(assertions)
  const sizes: number[] = []
  for (const value of surgery.outline.values.keys()) {
    const operator = await rerunOperator({ canon: engine, surgery }, value, { isCarried, give })
    const other = Opened.whole(own.hashes.map((one, i) => (i < value ? one : hash('another', one))))
    const canonical = { outputHash: hashTensors(own.outputs), outputs: own.outputs }
    const packed = packEvidence({
      file: receipt,
      state: { ...state, proofs: [proofOf(value, operator.found)] },
      outcome: { state: 'proven', key: '', canonical, judged: [], losers: [] },
      decisions: [{ sides: [own.opened, other], keys: ['a', 'b'], value, operator, ...shownBy(operator.output) }],
      settlement: file.messages.at(-1)!,
      opened: [own.opened, other],
      places,
    })
    sizes.push(packed.length)
  }
  return sizes
}

/** As much of a dispute as its evidence is made of: who asserted what, and that the operator refuted the claim. */
const stateOf = (assertions: Dispute['assertions']): Dispute => ({
  phase: 'ended',
  job: new Uint8Array(32),
  me: '',
  parties: [],
  claims: [],
  numerics: { arithmetic: 'fp32' },
  canons: [],
  openedAt: 0,
  own: 'bystander',
  assertions,
  proofs: [],
  overturned: false,
})

const proofOf = (value: number, found: Uint8Array): Dispute['proofs'][number] => ({
  value,
  found,
  left: found,
  right: hash('another'),
  sides: ['a', 'b'],
})

const shownBy = <T>(shown: T | undefined): { shown?: T } => (shown === undefined ? {} : { shown })

/** A link that counts what passes in disputes, either way. */
function counting(net: Net, traffic: { kind: string; bytes: number }[]): Net {
  const isOfDisputes = (name: string) => name.includes('/disputes/')
  const note = (frame: Uint8Array) => {
    const text = new TextDecoder('latin1').decode(frame.subarray(0, 4_096))
    const isValues = /values/.test(text) && frame.length > 256
    traffic.push({
      kind: isValues ? 'values' : (/trace|contest|assert|settlement|heard/.exec(text)?.[0] ?? 'other'),
      bytes: frame.length,
    })
  }
  const counted = (channel: Channel): Channel => ({
    remote: channel.remote,
    path: channel.path,
    send: (frame, options) => {
      note(frame)
      return channel.send(frame, options)
    },
    async *frames() {
      for await (const frame of channel.frames()) {
        note(frame)
        yield frame
      }
    },
    close: () => channel.close(),
    abort: (reason) => channel.abort(reason),
  })
  const changed: Pick<Net, 'open' | 'handle' | 'publish' | 'subscribe'> = {
    open: async (peer, protocol, options) => {
      const channel = await net.open(peer, protocol, options)
      return isOfDisputes(protocol) ? counted(channel) : channel
    },
    handle: (protocol, options, handler) =>
      net.handle(protocol, options, isOfDisputes(protocol) ? (channel) => handler(counted(channel)) : handler),
    publish: (topic, data) => {
      if (isOfDisputes(topic)) note(data)
      return net.publish(topic, data)
    },
    subscribe: (topic, handler) =>
      net.subscribe(topic, (data) => {
        if (isOfDisputes(topic)) note(data)
        handler(data)
      }),
  }
  return new Proxy(net, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in changed ? changed : target, key)
      return typeof value === 'function' ? value.bind(key in changed ? changed : target) : value
    },
  })
}

/** Four real tabs, one of them with a fault in one operator: from the contest to the verdict, over what one plain run takes there. */
async function verdicts(): Promise<Figure[]> {
  const faults = new Map([[2, 'op=30,scale=1.01']])
  const room = await Rehearsal.open({ tabs: 4, engine: 'cpu', faults, signal })
  try {
    const took: number[] = []
    await room.ask(
      { model: SQUEEZENET, check: { mode: 'replicated', replication: 3 }, inFlight: 1, asks: DISPUTES },
      async (report) => {
        if (report.state !== 'proven' || report.operator?.index !== 30) throw new Error(`it came to ${report.state}`)
        took.push(report.disputeMs ?? Infinity)
        // Those who held back look into it a little later: the next contest is not to compete with that.
        for (const tab of room.tabs) await tab.page.waitForFunction(areOver)
      },
    )
    const plain = await plainRuns(room)
    const ratio = median(took) / median(plain)
    return [
      {
        what: `squeezenet on four real tabs, cpu: contest to verdict over one plain run, median of ${DISPUTES}`,
        value: round(ratio),
        unit: 'plain runs',
        bar: MOST_RUNS,
        raw: { disputeMs: took, plainMs: plain },
      },
    ]
  } finally {
    await room.close()
  }
}

/** Runs in a tab: whether no dispute is under way there. */
const areOver = () => globalThis.moot?.view.disputes.every(({ phase, heard }) => heard || phase === 'proven') === true

/** Milliseconds that one run takes the asker's own tab, while the others rest. */
async function plainRuns(room: Rehearsal): Promise<number[]> {
  const { id, inputs } = await room.model(SQUEEZENET)
  for (const tab of room.tabs.slice(1)) await tab.page.evaluate(() => globalThis.moot?.configure({ paused: true }))
  await room.asker.page.waitForFunction(() => globalThis.moot?.view.peers.every((peer) => peer.paused) === true)
  const times: number[] = []
  for (let i = 0; i < DISPUTES; i++) {
    const { claims, state } = await room.asker.ask({
      model: id,
      input: seededInputs({ inputs }, i + 1),
      check: { mode: 'one-tab' },
    })
    if (state !== 'one-tab') throw new Error(`the plain run came to ${state}`)
    times.push(claims[0]?.computeMs ?? Infinity)
  }
  return times
}

/** One who asks, one honest, two that claim and assert the same wrong thing. */
async function colluders(): Promise<Figure[]> {
  const faults = new Map([3, 4].map((tab) => [tab, 'op=3,scale=1.01'] as const))
  const room = await Rehearsal.open({ tabs: 4, engine: 'cpu', faults, signal })
  try {
    const honest = room.tabs[1]?.id
    let stood = 0
    const states: Record<string, number> = {}
    await room.ask(
      { model: 'digits', check: { mode: 'replicated', replication: 3 }, inFlight: 1, asks: COLLUDED },
      async (report) => {
        states[report.state] = (states[report.state] ?? 0) + 1
        const [only, ...others] = report.stands
        if (only !== undefined && only === honest && others.length === 0) stood++
      },
    )
    const what = `two tabs collude against one, replicated 3, ${COLLUDED} asks: the honest answer stands`
    return [{ what, value: stood, unit: 'asks', least: COLLUDED, raw: states }]
  } finally {
    await room.close()
  }
}

const round = (value: number): number => Math.round(value * 100) / 100

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

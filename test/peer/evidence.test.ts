import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { encodeEvidence, readEvidence, type ContestEvidence } from '../../src/domain/dispute/evidence.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { Opened, wayTo } from '../../src/domain/dispute/opened-trace.ts'
import { traceRoot } from '../../src/domain/dispute/trace.ts'
import { hash, hashBytes } from '../../src/domain/hash.ts'
import { isKind, readMessage, type MessageOf } from '../../src/domain/messages.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { modelsAtHand } from '../../src/entry/models-at-hand.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import type { Surgery } from '../../src/ports/surgery.ts'
import { MootError } from '../../src/domain/fault.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Answer, Peer } from '../../src/peer/view.ts'
import { person, type Person } from '../kits/keys.ts'
import { aDigit, digits, openRoom, together, type Room } from '../kits/peers.ts'

let engine: ModelEngine
let room: Room
let ben: Peer
/** The evidence of a dispute that an operator decided, and of one that the whole model did. */
let proven: Uint8Array
let settled: Uint8Array

beforeAll(async () => {
  engine = await openNodeCpuEngine()
  room = await openRoom({ engine })
  const ann = await room.join('ann')
  ben = await room.join('ben')
  const liar = await room.join('liar', {
    init: { plantedFault: parseFault('op=2,scale=1.01') },
    components: { disturb },
  })
  await together(ann, ben, liar)
  const answer = await asked(ann, 2)
  expect(answer.state).toBe('proven')
  proven = await ann.evidence(answer.job ?? '')
  await liar.leave()
  const cat = await room.join('cat')
  await together(ann, ben, cat)
  const agreed = await asked(ann, 2)
  await ann.contest(agreed.job ?? '')
  await new Promise<void>((resolve) => {
    const stop = ann.subscribe(({ disputes }) => {
      if (!disputes.some(({ job, phase }) => job === agreed.job && phase === 'settled')) return
      stop()
      resolve()
    })
  })
  settled = await ann.evidence(agreed.job ?? '')
}, 60_000)
afterAll(async () => {
  await room.close()
  await engine.close()
})

const asked = (peer: Peer, replication: number): Promise<Answer> =>
  peer.ask({ model: digits(peer), input: aDigit() }, { check: { mode: 'replicated', replication } }).done

/** What a replay finds wrong, by the names of what it checked; or why the file is not even read. */
async function wrongIn(file: Uint8Array): Promise<readonly string[]> {
  try {
    const { holds, checks } = await ben.replay(file)
    expect(holds).toBe(checks.every((check) => check.holds === true))
    return checks.filter((check) => check.holds === false).map(({ name }) => name)
  } catch (error) {
    if (!(error instanceof MootError)) throw error
    return [error.fault.code]
  }
}

const edited = (change: (file: ContestEvidence) => Partial<ContestEvidence>, of = proven): Uint8Array => {
  const file = readEvidence(of)
  if (file.grounds !== 'contest') throw new Error('no evidence of a contest')
  return encodeEvidence({ ...file, ...change(file) } as ContestEvidence)
}

const flipped = (bytes: Uint8Array, at = bytes.length >> 1): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

describe('evidence', () => {
  test('is small, and replays to the verdict it was made of', async () => {
    expect(proven.length).toBeLessThan(256 * 1024)
    expect(await wrongIn(proven)).toEqual([])
    expect(await wrongIn(settled)).toEqual([])
  })

  test('edited by hand is noticed, and the part is named', async () => {
    const leaf = (change: (one: ContestEvidence['leaves'][number]) => object) =>
      edited(({ leaves }) => ({ leaves: leaves.map((one) => ({ ...one, ...change(one) })) }))
    expect(await wrongIn(leaf(({ model }) => ({ model: flipped(model) })))).toEqual(['operator'])
    const inputs = leaf(({ inputs: given }) => ({
      inputs: Object.fromEntries(
        Object.entries(given).map(([name, one]) => [name, { ...one, data: flipped(one.data) }]),
      ),
    }))
    expect(await wrongIn(inputs)).toEqual(['inputs'])
    expect(await wrongIn(edited(() => ({ leaves: [] })))).toEqual(['inputs'])
    const traces = edited(({ traces: [first, ...others] }) => ({
      traces: first
        ? [{ ...first, nodes: first.nodes.map((node) => ({ ...node, children: flipped(node.children) })) }, ...others]
        : others,
    }))
    expect(await wrongIn(traces)).toEqual(['traces'])
    expect(await wrongIn(edited(({ traces: all }) => ({ traces: all.slice(1) })))).toContain('verdict')
    const outputs = edited(({ receipt }) => ({ receipt: { ...receipt, outputs: [] } }))
    expect(await wrongIn(outputs)).not.toContain('receipt')
    const lost = edited(({ receipt }) => ({ receipt: { ...receipt, messages: receipt.messages.slice(1) } }))
    expect(await wrongIn(lost)).toEqual(['receipt'])
  })

  test('with another verdict, signed by somebody who liked it better, does not hold', async () => {
    const file = readEvidence(proven)
    const mallory = person('mallory')
    const reads = file.messages.map(readMessage)
    const settlement = reads.find(({ message }) => message.kind === 'settlement')?.message
    if (settlement?.kind !== 'settlement') throw new Error('no settlement')
    const others = reads.filter(({ message }) => message.kind !== 'settlement').map(({ signed }) => signed)
    const swapped = mallory.signNow({ ...settlement, stands: settlement.losers.map(({ peer }) => peer), losers: [] })
    expect(await wrongIn(edited(() => ({ messages: [...others, swapped] })))).toEqual(['verdict'])
    const elsewhere = mallory.signNow({ ...settlement, job: new Uint8Array(32) })
    expect(await wrongIn(edited(() => ({ messages: [...others, elsewhere] })))).toEqual(['messages'])
    expect(await wrongIn(edited(() => ({ messages: others })))).toEqual(['messages'])
  })

  test('with one bit turned anywhere never holds', async () => {
    for (const file of [proven, settled]) {
      const step = Math.ceil(file.length / 60)
      for (let at = 7; at < file.length; at += step)
        expect([at, await wrongIn(flipped(file, at))]).not.toEqual([at, []])
    }
  }, 120_000)
})

describe('evidence made up by keys that collude', () => {
  const [mal, mel] = [person('mal'), person('mel')]
  let file: ContestEvidence
  let list: readonly Uint8Array[]
  let outputs: Tensors
  let surgery: Surgery
  let assertion: MessageOf<'assert'>

  beforeAll(async () => {
    const read = readEvidence(settled)
    const said = read.messages.map(readMessage).find((one) => isKind('assert', one))
    if (read.grounds !== 'contest' || !said || !isKind('assert', said)) throw new Error('no evidence of a contest')
    file = read
    assertion = said.message
    const offer = read.receipt.messages.map(readMessage).find((one) => isKind('offer', one))?.message
    const model = await (await modelsAtHand(file.receipt.manifest, []))(offer?.kind === 'offer' ? offer.model : '', {})
    surgery = await openSurgery(model)
    const trace = await engine.trace(model, aDigit())
    outputs = trace.outputs
    list = [...trace.values, hashTensors(outputs)]
    expect(traceRoot(list)).toEqual(assertion.root)
  })

  const changed = (place: number) => list.map((one, i) => (i === place ? hash('test', 'lie', i) : one))
  const says = (who: Person, said: readonly Uint8Array[]) => {
    const { root, count } = Opened.whole(said)
    return who.signNow({ ...assertion, root, count, output: said.at(-1) ?? root })
  }
  const settles = (change: Partial<MessageOf<'settlement'>>) =>
    mal.signNow({
      kind: 'settlement',
      room: assertion.room,
      job: assertion.job,
      state: 'settled',
      stands: [],
      losers: [],
      leaves: [],
      ...change,
    })
  const of = (kinds: readonly string[]) => file.messages.filter((one) => kinds.includes(readMessage(one).message.kind))
  const claimants = () =>
    file.messages.map(readMessage).flatMap((one) => (isKind('settlement', one) ? one.message.stands : []))
  const replay = (change: Partial<ContestEvidence>) => ben.replay(encodeEvidence({ ...file, ...change }))

  test('that sacrifice one of them to an operator prove nothing for the other, nor against anybody else', async () => {
    const untrue = Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, { ...tensor, data: flipped(tensor.data) }]),
    )
    const lie = [...changed(list.length - 2).slice(0, -1), hashTensors(untrue)]
    const scapegoat = changed(0)
    const [a, b] = [Opened.whole(lie), Opened.whole(scapegoat)]
    const leaf = surgery.leaf(0, () => true)
    const inputs = Object.fromEntries(leaf.needs.flatMap((name) => (aDigit()[name] ? [[name, aDigit()[name]!]] : [])))
    const model = surgery.cut(leaf, inputs)
    const operator = surgery.outline.operators[surgery.outline.values[0]?.operator ?? 0]
    const settlement = settles({
      state: 'proven',
      output: hashTensors(untrue),
      losers: [
        ...claimants().map((peer) => ({ peer, for: 'claim' as const })),
        { peer: mel.peer, for: 'assertion' as const },
      ],
      operator: { index: operator?.index ?? 0, type: operator?.type ?? '' },
      leaves: [{ inputs: hashTensors(inputs), model: hashBytes(model) }],
    })
    const forged: Partial<ContestEvidence> = {
      messages: [...of(['contest']), says(mal, lie), says(mel, scapegoat), settlement],
      traces: [a.show(), b.show()],
      leaves: [{ sides: [a.root, b.root], value: 0, model, inputs }],
      output: untrue,
    }
    const report = await replay(forged)
    expect(report.holds).toBe(false)
    expect(report.checks.find(({ name }) => name === 'output')).toMatchObject({ holds: false })
    const { input: _, ...withoutInput } = file.receipt
    const blind = await replay({ ...forged, receipt: withoutInput })
    expect(blind.holds).toBe(false)
  })

  test('that leave out what others showed convict nobody of withholding it', async () => {
    const lie = changed(1)
    const losers = claimants().map((peer) => ({ peer, for: 'withheld' as const }))
    const settlement = settles({ output: list.at(-1)!, stands: claimants(), losers })
    const report = await replay({
      messages: [...of(['contest', 'assert']), says(mal, lie), settlement],
      traces: [Opened.whole(lie).show()],
    })
    expect(report.holds).toBe(false)
    expect(report.verdict?.losers ?? []).toEqual([])
  })

  test('that show no place at which two sides differ convict neither', async () => {
    const lie = changed(1)
    const part = (all: readonly Uint8Array[]) => Opened.whole(all).show(wayTo(all.length - 1, all.length).slice(0, 1))
    const losers = [mal.peer, ...claimants()].map((peer) => ({ peer, for: 'assertion' as const }))
    const report = await replay({
      messages: [
        ...of(['contest', 'assert']),
        says(mal, lie),
        settles({ state: 'unresolved', reason: 'no-assertion-stands', losers }),
      ],
      traces: [part(list), part(lie)],
    })
    expect(report.holds).toBe(false)
    expect(report.verdict?.losers ?? []).toEqual([])
  })

  test('is told from what an honest peer packs where a liar showed nothing', async () => {
    const settlement = settles({
      output: list.at(-1)!,
      stands: claimants(),
      losers: [{ peer: mal.peer, for: 'withheld' }],
    })
    const report = await replay({
      messages: [...of(['contest', 'assert']), says(mal, changed(1)), settlement],
      traces: [Opened.whole(list).show()],
    })
    expect(report.checks.filter((check) => check.holds !== true)).toEqual([])
    expect(report.verdict).toMatchObject({ state: 'settled', losers: [] })
  })
})

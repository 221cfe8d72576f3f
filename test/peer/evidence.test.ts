import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { encodeEvidence, readEvidence, type ContestEvidence } from '../../src/domain/dispute/evidence.ts'
import { MootError } from '../../src/domain/fault.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Answer, Peer } from '../../src/peer/view.ts'
import { person } from '../kits/keys.ts'
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
    expect(await wrongIn(lost)).toEqual(['MALFORMED'])
  })

  test('with another verdict, signed by somebody who liked it better, does not hold', async () => {
    const file = readEvidence(proven)
    const mallory = person('mallory')
    const { readMessage } = await import('../../src/domain/messages.ts')
    const reads = file.messages.map(readMessage)
    const settlement = reads.find(({ message }) => message.kind === 'settlement')?.message
    if (settlement?.kind !== 'settlement') throw new Error('no settlement')
    const others = reads.filter(({ message }) => message.kind !== 'settlement').map(({ signed }) => signed)
    const swapped = mallory.signNow({ ...settlement, stands: settlement.losers.map(({ peer }) => peer), losers: [] })
    expect(await wrongIn(edited(() => ({ messages: [...others, swapped] })))).toEqual(['verdict'])
    const elsewhere = mallory.signNow({ ...settlement, job: new Uint8Array(32) })
    expect(await wrongIn(edited(() => ({ messages: [...others, elsewhere] })))).toEqual(['messages'])
    expect(await wrongIn(edited(() => ({ messages: others })))).toEqual(['MALFORMED'])
  })

  test('with one bit turned anywhere never holds', async () => {
    for (const file of [proven, settled]) {
      const step = Math.ceil(file.length / 60)
      for (let at = 7; at < file.length; at += step)
        expect([at, await wrongIn(flipped(file, at))]).not.toEqual([at, []])
    }
  }, 120_000)
})

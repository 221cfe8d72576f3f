import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Answer, Peer } from '../../src/peer/view.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { aDigit, digits, importFile, openRoom, together, until, type Room } from '../kits/peers.ts'

let engine: ModelEngine
let room: Room
beforeAll(async () => {
  engine = await openNodeCpuEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  room = await openRoom({ engine })
})
afterEach(() => room.close())

const PATIENT = { timeout: 60_000 }

const faulty = (name: string, fault: string): Promise<Peer> =>
  room.join(name, { init: { plantedFault: parseFault(fault) }, components: { disturb } })

const ask = (peer: Peer, replication = 3): Promise<Answer> =>
  peer.ask({ model: digits(peer), input: aDigit() }, { check: { mode: 'replicated', replication } }).done

/** Ann asks; Ben and Cat answer as they should, those with a fault as they do. */
async function roomWith(...faults: string[]): Promise<{ ann: Peer; ben: Peer; cat: Peer; liars: Peer[] }> {
  const [ann, ben, cat] = [await room.join('ann'), await room.join('ben'), await room.join('cat')]
  const liars: Peer[] = []
  for (const [i, fault] of faults.entries()) liars.push(await faulty(`liar ${i}`, fault))
  await together(ann, ben, cat, ...liars)
  return { ann, ben, cat, liars }
}

const ids = (peers: readonly Peer[]) => peers.map(({ id }) => id).toSorted()

/** What the evidence of an answer comes to where somebody else replays it. */
async function replayed(asker: Peer, job: string | undefined, by: Peer) {
  const report = await by.replay(await asker.evidence(job ?? ''))
  expect(report.checks.filter((check) => check.holds !== true)).toEqual([])
  expect(report.holds).toBe(true)
  return report.verdict
}

describe('a claim outside the rule', PATIENT, () => {
  test.for([
    ['op=0,scale=1.01', 0, 'Conv'],
    ['element=3', undefined, undefined],
    ['op=0,bf16', 0, 'Conv'],
  ] as const)('of a tab with %s is refuted by operator %s', async ([fault, index, type]) => {
    const { ann, ben, cat, liars } = await roomWith(fault)
    const answer = await ask(ann, 3)
    expect(answer).toMatchObject({ state: 'proven', losers: [{ peer: liars[0]?.id, for: 'claim' }] })
    expect(answer.stands?.toSorted()).toEqual(ids([ben, cat]))
    const operator = index === undefined ? {} : { index, type }
    expect(answer.dispute?.leaf?.operator).toMatchObject(operator)
    const verdict = await replayed(ann, answer.job, ben)
    expect(verdict).toMatchObject({ state: 'proven', operator, losers: [{ peer: liars[0]?.id }] })
  })

  test('that is a lie, and is backed by a made-up trace, falls with the operator at which the trace leaves the truth', async () => {
    const { ann, ben, liars } = await roomWith('op=2,false-assertion')
    const answer = await ask(ann)
    expect(answer).toMatchObject({ state: 'proven', losers: [{ peer: liars[0]?.id, for: 'claim' }] })
    expect(answer.dispute?.leaf?.operator.index).toBe(2)
    expect(await replayed(ann, answer.job, ben)).toMatchObject({ losers: [{ peer: liars[0]?.id, for: 'claim' }] })
  })

  test('of a tab that asserts two things shows both to everybody, and counts for nothing', async () => {
    const { ann, ben, liars } = await roomWith('contradiction')
    const answer = await ask(ann)
    // Whether an operator was needed depends on which of the two came first.
    expect(['settled', 'proven']).toContain(answer.state)
    expect(answer.losers?.map(({ peer }) => peer)).toEqual(ids(liars))
    const contradicted = ({ disputes: [one] }: Peer['view']) =>
      one?.assertions.filter(({ standing }) => standing === 'contradicted').length === 2
    for (const peer of [ann, ben]) await until(peer, contradicted)
    expect(await replayed(ann, answer.job, ben)).toMatchObject({
      state: answer.state,
      losers: [{ peer: liars[0]?.id }],
    })
  })

  test('is settled without its author, who vanished once it had claimed', async () => {
    const { ann, ben, cat, liars } = await roomWith('constant')
    // The constant is its first answer, which is right: another question has another.
    await ask(ann)
    const other = Object.fromEntries(
      Object.entries(aDigit()).map(([name, tensor]) => [name, { ...tensor, data: tensor.data.toReversed() }]),
    )
    const second = ann.ask({ model: digits(ann), input: other }, { check: { mode: 'replicated', replication: 3 } })
    second.subscribe(({ state }) => void (state === 'contested' ? liars[0]?.leave() : undefined))
    const answer = await second.done
    expect(answer).toMatchObject({ state: 'settled', losers: [{ peer: liars[0]?.id, for: 'claim' }] })
    expect(answer.stands?.toSorted()).toEqual(ids([ben, cat]))
  })

  test('does not win by being in the majority: one honest tab against two that collude', async () => {
    const [ann, ben] = [await room.join('ann'), await room.join('ben')]
    const liars = [await faulty('liar 1', 'op=4,scale=1.01'), await faulty('liar 2', 'op=4,scale=1.01')]
    await together(ann, ben, ...liars)
    const answer = await ask(ann)
    expect(answer.state).toBe('proven')
    expect(answer.stands).toEqual([ben.id])
    expect(answer.losers?.map(({ peer }) => peer).toSorted()).toEqual(ids(liars))
    expect(answer.output).toEqual(answer.claims.find(({ peer }) => peer === ben.id)?.outputs)
    const verdict = await replayed(ann, answer.job, ben)
    expect(verdict?.losers.map(({ peer }) => peer).toSorted()).toEqual(ids(liars))
  })
})

describe('an executor that shows another output than it was bound to', PATIENT, () => {
  test('is named by two signatures of its own, and the ask goes on without it', async () => {
    const { ann, ben, liars } = await roomWith('copycat')
    const answer = await ask(ann)
    expect(answer.state).toBe('agreed')
    expect(answer.losers).toMatchObject([{ peer: liars[0]?.id, for: 'false-reveal' }])
    const [before] = answer.again
    expect(await replayed(ann, before?.job, ben)).toMatchObject({
      losers: [{ peer: liars[0]?.id, for: 'false-reveal' }],
    })
  })
})

describe('a party that objects', PATIENT, () => {
  test('has an answer run again by all, which stands', async () => {
    const { ann, ben, cat, liars } = await roomWith('silent')
    const asked = ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'replicated', replication: 2 } })
    const { state, job = '' } = await asked.done
    expect(state).toBe('agreed')
    await until(ben, ({ receipts }) => receipts.some((receipt) => receipt.job === job && receipt.mayContest))
    await ben.contest(job, 'I do not see why.')
    await until(ann, ({ disputes }) => disputes.some((one) => one.job === job && one.phase === 'settled'))
    expect(ann.view.disputes[0]).toMatchObject({ openedBy: ben.id, reason: 'objection', note: 'I do not see why.' })
    expect(asked.answer).toMatchObject({ state: 'settled', losers: [] })
    expect(asked.answer.stands?.toSorted()).toEqual(ids([ben, cat]))
    // Who took no part has heard of it, and may look into it.
    const [bystander] = liars
    await until(bystander ?? ann, ({ disputes }) => disputes.some((one) => one.phase === 'settled'))
    expect(bystander?.view.disputes[0]).toMatchObject({ mine: false, heard: true })
    await bystander?.follow(job)
    await until(bystander ?? ann, ({ disputes }) => disputes.some((one) => one.phase === 'settled' && !one.heard))
    expect(bystander?.view.disputes[0]?.claims.every((claim) => claim.stands)).toBe(true)
  })

  test('cannot do so twice, for a job it has no part in, or for one that is not there', async () => {
    const { ann, ben, liars } = await roomWith('silent')
    const answer = await ask(ann, 2)
    await expect(ann.contest('00'.repeat(32))).rejects.toThrow('there is no such job here')
    await expect(liars[0]?.contest(answer.job ?? '')).rejects.toThrow('there is no such job here')
    await ann.contest(answer.job ?? '')
    await expect(ann.contest(answer.job ?? '')).rejects.toThrow('it is contested already')
    await until(ben, ({ disputes }) => disputes.some((one) => one.phase === 'settled'))
  })
})

describe('a bystander', PATIENT, () => {
  test('of a dispute whose assertions differ re-runs one operator, and no model', async () => {
    const [ann, ben] = [await room.join('ann'), await room.join('ben')]
    const liar = await faulty('liar', 'op=1,scale=1.01')
    const ran: string[] = []
    const counted = new Proxy(room.cpu, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (key === 'trace' || key === 'run' || key === 'runOnce') ran.push(key)
          return Reflect.apply(value, target, args) as unknown
        }
      },
    })
    const dan = await room.join('dan', { init: { settings: { paused: true } }, components: { cpu: counted } })
    await together(ann, ben, liar, dan)
    const answer = await ask(ann, 2)
    expect(answer.state).toBe('proven')
    await until(dan, ({ disputes }) => disputes.some((one) => one.phase === 'proven' && one.assertions.length === 3))
    await dan.follow(answer.job ?? '')
    await until(dan, ({ disputes }) => disputes.some((one) => one.phase === 'proven' && !one.heard))
    expect(dan.view.disputes[0]).toMatchObject({ leaf: { operator: { index: 1 } }, losers: [{ peer: liar.id }] })
    expect(ran).toEqual(['runOnce'])
  })
})

describe('numbers that are none', PATIENT, () => {
  const filled = (value: number) => {
    const pixels = new Float32Array(28 * 28).fill(value)
    return { image: { dtype: 'float32', dims: [1, 1, 28, 28], data: new Uint8Array(pixels.buffer) } } as const
  }

  test.for([Number.NaN, Infinity, -Infinity])('as input (%s) are answered by all alike', async (value) => {
    const { ann, ben } = await roomWith()
    const { state, job = '' } = await ann.ask(
      { model: digits(ann), input: filled(value) },
      { check: { mode: 'replicated', replication: 2 } },
    ).done
    expect(state).toBe('agreed')
    await ann.contest(job)
    await until(ann, ({ disputes }) => disputes.some(({ phase }) => phase === 'settled'))
    expect(await replayed(ann, job, ben)).toMatchObject({ state: 'settled', losers: [] })
  })

  test('that a broken operator makes are told from numbers', async () => {
    const { ann, ben, liars } = await roomWith('op=0,scale=1e39')
    const answer = await ask(ann)
    expect(answer).toMatchObject({ state: 'proven', losers: [{ peer: liars[0]?.id, for: 'claim' }] })
    expect(answer.dispute?.claims.find(({ peer }) => peer === liars[0]?.id)?.stands).toBe(false)
    expect(await replayed(ann, answer.job, ben)).toMatchObject({ operator: { index: 0 } })
  })
})

const shared = join(import.meta.dirname, '../../../shared/models')

describe.skipIf(!existsSync(shared))('a real model beside the project', PATIENT, () => {
  test('whose plain run has other bits than an exposed one is settled by the exposed one', async () => {
    const { ann, ben, cat } = await roomWith()
    const liar = await faulty('liar', 'op=20,scale=1.01')
    await together(ann, ben, cat, liar)
    const { id, manifest } = await importFile(
      ann,
      'squeezenet_fp16.onnx',
      new Uint8Array(await readFile(join(shared, 'squeezenet_fp16.onnx'))),
    )
    expect(manifest.canonicalRun).toBe('exposed')
    for (const peer of [ben, cat, liar]) await until(peer, ({ models }) => models.some((model) => model.id === id))
    const input = seededInputs(manifest, 1)
    const answer = await ann.ask({ model: id, input }, { check: { mode: 'replicated', replication: 3 } }).done
    expect(answer).toMatchObject({ state: 'proven', losers: [{ peer: liar.id, for: 'claim' }] })
    expect(answer.dispute?.leaf?.operator.index).toBe(20)
    expect(await replayed(ann, answer.job, ben)).toMatchObject({ operator: { index: 20 } })
  })
})

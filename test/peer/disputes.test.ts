import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import type { PlantedFault } from '../../src/peer/plant-fault.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import type { Answer, Peer } from '../../src/peer/view.ts'
import { aDigit, digits, openRoom, type Room } from '../kits/peers.ts'

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

const faulty = (name: string, fault: string): Promise<Peer> =>
  room.join(name, { init: { plantedFault: parseFault(fault) }, components: { disturb } })

const ask = (peer: Peer): Promise<Answer> =>
  peer.ask({ model: digits(peer), input: aDigit() }, { check: { mode: 'replicated', replication: 3 } }).done

describe('a claim outside the rule', { timeout: 60_000 }, () => {
  test('of a tab whose operator 0 is wrong is refuted by that operator', async () => {
    const [ann, ben, cat] = [await room.join('ann'), await room.join('ben'), await room.join('cat')]
    const dan = await faulty('dan', 'op=0,scale=1.01')
    await room.meshed(ann, ben, cat, dan)
    const answer = await ask(ann)
    expect(answer.claims.map((claim) => claim.peer)).toContain(dan.id)
    expect(answer).toMatchObject({ state: 'proven', losers: [{ peer: dan.id, for: 'claim' }] })
    expect(answer.stands?.toSorted()).toEqual([ben.id, cat.id].toSorted())
    expect(answer.dispute?.leaf?.operator).toMatchObject({ index: 0 })
    const evidence = await ann.evidence(answer.job ?? '')
    const report = await ben.replay(evidence)
    expect(report.checks.filter((check) => check.holds !== true)).toEqual([])
    expect(report).toMatchObject({ holds: true, verdict: { state: 'proven', losers: [{ peer: dan.id }] } })
  })
})

export type { PlantedFault }

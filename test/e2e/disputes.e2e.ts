import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { EngineKind } from '../../src/domain/states.ts'
import type { AnswerReport } from '../../src/entry/rehearsal/page.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { run } from '../entry/command.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** One Conv of 129 channels, which the GPU engine of onnxruntime-web 1.30.0 computes wrong on every GPU. */
const SICK_ON_GPUS = join(import.meta.dirname, '..', '..', '..', 'shared', 'models', 'conv1d_bug.onnx')

let stage: Stage
/** Who asks, and two honest tabs. */
let asker: Tab
let honest: [Tab, Tab]
let opened = 0

beforeAll(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
  asker = await open()
  honest = [await open(), await open()]
  await Promise.all([asker, ...honest].map((tab) => tab.linked(2)))
})
afterAll(() => stage.close())

const open = (fault?: string, engine: EngineKind = 'cpu') =>
  stage.openTab({ number: (opened += 1), engine, ...(fault === undefined ? {} : { fault }) })

/** Asks three executors while these tabs with faults are in the room, and lets them go. */
async function askAmong(
  faulty: readonly (readonly [fault: string, engine?: EngineKind])[],
  model?: string,
): Promise<{ report: AnswerReport; mallory: readonly string[] }> {
  const tabs: Tab[] = []
  for (const [fault, engine] of faulty) tabs.push(await open(fault, engine))
  try {
    await Promise.all(tabs.map((tab) => asker.knows(tab.id)))
    const id = model ?? (await asker.model('digits'))
    const input = seededInputs({ inputs: await asker.inputs(id) }, opened)
    const report = await asker.ask({ model: id, input, check: { mode: 'replicated', replication: 3 } })
    return { report, mallory: tabs.map((tab) => tab.id) }
  } finally {
    await Promise.all(tabs.map((tab) => tab.page.close()))
  }
}

/** What a Node process that knows of nothing but the file finds in it. */
async function replayed({ evidence }: AnswerReport, ...args: string[]) {
  const file = join(await temporaryFolder(), 'evidence.moot')
  await writeFile(file, Buffer.from(evidence ?? '', 'base64'))
  const { status, output } = await run('verify.ts', file, '--json', ...args).ended
  const { holds, grounds, verdict } = JSON.parse(output) as {
    holds: boolean
    grounds: string
    verdict?: {
      state: string
      operator?: { index: number; type: string }
      stands: string[]
      losers: { peer: string; for: string }[]
    }
  }
  return { status, holds, grounds, verdict }
}

const ids = (tabs: readonly Tab[]): string[] => tabs.map((tab) => tab.id).toSorted()

/** The report's own verdict, as evidence must give it again. */
const verdictOf = ({ state, operator, stands, losers }: AnswerReport) => ({
  status: 0,
  holds: true,
  grounds: 'contest',
  verdict: {
    state,
    ...(operator ? { operator: expect.objectContaining({ index: operator.index, type: operator.type }) } : {}),
    stands: expect.toSatisfy((found: string[]) => String(found.toSorted()) === String(stands.toSorted())),
    losers,
  },
})

describe('in real tabs', () => {
  test('a faulty tab is refuted by the one operator that it computes wrong', async () => {
    const { report, mallory } = await askAmong([['op=3,scale=1.01']])
    expect(report).toMatchObject({ state: 'proven', operator: { index: 3, type: 'Conv' } })
    expect(report.stands.toSorted()).toEqual(ids(honest))
    expect(report.losers).toEqual([{ peer: mallory[0], for: 'claim' }])
    expect(await replayed(report)).toMatchObject(verdictOf(report))
  })

  test('a lying tab is refuted where what it asserts leaves the truth', async () => {
    const { report, mallory } = await askAmong([['op=5,false-assertion']])
    expect(report).toMatchObject({ state: 'proven', operator: { index: 5 } })
    expect(report.stands.toSorted()).toEqual(ids(honest))
    expect(report.losers).toEqual([{ peer: mallory[0], for: 'claim' }])
    expect(await replayed(report)).toMatchObject(verdictOf(report))
  })

  test('a tab that tells the room one thing and the asker another is believed in neither', async () => {
    const { report, mallory } = await askAmong([['contradiction']])
    expect(report.stands.toSorted()).toEqual(ids(honest))
    expect(report.losers.map(({ peer }) => peer)).toEqual(mallory)
    expect(await replayed(report)).toMatchObject(verdictOf(report))
  })

  test('a copying tab shows what it is not bound to: the others answer, and its own signatures prove it', async () => {
    const { report, mallory } = await askAmong([['copycat']])
    expect(report).toMatchObject({ state: 'agreed', again: [{ reason: 'false-reveal', who: mallory }] })
    expect(report.losers).toEqual([{ peer: mallory[0], for: 'false-reveal' }])
    expect(await replayed(report)).toMatchObject({
      status: 0,
      holds: true,
      grounds: 'false-reveal',
      verdict: { losers: report.losers },
    })
  })

  test('a tab that vanishes once it is bound loses; silence leaves no evidence', async () => {
    const { report, mallory } = await askAmong([['vanish']])
    expect(report).toMatchObject({ state: 'agreed', again: [{ reason: 'no-reveal', who: mallory }] })
    expect(report.losers).toEqual([{ peer: mallory[0], for: 'withheld' }])
    expect(report).not.toHaveProperty('evidence')
  })

  test.skipIf(!existsSync(SICK_ON_GPUS))(
    'a GPU engine that is really broken is refuted by running it again (a model beside the project)',
    async () => {
      const model = await honest[0].host([SICK_ON_GPUS])
      const { report, mallory } = await askAmong([['skip-self-test', 'gpu']], model)
      expect(report).toMatchObject({ state: 'settled', losers: [{ peer: mallory[0], for: 'claim' }] })
      expect(report.stands.toSorted()).toEqual(ids(honest))
      expect(await replayed(report, '--model', SICK_ON_GPUS)).toMatchObject(verdictOf(report))
    },
  )

  test('two that collude against one: the one stands', async () => {
    const [one, other] = honest
    await other.page.close()
    const { report, mallory } = await askAmong([['false-assertion'], ['false-assertion']])
    expect(report).toMatchObject({ state: 'proven', stands: [one.id] })
    expect(report.losers.map(({ peer }) => peer).toSorted()).toEqual(mallory.toSorted())
    expect(await replayed(report)).toMatchObject({ status: 0, holds: true, verdict: { stands: [one.id] } })
  })
})

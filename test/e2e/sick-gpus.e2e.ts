import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { EngineKind } from '../../src/domain/states.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'

/** One Conv of 129 channels, which the GPU engine of onnxruntime-web 1.30.0 computes wrong on every GPU. */
const MODEL = join(import.meta.dirname, '..', '..', '..', 'shared', 'models', 'conv1d_bug.onnx')

const THREE = { mode: 'replicated', replication: 3 } as const

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterEach(() => stage.close())

/** Tabs on these engines. No GPU is compared with its CPU before it computes, so that what it computes gets out. */
async function room(...engines: EngineKind[]): Promise<readonly Tab[]> {
  const tabs: Tab[] = []
  for (const [i, engine] of engines.entries())
    tabs.push(await stage.openTab({ number: i + 1, engine, ...(engine === 'gpu' ? { fault: 'skip-self-test' } : {}) }))
  await Promise.all(tabs.map((tab) => tab.linked(tabs.length - 1)))
  return tabs
}

/** Asks in the first tab for what the last one hosts. */
async function ask(tabs: readonly Tab[]) {
  const [asker, host] = [tabs[0], tabs.at(-1)]
  if (!asker || !host) throw new Error('there are tabs')
  const model = await host.host([MODEL])
  const report = await asker.ask({ model, input: seededInputs({ inputs: await asker.inputs(model) }, 1), check: THREE })
  return { model, report }
}

/** What a tab itself has found wrong with its GPU. */
const diagnosesOf = async (tab: Tab) => {
  await tab.page.waitForFunction(() => (globalThis.moot?.view.device.diagnoses.length ?? 0) > 0)
  return await tab.page.evaluate(() => globalThis.moot?.view.device.diagnoses ?? [])
}

describe.skipIf(!existsSync(MODEL))('a Conv that every GPU computes wrong (a model beside the project)', () => {
  test('three GPUs that agree on it are agreed-gpus-only, never agreed', async () => {
    const { report } = await ask(await room('cpu', 'gpu', 'gpu', 'gpu'))
    expect(report.claims.map(({ engine }) => engine)).toEqual(['gpu', 'gpu', 'gpu'])
    expect(report.state).toBe('agreed-gpus-only')
  })

  test('one CPU among them is enough: they are refuted, each finds out why by itself, and nobody else is blamed', async () => {
    const tabs = await room('cpu', 'gpu', 'gpu', 'cpu')
    const [, one, other, healthy] = tabs
    const { report } = await ask(tabs)
    expect(report.state).toBe('settled')
    expect(report.stands).toEqual([healthy?.id])
    expect(report.losers.map(({ peer }) => peer).toSorted()).toEqual([one?.id, other?.id].toSorted())
    for (const sick of [one, other]) {
      const [diagnosis] = sick ? await diagnosesOf(sick) : []
      expect(diagnosis?.faults).toMatchObject([{ operator: { index: 0, type: 'Conv' }, output: { dims: [1, 128, 3] } }])
      expect(diagnosis?.faults[0]?.inputs.map(({ dims }) => dims)).toEqual([[1, 129, 3], [128, 129, 3], [128]])
      expect(diagnosis?.adapter).toMatch(/swiftshader/)
    }
    expect(await healthy?.page.evaluate(() => globalThis.moot?.view.device.diagnoses)).toEqual([])
  })
})

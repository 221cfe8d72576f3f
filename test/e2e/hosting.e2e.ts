import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { buildModel, doubling } from '../kits/onnx-builder.ts'
import { writeLargeModel } from '../kits/large-model.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const MODELS = join(import.meta.dirname, '..', '..', '..', 'shared', 'models')
const real = (name: string) => join(MODELS, name)

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterEach(() => stage.close())

async function room(tabs: number): Promise<Tab[]> {
  const all: Tab[] = []
  for (let number = 1; number <= tabs; number++) all.push(await stage.openTab({ number }))
  await Promise.all(all.map((tab) => tab.linked(tabs - 1)))
  return all
}

/** Lets files of this machine fall onto the Models screen. */
async function drop(page: Page, ...paths: string[]): Promise<void> {
  await page.getByRole('link', { name: 'Models' }).click()
  const field = await page.evaluateHandle(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    return document.body.appendChild(input)
  })
  await field.setInputFiles(paths)
  const dataTransfer = await field.evaluateHandle((input) => {
    const transfer = new DataTransfer()
    for (const file of input.files ?? []) transfer.items.add(file)
    input.remove()
    return transfer
  })
  await page.locator('moot-models').dispatchEvent('drop', { dataTransfer })
}

describe.skipIf(!existsSync(MODELS))('real models, which lie beside the project', () => {
  test('squeezenet, dropped onto one tab, tells another that a kitten is a tabby, and three agree', async () => {
    const [asker, , , host] = await room(4)
    await drop(host!.page, real('squeezenet_fp32.onnx'), real('imagenet_labels.txt'))
    await host!.page.getByRole('heading', { name: 'Describe it' }).waitFor()
    await host!.page.getByText('Caffe mean').click()
    await host!.page.getByRole('button', { name: 'Publish' }).click()
    await host!.page.getByRole('heading', { name: 'Published' }).waitFor()

    const { page } = asker!
    await page.getByRole('link', { name: 'Models' }).click()
    await page.getByRole('link', { name: /squeezenet_fp32/ }).waitFor()
    await page.getByRole('link', { name: 'Ask', exact: true }).click()
    await page.getByLabel('Model').selectOption({ label: 'squeezenet_fp32 1' })
    await page.locator('moot-picture-drop input').setInputFiles(real('kitten_224.png'))
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('Agreed by 3 tabs').first().waitFor()
    await page.getByText('tabby').first().waitFor()
    // Who computed it brought it, and holds it now.
    await page.waitForFunction(() =>
      globalThis.moot?.view.models.some(
        ({ manifest, holders }) => manifest.name === 'squeezenet_fp32' && holders.length === 3,
      ),
    )
  })

  test.for<[string, Tensors | undefined]>([
    ['mnist.onnx', undefined],
    ['squeezenet_qlinear.onnx', undefined],
    [
      'silero_vad_16k_op15.onnx',
      {
        input: { dtype: 'float32', dims: [1, 512], data: new Uint8Array(512 * 4) },
        state: { dtype: 'float32', dims: [2, 1, 128], data: new Uint8Array(2 * 128 * 4) },
        sr: { dtype: 'int64', dims: [], data: new Uint8Array(BigInt64Array.of(16_000n).buffer) },
      },
    ],
  ])('%s runs in tabs that had it from another', async ([name, given]) => {
    const [asker, , , host] = await room(4)
    const model = await host!.host([real(name)])
    const inputs = await asker!.inputs(model)
    const input = given ?? seededInputs({ inputs }, 1)
    const { state, claims } = await asker!.ask({ model, input, check: { mode: 'replicated', replication: 3 } })
    expect([state, claims.length]).toEqual(['agreed', 3])
  })
})

test('a tab that dies while it brings a model goes on where it stopped', async () => {
  const path = join(await temporaryFolder(), 'large.onnx')
  await writeLargeModel(path, 24 << 20)
  const host = await stage.openTab({ number: 1 })
  const model = await host.host([path])
  const before = await stage.openTab({ number: 2 })
  await before.inputs(model)
  let stored = 0
  let crashed: Promise<void> | undefined
  await before.page.exposeFunction('tell', (bytes: number) => {
    stored = bytes
    if (bytes > 12 << 20) crashed ??= before.crash()
  })
  // Half of it takes seconds: the tab dies while the rest is on its way.
  await host.page.evaluate(() => globalThis.moot?.configure({ uploadBytesPerSecond: 4 << 20 }))
  await before.page.evaluate(keepAndTell, model).catch(() => {})
  await crashed
  await host.page.evaluate(() => globalThis.moot?.configure({ uploadBytesPerSecond: 0 }))
  await before.page.close()
  const after = await stage.openTab({ number: 2 })
  await after.inputs(model)
  const said: number[] = []
  await after.page.exposeFunction('tell', (bytes: number) => void said.push(bytes))
  await after.page.evaluate(keepAndTell, model)
  expect(stored).toBeGreaterThan(12 << 20)
  expect(said[0]).toBeGreaterThanOrEqual(stored)
  expect(
    await after.page.evaluate((id) => globalThis.moot?.view.models.find((each) => each.id === id)?.cached, model),
  ).toBe(true)
})

test('what a tab published is there after a reload, pinned, endorsed, and leaves as a CAR', async () => {
  const path = join(await temporaryFolder(), 'doubling.onnx')
  await writeFile(path, buildModel(doubling))
  const [one, other] = await room(2)
  const { page } = one!
  const model = await one!.host([path])
  await page.evaluate((id) => globalThis.moot?.models.pin(id, true), model)
  await other!.inputs(model)
  await other!.page.evaluate((id) => globalThis.moot?.models.judge(id, 'endorses', 'doubles as it says'), model)
  await page.waitForFunction(
    (id) => globalThis.moot?.view.models.find((each) => each.id === id)?.opinions[0]?.reason === 'doubles as it says',
    model,
  )
  await page.reload()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByRole('link', { name: /doubling/ }).click()
  await page.getByText('pinned').first().waitFor()
  await page.getByText('doubles as it says').first().waitFor()
  const length = await page.evaluate(async (id) => {
    let bytes = 0
    for await (const piece of globalThis.moot?.models.exportCar(id) ?? []) bytes += piece.length
    return bytes
  }, model)
  expect(length).toBeGreaterThan(buildModel(doubling).length)
})

/** In the page: brings a model, and tells of each change of what is here. */
async function keepAndTell(model: string): Promise<void> {
  const peer = globalThis.moot
  const tell = Reflect.get(globalThis, 'tell') as (bytes: number) => Promise<void>
  peer?.subscribe(({ models }) => {
    const transfer = models.find(({ id }) => id === model)?.transfer
    if (transfer && transfer.bytes > 0) void tell(transfer.bytes)
  })
  await peer?.models.keep(model)
}

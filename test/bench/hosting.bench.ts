import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { Rehearsal } from '../../src/entry/rehearsal/rehearsal.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { renamed, writeLargeModel } from '../kits/large-model.ts'
import type { Bench, Figure } from './figure.ts'
import { importingAndServing } from './large-file.ts'

/** A real model, beside the project where it lies at all. */
const SQUEEZENET = join(import.meta.dirname, '../../../shared/models/squeezenet_fp32.onnx')

/** Models that a room has never seen. */
const COLD = 5

/** Milliseconds until the first verified answer on such a one. */
const MOST_COLD = 4_000

const LARGE = 64 << 20

const signal = new AbortController().signal

export const bench: Bench = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'moot-hosting-'))
  try {
    return [...(await cold(folder)), ...(await killed(folder)), ...(await importingAndServing(folder))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** squeezenet held by one tab of four; another asks. A room that has just met: no engine has loaded anything. */
async function cold(folder: string): Promise<Figure[]> {
  const file = new Uint8Array(await readFile(SQUEEZENET))
  const times: number[] = []
  for (let i = 0; i < COLD; i++) {
    const path = join(folder, `squeezenet-${i}.onnx`)
    await writeFile(path, renamed(file, `cold ${i}`))
    const room = await Rehearsal.open({ tabs: 4, engine: 'cpu', faults: new Map(), signal })
    try {
      const { id, inputs } = await room.model(path)
      const { state, totalMs } = await room.asker.ask({
        model: id,
        input: seededInputs({ inputs }, i + 1),
        check: { mode: 'replicated', replication: 3 },
      })
      if (state !== 'agreed') throw new Error(`the cold ask came to ${state}`)
      times.push(Math.round(totalMs))
    } finally {
      await room.close()
    }
  }
  const what = `squeezenet_fp32 held by one tab of four: the first answer, agreed by three, median of ${COLD} cold rooms`
  return [{ what, value: median(times), unit: 'ms', bar: MOST_COLD, raw: times }]
}

/** A tab that brings 64 MB dies at 60 %, and goes on in its next life. */
async function killed(folder: string): Promise<Figure[]> {
  const path = join(folder, 'large.onnx')
  await writeLargeModel(path, LARGE)
  const stage = await Stage.open({ signal })
  try {
    const host = await stage.openTab({ number: 1 })
    const id = await host.host([path])
    const first = await stage.openTab({ number: 2 })
    await first.inputs(id)
    const stored = await untilKilled(first, id)
    await first.page.close()
    const second = await stage.openTab({ number: 2 })
    await second.inputs(id)
    const { begins, ends } = await keep(second, id)
    const twice = Math.max(0, Math.ceil((stored - begins) / (1 << 20)))
    const raw = { storedBefore: stored, hereAtTheResume: begins, whole: ends }
    const what = 'tab killed at 60 % of 64 MB: blocks that were stored and are fetched again after the resume'
    return [{ what, value: twice, unit: 'blocks', bar: 0, raw }]
  } finally {
    await stage.close()
  }
}

/** Brings a model, and crashes the tab at 60 %. Gives the bytes that it said were stored, until its last word. */
async function untilKilled(tab: Tab, model: string): Promise<number> {
  let stored = 0
  let crashed: Promise<void> | undefined
  await tab.page.exposeFunction('tellStored', (bytes: number, total: number) => {
    stored = bytes
    if (bytes >= 0.6 * total) crashed ??= tab.crash()
  })
  await tab.page.evaluate(followKeeping, { model, tell: 'tellStored' }).catch(() => {})
  await crashed
  return stored
}

async function keep(tab: Tab, model: string): Promise<{ begins: number; ends: number }> {
  const said: number[] = []
  await tab.page.exposeFunction('tellStored', (bytes: number) => void said.push(bytes))
  await tab.page.evaluate(followKeeping, { model, tell: 'tellStored' })
  return { begins: said[0] ?? 0, ends: said.at(-1) ?? 0 }
}

/** In the page: brings a model, and tells of each change of what is here. */
async function followKeeping({ model, tell }: { model: string; tell: string }): Promise<void> {
  const peer = globalThis.moot
  const told = Reflect.get(globalThis, tell) as (bytes: number, total: number) => Promise<void>
  peer?.subscribe(({ models }) => {
    const transfer = models.find(({ id }) => id === model)?.transfer
    // The first word is of an empty hand, before what is stored was counted.
    if (transfer?.total && transfer.bytes > 0) void told(transfer.bytes, transfer.total)
  })
  await peer?.models.keep(model)
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AskRecord } from '../../src/entry/rehearsal/record-ask.ts'
import type { Summary } from '../../src/entry/rehearsal/summary.ts'
import { run } from '../entry/command.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SQUEEZENET = join(ROOT, '..', 'shared', 'models', 'squeezenet_fp32.onnx')

interface Rehearsed {
  readonly status: number | null
  readonly asks: readonly AskRecord[]
  readonly summary: Summary
  readonly errors: string
}

/** Runs the command as a person would, and reads what it prints: JSON lines and nothing else. */
async function rehearse(...args: string[]): Promise<Rehearsed> {
  const receipts = await temporaryFolder()
  const command = ['src/entry/rehearse.ts', '--json', '--receipts', receipts, ...args]
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill())
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AskRecord | { summary: Summary })
  const last = lines.at(-1)
  if (last === undefined || !('summary' in last)) throw new Error(`no summary: ${errors}`)
  return { status, asks: lines.slice(0, -1) as AskRecord[], summary: last.summary, errors }
}

const states = ({ asks }: Rehearsed) => [...new Set(asks.map((ask) => ask.state))]

describe('in real tabs', () => {
  test('three tabs that tab 1 does not choose agree on what it asks, again and again', async () => {
    const rehearsed = await rehearse('--asks', '24', '--in-flight', '8')
    expect(states(rehearsed)).toEqual(['agreed'])
    expect(rehearsed.asks.every((ask) => ask.deciders.toSorted().join() === '2,3,4')).toBe(true)
    expect(rehearsed.asks.every((ask) => ask.receipt !== null && existsSync(ask.receipt))).toBe(true)
    expect(rehearsed).toMatchObject({ status: 0, summary: { asks: 24, lost: 0 } })
  })

  test('a tab that is off by 1 % in one operator is refuted by that operator, and evidence of it is kept', async () => {
    const evidence = await temporaryFolder()
    const fault = ['--fault', '3:op=3,scale=1.01', '--evidence', evidence]
    const rehearsed = await rehearse('--asks', '6', ...fault)
    expect(rehearsed).toMatchObject({ status: 0, summary: { states: { proven: 6 } } })
    for (const ask of rehearsed.asks) {
      expect(ask).toMatchObject({ operator: 3, opType: 'Conv', route: 'arithmetic', losers: [3] })
      expect(ask.stands.toSorted()).toEqual([2, 4])
      expect(ask.evidence !== null && existsSync(ask.evidence)).toBe(true)
    }
  })

  test('a silent tab is replaced; a constant one is refuted', async () => {
    const rehearsed = await rehearse('--tabs', '5', '--asks', '4', '--fault', '2:silent', '--fault', '3:constant')
    expect(rehearsed.summary.lost).toBe(0)
    expect(rehearsed.asks.every((ask) => !ask.deciders.includes(2))).toBe(true)
    const later = rehearsed.asks.slice(1)
    expect(later.every((ask) => ask.state === (ask.deciders.includes(3) ? 'proven' : 'agreed'))).toBe(true)
  })

  test('honest cpus and gpus agree within rounding, on fp32 and to the bit on int8', async () => {
    const rounded = await rehearse('--tabs', '5', '--asks', '4', '--engine', 'mixed')
    expect(states(rounded)).toEqual(['agreed-rounding'])
    expect(rounded.asks.some((ask) => Object.values(ask.engineOf).includes('gpu'))).toBe(true)
    const exact = await rehearse('--tabs', '5', '--asks', '4', '--engine', 'mixed', '--model', 'digits-int8')
    expect(states(exact)).toEqual(['agreed'])
  })

  test('one tab is asked, and nobody checks it, where the asker wants no more', async () => {
    const { asks } = await rehearse('--tabs', '2', '--asks', '2', '--check', 'one-tab')
    const nothing = { operator: null, opType: null, stands: [], losers: [], evidence: null }
    expect(asks).toMatchObject(Array(2).fill({ state: 'one-tab', route: 'requester', ...nothing }))
  })

  test('the relay may die: those who are linked go on', async () => {
    const rehearsed = await rehearse('--asks', '6', '--kill-relay')
    expect(states(rehearsed)).toEqual(['agreed'])
  })

  test('a renderer that dies before the COMMIT-SET is replaced, one that dies after it is asked again without, and both are said', async () => {
    const before = await rehearse('--tabs', '5', '--asks', '1', '--kill-tab', 'before')
    expect(before.asks).toMatchObject([{ state: 'agreed', again: [] }])
    expect(before.asks[0]?.deciders).toHaveLength(3)
    const after = await rehearse('--tabs', '5', '--asks', '1', '--kill-tab', 'after')
    expect(after.asks).toMatchObject([{ state: 'agreed', again: [{ attempt: 1, reason: 'no-reveal', who: [5] }] }])
    expect(after.asks[0]?.deciders).not.toContain(5)
  })

  test.skipIf(!existsSync(SQUEEZENET))(
    'a model that only tab 1 holds reaches the executors, block by block',
    async () => {
      const rehearsed = await rehearse('--asks', '2', '--model', SQUEEZENET)
      expect(states(rehearsed)).toEqual(['agreed'])
    },
  )
})

test('an unknown model is a sentence and status 1', async () => {
  await expect(rehearse('--asks', '1', '--model', 'nothing')).rejects.toThrow('No model of the name "nothing"')
})

test('a model file that is not there is a sentence before a tab opens, and so is a factor that is none', async () => {
  const missing = await run('rehearse.ts', '--model', 'nowhere.onnx').ended
  expect(missing).toMatchObject({ status: 2 })
  expect(missing.output).toMatch(/^--model names a file that cannot be read: nowhere\.onnx\.\n/)
  const factorless = await run('rehearse.ts', '--fault', '2:scale=').ended
  expect(factorless).toMatchObject({ status: 2 })
  expect(factorless.output).toMatch(/^The fault could not be read: "scale=" is none of/)
})

test('a model file that is no model is a sentence without a stack', async () => {
  const file = join(await temporaryFolder(), 'empty.onnx')
  await writeFile(file, 'nothing')
  await expect(rehearse('--tabs', '1', '--model', file)).rejects.toThrow(/This file is not an ONNX model: [^\n]+\n$/)
})

import type { AnswerReport } from '../../src/entry/rehearsal/page.ts'
import { Rehearsal, type AskInit, type RehearsalInit } from '../../src/entry/rehearsal/rehearsal.ts'
import { median } from '../../src/entry/rehearsal/summary.ts'
import type { Bench, Figure } from './figure.ts'

/** Asks before the first that counts: models are loaded, and code is compiled. */
const WARM = 20

/** Real tabs ask and answer: how fast, how leanly, and how often not as they should. */
export const bench: Bench = async () => [
  ...(await latency()),
  ...(await endurance()),
  ...(await perturbed()),
  ...(await mixedEngines()),
]

async function inRoom<T>(init: Partial<RehearsalInit>, act: (room: Rehearsal) => Promise<T>): Promise<T> {
  const signal = new AbortController().signal
  const room = await Rehearsal.open({ tabs: 4, engine: 'cpu', faults: new Map(), signal, ...init })
  try {
    return await act(room)
  } finally {
    await room.close()
  }
}

async function reports(room: Rehearsal, ask: Partial<AskInit> & { asks: number }): Promise<AnswerReport[]> {
  const all: AnswerReport[] = []
  await room.ask({ model: 'digits', inFlight: 1, ...ask }, async (report) => void all.push(report))
  return all
}

const beyondCompute = (report: AnswerReport): number => report.totalMs - report.slowestExecutorMs

const latency = (): Promise<Figure[]> =>
  inRoom({}, async (room) => {
    await reports(room, { asks: WARM })
    const measured = await reports(room, { asks: 100 })
    const raw = measured.map((report) => Math.round(beyondCompute(report) * 10) / 10)
    const what =
      "verified answer, digits, cpu, 4 tabs, k = 3, warm: median from the click to the verdict, less the slowest executor's computing"
    return [{ what, value: median(raw), unit: 'ms', bar: 40, raw }]
  })

const endurance = (): Promise<Figure[]> =>
  inRoom({}, async (room) => {
    await reports(room, { asks: 100, inFlight: 16 })
    const before = await Promise.all(room.tabs.map((tab) => tab.heap()))
    const asked = await reports(room, { asks: 500, inFlight: 16 })
    const after = await Promise.all(room.tabs.map((tab) => tab.heap()))
    const growth = after.map((bytes, i) => Math.round((bytes - (before[i] ?? 0)) / 1e4) / 100)
    const lost = asked.filter((report) => report.state === 'lost').length
    return [
      { what: '500 asks, 16 in flight: lost', value: lost, unit: 'asks', bar: 0 },
      {
        what: "the same: greatest growth of a tab's heap after forced collection",
        value: Math.max(...growth),
        unit: 'MB',
        bar: 20,
        raw: { growth, before, after },
      },
    ]
  })

const perturbed = (): Promise<Figure[]> =>
  inRoom({ faults: new Map([[2, 'scale=1.01']]) }, async (room) => {
    const faulty = room.tabs[1]?.id
    const asked = await reports(room, { asks: 50 })
    const took = asked.filter((report) => report.claims.some((claim) => claim.peer === faulty))
    const agreed = took.filter((report) => report.state.startsWith('agreed'))
    const what = `an executor that perturbs its output by 1 %, ${took.length} of 50 asks with it: shown as agreed with it`
    return [{ what, value: agreed.length, unit: 'asks', bar: 0, raw: asked.map((report) => report.state) }]
  })

const mixedEngines = (): Promise<Figure[]> =>
  inRoom({ tabs: 5, engine: 'mixed' }, async (room) => {
    const asked = await reports(room, { asks: 200, inFlight: 4 })
    const contested = asked.filter((report) => !report.state.startsWith('agreed'))
    const states: Record<string, number> = {}
    for (const { state } of asked) states[state] = (states[state] ?? 0) + 1
    return [
      {
        what: 'honest cpu and gpu tabs mixed, 200 asks: not agreed on',
        value: contested.length,
        unit: 'asks',
        bar: 0,
        raw: states,
      },
    ]
  })

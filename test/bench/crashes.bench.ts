import type { AnswerReport } from '../../src/entry/rehearsal/page.ts'
import { Rehearsal } from '../../src/entry/rehearsal/rehearsal.ts'
import type { Bench, Figure } from './figure.ts'

/** Crashes of each kind, and asks without a relay. */
const ROUNDS = 20

/** Milliseconds that the relay stays away: longer than libp2p itself tries. */
const AWAY = 70_000

const signal = new AbortController().signal

/** Renderers and relays die for real; asks are answered all the same. */
export const bench: Bench = async () => [
  ...(await crashed('before')),
  ...(await crashed('after')),
  ...(await withoutRelay()),
]

async function crashed(when: 'before' | 'after'): Promise<Figure[]> {
  const faults = new Map([[5, when === 'before' ? 'stall=commit' : 'stall=reveal']])
  const room = await Rehearsal.open({ tabs: 5, engine: 'cpu', faults, signal })
  const asked: AnswerReport[] = []
  try {
    for (let i = 0; i < ROUNDS; i++) asked.push(await room.askAndCrash({ model: 'digits', when }))
  } finally {
    await room.close()
  }
  const byAll = (report: AnswerReport) => report.state === 'agreed' && report.claims.length === 3
  const again = (report: AnswerReport) => report.again.some(({ reason }) => reason === 'no-reveal')
  const as = when === 'before' ? byAll : (report: AnswerReport) => byAll(report) && again(report)
  const missed = asked.filter((report) => !as(report)).length
  const raw = asked.map(({ state, claims, again: retold, totalMs }) => ({
    state,
    by: claims.length,
    again: retold.length,
    totalMs: Math.round(totalMs),
  }))
  const what =
    when === 'before'
      ? `an executor's renderer killed before the COMMIT-SET, ${ROUNDS} times: not answered by k`
      : `the same after it, ${ROUNDS} times: not asked again by itself and answered by k`
  return [{ what, value: missed, unit: 'asks', bar: 0, raw }]
}

async function withoutRelay(): Promise<Figure[]> {
  const room = await Rehearsal.open({ tabs: 4, engine: 'cpu', faults: new Map(), signal })
  try {
    await room.stage.killRelay()
    const killedAt = performance.now()
    const asked: AnswerReport[] = []
    await room.ask({ model: 'digits', inFlight: 1, asks: ROUNDS }, async (report) => void asked.push(report))
    const missed = asked.filter((report) => report.state !== 'agreed').length
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, AWAY - (performance.now() - killedAt))))
    await room.stage.startRelay()
    const newcomer = await room.stage.openTab({ number: 5 })
    const joined = Math.round(await newcomer.linked(1))
    return [
      {
        what: `relay killed, then ${ROUNDS} asks: not answered`,
        value: missed,
        unit: 'asks',
        bar: 0,
        raw: asked.map((report) => report.state),
      },
      {
        what: `relay back after ${AWAY / 1_000} s: a newcomer's click to its first direct link`,
        value: joined,
        unit: 'ms',
        bar: 60_000,
      },
    ]
  } finally {
    await room.close()
  }
}

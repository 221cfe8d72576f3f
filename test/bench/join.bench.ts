import { median } from '../../src/entry/rehearsal/summary.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Bench } from './figure.ts'

/** Joins: enough for a median. */
const ROUNDS = 15

/** From the click on Join to the first direct link, by whoever comes to a room where one tab waits. */
export const bench: Bench = async () => {
  const stage = await Stage.open({ signal: new AbortController().signal })
  try {
    const host = await stage.openTab({ number: 1 })
    const raw: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const newcomer = await stage.openTab({ number: 2 })
      raw.push(Math.round(await newcomer.linked(1)))
      await newcomer.page.evaluate(() => globalThis.moot?.leave())
      await newcomer.page.close()
      await host.page.waitForFunction(() => globalThis.moot?.view.peers.length === 0)
    }
    return [
      { what: 'Join click to first direct link, 2 tabs, median', value: median(raw), unit: 'ms', bar: 1_500, raw },
    ]
  } finally {
    await stage.close()
  }
}

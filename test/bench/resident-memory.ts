import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'

/** The process that runs a page: the renderer that computes while the page does. */
export async function rendererOf(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession()
  if (!session) throw new Error('this page has no browser of its own to ask')
  const cpuTimes = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]))
  }
  const before = await cpuTimes()
  await page.evaluate(() => {
    for (const until = performance.now() + 1_000; performance.now() < until;);
  })
  const after = [...(await cpuTimes())].toSorted(
    ([a, aTime], [b, bTime]) => bTime - (before.get(b) ?? 0) - (aTime - (before.get(a) ?? 0)),
  )
  if (!after[0]) throw new Error('the browser has no renderer')
  return after[0][0]
}

/** From now on: the greatest resident memory of a process above what it is now, as the kernel keeps it. */
export async function growth(
  process: number,
  rest: number,
): Promise<() => Promise<{ rest: number; peak: number; above: number }>> {
  await new Promise((resolve) => setTimeout(resolve, rest))
  const before = await resident(process)
  let peak = before
  const timer = setInterval(() => void resident(process).then((now) => (peak = Math.max(peak, now))), 20)
  return async () => {
    clearInterval(timer)
    peak = Math.max(peak, await resident(process))
    return { rest: before, peak, above: peak - before }
  }
}

async function resident(process: number): Promise<number> {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${process}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1_024
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { encode } from '@ipld/dag-cbor'
import { build } from 'vite'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import type { Vote } from '../../src/domain/ledger/entry.ts'
import { courtOfFour } from '../kits/court.ts'
import { digestsOf, type Digests } from '../kits/report-digests.ts'

/** Milliseconds in which a browser has started and computed. */
const PATIENCE = 175_000

const VOTES: readonly (readonly Vote[])[] = [
  ['uphold', 'uphold', 'dismiss'],
  ['dismiss', 'uphold', 'dismiss'],
  ['uphold', 'uphold', 'uphold'],
]

/** Signed entries of a room with a dozen jobs, contests and rulings, as a file. */
function entries(): Uint8Array {
  const { court } = courtOfFour(8)
  for (let i = 0; i < 12; i++) {
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    court.say('ann', 'RECEIPT', {
      job: job.id,
      state: 'agreed',
      executors: ['ben', 'cat', 'dan'].map((name) => court.who(name).publicKey),
      commitment: job.id,
      drawnFrom: 4,
      chosen: true,
    })
    const contest = court.contest('ann', job)
    court.summon('ann', contest, court.open(['ann', 'ben', 'cat', 'dan'], job, contest))
    court.votes(contest, VOTES[i % VOTES.length] ?? [])
    court.rule('ann', contest)
  }
  return encode(court.written.map(({ signed }) => signed))
}

/** A page that computes from a file of entries, and whatever it says when it has. */
async function servePage(file: Uint8Array): Promise<{ url: string; digests: Promise<unknown> }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: { write: false, target: 'es2022', rolldownOptions: { input: join(import.meta.dirname, 'report-page.ts') } },
  })
  const [{ output } = { output: [] }] = [built].flat().flatMap((each) => ('output' in each ? [each] : []))
  const chunk = output.find((each) => each.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error('nothing was built')
  const said = Promise.withResolvers<unknown>()
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      request.toArray().then((parts) => said.resolve(JSON.parse(parts.join(''))), said.reject)
      return void response.end()
    }
    if (request.url === '/entries') return void response.end(file)
    const isPage = request.url === '/'
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript')
    response.end(
      isPage ? '<!doctype html><title>Report</title><script type="module" src="page.js"></script>' : chunk.code,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, digests: said.promise }
}

/** Debian's Firefox, or the one that `FIREFOX` names. */
function findFirefox(): string | undefined {
  const named = process.env['FIREFOX']
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'firefox-esr'))
  return [...(named ? [named] : []), ...found].find((path) => existsSync(path))
}

/** It has no driver here: it opens the page, and is ended with the test. Rejects where it ends before. */
function openFirefox(path: string, url: string): Promise<never> {
  const profile = mkdtempSync(join(tmpdir(), 'moot-firefox-'))
  const firefox = spawn(path, ['--headless', '--no-remote', '--profile', profile, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // It does not begin where the home folder is another user's.
    env: { ...process.env, HOME: profile },
  })
  let errors = ''
  firefox.stderr.on('data', (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-4_096)))
  onTestFinished(async () => {
    const ended = firefox.exitCode === null ? once(firefox, 'exit') : undefined
    firefox.kill('SIGKILL')
    await ended
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  })
  const early = once(firefox, 'exit').then(([status]) => {
    throw new Error(`Firefox ended with ${String(status)}: ${errors}`)
  })
  early.catch(() => {})
  return early
}

const firefox = findFirefox()

describe('the same entries, viewpoint and window', () => {
  let file: Uint8Array
  let here: Digests
  beforeAll(() => {
    file = entries()
    here = digestsOf(file)
  }, PATIENCE)

  test('are rulings and jobs that Node counts', () => {
    expect(here.decisions).toBeGreaterThan(24)
  })

  test('give the same report in Chromium, to the byte', { timeout: PATIENCE }, async () => {
    const { url, digests } = await servePage(file)
    const browser = await launchChromium()
    onTestFinished(() => browser.close())
    await (await browser.newPage()).goto(url)
    expect(await digests).toEqual(here)
  })

  test.skipIf(firefox === undefined)(
    `give the same report in Firefox ESR, to the byte${firefox === undefined ? ' (skipped: there is no firefox-esr on the PATH, and FIREFOX names none)' : ''}`,
    { timeout: PATIENCE },
    async () => {
      const { url, digests } = await servePage(file)
      expect(await Promise.race([digests, openFirefox(firefox ?? '', url)])).toEqual(here)
    },
  )
})

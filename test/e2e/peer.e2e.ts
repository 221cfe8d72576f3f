import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../src/adapters/sqlite/index.ts'
import { Stage } from '../../src/entry/rehearsal/stage.ts'
import type { Tab } from '../../src/entry/rehearsal/tab.ts'
import { npmRun, run, type Command } from '../entry/command.ts'
import { buildModel, doubling } from '../kits/onnx-builder.ts'
import { floats } from '../kits/tensors.ts'
import { temporaryFolder } from '../temporary-folder.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open({ signal: new AbortController().signal })
})
afterEach(() => stage.close())

/** A peer without a browser, in the room and at the relay of the stage's tabs. */
async function startPeer(start: (...args: string[]) => Command, data: string, ...args: string[]) {
  const url = new URL(stage.url({}))
  const where = ['--room', url.hash.replace('#/r/', ''), '--relay', url.searchParams.get('relay') ?? '']
  const command = start(...where, '--data', data, '--http-port', '0', '--duty', '100', ...args)
  // npm, once killed, leaves what it started: so it is asked first
  onTestFinished(async () => void (await command.stop()))
  const [, id = ''] = await command.line(/^Peer \w+ \w+, (\w+), is in the room/)
  const [, http = ''] = await command.line(/^Health and metrics: (\S+)\/health/)
  return { ...command, id, http }
}

async function modelFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'doubling.onnx')
  await writeFile(path, buildModel(doubling))
  return path
}

const pinnedModel = async ({ line }: Pick<Command, 'line'>) =>
  (await line(/^Pinned doubling@\S+ by .*: (\w+)$/))[1] ?? ''

/** How many opinions a peer has kept. */
async function opinionsIn(data: string): Promise<number> {
  const { records, close } = openSqlite({ path: join(data, 'models.sqlite'), maxBytes: Number.MAX_SAFE_INTEGER })
  const { length } = await records('opinions').all()
  close()
  return length
}

const ask = (tab: Tab, model: string) =>
  tab.ask({ model, input: { x: floats(0.5, 2) }, check: { mode: 'replicated', replication: 1 } })

test('npm run peer imports a file, hosts it, and computes for a tab that asks; it leaves with a goodbye', async () => {
  const data = await temporaryFolder()
  const peer = await startPeer((...args) => npmRun('peer', ...args), data, '--pin', await modelFile())
  const model = await pinnedModel(peer)

  const tab = await stage.openTab({ number: 1 })
  await tab.knows(peer.id)
  await tab.inputs(model)
  const answer = await ask(tab, model)
  expect(answer).toMatchObject({ state: 'one-tab', claims: [{ peer: peer.id, engine: 'cpu' }] })
  const health = async (): Promise<unknown> => (await fetch(`${peer.http}/health`)).json()
  await expect.poll(health).toMatchObject({ peer: peer.id, pinned: [model], peers: 1, links: 1, jobsRun: 1 })
  expect(await (await fetch(`${peer.http}/metrics`)).text()).toContain('moot_peer_jobs_run 1')

  await peer.stop()
  await tab.page.waitForFunction(() => globalThis.moot?.view.peers.length === 0)
})

test('a model that only one tab has, and what it says of it, stay in the room with the peer that pins it', async () => {
  const data = await temporaryFolder()
  const first = await startPeer((...args) => run('peer.ts', ...args), data, '--pin', 'doubling')
  await first.line(/^Waiting for doubling: nobody in the room holds it now\.$/)
  const author = await stage.openTab({ number: 1 })
  const model = await author.host([await modelFile()])
  await author.page.evaluate((id) => globalThis.moot?.models.judge(id, 'endorses', 'It doubles.'), model)
  expect(await pinnedModel(first)).toBe(model)
  await expect.poll(() => opinionsIn(data), { timeout: 10_000 }).toBe(1)
  await author.page.close()
  // Gone for the peer too: then nobody's goodbye is waited for when it ends.
  await expect
    .poll(async () => (await fetch(`${first.http}/health`)).json(), { timeout: 30_000 })
    .toMatchObject({ peers: 0, links: 0 })
  expect(await first.stop(), (await first.ended).output).toBe(0)

  const again = await startPeer((...args) => run('peer.ts', ...args), data, '--watch')
  expect(again.id).toBe(first.id)
  const newcomer = await stage.openTab({ number: 2 })
  await newcomer.knows(again.id)
  await newcomer.inputs(model)
  const holders = await newcomer.page.evaluate(async (id) => {
    await globalThis.moot?.models.keep(id)
    const kept = globalThis.moot?.view.models.find((each) => each.id === id)
    return kept?.cached === true ? kept.holders : 'it is not here'
  }, model)
  expect(holders).toEqual([again.id])
  const opinions = await newcomer.page.waitForFunction(
    (id) => globalThis.moot?.view.models.find((each) => each.id === id && each.opinions.length > 0)?.opinions,
    model,
  )
  expect(await opinions.jsonValue()).toMatchObject([{ peer: author.id, stand: 'endorses', reason: 'It doubles.' }])
})

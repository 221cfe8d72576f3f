import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { run } from './command.ts'

async function startRelay(data: string, port = '0') {
  const ports = ['--port', port, '--webrtc-direct-port', 'off', '--http-port', '0']
  const relay = run('relay.ts', '--data', data, '--host', '127.0.0.1', ...ports)
  const [, address = ''] = await relay.line(/^ {2}(\/ip4\/\S+)$/)
  return { ...relay, address }
}

const peer = async (...args: string[]) =>
  run('peer.ts', '--data', await temporaryFolder(), '--http-port', '0', '--room', 'a room', ...args)

/** A site that lists nothing at first. */
async function startSite() {
  const site = { relays: [] as string[], url: '' }
  const server = createServer((request, response) => {
    if (request.url === '/moot/relays.json') response.end(JSON.stringify({ relays: site.relays }))
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/moot`
  return site
}

test('a peer waits for the app that lists its relay, and tells of itself', { timeout: 60_000 }, async () => {
  const site = await startSite()
  const { line, stop, ended } = await peer('--app', site.url, '--watch')
  await line(/^Nothing at http:\S+\/moot\/relays\.json lists a relay\. Waiting for it/)
  const relay = await startRelay(await temporaryFolder())
  site.relays = [relay.address]
  const [, id = ''] = await line(/^Peer \w+ \w+, (\w+), is in the room a room\.$/)
  await line(/^It computes nothing, and keeps up to 4096 MB of models in /)
  await line(/^Connected to the relay /)
  const [, http = ''] = await line(/^Health and metrics: (\S+)\/health/)
  const health: unknown = await (await fetch(`${http}/health`)).json()
  expect(health).toMatchObject({ status: 'ok', peer: id, watching: true, relays: 1, peers: 0 })
  // any page may read it, and the name is all that it takes to enter the room
  expect(JSON.stringify(health)).not.toContain('a room')
  expect(await stop(), (await ended).output).toBe(0)
})

test('a relay that goes is tried again until it is back', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  const relay = await startRelay(folder)
  const { line } = await peer('--relay', relay.address)
  await line(/^Connected to the relay /)
  await relay.stop()
  await line(/^Lost the relay .*: trying again until it is back\.$/)
  const [, port = ''] = /\/tcp\/(\d+)\//.exec(relay.address) ?? []
  const again = await startRelay(folder, port)
  const joined = async () => {
    const [, http = ''] = await again.line(/^Health and metrics: (\S+)\/health/)
    return (await fetch(`${http}/health`)).json() as Promise<Record<string, unknown>>
  }
  await expect.poll(joined, { timeout: 30_000, interval: 200 }).toMatchObject({ reservations: 1 })
})

test.for([
  [
    ['--pin', 'nowhere.onnx'],
    /^--pin nowhere\.onnx: The model to pin could not be read: there is no file nowhere\.onnx\./,
  ],
  [['--pin', 'a@b@c'], /^--pin a@b@c: The model to pin could not be read/],
  [['--relay', 'garbage'], /^--relay takes a multiaddr that ends in/],
  [['--app', 'localhost'], /^--app takes the address of the app/],
  [['--cache', '1'], /^--cache takes a number of megabytes from 16 up, and got "1"\.$/],
  [['--duty', '99'], /^--duty takes 10, 25, 50 or 100, and got "99"\.$/],
  [['--juror', 'kind'], /^--juror takes rerun, uphold, dismiss, and got "kind"\.$/],
  [['--charter', 'first'], /^--charter takes the CID of a charter, as in bafyrei…, and got "first"\.$/],
  [['--room', ''], /^--room takes a name of 1 to 128 characters\.$/],
] as const)('a wrong command line is answered with a sentence: %s', { timeout: 30_000 }, async ([args, sentence]) => {
  const { status, output } = await run('peer.ts', ...args).ended
  expect(status).toBe(2)
  expect(output.split('\n')[0]).toMatch(sentence)
})

test('a taken port is answered with a sentence', { timeout: 30_000 }, async () => {
  const { url } = await startSite()
  const { port } = new URL(url)
  const relay = '/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
  const { status, output } = await (await peer('--relay', relay, '--http-port', port)).ended
  expect({ status, output }).toEqual({
    status: 1,
    output: `Port ${port} is taken: stop what uses it, or choose another with --http-port.`,
  })
})

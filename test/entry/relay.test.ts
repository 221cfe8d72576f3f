import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { npmRun, run } from './command.ts'

/** A relay on its own, on ports that the system chooses. */
async function startRelay(data: string, ...args: string[]) {
  const relay = run('relay.ts', '--data', data, '--host', '127.0.0.1', '--port', '0', '--http-port', '0', ...args)
  const [, peer = ''] = await relay.line(/^Relay (\S+)$/)
  const [, http = ''] = await relay.line(/^Health and metrics: (\S+)\/health/)
  return { ...relay, peer, http }
}

const getJson = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>

test('a relay tells its health, its figures and its addresses, and stops when asked', { timeout: 30_000 }, async () => {
  const { peer, http, stop } = await startRelay(await temporaryFolder(), '--webrtc-direct-port', '0')

  expect(await getJson(`${http}/health`)).toMatchObject({ status: 'ok', peer, connections: 0, reservations: 0 })
  expect(await (await fetch(`${http}/metrics`)).text()).toContain('moot_relay_reservations 0')

  const relays = (await getJson(`${http}/relays.json`))['relays'] as string[]
  expect(relays).toEqual([
    expect.stringMatching(`^/ip4/127.0.0.1/tcp/\\d+/ws/p2p/${peer}$`),
    expect.stringMatching(`^/ip4/127.0.0.1/udp/\\d+/webrtc-direct/certhash/\\S+/p2p/${peer}$`),
  ])
  expect(relays.map((address) => String(multiaddr(address)))).toEqual(relays)
  expect(await stop()).toBe(0)
})

test('a relay is the same one after a restart, and another beside it is another', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  const first = await startRelay(folder, '--webrtc-direct-port', 'off')
  const other = await startRelay(await temporaryFolder(), '--webrtc-direct-port', 'off')
  await first.stop()
  const again = await startRelay(folder, '--webrtc-direct-port', 'off')
  expect(again.peer).toBe(first.peer)
  expect(other.peer).not.toBe(first.peer)
})

test('a relay behind a proxy or a router announces what they answer to', { timeout: 30_000 }, async () => {
  const wss = '/dns4/relay.example/tcp/443/tls/ws'
  const direct = '/ip4/203.0.113.7/udp/9090/webrtc-direct'
  const args = ['--webrtc-direct-port', '0', '--announce', wss, '--announce', direct]
  const { peer, http } = await startRelay(await temporaryFolder(), ...args)
  expect(await getJson(`${http}/relays.json`)).toEqual({
    relays: [`${wss}/p2p/${peer}`, expect.stringMatching(`^${direct}/certhash/u\\S+/p2p/${peer}$`)],
  })
})

test('npm run relay ends when npm is asked to, and its ports are free', { timeout: 30_000 }, async () => {
  const data = await temporaryFolder()
  const relay = npmRun('relay', '--data', data, '--host', '127.0.0.1', '--port', '0', '--http-port', '0')
  const [, http = ''] = await relay.line(/^Health and metrics: (\S+)\/health/)
  await relay.stop()
  await expect.poll(async () => fetch(`${http}/health`).catch(() => 'nobody'), { timeout: 2000 }).toBe('nobody')
})

test.for([
  [['--prot', '1'], "Unknown option '--prot'."],
  [['--port'], "Option '--port <value>' argument missing."],
  [['--port', '70000'], '--port takes a port, a number from 0 to 65535, and got "70000".'],
  [['file'], "Unexpected argument 'file'."],
] as const)('a wrong command line is answered with a sentence: %s', async ([args, sentence]) => {
  const { status, output } = await run('relay.ts', ...args).ended
  expect(status).toBe(2)
  expect(output.split('\n')[0]).toBe(sentence)
})

test('a data folder that cannot be is answered with a sentence', async () => {
  const { status, output } = await run('relay.ts', '--data', 'package.json', '--port', '0', '--http-port', '0').ended
  expect({ status, output }).toEqual({
    status: 1,
    output: 'The folder package.json cannot be used: a file is in its place. Name another.',
  })
})

test('a taken port is answered with a sentence', { timeout: 30_000 }, async () => {
  const { http } = await startRelay(await temporaryFolder(), '--webrtc-direct-port', 'off')
  const { port } = new URL(http)
  const { status, output } = await run(
    'relay.ts',
    '--data',
    await temporaryFolder(),
    '--port',
    port,
    '--host',
    '127.0.0.1',
  ).ended
  expect({ status, output }).toEqual({
    status: 1,
    output: `Port ${port} is taken: stop what uses it, or choose another with --port.`,
  })
})

test('so is a taken UDP port, and with nothing else', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  const { port } = socket.address()
  const ports = ['--host', '127.0.0.1', '--port', '0', '--webrtc-direct-port', String(port), '--http-port', '0']
  const { status, output } = await run('relay.ts', '--data', await temporaryFolder(), ...ports).ended
  expect({ status, output }).toEqual({
    status: 1,
    output: `UDP port ${port} is taken, which webrtc-direct needs: choose another.`,
  })
})

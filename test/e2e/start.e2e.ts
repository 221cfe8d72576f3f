import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import { createLibp2pNet } from '../../src/adapters/libp2p/net.ts'
import { run } from '../entry/command.ts'
import { temporaryFolder } from '../temporary-folder.ts'

async function start(...args: string[]) {
  const data = await temporaryFolder()
  const command = run('start.ts', '--no-build', '--data', data, '--port', '0', ...args)
  return { ...command, data }
}

async function relaysOf(url: string): Promise<string[]> {
  const { relays } = (await (await fetch(new URL('relays.json', url))).json()) as { relays: string[] }
  return relays
}

test('npm start serves the app and its relay on one port of localhost', async () => {
  const { line, stop } = await start()
  const [, url = ''] = await line(/^Moot is at (http:\/\/localhost:\d+\/)$/)
  const { port } = new URL(url)

  expect(await (await fetch(url)).text()).toContain('<!doctype html>')
  expect(await (await fetch(`${url}health`)).json()).toMatchObject({ status: 'ok', connections: 0 })
  const relays = await relaysOf(url)
  expect(relays).toEqual([expect.stringMatching(`^/dns4/localhost/tcp/${port}/ws/p2p/12D3KooW\\w+$`)])

  const peer = await createLibp2pNet({ privateKeySeed: new Uint8Array(randomBytes(32)), relays })
  onTestFinished(() => peer.stop())
  const reachable = new Promise((resolve) =>
    peer.on('addresses', (addresses) => addresses.length > 0 && resolve(addresses)),
  )
  await peer.start()
  // what the relay says of itself: nobody is told of the port on which it listens behind the server
  expect(await reachable).toEqual([
    expect.stringMatching(`^/dns4/localhost/tcp/${port}/ws/p2p/\\w+/p2p-circuit/webrtc/`),
  ])
  expect(await (await fetch(`${url}health`)).json()).toMatchObject({ connections: 1, reservations: 1 })

  await peer.stop()
  expect(await stop()).toBe(0)
})

test('with --https a browser that accepts the certificate reaches the relay by the same port', async () => {
  const { line, data } = await start('--https')
  const [, url = ''] = await line(/^Moot is at (https:\/\/localhost:\d+\/)$/)
  await line(/^Browsers warn once/)
  expect(await readFile(join(data, 'https.crt'), 'utf8')).toContain('BEGIN CERTIFICATE')

  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ ignoreHTTPSErrors: true })
  await page.goto(url)
  const opened = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`wss://${location.host}/`)
        socket.addEventListener('open', () => resolve('open'))
        socket.addEventListener('error', () => resolve('error'))
      }),
  )
  expect(opened).toBe('open')
  const [relay] = await page.evaluate(
    async () => ((await (await fetch('./relays.json')).json()) as { relays: string[] }).relays,
  )
  expect(relay).toMatch(/^\/dns4\/localhost\/tcp\/\d+\/tls\/ws\/p2p\//)
})

test('with --public-url what is to be deployed is printed, and relays.json names the public address', async () => {
  const other =
    '/ip4/203.0.113.7/udp/9090/webrtc-direct/certhash/uEiAmS-uMuuTnDoafYEioMqRWnczNiQu_iaTRqjPhgStWig/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'
  const { line } = await start('--public-url', 'https://moot.example/room', '--relay', other)
  await line(/^Moot will be at https:\/\/moot\.example\/room\/$/)
  const [, relay = ''] = await line(/^Its relay: (\/dns4\/moot\.example\/tcp\/443\/tls\/ws\/p2p\/\S+)$/)
  await line(/^ {4}redir \/room \/room\/$/)
  const [, answersAt = ''] = await line(/reverse_proxy @relay (\S+)$/)
  const [, printed = ''] = await line(/^ {2}(\{"relays".*)$/)
  expect(JSON.parse(printed)).toEqual({ relays: [relay, other] })
  expect(await relaysOf(`http://${answersAt}/`)).toEqual([relay, other])
})

test.for([
  [
    ['--public-url', 'example.org'],
    '--public-url takes an https address, as in https://example.org/moot/, and got "example.org".',
  ],
  [
    ['--relay', 'garbage'],
    '--relay takes a multiaddr that ends in /p2p/… and the peer id of the relay, and got "garbage".',
  ],
  [['--port', '-1'], "Option '--port' argument is ambiguous."],
] as const)('a wrong command line is answered with a sentence: %s', async ([args, sentence]) => {
  const { status, output } = await run('start.ts', ...args).ended
  expect(status).toBe(2)
  expect(output.split('\n')[0]).toBe(sentence)
})

test('a taken port is answered with a sentence', async () => {
  const { line } = await start()
  const [, port = ''] = await line(/^Moot is at http:\/\/localhost:(\d+)\/$/)
  const { status, output } = await run('start.ts', '--no-build', '--data', await temporaryFolder(), '--port', port)
    .ended
  expect({ status, output }).toEqual({
    status: 1,
    output: `Port ${port} is taken: stop what uses it, or choose another with --port.`,
  })
})

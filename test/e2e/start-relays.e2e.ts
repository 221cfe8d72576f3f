import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import { serveApp } from '../../src/adapters/http/app.ts'
import { sendText, startHttpServer } from '../../src/adapters/http/server.ts'
import { buildIfNeeded, DIST } from '../../src/entry/build-app.ts'

beforeAll(() => buildIfNeeded({ signal: AbortSignal.timeout(120_000) }))

/** The app on a host whose `relays.json` is this text. */
async function serveWith(relays: string): Promise<string> {
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    routes: { '/relays.json': (_, response) => sendText(response, 200, relays) },
    otherwise: serveApp(DIST),
  })
  onTestFinished(() => server.stop())
  return `http://localhost:${server.port}/`
}

test.for([
  ['', 'no list', 'The list in relays.json could not be read: it is not JSON.'],
  ['', '{"relays":["garbage"]}', 'The list in relays.json could not be read: nothing in it is a multiaddr'],
  ['', '{"relays":[]}', 'No relay is named.'],
  ['?relay=garbage', '{"relays":[]}', '"garbage" is not a multiaddr that ends in /p2p/'],
  ['?relay=/dns4/x/tcp/none/ws/p2p/12D3', '{"relays":[]}', 'The relay address could not be read:'],
])(
  'what is wrong with the relays is said on the Join screen: %s %s',
  async ([query = '', relays = '', sentence = '']) => {
    const browser = await launchChromium()
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${await serveWith(relays)}${query}`)
    await page.getByRole('button', { name: 'Join', exact: true }).click()
    await page.getByText(sentence).waitFor()
    expect(await page.getByRole('button', { name: 'Join', exact: true }).isVisible()).toBe(true)
  },
)

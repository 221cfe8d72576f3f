import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import { serveApp } from '../../src/adapters/http/app.ts'
import { buildIfNeeded, DIST } from '../../src/entry/build-app.ts'
import { measureBytes } from '../bench/bytes.ts'

/** A static host that knows nothing of Moot, which has it below `/some/where/`. */
async function staticHost(): Promise<string> {
  const app = serveApp(DIST)
  const server = createServer((request, response) => {
    if (!request.url?.startsWith('/some/where/')) return void response.writeHead(404).end()
    request.url = request.url.slice('/some/where'.length)
    app(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}/some/where/`
}

async function openPage(): Promise<Page> {
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  return browser.newPage()
}

describe('the build on a static host, in a folder of it', () => {
  beforeAll(() => buildIfNeeded({ signal: AbortSignal.timeout(120_000) }))

  test('shows the Join screen and has done nothing else', async () => {
    const page = await openPage()
    const loaded: string[] = []
    const wrong: string[] = []
    page.on('request', (request) => loaded.push(request.url()))
    page.on('websocket', (socket) => wrong.push(`websocket ${socket.url()}`))
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
    page.on('pageerror', (error) => wrong.push(error.message))
    page.on('requestfailed', (request) => wrong.push(`failed ${request.url()}`))

    const url = await staticHost()
    await page.goto(url, { waitUntil: 'networkidle' })
    await page.getByRole('button', { name: /^Join/ }).waitFor()

    expect(wrong).toEqual([])
    const scripts = loaded
      .filter((address) => /\.m?js$|\.css$/.test(address))
      .map((address) => address.slice(url.length))
    expect(scripts).not.toEqual([])
    expect(Object.keys(measureBytes(DIST).beforeJoin)).toEqual(expect.arrayContaining(scripts))
    expect(loaded.filter((address) => /\.(wasm|onnx)$|relays\.json$/.test(address))).toEqual([])
  })
})

import { once } from 'node:events'
import { mkdir, writeFile, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serveApp } from '../../../src/adapters/http/app.ts'
import { sendJson, startHttpServer, type HttpServerInit } from '../../../src/adapters/http/server.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

async function serve(init: Partial<HttpServerInit> = {}) {
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes: {}, ...init })
  onTestFinished(() => server.stop())
  return { server, url: (path: string) => `http://127.0.0.1:${server.port}${path}` }
}

/** A built app with one file of each kind, and a secret beside it. */
async function builtApp() {
  const folder = await temporaryFolder()
  const dist = join(folder, 'dist')
  await mkdir(join(dist, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(dist, 'index.html'), '<!doctype html>')
  await writeFile(join(dist, 'assets', 'engine-a1b2c3d4.wasm'), 'wasm')
  await writeFile(join(dist, 'digits.onnx'), 'onnx')
  return dist
}

/** The status line of an answer to bytes sent as they are. */
async function statusOf(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString('latin1').split('\r\n', 1)[0] ?? ''
}

test('the app is served with the types, caching and policy that browsers need', async () => {
  const { url } = await serve({ otherwise: serveApp(await builtApp()) })
  const headers = async (path: string) => (await fetch(url(path))).headers

  const page = await headers('/')
  expect(page.get('content-type')).toBe('text/html;charset=utf-8')
  expect(page.get('cache-control')).toBe('no-cache')
  expect(page.get('x-content-type-options')).toBe('nosniff')
  expect(page.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'")

  const engine = await headers('/assets/engine-a1b2c3d4.wasm')
  expect(engine.get('content-type')).toBe('application/wasm')
  expect(engine.get('cache-control')).toContain('immutable')
  expect((await headers('/digits.onnx')).get('content-type')).toBe('application/octet-stream')
})

test('a folder that is built anew is served anew: what went is not found, what came is there', async () => {
  const dist = await builtApp()
  const { url } = await serve({ otherwise: serveApp(dist) })
  await rm(join(dist, 'digits.onnx'))
  await writeFile(join(dist, 'letters.onnx'), 'onnx')
  expect((await fetch(url('/digits.onnx'))).status).toBe(404)
  expect(await (await fetch(url('/letters.onnx'))).text()).toBe('onnx')
})

test.for([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%252e%252e/%252e%252e/secret.txt',
  '/%00',
])('nothing outside the folder is served: %s', async (path) => {
  const { server } = await serve({ otherwise: serveApp(await builtApp()) })
  expect(await statusOf(server.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toMatch(/ 40\d /)
})

test('a route answers JSON that any page may read, and what is unknown is not found', async () => {
  const { url } = await serve({
    routes: { '/health': (_request, response) => sendJson(response, 200, { status: 'ok' }) },
  })
  const health = await fetch(url('/health?now'))
  expect(await health.json()).toEqual({ status: 'ok' })
  expect(health.headers.get('access-control-allow-origin')).toBe('*')
  expect((await fetch(url('/nothing'))).status).toBe(404)
  expect((await fetch(url('/__proto__'))).status).toBe(404)
  expect((await fetch(url('/health'), { method: 'POST', body: 'x' })).status).toBe(405)
})

test('a route that fails answers 500 and harms no other', async () => {
  const { url } = await serve({
    routes: {
      '/broken': () => {
        throw new Error('broken')
      },
      '/health': (_request, response) => sendJson(response, 200, {}),
    },
  })
  expect((await fetch(url('/broken'))).status).toBe(500)
  expect((await fetch(url('/health'))).status).toBe(200)
})

test.for([
  ['localhost', 200],
  ['LOCALHOST:8080', 200],
  ['evil.example', 421],
  ['localhost@evil.example', 421],
  ['localhost:99999', 421],
  ['[::1', 421],
] as const)('a request for the host %s is answered %i', async ([host, status]) => {
  const { server } = await serve({
    hosts: ['localhost'],
    routes: { '/': (_request, response) => sendJson(response, 200, {}) },
  })
  expect(await statusOf(server.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toContain(` ${status} `)
})

test('headers without end are refused', async () => {
  const { server } = await serve()
  expect(await statusOf(server.port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(10_000)}`)).toContain(
    ' 431 ',
  )
})

test('a taken port is told', async () => {
  const { server } = await serve()
  const second = startHttpServer({ host: '127.0.0.1', port: server.port, routes: {} })
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('a WebSocket goes through to the server behind, and ends with this one', async () => {
  const behind = createServer()
  behind.on('upgrade', (incoming, socket) => {
    socket.on('error', () => {})
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Path: ${incoming.url}\r\nX-Key: ${String(incoming.headers['x-key'])}\r\n\r\n`,
    )
    socket.pipe(socket)
  })
  behind.listen(0, '127.0.0.1')
  await once(behind, 'listening')
  onTestFinished(() => void behind.close())

  const { server } = await serve({ upgradeTo: (behind.address() as AddressInfo).port, hosts: ['127.0.0.1'] })
  const upgrade = request({
    host: '127.0.0.1',
    port: server.port,
    path: '/there',
    headers: { 'connection': 'Upgrade', 'upgrade': 'websocket', 'x-key': 'k' },
  }).end()
  const [response, socket] = (await once(upgrade, 'upgrade')) as [{ headers: Record<string, string> }, Socket]
  expect(response.headers).toMatchObject({ 'x-path': '/there', 'x-key': 'k' })

  socket.write('an echo')
  expect(String((await once(socket, 'data'))[0])).toBe('an echo')
  const closed = once(socket, 'close')
  await server.stop()
  await closed
})

test('an upgrade for a foreign host, or to something else than a WebSocket, is cut off', async () => {
  const { server } = await serve({ upgradeTo: 9, hosts: ['localhost'] })
  for (const head of ['Host: evil.example\r\nUpgrade: websocket', 'Host: localhost\r\nUpgrade: h2c']) {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\n${head}\r\nConnection: Upgrade\r\n\r\n`)
    await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
  }
})

import { X509Certificate } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lanCertificate } from '../../../src/adapters/http/certificate.ts'
import { sendJson, startHttpServer } from '../../../src/adapters/http/server.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('a certificate is kept while it serves, and made anew when an address comes', async () => {
  const folder = await temporaryFolder()
  const first = await lanCertificate(folder, ['127.0.0.1', '192.168.1.7'])
  expect(await lanCertificate(folder, ['192.168.1.7'])).toEqual(first)
  const moved = await lanCertificate(folder, ['127.0.0.1', '10.0.0.3'])
  expect(moved).not.toEqual(first)
  expect(new X509Certificate(moved.cert).checkIP('10.0.0.3')).toBe('10.0.0.3')
  expect((await stat(join(folder, 'https.key'))).mode & 0o777).toBe(0o600)
})

test('a certificate that somebody damaged is made anew', async () => {
  const folder = await temporaryFolder()
  await lanCertificate(folder, ['127.0.0.1'])
  await writeFile(join(folder, 'https.crt'), 'damaged')
  await lanCertificate(folder, ['127.0.0.1'])
  expect(await readFile(join(folder, 'https.crt'), 'utf8')).toContain('BEGIN CERTIFICATE')
})

test('a browser that trusts the certificate reaches the server by its address', async () => {
  const certificate = await lanCertificate(await temporaryFolder(), ['127.0.0.1'])
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    certificate,
    routes: { '/': (_request, response) => sendJson(response, 200, {}) },
  })
  onTestFinished(() => server.stop())
  const [response] = (await once(
    request({ host: '127.0.0.1', port: server.port, ca: certificate.cert }).end(),
    'response',
  )) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(200)
})

import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sources } from '../../../src/adapters/sources/index.ts'
import { MootError } from '../../../src/domain/fault.ts'
import type { Reading } from '../../../src/ports/model-source.ts'
import { Hub, type Misbehaviour } from '../../kits/hub.ts'
import { HurriedClock } from '../../kits/hurried-clock.ts'

const MODEL = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 9)) & 255)
const PATH = '/models/model.onnx'

let hub: Hub
beforeEach(async () => {
  hub = await new Hub().start()
  hub.files.set(PATH, MODEL)
})
afterEach(() => hub.stop())

const open = (clock = new HurriedClock()) => sources({ clock })({ kind: 'url', url: `${hub.url}${PATH}` })

async function bytesOf({ chunks }: Reading): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

const readAll = async (path = 'model.onnx') => bytesOf(await open().read(path))

/** What a failing task says, in its three parts. */
async function faultOf(task: Promise<unknown>) {
  const error: unknown = await task.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof MootError)) throw error
  return error.fault
}

describe('a web address', () => {
  test('is listed with its size, and read whole', async () => {
    expect(await open().list()).toMatchObject({
      name: 'model.onnx',
      address: `${hub.url}${PATH}`,
      files: [{ path: 'model.onnx', size: MODEL.length }],
    })
    expect(hub.readsOf(PATH)).toEqual([])
    const reading = await open().read('model.onnx')
    expect(reading).toMatchObject({ size: MODEL.length, from: 0 })
    expect((await bytesOf(reading)).equals(MODEL)).toBe(true)
  })

  test('is told to others without what may be a key to it', async () => {
    const source = sources({ clock: new HurriedClock() })({ kind: 'url', url: `${hub.url}${PATH}?key=secret#there` })
    expect((await source.list()).address).toBe(`${hub.url}${PATH}`)
  })

  test('whose server takes no HEAD is listed all the same', async () => {
    hub.wrong.set('*', { head: false })
    expect((await open().list()).files).toEqual([{ path: 'model.onnx', size: MODEL.length }])
  })

  test('leads to what lies beside it', async () => {
    hub.files.set('/models/model.onnx_data', Uint8Array.of(1, 2, 3))
    expect([...(await readAll('model.onnx_data'))]).toEqual([1, 2, 3])
    expect(await faultOf(readAll('../secret'))).toMatchObject({ code: 'MALFORMED' })
  })

  test('with a password in it is not opened', async () => {
    const refused = () => sources({ clock: new HurriedClock() })({ kind: 'url', url: 'https://a:b@example.org/m.onnx' })
    expect(refused).toThrow('a user name or a password')
  })

  test('that leads elsewhere is followed', async () => {
    hub.wrong.set(PATH, { redirect: '/elsewhere.onnx' })
    hub.files.set('/elsewhere.onnx', MODEL)
    expect((await readAll()).equals(MODEL)).toBe(true)
  })
})

describe('going on', () => {
  const FROM = 200_000

  test('from a byte brings the rest, and nothing that was read before', async () => {
    const { version } = await open().read('model.onnx')
    hub.asked.length = 0
    const reading = await open().read('model.onnx', { from: FROM, version: version! })
    expect(reading).toMatchObject({ from: FROM, size: MODEL.length, version })
    expect((await bytesOf(reading)).equals(MODEL.subarray(FROM))).toBe(true)
    expect(hub.readsOf(PATH)).toMatchObject([{ from: FROM, sent: MODEL.length - FROM }])
  })

  test('from the end asks for nothing', async () => {
    const { version } = await open().read('model.onnx')
    hub.asked.length = 0
    const reading = await open().read('model.onnx', { from: MODEL.length, version: version! })
    expect(reading.from).toBe(MODEL.length)
    expect(await bytesOf(reading)).toHaveLength(0)
    expect(hub.readsOf(PATH)).toEqual([])
  })

  test.for<[string, Misbehaviour]>([
    ['the server knows no ranges', { ranges: false }],
    ['the file is another one by now', { etag: '"another"' }],
    ['the server has no name for these bytes any more', { unnamed: true }],
  ])('begins at 0 where %s', async ([, wrong]) => {
    const { version } = await open().read('model.onnx')
    hub.wrong.set('*', wrong)
    const reading = await open().read('model.onnx', { from: FROM, version: version! })
    expect(reading.from).toBe(0)
    expect((await bytesOf(reading)).equals(MODEL)).toBe(true)
  })

  test('happens by itself where the connection is cut, and reads no byte twice', async () => {
    hub.wrong.set(PATH, { cut: { at: 180_000, times: 1 } })
    expect((await readAll()).equals(MODEL)).toBe(true)
    const [first, second] = hub.readsOf(PATH)
    expect(first!.sent).toBe(180_000)
    expect(second!.from).toBeGreaterThan(0)
    expect(second!.from).toBeLessThanOrEqual(180_000)
  })

  test('passes over what is here where the server can begin at 0 alone', async () => {
    hub.wrong.set(PATH, { ranges: false, cut: { at: 180_000, times: 2 } })
    expect((await readAll()).equals(MODEL)).toBe(true)
    expect(hub.readsOf(PATH).map(({ from, sent }) => [from > 0, sent])).toEqual([
      [false, 180_000],
      [true, 180_000],
      [true, MODEL.length],
    ])
  })

  test('ends where the file was changed meanwhile', async () => {
    hub.wrong.set(PATH, { cut: { at: 180_000, times: 1 } })
    const reading = await open().read('model.onnx')
    hub.wrong.set(PATH, { etag: '"another"' })
    expect(await faultOf(bytesOf(reading))).toMatchObject({ why: 'it was changed while it was being read' })
  })
})

describe('what is wrong is said, and what to do about it', () => {
  const CASES: readonly (readonly [what: string, wrong: Misbehaviour, why: RegExp, advice: RegExp])[] = [
    ['404', { status: 404 }, /nothing at its address \(404\)/, /typing error/],
    ['403', { status: 403 }, /a permission that Moot does not have/, /add the file from this device/],
    ['401', { status: 401 }, /a permission that Moot does not have/, /add the file from this device/],
    ['429', { status: 429 }, /too many requests/, /Wait a few minutes/],
    ['503', { status: 503 }, /a problem of its own \(503\)/, /Try again later/],
    ['418', { status: 418 }, /answered with 418/, /Download it yourself/],
    ['a redirect in circles', { redirect: 'self' }, /round in circles/, /the file itself/],
    ['a redirect out of the web', { redirect: 'ftp://127.0.0.1/model.onnx' }, /out of the web/, /the file itself/],
    ['a web page', { page: true }, /a web page, not to a file/, /download button/],
    ['a connection cut for ever', { cut: { at: 9, times: 99 } }, /cut again and again/, /goes on from there/],
    ['a length that never comes', { length: MODEL.length + 9 }, /cut again and again/, /goes on from there/],
    ['another part than asked for', { offset: 5 }, /another part of it/, /add the file/],
    ['a cut, and no name for the bytes', { unnamed: true, cut: { at: 9, times: 1 } }, /cut again/, /Try again/],
  ]

  test.for(CASES)('%s', async ([, wrong, why, advice]) => {
    hub.wrong.set('*', wrong)
    const said = await faultOf(readAll())
    expect(said).toMatchObject({ code: 'SOURCE_FAILED', source: `model.onnx at ${new URL(hub.url).host}` })
    expect(said).toMatchObject({ why: expect.stringMatching(why), advice: expect.stringMatching(advice) })
  })

  test('a server that is silent', async () => {
    hub.wrong.set('*', { silent: true })
    const silent = open(new HurriedClock({ impatient: true })).read('model.onnx')
    expect(await faultOf(silent)).toMatchObject({ why: 'its server does not answer' })
  })

  test('a server that is not there', async () => {
    const gone = open()
    await hub.stop()
    expect(await faultOf(gone.list())).toMatchObject({ why: 'nothing answers at its address' })
    await hub.start()
  })

  test('a file past the limit', async () => {
    hub.wrong.set('*', { length: 2 ** 30 + 1, ranges: false })
    expect(await faultOf(readAll())).toMatchObject({ code: 'TOO_LARGE', what: 'file' })
  })

  test('an empty file', async () => {
    hub.files.set(PATH, new Uint8Array())
    expect(await faultOf(readAll())).toMatchObject({ why: 'it holds no bytes' })
  })

  test('a server that hangs up on every question', async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const source = sources({ clock: new HurriedClock() })({
      kind: 'url',
      url: `http://127.0.0.1:${portOf(server)}/m.onnx`,
    })
    expect(await faultOf(source.list())).toMatchObject({ why: 'nothing answers at its address' })
    await new Promise((resolve) => server.close(resolve))
  })

  test('a person who has waited enough', async () => {
    hub.wrong.set('*', { silent: true })
    const giveUp = new AbortController()
    const listing = open().list({ signal: giveUp.signal })
    giveUp.abort()
    expect(await faultOf(listing)).toEqual({ code: 'CANCELLED' })
  })
})

const portOf = (server: Server): number => (server.address() as { port: number }).port

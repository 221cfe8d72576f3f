import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sources } from '../../../src/adapters/sources/index.ts'
import { MootError } from '../../../src/domain/fault.ts'
import { COMMIT, Hub } from '../../kits/hub.ts'
import { HurriedClock } from '../../kits/hurried-clock.ts'

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 13) & 255)
const FILES = {
  'README.md': bytes(20),
  'config.json': bytes(40),
  'onnx/model.onnx': bytes(5_000),
  'onnx/model_quantized.onnx': bytes(2_000),
}

let hub: Hub
beforeEach(async () => {
  hub = await new Hub().start()
  hub.repositories.set('owner/name', {
    files: FILES,
    info: { pipeline_tag: 'fill-mask', cardData: { license: 'mit' } },
  })
})
afterEach(() => hub.stop())

const open = (repository = 'owner/name', revision?: string, clock = new HurriedClock()) =>
  sources({ clock, hub: `${hub.url}/` })({
    kind: 'hub',
    repository,
    ...(revision === undefined ? {} : { revision }),
  })

const readAll = async (path: string, source = open()): Promise<number[]> => {
  const all: number[] = []
  for await (const chunk of (await source.read(path)).chunks) all.push(...chunk)
  return all
}

const sentence = (task: Promise<unknown>): Promise<string> =>
  task.then(
    () => 'it went well',
    (error: unknown) => (error instanceof MootError ? error.message : String(error)),
  )

describe('a repository', () => {
  test('is listed with what the hub says of it, at the commit where it is now', async () => {
    expect(await open().list()).toEqual({
      name: 'name',
      address: `${hub.url}/owner/name/tree/${COMMIT}`,
      revision: COMMIT,
      licence: 'mit',
      task: 'fill-mask',
      files: Object.entries(FILES).map(([path, { length }]) => ({ path, size: length })),
    })
  })

  test('is read at that commit, whatever its branch has become since', async () => {
    const source = open('owner/name', 'refs/pr/1')
    await source.list()
    expect(await readAll('onnx/model.onnx', source)).toEqual([...FILES['onnx/model.onnx']])
    expect(hub.asked.map(({ path }) => path)).toEqual([
      '/api/models/owner/name/revision/refs/pr/1',
      `/owner/name/resolve/${COMMIT}/onnx/model.onnx`,
    ])
  })

  test('names the bytes of its files, so that reading goes on wherever the hub serves them from', async () => {
    const { version } = await open().read('onnx/model.onnx')
    expect(version).toMatch(/^[0-9a-f]{64}$/)
    hub.wrong.set('*', { etag: '"one of another server"' })
    const reading = await open().read('onnx/model.onnx', { from: 4_000, version: version! })
    expect(reading).toMatchObject({ from: 4_000, size: 5_000, version })
    const whole = await open().read('onnx/model.onnx', { from: 5_000, version: version! })
    expect(whole.from).toBe(5_000)
  })

  test('of which another commit has another file is read from 0', async () => {
    const { version } = await open().read('onnx/model.onnx')
    hub.repositories.set('owner/name', { files: { 'onnx/model.onnx': bytes(6_000).reverse() } })
    const reading = await open().read('onnx/model.onnx', { from: 4_000, version: version! })
    expect(reading).toMatchObject({ from: 0, size: 6_000 })
  })

  test('without a list is looked through for the files that such a one has', async () => {
    hub.repositories.set('owner/name', { files: FILES, listed: false })
    const listing = await open().list()
    expect(listing.files).toEqual([
      { path: 'onnx/model.onnx', size: 5_000 },
      { path: 'onnx/model_quantized.onnx', size: 2_000 },
      { path: 'config.json', size: 40 },
    ])
    expect(listing.revision).toBe(COMMIT)
    expect(await readAll('config.json')).toEqual([...FILES['config.json']])
  })
})

describe('what is wrong with a repository is said', () => {
  test('there is none of this name', async () => {
    expect(await sentence(open('owner/other').list())).toBe(
      'owner/other could not be read: it is private or gated, or there is no repository of this name. ' +
        'Check the name. What you have a permission for, download yourself, and add the files from this device.',
    )
  })

  test('it is hidden: the hub says 401 to everything', async () => {
    hub.wrong.set('*', { status: 401 })
    expect(await sentence(open().list())).toContain('it is private or gated, or there is no repository of this name')
  })

  test('it is gated', async () => {
    hub.repositories.set('owner/name', { files: FILES, info: { gated: 'manual' } })
    expect(await sentence(open().list())).toContain('its owner lets in only who agreed to terms')
    expect(hub.asked).toHaveLength(1)
  })

  test('the hub has a problem of its own', async () => {
    hub.wrong.set('*', { status: 502 })
    expect(await sentence(open().list())).toContain('a problem of its own (502)')
    expect(hub.asked).toHaveLength(1)
  })

  test('the hub is silent', async () => {
    hub.wrong.set('*', { silent: true })
    const silent = open('owner/name', 'main', new HurriedClock({ impatient: true })).list()
    expect(await sentence(silent)).toContain('its server does not answer')
  })

  test('the name is none', () => {
    for (const name of ['name', '../..', 'owner/name/../x', 'owner/..', 'owner/name?x'])
      expect(() => open(name)).toThrow('it is not of the form owner/name')
  })

  test.for<[string, object]>([
    ['no list', { siblings: 'many' }],
    ['more files than anybody has', { siblings: Array.from({ length: 10_001 }, () => ({})) }],
  ])('its list is %s', async ([, info]) => {
    hub.repositories.set('owner/name', { files: {}, info })
    expect(await sentence(open().list())).toContain('its server answers with something else than a list of files')
  })

  test('entries of the list that are no files are left out, and what else is odd in it', async () => {
    const siblings = [{ rfilename: 7 }, null, { rfilename: 'a.onnx', size: -1 }, { rfilename: 'b.onnx', size: 9 }]
    const info = { siblings, sha: '../..', pipeline_tag: { a: 1 }, cardData: { license: ['mit', 'bsd'] } }
    hub.repositories.set('owner/name', { files: {}, info })
    expect(await open().list()).toEqual({
      name: 'name',
      address: `${hub.url}/owner/name/tree/main`,
      revision: 'main',
      licence: 'mit, bsd',
      files: [{ path: 'a.onnx' }, { path: 'b.onnx', size: 9 }],
    })
  })

  test('a path in the list that leads out of it is not followed', async () => {
    hub.repositories.set('owner/name', { files: {}, info: { siblings: [{ rfilename: '../../secret.onnx' }] } })
    const source = open()
    await source.list()
    expect(await sentence(source.read('../../secret.onnx'))).toContain('it leads out of the folder')
    expect(hub.asked).toHaveLength(1)
  })
})

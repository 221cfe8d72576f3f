import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesUnder, importsOf, nodesOf, ROOT } from './sources.ts'

/** The house: what each room may import of ours, beside itself. */
const MAY_IMPORT = {
  domain: [],
  ports: ['domain'],
  protocols: ['domain', 'ports'],
  adapters: ['domain', 'ports'],
  peer: ['domain', 'ports', 'protocols'],
  sim: ['domain', 'ports', 'protocols', 'peer', 'adapters/memory'],
  ui: ['domain', 'peer'],
  training: [],
  entry: ['domain', 'ports', 'protocols', 'adapters', 'peer', 'sim', 'ui'],
} as const satisfies Record<string, readonly string[]>

/** The one place that may name a library, types included. */
const OWNERS: readonly (readonly [library: RegExp, owner: string])[] = [
  [/^onnxruntime-web(\/|$)/, 'src/adapters/onnx/'],
  [/^(libp2p|@libp2p\/.*|@multiformats\/multiaddr.*)$/, 'src/adapters/libp2p/'],
  [/^idb$/, 'src/adapters/idb/'],
  [/^(sirv|prom-client)$/, 'src/adapters/http/'],
]

/** Rooms in which every folder is one thing, and knows nothing of its siblings. */
const FOLDERS_APART = ['adapters', 'protocols']

const sources = filesUnder('src').filter((file) => /\.(ts|cjs|js)$/.test(file))
const imports = sources.flatMap((file) => importsOf(file).map((entry) => ({ file, ...entry })))
const roomOf = (path: string) => path.split('/')[1] ?? ''
const folderOf = (path: string) => path.split('/').slice(1, 3).join('/')

describe('the house', () => {
  test('has the rooms listed and no others', () => {
    const rooms = readdirSync(join(ROOT, 'src'))
    expect(rooms.filter((room) => !(room in MAY_IMPORT))).toEqual([])
  })

  test('was seen', () => {
    expect(sources.length).toBeGreaterThan(20)
    expect(imports.filter(({ target }) => target).length).toBeGreaterThan(20)
    expect(sources.map(roomOf)).toEqual(expect.arrayContaining(['domain', 'ports', 'adapters', 'entry']))
  })

  test('each room imports only the rooms below it', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (!target?.startsWith('src/')) return target?.startsWith('test/') ?? false
      const from = roomOf(file) as keyof typeof MAY_IMPORT
      const allowed: readonly string[] = [from, ...MAY_IMPORT[from]]
      return !allowed.includes(roomOf(target)) && !allowed.includes(folderOf(target))
    })
    expect(wrong).toEqual([])
  })

  test.for(FOLDERS_APART)('the folders of %s know nothing of each other', (room) => {
    const wrong = imports.filter(
      ({ file, target }) =>
        target && roomOf(file) === room && roomOf(target) === room && folderOf(file) !== folderOf(target),
    )
    expect(wrong).toEqual([])
  })

  test('each library has one owner', () => {
    const wrong = imports.filter(({ file, specifier }) =>
      OWNERS.some(([library, owner]) => library.test(specifier) && !file.startsWith(owner)),
    )
    expect(wrong).toEqual([])
  })

  test('the rules name nothing of the machine and no power but of two', () => {
    const domain = sources.filter((file) => file.startsWith('src/domain/'))
    expect(domain.length).toBeGreaterThan(4)
    const machine = imports.filter(
      ({ file, specifier }) => file.startsWith('src/domain/') && specifier.startsWith('node:'),
    )
    // Other powers may differ in their last bit between browsers; the linter bans Math.pow and has no rule for operators.
    const powers = domain.filter((file) => [...nodesOf(file)].some(isInexactPower))
    expect({ machine, powers }).toEqual({ machine: [], powers: [] })
  })
})

function isInexactPower(node: Record<string, unknown>): boolean {
  const { operator, left } = node as { operator?: string; left?: { value?: unknown } }
  return operator === '**=' || (operator === '**' && left?.value !== 2)
}

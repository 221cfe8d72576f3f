import { describe, expect, test } from 'vitest'
import { CODE_DEFAULTS } from '../../src/domain/charter/code-defaults.ts'
import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { registryOf } from '../../src/domain/charter/defaults.ts'
import { valueText } from '../../src/domain/charter/runtime-defaults.ts'
import { DEFAULT_SETTINGS } from '../../src/peer/settings.ts'
import { readRoute } from '../../src/ui/route.ts'
import { leavesOf } from '../kits/leaves.ts'
import { constantAt, constantsIn, parameterDefaultsIn } from './constants.ts'
import { filesUnder, importsOf, textOf } from './sources.ts'

const REGISTRY = registryOf(FIRST_CHARTER, {
  relays: ['/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooWThere'],
  relaysFrom: 'relays.json',
  origin: 'https://moot.example',
  build: 'moot 0',
  iceServers: [],
  pointer: cidOf(FIRST_CHARTER),
  firstModel: 'digits',
})
const KEYS = new Set(REGISTRY.map(({ key }) => key))

/** What a charter says that nobody runs something else instead of: its name, and whose words it is. */
const NO_CHOICE = ['title', 'version', 'parents', 'authors']

/** Parameters that a default of the registry stands for. */
const REGISTERED_PARAMETERS: Readonly<Record<string, string>> = {
  'createLibp2pNet iceServers': 'ship.ice',
  'sources hub': 'start.hub',
}

/** Parameters that a test replaces, and that decide nothing for anybody. */
const HANDS_OF_THE_MACHINE: Readonly<Record<string, string>> = {
  'openIdentity locks': "the browser's own locks",
  'openIdentity session': "the browser's own session storage",
  'askToPersist storage': "the browser's own storage",
  'storageRoom storage': "the browser's own storage",
  'sourceHash folder': "where the rules' own sources lie",
  'storageFault bytes': 'a number in a sentence',
  'memorySettingsStore settings': 'a store that begins empty',
  'findRelays page': "the page's own address",
  'openNodeCanon options': 'limits that its callers name',
}

/** Tables of defaults, which are the registry itself. */
const TABLES = ['CODE_DEFAULTS', 'CHECKING_DEFAULTS', 'SCREEN_DEFAULTS', 'DEVICE_DEFAULTS']
const IS_DEFAULT = /^(DEFAULT_[A-Z_]+|[A-Z_]+_DEFAULTS?)$/

const missing = (value: object, prefix: string, allowed: readonly string[] = []) =>
  leavesOf(value)
    .map((path) => `${prefix}${path}`)
    .filter((path) => !KEYS.has(path) && !allowed.includes(path))

const SOURCES = CODE_DEFAULTS.map(({ source }) => source)

/** Exported constants that are called a default, or its leaves, of which no default of the registry is one. */
const unlisted = (file: string, text: string): readonly string[] =>
  [...constantsIn(file, text)]
    .filter(([name, { exported }]) => exported && IS_DEFAULT.test(name) && !TABLES.includes(name))
    .flatMap(([name]) => {
      const value = constantAt(`${file} ${name}`, () => text)
      const leaves =
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? leavesOf(value).map((leaf) => `.${leaf}`)
          : ['']
      return leaves.map((leaf) => `${file} ${name}${leaf}`)
    })
    .filter((source) => !SOURCES.includes(source))

const unregistered = (file: string, text: string): readonly string[] =>
  parameterDefaultsIn(file, text).filter(
    (parameter) => !(parameter in HANDS_OF_THE_MACHINE) && !KEYS.has(REGISTERED_PARAMETERS[parameter] ?? ''),
  )

describe('the registry of defaults', () => {
  test('holds every rule of the charter', () => {
    expect(leavesOf(FIRST_CHARTER).length).toBeGreaterThan(40)
    expect(missing(FIRST_CHARTER, '', NO_CHOICE)).toEqual([])
    expect(missing({ jury: { ...FIRST_CHARTER.jury, lunch: 'soup' } }, '', NO_CHOICE)).toEqual(['jury.lunch'])
  })

  test('holds every setting of a device, as it is', () => {
    expect(missing(DEFAULT_SETTINGS, 'device.')).toEqual([])
    expect(missing({ ...DEFAULT_SETTINGS, theme: 'dark' }, 'device.')).toEqual(['device.theme'])
    for (const [name, value] of Object.entries(DEFAULT_SETTINGS))
      expect(REGISTRY.find(({ key }) => key === `device.${name}`)?.value).toBe(valueText(value))
  })

  test('holds every constant that is called a default', () => {
    const files = filesUnder('src').filter((file) => file.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(100)
    expect(files.flatMap((file) => unlisted(file, textOf(file)))).toEqual([])
    const seen = files.flatMap((file) =>
      [...constantsIn(file, textOf(file)).keys()].filter((name) => IS_DEFAULT.test(name)),
    )
    expect(seen).toEqual(expect.arrayContaining(['DEFAULT_ROOM', 'DEFAULT_SETTINGS', 'DEFAULT_VIEW']))
  })

  test('would miss one that nobody listed', () => {
    const made =
      "export const DEFAULT_TASTE = { tea: 'green', sugar: 2 }\nconst DEFAULT_CUP = 1\nexport const SEED_DEFAULTS = [1]"
    expect(unlisted('src/ui/tea.ts', made).toSorted()).toEqual([
      'src/ui/tea.ts DEFAULT_TASTE.sugar',
      'src/ui/tea.ts DEFAULT_TASTE.tea',
      'src/ui/tea.ts SEED_DEFAULTS',
    ])
    expect(unlisted('src/ui/route.ts', "export const DEFAULT_ROOM = 'commons'")).toEqual([])
  })

  test('holds what joining takes where nobody says otherwise', () => {
    const roots = ['src/entry/join.ts', 'src/entry/host.ts', 'src/entry/import-tools.ts']
    const files = new Set(roots.flatMap((root) => [root, ...importsOf(root).flatMap(({ target }) => target ?? [])]))
    expect(files.size).toBeGreaterThan(15)
    const parameters = [...files].flatMap((file) => parameterDefaultsIn(file, textOf(file)))
    expect(parameters).toEqual(expect.arrayContaining(Object.keys(REGISTERED_PARAMETERS)))
    expect([...files].flatMap((file) => unregistered(file, textOf(file)))).toEqual([])
  })

  test('would miss a parameter that nobody listed', () => {
    const made = `
      export function brew(tea, { sugar = 2, cup: { size = 3 } = {} } = {}, ...rest) {}
      export const pour = async ({ iceServers = [] }) => iceServers
      const hidden = (spoon = 1) => spoon
      export const createLibp2pNet = ({ iceServers = [] }) => iceServers`
    expect(unregistered('src/entry/brew.ts', made).toSorted()).toEqual(['brew size', 'brew sugar', 'pour iceServers'])
  })

  test.each(CODE_DEFAULTS)('says of $key what the code does', ({ value, source }) => {
    const [file = '', constant] = source.split(' ')
    expect(textOf(file).length).toBeGreaterThan(0)
    if (constant !== undefined) expect(value).toBe(valueText(constantAt(source)))
  })

  test('says of what is no constant what the code does', () => {
    const valueOf = (key: string) => REGISTRY.find((each) => each.key === key)?.value
    expect(valueOf('start.screen')).toBe(readRoute('').screen.name)
    expect(valueOf('start.language')).toBe(/<html lang="(\w+)"/.exec(textOf('index.html'))?.[1])
    expect(textOf('src/adapters/sources/index.ts')).toContain(`hub = '${valueOf('start.hub')}'`)
  })
})

test('a constant is read from its text', () => {
  const text = `
    const KIB = 1 << 10
    export const SIZES = { small: 4 * KIB, list: [1, 'two', 1 / 4], off: false } as const satisfies object
    const LATE = Date.now()`
  const read = (source: string) => constantAt(source, () => text)
  expect(read('a.ts SIZES')).toEqual({ small: 4_096, list: [1, 'two', 0.25], off: false })
  expect(read('a.ts SIZES.small')).toBe(4_096)
  expect(() => read('a.ts SIZES.large')).toThrow('no field large')
  expect(() => read('a.ts NONE')).toThrow('no constant NONE')
  expect(() => read('a.ts LATE')).toThrow('more than arithmetic')
})

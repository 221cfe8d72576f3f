import { hash, hex } from '../hash.ts'
import type { PeerId } from '../peer-id.ts'
import { SHIPPED_CHARTERS } from './charter-book.ts'
import type { Charter } from './charter.ts'
import { shortCid } from './clause-words.ts'
import type { CharterPath } from './clause-table.ts'
import type { Alternative, Group } from './code-default.ts'

/** What was decided by whoever ships the app and runs the relay: what each tab has of its own, and says of itself. */

/** A choice that somebody made for those who made none. */
export interface Default {
  readonly key: string
  readonly group: Group
  readonly name: string
  /** As a DEFAULT_SET names it: at most 256 characters of one line. */
  readonly value: string
  readonly words: string
  /** Who made it, in words; and the keys behind that, where there are any. */
  readonly setBy: string
  readonly setters: readonly PeerId[]
  /** `code`, or the path of a charter's clause. */
  readonly clause: 'code' | CharterPath
  /** Where it comes from: a charter, or a build of the app. */
  readonly since: string
  readonly alternatives: readonly Alternative[]
  /** Whether each tab has its own: then no value is the unchanged one, and the most common counts. */
  readonly varies: boolean
  /** Place in the registry, from 0: who ships the app and runs the relay come first. */
  readonly order: number
}

/** What only the running app knows. */
export interface Runtime {
  /** Relays in use, and who named them: the address of the page, `relays.json` beside it, or the build. */
  readonly relays: readonly string[]
  readonly relaysFrom: 'address' | 'relays.json' | 'build'
  /** Where the page was served from. */
  readonly origin: string
  /** Hash of the app's build. */
  readonly build: string
  /** Addresses of STUN and TURN servers. */
  readonly iceServers: readonly string[]
  /** CID of the charter that a new tab opens with. */
  readonly pointer: string
  /** Name and publisher of the model that comes first. */
  readonly firstModel: string
  /** Charters that the one in force descends from, its parent first, as far as they are held. Default none. */
  readonly ancestors?: readonly Charter[]
}

export const DEVELOPERS = "Moot's developers"

const RELAYS_SET_BY: Readonly<Record<Runtime['relaysFrom'], string>> = {
  'address': 'whoever wrote the link that was opened',
  'relays.json': 'whoever serves the page',
  'build': 'whoever built the app',
}

/** Characters of a value in a DEFAULT_SET. */
const MAX_VALUE = 256

/** A value as a DEFAULT_SET names it: one line; a hash of it where it is longer than an entry holds. */
export function valueText(value: unknown): string {
  const text = lineOf(value)
  return text.length <= MAX_VALUE ? text : `sha-256 ${hex(hash('moot/default', text))}`
}

function lineOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(lineOf).join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, each]) => `${name} ${lineOf(each)}`)
      .join(', ')
  return String(value)
}

/** A default before it has its place. */
export type Unordered = Omit<Default, 'order'>

export function runtimeDefaults(runtime: Runtime): readonly Unordered[] {
  const { relays, relaysFrom, origin, build, iceServers, pointer, firstModel } = runtime
  const code = { setters: [], clause: 'code', since: build } as const
  const ships = { ...code, group: 'Who ships and connects', varies: true } as const
  const begins = { ...code, group: 'What a new tab begins with', setBy: DEVELOPERS, varies: true } as const
  const pointed = SHIPPED_CHARTERS.get(pointer)?.charter
  return [
    {
      ...ships,
      key: 'ship.relays',
      name: 'Relays through which tabs find each other',
      value: valueText(relays.toSorted()),
      words: relays.join(', ') || 'none',
      setBy: RELAYS_SET_BY[relaysFrom],
      alternatives: [
        { value: '?relay=', words: 'one that the address of the page names' },
        { value: 'npm run relay', words: 'one of your own' },
      ],
    },
    {
      ...ships,
      key: 'ship.origin',
      name: 'Where the app was served from',
      value: valueText(origin),
      words: origin,
      setBy: 'whoever serves the page',
      alternatives: [{ value: 'npm start', words: 'a server of your own: any that serves files' }],
    },
    {
      ...ships,
      key: 'ship.build',
      name: 'The build of the app',
      value: valueText(build),
      words: build,
      setBy: 'whoever built the app',
      alternatives: [{ value: 'npm run build', words: 'a build of your own, from its source' }],
    },
    {
      ...ships,
      key: 'ship.ice',
      name: 'STUN and TURN servers, which learn who connects',
      value: valueText(iceServers.toSorted()),
      words: iceServers.join(', ') || 'none',
      setBy: DEVELOPERS,
      varies: false,
      alternatives: [{ value: 'stun:…', words: 'a server of your own: more networks are crossed directly' }],
    },
    {
      ...begins,
      key: 'start.charter',
      name: 'The charter that a new tab opens with',
      value: valueText(pointer),
      words: pointed ? `${pointed.title} ${pointed.version} (${shortCid(pointer)})` : shortCid(pointer),
      alternatives: [{ value: '?charter=', words: 'one that the link to the room names' }],
    },
    {
      ...begins,
      key: 'start.model',
      name: 'The model that comes first',
      value: valueText(firstModel),
      words: firstModel,
      alternatives: [{ value: 'add', words: 'any that somebody adds' }],
    },
  ]
}

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseSync } from 'vite'

/** Gzip bytes by file of a build. */
export interface Bytes {
  /** The page, and every script and style that it loads before the Join click: what its markup and static imports name. */
  readonly beforeJoin: Readonly<Record<string, number>>
  /** Every other script that a tab in a room loads by itself, those of its workers and of the cpu engine too; no wasm and no models. */
  readonly afterJoin: Readonly<Record<string, number>>
  /** What follows them by itself once the peer has joined, and nobody waits for: the records of the room. */
  readonly behind: Readonly<Record<string, number>>
  /** What is loaded when a person asks for it: hosting, peers, receipts, the device, the text of a model, the gpu. */
  readonly onDemand: Readonly<Record<string, number>>
}

/** The scripts that Join and what follows of itself begin with, by the names that the build gives them. */
const JOINED = /(^|\/)(join|moot-room|inference-worker|ort-wasm-simd-threaded)-[\w-]+\.m?js$/

/** What keeps the records, by the name of what puts it together. */
const RECORDS = /(^|\/)hold-governance-[\w-]+\.js$/

const WORKER = /(^|\/)inference-worker-[\w-]+\.js$/
const GLUE = /\.mjs$/

export const total = (files: Readonly<Record<string, number>>): number =>
  Object.values(files).reduce((sum, bytes) => sum + bytes, 0)

/** Paths from `dist` of what a page's markup loads: scripts, preloaded modules, styles. */
const loadedByMarkup = (html: string): string[] =>
  [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].flatMap(
    ([, path]) => path ?? [],
  )

function staticImports(folder: string, file: string): string[] {
  if (!file.endsWith('.js')) return []
  const { module } = parseSync(file, readFileSync(join(folder, file), 'utf8'))
  const requests = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)]
  return requests.flatMap(({ moduleRequest }) => (moduleRequest ? [join(file, '..', moduleRequest.value)] : []))
}

export function measureBytes(folder: string): Bytes {
  const gzip = (file: string) => gzipSync(readFileSync(join(folder, file))).length
  const sizes = (files: readonly string[]) => Object.fromEntries(files.map((file) => [file, gzip(file)]))

  /** With all that they import, but what is there already. */
  const withImports = (files: readonly string[], already: ReadonlySet<string> = new Set()): Set<string> => {
    const all = new Set<string>()
    const open = [...files]
    for (let file = open.pop(); file; file = open.pop()) {
      if (all.has(file) || already.has(file)) continue
      all.add(file)
      open.push(...staticImports(folder, file))
    }
    return all
  }
  const before = withImports(['index.html', ...loadedByMarkup(readFileSync(join(folder, 'index.html'), 'utf8'))])
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file))
  const worker = readFileSync(join(folder, scripts.find((file) => WORKER.test(file)) ?? ''), 'utf8')
  // The glue of an older canon has the same name, and only the chunk that opens it calls it.
  const joined = scripts.filter((file) => JOINED.test(file) && (!GLUE.test(file) || worker.includes(basename(file))))
  const behind = scripts.filter((file) => RECORDS.test(file))
  if (joined.length < 4 || behind.length !== 1)
    throw new Error('the build no longer names its scripts as this bench knows them')
  const after = withImports(joined, before)
  const then = withImports(behind, new Set([...before, ...after]))
  const rest = scripts.filter((file) => !before.has(file) && !after.has(file) && !then.has(file))
  return {
    beforeJoin: sizes([...before]),
    afterJoin: sizes([...after]),
    behind: sizes([...then]),
    onDemand: sizes(rest),
  }
}

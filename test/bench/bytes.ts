import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseSync } from 'vite'

/** Gzip bytes by file of a build. */
export interface Bytes {
  /** The page, and every script and style that it loads before the Join click: what its markup and static imports name. */
  readonly beforeJoin: Readonly<Record<string, number>>
  /** Every other script, those of workers and engines too; no wasm and no models. */
  readonly afterJoin: Readonly<Record<string, number>>
}

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

  const before = new Set(['index.html'])
  const open = loadedByMarkup(readFileSync(join(folder, 'index.html'), 'utf8'))
  for (let file = open.pop(); file; file = open.pop()) {
    if (before.has(file)) continue
    before.add(file)
    open.push(...staticImports(folder, file))
  }
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file))
  return { beforeJoin: sizes([...before]), afterJoin: sizes(scripts.filter((file) => !before.has(file))) }
}

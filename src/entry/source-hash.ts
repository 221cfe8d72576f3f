import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const SRC = join(import.meta.dirname, '..')

/** Sha-256, in hexadecimal, over the sources in a folder of `src` (all of it by default): paths and contents, in the order of their paths. */
export function sourceHash(folder = ''): string {
  const root = join(SRC, folder)
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|cjs|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  const named = files.map((file) => ({ file, name: relative(SRC, file).split(sep).join('/') }))
  const sum = createHash('sha256')
  for (const { file, name } of named.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    sum.update(`${name}\0`).update(readFileSync(file)).update('\0')
  return sum.digest('hex')
}

/** What a report is computed by, and what else of the app runs: the same for a tab and for Node, if they come from the same sources. */
export const sourceHashes = (): { rules: string; build: string } => ({
  rules: sourceHash('domain'),
  build: sourceHash(),
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
export const DIST = join(ROOT, 'dist')

/** What the build is made from. */
const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json', 'package-lock.json', 'patches']

/** Milliseconds since 1970 of the newest change in a file or in a folder's files; 0 where there is none. */
async function newestChange(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined)
  if (!info) return 0
  if (!info.isDirectory()) return info.mtimeMs
  const names = await readdir(path)
  return Math.max(info.mtimeMs, ...(await Promise.all(names.map((name) => newestChange(join(path, name))))))
}

/** Builds `dist/` where it is missing or older than what it is made from. Rejects with a sentence where the build fails. */
export async function buildIfNeeded({ signal }: { signal: AbortSignal }): Promise<void> {
  const built = await newestChange(join(DIST, 'index.html'))
  const changes = await Promise.all(SOURCES.map((name) => newestChange(join(ROOT, name))))
  if (built > Math.max(...changes)) return
  console.error('Building the app, which takes some seconds.')
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    signal,
  })
  const [status] = (await once(child, 'exit')) as [number | null]
  if (status !== 0) throw new Error('The app could not be built: see what is printed above.')
}

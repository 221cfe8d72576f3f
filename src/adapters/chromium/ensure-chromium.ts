import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findChromium } from './find-chromium.ts'

const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

const installFromDebian = (): boolean =>
  existsSync('/etc/debian_version') &&
  process.getuid?.() === 0 &&
  run('apt-get', ['update', '-q']) &&
  run('apt-get', ['install', '-yq', '--no-install-recommends', 'chromium'])

const installFromPlaywright = (): boolean => run('npx', ['playwright', 'install', 'chromium'])

/**
 * Finds a Chromium, or installs one: Debian's package when this is root on Debian, else Playwright's. What the installers
 * print goes to standard error. Throws a sentence that says what to do where neither works.
 */
export function ensureChromium(): string {
  const found = findChromium()
  if (found) return found
  console.error('No Chromium found: installing one.')
  const installed = (installFromDebian() && findChromium()) || (installFromPlaywright() && findChromium())
  if (installed) return installed
  throw new Error(
    'No Chromium could be found or installed: install one and name it, as in CHROMIUM=/usr/bin/chromium npm test.',
  )
}

import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { startVitest } from 'vitest/node'
import { ensureChromium } from '../src/adapters/chromium/ensure-chromium.ts'
import { Tally } from './tally.ts'

/** Everything that `npm test` holds: these commands, then every test. With arguments, only the tests whose paths hold one of them. */
const CHECKS = [
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'src/domain'],
  ['oxlint'],
  ['oxfmt', '--check'],
  ['knip'],
  ['vite', 'build', '--logLevel', 'warn'],
] as const

const root = join(import.meta.dirname, '..')
const filters = process.argv.slice(2)
const tally = new Tally()

function check([command, ...args]: (typeof CHECKS)[number]): void {
  console.log(`\n> ${[command, ...args].join(' ')}`)
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: path },
  })
  tally.count(status === 0)
  if (status !== 0) console.log(`FAILED: ${[command, ...args].join(' ')}`)
}

if (filters.length === 0) CHECKS.forEach(check)
try {
  process.env['CHROMIUM'] = ensureChromium()
  const vitest = await startVitest(filters, { root, run: true, watch: false, reporters: ['default', tally] })
  await vitest.close()
} catch (error) {
  console.error(error)
  tally.count(false)
}
console.log(`\n${tally.line}`)
process.exit(tally.failed > 0 ? 1 : 0)

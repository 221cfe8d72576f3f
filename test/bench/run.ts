import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureChromium } from '../../src/adapters/chromium/ensure-chromium.ts'
import type { Bench, Figure } from './figure.ts'

/** `npm run bench -- [NAME…]`: runs every bench, or those named, prints their figures and keeps them in `results/`. */

const HERE = import.meta.dirname
const ENDING = '.bench.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const names = readdirSync(HERE)
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length))
  .filter((name) => positionals.length === 0 || positionals.includes(name))
if (names.length === 0) {
  console.error(`There is no bench of that name: see the files that end in ${ENDING} in test/bench.`)
  process.exit(2)
}

const chromium = ensureChromium()
process.env['CHROMIUM'] = chromium
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
  browser: execFileSync(chromium, ['--version'], { encoding: 'utf8' }).trim(),
}

const line = ({ what, value, unit, bar = Infinity, least = -Infinity }: Figure): string => {
  const met = value <= bar && value >= least ? 'met' : 'MISSED'
  const bars = [...(bar === Infinity ? [] : [`at most ${bar}`]), ...(least === -Infinity ? [] : [`at least ${least}`])]
  return `${what}: ${value} ${unit}${bars.length === 0 ? '' : ` (${bars.join(', ')}: ${met})`}`
}

mkdirSync(join(HERE, 'results'), { recursive: true })
for (const name of names) {
  const { bench } = (await import(`./${name}${ENDING}`)) as { bench: Bench }
  console.log(`\n${name}`)
  const figures = await bench()
  for (const figure of figures) console.log(`  ${line(figure)}`)
  const result = { at: new Date().toISOString(), machine, figures }
  writeFileSync(join(HERE, 'results', `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}
process.exit(0)

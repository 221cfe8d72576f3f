import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { launchChromium } from '../../src/adapters/chromium/launch-chromium.ts'
import { SIZES } from '../kits/real-models.ts'
import type { Bench } from './figure.ts'
import type { Pair, Subject } from './pairs-page.ts'

const HERE = import.meta.dirname
const SHARED = join(HERE, '../../../shared/models')
const SHIPPED = join(HERE, '../../public/models')

/** Inputs for each model: those of two hundred operators and models make thousands of pairs. */
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1)

const PAIRS: readonly Pair[] = ['cpu-cpu', 'cpu-gpu', 'gpu-gpu']

/**
 * Honest pairs: what two cpu engines and two (emulated) gpu engines compute of the same inputs, held to the product's own rule. What a
 * GPU's own check refuses it does not answer for, and is counted apart, with the operator that the diagnosis names.
 */
export const bench: Bench = async () => {
  const subjects = await measured()
  const sum = (of: (subject: Subject) => Readonly<Record<Pair, number>>, pairs: readonly Pair[] = PAIRS) =>
    subjects.reduce((all, subject) => all + pairs.reduce((some, pair) => some + of(subject)[pair], 0), 0)
  const faulty = subjects.filter(({ faults }) => faults !== undefined && faults.length > 0)
  const cautious = subjects.filter(({ faults }) => faults?.length === 0)
  const declined = subjects.filter(({ leftToCpu, faults }) => leftToCpu !== undefined && faults === undefined)
  const isRight = (subject: Subject) => !faulty.includes(subject)
  const refuted = subjects.filter(isRight).flatMap((subject) => PAIRS.map((pair) => subject.refuted[pair]))
  return [
    { what: 'pairs of runs', value: sum(({ runs }) => runs), unit: 'pairs', least: 2_000 },
    ...PAIRS.map((pair) => ({ what: `pairs ${pair}`, value: sum(({ runs }) => runs, [pair]), unit: 'pairs' })),
    {
      what: 'claims refuted whose engine computed right',
      value: refuted.reduce((a, b) => a + b, 0),
      unit: 'claims',
      bar: 0,
      raw: subjects.map(lineOf),
    },
    {
      what: 'greatest deviation of an honest gpu (rms)',
      value: Math.max(...subjects.filter(isRight).map(({ seen }) => seen.rms)),
      unit: 'of the norm',
    },
    { what: 'models and operators', value: subjects.length, unit: 'subjects' },
    {
      what: 'on which the GPU is really wrong, the operator named',
      value: faulty.length,
      unit: 'subjects',
      raw: faulty.map(({ name, leftToCpu, faults }) => ({ name, leftToCpu, faults })),
    },
    {
      what: 'which the GPU leaves to the CPU, though it computes each operator right',
      value: cautious.length,
      unit: 'subjects',
      raw: cautious.map(({ name, leftToCpu }) => ({ name, leftToCpu })),
    },
    {
      what: 'which the GPU declines: no tolerance, no program, NaN or infinity',
      value: declined.length,
      unit: 'subjects',
      raw: declined.map(({ name, leftToCpu }) => ({ name, leftToCpu })),
    },
  ]
}

/** A model in a line: its pairs, and what was made of them. */
const lineOf = ({ name, runs, refuted, contested, seen }: Subject): string =>
  `${name}: ${PAIRS.map((pair) => `${pair} ${runs[pair]}`).join(', ')}; refuted ${PAIRS.map((pair) => refuted[pair]).join(', ')}; contested ${PAIRS.map((pair) => contested[pair]).join(', ')}; rms ${seen.rms}, scaled ${seen.scaled}`

async function measured(): Promise<readonly Subject[]> {
  const outDir = mkdtempSync(join(tmpdir(), 'moot-bench-'))
  const shared = { configFile: join(HERE, '../../vite.config.ts'), root: HERE, logLevel: 'error' } as const
  await build({ ...shared, build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(HERE, 'pairs.html') } } })
  const models = [SHIPPED, SHARED]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.onnx'))
        .map((file) => join(folder, file)),
    )
  if (!existsSync(SHARED)) console.log('  left out: the real models are not beside the project, in ../shared/models')
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    await page.goto(new URL('pairs.html', server.resolvedUrls?.local[0]).href)
    await page.waitForFunction(() => 'pairsBench' in globalThis)
    const subjects: Subject[] = []
    const note = (subject: Subject) => {
      subjects.push(subject)
      console.log(
        `  ${subjects.length} ${subject.name}: ${PAIRS.map((pair) => `${pair} ${subject.runs[pair]}`).join(', ')}`,
      )
    }
    for (const file of models) {
      const name = file.slice(file.lastIndexOf('/') + 1, -'.onnx'.length)
      copyFileSync(file, join(outDir, 'model.onnx'))
      const sizes = Object.fromEntries(Object.entries(SIZES[name] ?? {}).map(([input, dims]) => [input, [...dims]]))
      note(await page.evaluate(([...all]) => pairsBench.model('model.onnx', ...all), [name, sizes, SEEDS] as const))
    }
    const operators = await page.evaluate(() => pairsBench.operators())
    for (let index = 0; index < operators; index++)
      note(await page.evaluate(([i, seeds]) => pairsBench.sweptOperator(i, seeds), [index, SEEDS] as const))
    return subjects
  } finally {
    await browser.close()
    await server.close()
    rmSync(outDir, { recursive: true })
  }
}

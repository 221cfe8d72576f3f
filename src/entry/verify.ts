import { readFile } from 'node:fs/promises'
import { openNodeCpuEngine } from '../adapters/onnx/node.ts'
import { MemoryBlockStore } from '../adapters/memory/block-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { checkReceipt, type CheckedReceipt } from '../domain/check-receipt.ts'
import { MAX_RECEIPT, readReceipt } from '../domain/receipt.ts'
import { ModelShelf, type ShippedModel } from '../peer/hold-models.ts'
import { rerunReceipt } from '../peer/rerun-receipt.ts'
import type { Rerun } from '../peer/view.ts'
import { misuse, readCommandLine, type Command } from './command-line.ts'
import { shippedModels } from './shipped-models.ts'
import { reportIn, type Verification } from './verify-report.ts'

const COMMAND = {
  name: 'npm run verify --',
  summary: 'Checks a receipt with no network, then runs its model again in the canon. Exit status 0: everything holds.',
  positionals: 'FILE',
  options: {
    model: {
      type: 'string',
      value: 'FILE.onnx',
      help: 'the model that was asked, where it does not come with the app',
    },
    json: { type: 'boolean', help: 'print one JSON object instead of words' },
  },
} as const satisfies Command

/** Bytes of a model that the app ships, beside this file in `public`. */
const readShipped = async (path: string): Promise<Uint8Array> =>
  readFile(new URL(`../../public/${path}`, import.meta.url))

const { options, positionals } = readCommandLine(COMMAND)
const [path, ...more] = positionals
if (path === undefined) misuse(COMMAND, 'Which receipt? Give its file.')
if (more.length > 0) misuse(COMMAND, `One receipt at a time: "${more.join(' ')}" is too many.`)

const result = await verification(path)
console.log(options.json ? JSON.stringify(reportIn.json(result)) : reportIn.words(result))
process.exit(result.holds ? 0 : 1)

async function verification(file: string): Promise<Verification> {
  try {
    const data = await readGiven(file, 'receipt')
    const checked = await checkReceipt(readReceipt(data), verifySignature)
    if (checked.checks.some((check) => check.holds === false)) return { file, holds: false, checked }
    const rerun = await runAgain(data, checked)
    return 'code' in rerun
      ? { file, holds: false, checked, fault: rerun, advice: adviceFor(rerun) }
      : { file, holds: isWhole(checked, rerun), checked, rerun }
  } catch (error) {
    return { file, holds: false, fault: faultOf(error, (why) => ({ code: 'MALFORMED', what: 'receipt', why })) }
  }
}

/** Whether nothing is left open: every check was made and holds, and every claim was held against the canon and stands. */
function isWhole({ checks, facts }: CheckedReceipt, { claims }: Rerun): boolean {
  const all = claims.length === facts.receipt.message.claims.length
  return all && checks.every((check) => check.holds === true) && claims.every((claim) => claim.stands === true)
}

/** Runs the receipt's model in the canon. A fault is an answer here: the checks before it stand. */
async function runAgain(data: Uint8Array, { facts }: CheckedReceipt): Promise<Rerun | Fault> {
  const engine = await openNodeCpuEngine()
  try {
    const provideModel = modelsAtHand(facts.manifest, options.model)
    return await rerunReceipt({ engine, verify: verifySignature, provideModel }, data)
  } catch (error) {
    return faultOf(error)
  } finally {
    await engine.close()
  }
}

/** The app's own models, and the file that was given under the receipt's description: it serves only if every block hashes to it. */
function modelsAtHand(manifest: ShippedModel['manifest'], given: string | undefined) {
  const shipped = [
    ...shippedModels(readShipped),
    ...(given === undefined ? [] : [{ manifest, fetch: () => readGiven(given, 'model') }]),
  ]
  const net = {
    self: '',
    open: () =>
      Promise.reject(fault({ code: 'UNREACHABLE', peer: 'anybody', why: 'a receipt is checked with no network' })),
  }
  return new ModelShelf({ net, clock: systemClock, blocks: new MemoryBlockStore(), shipped, onChange: () => {} })
    .provide
}

async function readGiven(file: string, what: 'receipt' | 'model'): Promise<Uint8Array> {
  const unread = (error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return fault({
      code: 'MALFORMED',
      what,
      why: missing ? `there is no file ${file}` : `${file} is not a file that can be read`,
    })
  }
  const data = await readFile(file).catch((error: unknown) => Promise.reject(unread(error)))
  if (what === 'receipt' && data.length > MAX_RECEIPT)
    throw fault({ code: 'TOO_LARGE', what, bytes: data.length, limit: MAX_RECEIPT })
  return new Uint8Array(data)
}

/** What the person at the command line can do about a model that is not there. */
function adviceFor({ code }: Fault): string | undefined {
  if (code !== 'MODEL_UNKNOWN' && code !== 'BLOCK_MISSING') return undefined
  return options.model === undefined
    ? 'The model does not come with the app: give its file with --model FILE.onnx.'
    : `${options.model} is not the model of this receipt: its bytes hash to something else. Give the file that was asked on.`
}

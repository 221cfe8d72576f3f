import { readFile } from 'node:fs/promises'
import { openNodeCpuEngine } from '../adapters/onnx/node.ts'
import { MemoryBlockStore } from '../adapters/memory/block-store.ts'
import { memoryRecords } from '../adapters/memory/record-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { fault, faultOf, type Fault } from '../domain/fault.ts'
import { checkReceipt, type CheckedReceipt } from '../domain/check-receipt.ts'
import { MAX_RECEIPT, readReceipt } from '../domain/receipt.ts'
import { cidOf } from '../domain/charter.ts'
import { hashBytes, hex } from '../domain/hash.ts'
import { BLOCK_SIZE, MAX_MODEL, type Manifest } from '../domain/manifest.ts'
import type { ProvideModel } from '../peer/carry-models.ts'
import { ModelShelf } from '../peer/hold-models.ts'
import { KeptBlocks } from '../peer/keep-blocks.ts'
import { rerunReceipt } from '../peer/rerun-receipt.ts'
import type { Rerun } from '../peer/view.ts'
import { misuse, readCommandLine, type Command } from './command-line.ts'
import { readShipped } from './read-shipped.ts'
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
      multiple: true,
      help: 'the model that was asked, where it does not come with the app; its weights too, where they lie in other files',
    },
    json: { type: 'boolean', help: 'print one JSON object instead of words' },
  },
} as const satisfies Command

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
    const provideModel = await modelsAtHand(facts.manifest, options.model)
    return await rerunReceipt({ engine, verify: verifySignature, provideModel }, data)
  } catch (error) {
    return faultOf(error)
  } finally {
    await engine.close()
  }
}

/** The app's own models, and the files that were given: they serve if their blocks are those of the receipt's model. */
async function modelsAtHand(manifest: Manifest, given: readonly string[]): Promise<ProvideModel> {
  const blocks = new MemoryBlockStore({ capacity: MAX_MODEL })
  for (const path of given) {
    const bytes = await readGiven(path, 'model')
    for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
      const block = bytes.subarray(at, at + BLOCK_SIZE)
      await blocks.put(hashBytes(block), block)
    }
  }
  const shelf = new ModelShelf({
    self: '',
    clock: systemClock,
    verify: verifySignature,
    blocks: new KeptBlocks(blocks),
    records: memoryRecords(),
    // A receipt is checked with no network.
    exchange: {
      fetch: async ({ blocks: [missing] }) => {
        throw fault({ code: 'BLOCK_MISSING', digest: hex(missing?.digest ?? new Uint8Array()) })
      },
    },
    shipped: shippedModels(readShipped),
    announced: () => new Map(),
    opinions: () => [],
    onChange: () => {},
  })
  shelf.learn(cidOf(manifest), manifest)
  return shelf.provide
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
  return options.model.length === 0
    ? 'The model does not come with the app: give its file with --model FILE.onnx.'
    : `${options.model.join(' and ')} is not the model of this receipt: its bytes hash to something else. Give the file that was asked on.`
}

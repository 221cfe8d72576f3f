import { MAX_EVIDENCE } from '../domain/dispute/evidence.ts'
import { faultOf } from '../domain/fault.ts'
import { misuse, readCommandLine, type Command } from './command-line.ts'
import { evidenceReportIn } from './evidence-report.ts'
import { readGiven } from './models-at-hand.ts'
import { isEvidence, verifyEvidence } from './verify-evidence.ts'
import { verifyReceipt } from './verify-receipt.ts'
import { reportIn } from './verify-report.ts'

const COMMAND = {
  name: 'npm run verify --',
  summary:
    'Checks a receipt with no network and runs its model again in the canon, or replays evidence of a dispute. Exit status 0: everything holds.',
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
if (path === undefined) misuse(COMMAND, 'Which file? Give that of a receipt or of evidence.')
if (more.length > 0) misuse(COMMAND, `One file at a time: "${more.join(' ')}" is too many.`)

const as = options.json ? 'json' : 'words'
const { holds, report } = await verified(path)
console.log(typeof report === 'string' ? report : JSON.stringify(report))
process.exit(holds ? 0 : 1)

/** What became of the file, whichever of the two it is. */
async function verified(file: string) {
  try {
    const data = await readGiven(file, 'receipt', MAX_EVIDENCE)
    if (!isEvidence(data)) {
      const result = await verifyReceipt(file, data, options.model)
      return { holds: result.holds, report: reportIn[as](result) }
    }
    const result = await verifyEvidence(file, data, options.model)
    return { holds: result.holds, report: evidenceReportIn[as](result) }
  } catch (error) {
    return { holds: false, report: reportIn[as]({ file, holds: false, fault: faultOf(error) }) }
  }
}

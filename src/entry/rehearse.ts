import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIRST_CHARTER } from '../domain/charter/charter.ts'
import type { Check } from '../domain/checking.ts'
import { MAX_REPLICATION } from '../domain/messages.ts'
import { tensorsFromJson } from '../domain/tensor-json.ts'
import { FAULT_KINDS, parseFault } from '../peer/parse-fault.ts'
import { misuse, readCommandLine, type Command } from './command-line.ts'
import { countOperators } from './rehearsal/count-operators.ts'
import type { AskRecord } from './rehearsal/record-ask.ts'
import { Rehearsal } from './rehearsal/rehearsal.ts'
import { summaryOf, wordsOf, type Summary } from './rehearsal/summary.ts'
import { untilStopped } from './until-stopped.ts'

const COMMAND = {
  name: 'npm run rehearse --',
  summary: 'Opens a relay and real headless tabs, asks in tab 1, and prints how each answer came about.',
  options: {
    'tabs': { type: 'string', value: 'N', default: '4', help: 'tabs to open' },
    'asks': { type: 'string', value: 'N', default: '5', help: 'asks of tab 1' },
    'in-flight': { type: 'string', value: 'N', default: '1', help: 'asks under way at a time' },
    'model': {
      type: 'string',
      value: 'NAME|FILE',
      default: 'digits',
      help: 'a shipped model, or an ONNX file that the last tab hosts and the others fetch from it',
    },
    'input': {
      type: 'string',
      value: 'FILE',
      help: 'JSON of the tensors to ask, as the app takes them; random ones without it',
    },
    'engine': {
      type: 'string',
      value: 'cpu|gpu|mixed',
      default: 'cpu',
      help: 'mixed: the tabs of even number use the GPU',
    },
    'replication': {
      type: 'string',
      value: 'K',
      default: String(FIRST_CHARTER.verification.replication),
      help: 'executors for one ask',
    },
    'check': {
      type: 'string',
      value: 'one-tab|replicated|adaptive',
      default: 'replicated',
      help: 'how an ask is checked: by nobody, by K executors, or as often as what tab 1 has seen of them leaves in doubt',
    },
    'fault': {
      type: 'string',
      value: 'TAB:KIND',
      multiple: true,
      help: `plant a fault: ${FAULT_KINDS}; before the first six, op=K, puts it into operator K of the file, from 0`,
    },
    'kill-relay': { type: 'boolean', help: 'end the relay after the mesh, before the asks' },
    'kill-tab': {
      type: 'string',
      value: 'before|after',
      help: 'crash the last tab in each ask, while its part is due before or after the COMMIT-SET',
    },
    'receipts': {
      type: 'string',
      value: 'DIR',
      help: 'where receipts are kept (a folder of the system for what is temporary)',
    },
    'evidence': { type: 'string', value: 'DIR', help: 'where evidence of disputes and of false reveals is kept' },
    'json': {
      type: 'boolean',
      help: 'print one JSON object for each ask and a last one with the summary, nothing else',
    },
  },
} as const satisfies Command

const { options } = readCommandLine(COMMAND)
const count = (name: 'tabs' | 'asks' | 'in-flight' | 'replication', most: number): number => {
  const value = Number(options[name])
  if (!Number.isInteger(value) || value < 1 || value > most)
    misuse(COMMAND, `--${name} takes a number from 1 to ${most}, and got "${options[name]}".`)
  return value
}
const oneOf = <const T extends string>(name: 'engine' | 'kill-tab' | 'check', text: string, choices: readonly T[]): T =>
  choices.find((choice) => choice === text) ??
  misuse(COMMAND, `--${name} takes ${choices.join(' or ')}, and got "${text}".`)

/** Tabs that two cores can hold, and asks that a person can wait for. */
const [MAX_TABS, MAX_ASKS] = [32, 10_000]
const tabs = count('tabs', MAX_TABS)
const asks = count('asks', MAX_ASKS)
const inFlight = count('in-flight', 256)
const replication = count('replication', MAX_REPLICATION)
const mode = oneOf('check', options.check, ['one-tab', 'replicated', 'adaptive'])
const check: Check = mode === 'replicated' ? { mode, replication } : { mode }
const engine = oneOf('engine', options.engine, ['cpu', 'gpu', 'mixed'])
const killTab =
  options['kill-tab'] === undefined ? undefined : oneOf('kill-tab', options['kill-tab'], ['before', 'after'])
const faults = new Map(options.fault.map(readFault))
if (killTab !== undefined && tabs < 2) misuse(COMMAND, '--kill-tab needs a tab besides tab 1: --tabs 2 or more.')
if (killTab !== undefined) faults.set(tabs, `stall=${killTab === 'before' ? 'commit' : 'reveal'}`)
const folder = options.receipts ?? join(tmpdir(), `moot-receipts-${process.pid}`)
if (options.model.endsWith('.onnx'))
  await access(options.model, constants.R_OK).catch(() =>
    misuse(COMMAND, `--model names a file that cannot be read: ${options.model}.`),
  )
const operators = await countOperators(options.model)
for (const text of options.fault) checkOperator(text)
const input = options.input === undefined ? undefined : await readInput(options.input)
const say = (text: string) => (options.json ? undefined : console.log(text))

const stop = new AbortController()
let rehearsal: Rehearsal | undefined
untilStopped(async () => {
  stop.abort()
  await rehearsal?.close()
})

try {
  say(`Opening ${tabs} ${tabs === 1 ? 'tab' : 'tabs'}.`)
  rehearsal = await Rehearsal.open({ tabs, engine, faults, signal: stop.signal })
  const room = rehearsal
  say('All are linked directly.')
  if (options['kill-relay']) await room.stage.killRelay()
  if (options['kill-relay']) say('The relay is gone.')
  const records: AskRecord[] = []
  const note = async (report: Parameters<Rehearsal['record']>[0]) => {
    const record = await room.record(report, { receipts: folder, evidence: options.evidence })
    records.push(record)
    console.log(options.json ? JSON.stringify(record) : wordsOf(record))
  }
  const startedAt = performance.now()
  if (killTab === undefined)
    await room.ask({ model: options.model, check, inFlight, asks, ...(input ? { input } : {}) }, note)
  else for (let i = 0; i < asks; i++) await note(await room.askAndCrash({ model: options.model, check, when: killTab }))
  const summary: Summary = summaryOf(records, performance.now() - startedAt)
  if (options.json) console.log(JSON.stringify({ summary }))
  else printSummary(summary)
  await room.close()
  process.exit(summary.lost === 0 ? 0 : 1)
} catch (error) {
  await rehearsal?.close()
  console.error(sentenceOf(error))
  process.exit(1)
}

/** What a page throws comes as its name, its words and its stack: a fault's words are for people. */
function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /MootError: (.*)/.exec(message)?.[1] ?? message
}

function printSummary({ asks: total, states, again, lost, msTotal, msBeyondCompute, msAll }: Summary): void {
  const counted = Object.entries(states).map(([state, number]) => `${number} ${state}`)
  console.log(
    `\n${total} ${total === 1 ? 'ask' : 'asks'} in ${(msAll / 1000).toFixed(1)} s: ${counted.join(', ')}. ${again} asked again by themselves, ${lost} lost.`,
  )
  if (lost < total)
    console.log(
      `From the click to the verdict: median ${msTotal} ms, ${msBeyondCompute} ms of it beyond the slowest executor's computing.`,
    )
  console.log(`Receipts: ${folder}${options.evidence === undefined ? '' : `. Evidence: ${options.evidence}`}`)
}

async function readInput(path: string) {
  try {
    return tensorsFromJson(await readFile(path, 'utf8'))
  } catch (error) {
    const isThere = !(error instanceof Error && 'code' in error)
    return misuse(
      COMMAND,
      isThere ? `--input: ${sentenceOf(error)}` : `--input names a file that cannot be read: ${path}.`,
    )
  }
}

/** A fault in an operator that the model does not have would be found by nobody. */
function checkOperator(text: string): void {
  const planted = parseFault(text.slice(text.indexOf(':') + 1))
  const operator = 'operator' in planted ? planted.operator : undefined
  if (operator !== undefined && operators !== undefined && operator >= operators)
    misuse(COMMAND, `--fault ${text}: ${options.model} has operators 0 to ${operators - 1}, and no ${operator}.`)
}

function readFault(text: string): [number, string] {
  const [, tab, kind] = /^(\d+):(.+)$/.exec(text) ?? []
  if (tab === undefined || kind === undefined || Number(tab) < 1 || Number(tab) > tabs)
    return misuse(COMMAND, `--fault takes TAB:KIND with a tab from 1 to ${tabs}, and got "${text}".`)
  try {
    parseFault(kind)
  } catch (error) {
    misuse(COMMAND, error instanceof Error ? error.message : String(error))
  }
  return [Number(tab), kind]
}

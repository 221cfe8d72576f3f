import { base64pad } from 'multiformats/bases/base64'
import { elements } from '../domain/elements.ts'
import { hashBytes, hex } from '../domain/hash.ts'
import type { DType, Tensor, Tensors } from '../domain/tensor.ts'
import type { Operator } from '../ports/surgery.ts'
import type { Diagnosis } from './dispute-view.ts'

/** Values of an output that are printed side by side. */
const PRINTED = 8

/** Faulty operators in the table: the first explains most of the others. */
const LISTED = 16

/** What the file of one operator says of it. */
export interface OperatorFacts {
  /** Of the standard operators. */
  readonly opset: number
  /** As a person reads them: `kernel_shape` → `[3]`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly weights: readonly { readonly name: string; readonly dtype: DType; readonly dims: readonly number[] }[]
}

/** One operator that a GPU computes wrong, on inputs that are nobody's. */
export interface Sample {
  readonly operator: Pick<Operator, 'index' | 'type' | 'name'>
  readonly model: Uint8Array
  readonly facts: OperatorFacts
  readonly inputs: Tensors
  /** Whether its float32 inputs are those of `patterned`. */
  readonly isPatterned?: boolean
  /** The name of the value that differs, and what it is. */
  readonly output: string
  readonly expected: Tensor
  readonly got: Tensor
}

export interface ReportInit extends Omit<Diagnosis, 'report' | 'reproduction' | 'model'> {
  /** Sha-256 (hex) of what computes. */
  readonly binaries: { readonly gpu: string; readonly canon: string }
  readonly browser?: string
  readonly sample?: Sample
  /** Why operators were not compared. */
  readonly failures: readonly string[]
}

/** Bytes of one input that are written out: issue trackers take reports of 64 KiB. */
const MAX_WRITTEN = 12 << 10

/** What onnxruntime-web takes of each type. */
const ARRAYS: Readonly<Record<DType, string>> = {
  bool: 'Uint8Array',
  int8: 'Int8Array',
  uint8: 'Uint8Array',
  int16: 'Int16Array',
  uint16: 'Uint16Array',
  float16: 'Uint16Array',
  int32: 'Int32Array',
  uint32: 'Uint32Array',
  float32: 'Float32Array',
  int64: 'BigInt64Array',
  uint64: 'BigUint64Array',
  float64: 'Float64Array',
}

const PATTERN = '((i * 7919) % 1000) / 500 - 1'

/** Inputs that a line of a report describes: float32 by a formula, others as they are, since they mean something (indices, lengths). */
export const patterned = (inputs: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      if (tensor.dtype !== 'float32') return [name, tensor]
      const values = new Float32Array(tensor.data.length / 4).map((_, i) => ((i * 7919) % 1000) / 500 - 1)
      return [name, { ...tensor, data: new Uint8Array(values.buffer) }]
    }),
  )

/** A report fit for the bug tracker of whoever makes the engine: Markdown. It names no key, no address and no input of anybody. */
export const reportOf = (init: ReportInit): string =>
  [
    heading(init),
    environment(init),
    operators(init),
    ...(init.sample ? [values(init.sample), reproduction(init.sample)] : []),
    method(init),
  ].join('\n\n')

function heading({ faults, build, modelName }: ReportInit): string {
  const [first] = faults
  if (!first)
    return `# [WebGPU] ${code(modelName)} computed wrong as a whole, each operator right alone (${build})

Each operator, run alone on the GPU, gives what it gives on the CPU. Where the model as a whole deviates, what the engine makes of several operators together (fusion, layout) is the suspect.`
  const { type } = first.operator
  const shapes = first.inputs.map(({ dims }) => shape(dims)).join(', ')
  return `# [WebGPU] ${plain(type)} computes wrong values: inputs ${shapes} → ${shape(first.output.dims)} (${build})

The WebGPU execution provider gives other values for this ${code(type)} than the CPU execution provider, on equal inputs: off by ${percent(first.deviation.scaled)} of the largest value (rms ${percent(first.deviation.rms)}). Rounding explains ${first.limit.scaled.toExponential(0)} at most.`
}

const environment = ({ build, canon, adapter, browser, binaries }: ReportInit): string =>
  table(
    ['', ''],
    [
      ['Wrong', `${build}, provider \`webgpu\`, wasm binary sha-256 \`${binaries.gpu}\``],
      [
        'Reference',
        `${canon}, provider \`wasm\`, one thread, no graph optimisation, binary sha-256 \`${binaries.canon}\``,
      ],
      ['GPU adapter', code(adapter)],
      ['Browser', browser === undefined ? 'not known' : code(browser)],
    ],
  )

function operators({ faults }: ReportInit): string {
  if (faults.length === 0) return '## Operators\n\nNone.'
  const rows = faults
    .slice(0, LISTED)
    .map(({ operator, inputs, output, deviation, limit }) => [
      String(operator.index),
      code(operator.type),
      operator.name === '' ? '' : code(operator.name),
      inputs.map(({ dtype, dims }) => `${dtype} ${shape(dims)}`).join(', '),
      shape(output.dims),
      number(deviation.scaled),
      number(deviation.rms),
      limit.scaled.toExponential(0),
    ])
  const more = faults.length > LISTED ? `\n\n${faults.length - LISTED} more are not listed.` : ''
  return `## Operators\n\n${table(['node', 'type', 'name', 'inputs, weights included', 'output', 'largest error / largest value', 'rms', 'limit'], rows)}${more}`
}

function values({ facts, expected, got, isPatterned }: Sample): string {
  const attributes = Object.entries(facts.attributes).map(([name, value]) => `- ${code(name)}: ${value}`)
  const [right, wrong] = [elements(expected), elements(got)]
  const rows = Array.from({ length: Math.min(PRINTED, right.length) }, (_, i) => [
    String(i),
    String(right[i]),
    String(wrong[i]),
  ])
  const off = Array.from(right).filter((value, i) => Math.abs(value - (wrong[i] ?? 0)) > 1e-3 * Math.abs(value)).length
  const on = isPatterned ? `inputs of ${code(PATTERN)}` : 'inputs that the model makes of seeded random numbers'
  return `## Attributes of the first

${attributes.length > 0 ? attributes.join('\n') : 'None.'}

## Values of the first, on ${on}

${table(['i', 'CPU', 'WebGPU'], rows)}

${off} of ${right.length} values are off by more than 0.1 %.`
}

function reproduction({ model, facts, inputs, output, isPatterned = false }: Sample): string {
  const feeds = Object.entries(inputs).map(([name, tensor]) => `  ${quoted(name)}: ${expression(tensor, isPatterned)},`)
  return `## How to reproduce

Attach ${code('operator.onnx')} (${model.length} bytes, sha-256 ${code(hex(hashBytes(model)))}): this one operator, opset ${facts.opset}, its weights as initialisers. It is the download beside this report.

\`\`\`js
import * as ort from 'onnxruntime-web/webgpu'

const pattern = (...dims) => new ort.Tensor('float32', Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => ${PATTERN}), dims)
const given = (dtype, dims, text, array) => new ort.Tensor(dtype, new array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer), dims)
const feeds = {
${feeds.join('\n')}
}
for (const provider of ['wasm', 'webgpu']) {
  const session = await ort.InferenceSession.create('operator.onnx', { executionProviders: [provider] })
  const outputs = await session.run(feeds)
  console.log(provider, outputs[${quoted(output)}].data.slice(0, ${PRINTED}))
}
\`\`\``
}

/** A tensor in the words of the program. */
function expression({ dtype, dims, data }: Tensor, isPatterned: boolean): string {
  if (isPatterned && dtype === 'float32') return `pattern(${dims.join(', ')})`
  if (data.length > MAX_WRITTEN) return `undefined /* ${dtype} ${shape(dims)}: too large to be written here */`
  return `given('${dtype}', [${dims.join(', ')}], '${base64pad.baseEncode(data)}', ${ARRAYS[dtype]})`
}

function method({ modelName, compared, leftToCpu = 0, skipped = 0, failures }: ReportInit): string {
  const why = failures.slice(0, PRINTED).map((each) => `\n- ${plain(each)}`)
  return `## How it was found

Every operator of ${code(modelName)} was run alone, as a model of its own, on both providers and on equal inputs (what the CPU run gives it from seeded random inputs). Compared on the GPU: ${compared}. Left to the CPU by the WebGPU provider itself: ${leftToCpu}. Not comparable: ${skipped}${why.length > 0 ? ':' : '.'}${why.join('')}

An operator with bodies (\`If\`, \`Loop\`) is compared as a whole. A deviation is named only where moving the inputs by 2^-20 moves the CPU's result by less than an eighth of it.`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** Names are a stranger's words: nothing in them is markup. */
const code = (text: string): string => `\`${plain(text)}\``

const plain = (text: string): string => text.replace(/[`|\r\n]/g, ' ').slice(0, 200)

/** A name as a string of a program. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('`', '\\u0060')

const shape = (dims: readonly number[]): string => `[${dims.join(', ')}]`

const number = (value: number): string => (Number.isFinite(value) ? value.toPrecision(2) : 'no number')

const percent = (share: number): string =>
  Number.isFinite(share) ? `${Number((100 * share).toPrecision(2))} %` : 'more than any number says'

import { within, type Deviation } from '../domain/agreement.ts'
import { isFinite } from '../domain/elements.ts'
import { fault, faultOf, sentence } from '../domain/fault.ts'
import { isRounding, NUDGES, nudged, oneStepDeviation, oneStepLimit, rounds } from '../domain/one-step.ts'
import { seededInputs } from '../domain/seeded-inputs.ts'
import type { Tensor, Tensors } from '../domain/tensor.ts'
import type { Operator, Surgery } from '../ports/surgery.ts'
import type { DiagnosedModel, GpuDiagnosisComponents } from './diagnose-gpu.ts'
import type { Diagnosis } from './dispute-view.ts'
import { operatorsAlone, type Alone } from './operators-alone.ts'
import type { OperatorFacts, Sample } from './report-diagnosis.ts'

/** Milliseconds after which no further operator is begun: a real GPU takes a few for each, an emulated one some fifty. */
const PATIENCE = 120_000

/** Faulty operators that are named: a report of more is read by nobody. */
const MAX_FAULTS = 64

/** An operator that the GPU computes wrong. */
type FaultyOperator = Diagnosis['faults'][number]

/** What has been found so far, over all inputs that were tried. */
export class Search {
  /** Of the first faulty operator, on seeded inputs alone: what a report may show. */
  sample: Sample | undefined
  readonly compared = new Set<number>()
  readonly leftToCpu = new Set<number>()
  /** Why an operator was not compared on some inputs, in words. */
  readonly #reasons = new Map<number, string>()
  /** Those that the GPU failed to run. */
  readonly #failed = new Set<number>()
  readonly #components: GpuDiagnosisComponents
  readonly #model: DiagnosedModel
  readonly #surgery: Surgery
  readonly #options: { signal?: AbortSignal }
  readonly #deadline: number
  /** The place of each operator in the order of computing. */
  readonly #rank: ReadonlyMap<number, number>
  readonly #faults = new Map<number, FaultyOperator>()
  /** On which the model runs. */
  #sizes: Readonly<Record<string, readonly number[]>> | undefined

  constructor(
    components: GpuDiagnosisComponents,
    model: DiagnosedModel,
    surgery: Surgery,
    options: { signal?: AbortSignal },
  ) {
    this.#components = components
    this.#model = model
    this.#surgery = surgery
    this.#options = options
    this.#deadline = components.clock.now() + PATIENCE
    this.#rank = new Map(surgery.outline.values.map(({ operator }, i) => [operator, i]))
  }

  /** In the order of computing. */
  faults(): FaultyOperator[] {
    const rank = ({ operator }: FaultyOperator) => this.#rank.get(operator.index) ?? 0
    return [...this.#faults.values()].toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_FAULTS)
  }

  /** Why operators were not compared on any inputs. */
  skipped(): string[] {
    return [...this.#reasons].filter(([index]) => !this.compared.has(index)).map(([, why]) => why)
  }

  /** Goes over seeded inputs: of the job's sizes, else of the first on which the model runs. Rejects where it runs on none. */
  async overSeed(seed: number, given: Tensors | undefined): Promise<void> {
    const { manifest } = this.#model
    const all = given ? [dimsOf(given)] : this.#components.inputSizes(manifest.inputs)
    let failure: unknown
    for (const sizes of this.#sizes ? [this.#sizes] : all) {
      failure = await this.#ifItRuns(seededInputs(manifest, seed, sizes))
      if (failure !== undefined) continue
      this.#sizes = sizes
      return
    }
    if (given === undefined && this.#sizes === undefined) throw failure
  }

  /** What stops random numbers: another size, or a job's own numbers, may run. */
  async #ifItRuns(inputs: Tensors): Promise<unknown> {
    try {
      await this.over(inputs, 'seeded')
      return undefined
    } catch (error) {
      if (faultOf(error).code === 'ENGINE_FAILED') return error
      throw error
    }
  }

  /** Compares every operator on what these inputs give it, as far as time allows. */
  async over(inputs: Tensors, origin: 'seeded' | 'given'): Promise<void> {
    const { canon, clock } = this.#components
    if (clock.now() > this.#deadline) return
    const trace = (feeds: Tensors, options: object) => canon.trace(this.#model, feeds, options)
    const onSkipped = ({ index, type }: Operator) => void this.#reasons.set(index, `${type}: too large`)
    for await (const alone of operatorsAlone({ surgery: this.#surgery, trace, onSkipped }, inputs, this.#options)) {
      if (clock.now() > this.#deadline) return
      await this.#compare(alone, origin)
    }
  }

  async #compare(alone: Alone, origin: 'seeded' | 'given'): Promise<void> {
    const { index, type } = alone.operator
    if (this.leftToCpu.has(index) || this.#failed.has(index)) return
    // Shaders may take for granted that there are none: whatever comes of them is no fault.
    if (!Object.values(alone.inputs).every(isFinite))
      return void this.#reasons.set(index, `${type}: it takes NaN or infinity, of which WGSL promises nothing`)
    let outputs: Tensors | undefined
    try {
      outputs = await this.#components.gpu.run(alone.model, alone.inputs, this.#options)
    } catch (error) {
      const detail = faultOf(error)
      if (detail.code === 'CANCELLED' || detail.code === 'ENGINE_UNAVAILABLE') throw fault(detail)
      this.#failed.add(index)
      return void this.#reasons.set(index, `${type}: ${'why' in detail ? detail.why : sentence(detail)}`)
    }
    if (!outputs) return void this.leftToCpu.add(index)
    this.compared.add(index)
    for (const [name, expected] of Object.entries(alone.expected)) {
      const got = outputs[name]
      const deviation = oneStepDeviation(type, expected, got)
      const limit = oneStepLimit(type, expected)
      if (within(deviation, limit) || (await this.#isRounding(alone, name, deviation))) continue
      this.#note(alone, { name, expected, got, deviation, limit }, origin)
    }
  }

  /** Whether inputs that differ by a rounding move the canon itself about as far: where a sum cancels out, that is far. */
  async #isRounding({ operator, model, inputs, expected }: Alone, name: string, seen: Deviation): Promise<boolean> {
    const reference = expected[name]
    if (!rounds(operator.type) || !reference) return false
    for (const way of NUDGES) {
      const { outputs } = await this.#components.canon.runOnce(model, nudged(inputs, way), this.#options)
      if (isRounding(seen, oneStepDeviation(operator.type, reference, outputs[name]))) return true
    }
    return false
  }

  #note(alone: Alone, outside: Outside, origin: 'seeded' | 'given'): void {
    const { operator, inputs, model } = alone
    const { index, type, name } = operator
    const { deviation, limit, expected, got } = outside
    const known = this.#faults.get(index)
    if (known === undefined || known.deviation.rms < deviation.rms)
      this.#faults.set(index, {
        operator: { index, type, name },
        inputs: takenBy(alone, this.#components.describe(model)),
        output: { name: outside.name, dims: expected.dims },
        deviation,
        limit,
      })
    const isFirst = (this.#rank.get(index) ?? 0) < (this.#rank.get(this.sample?.operator.index ?? -1) ?? Infinity)
    if (origin === 'seeded' && got && isFirst)
      this.sample = {
        operator,
        model,
        facts: this.#components.describe(model),
        inputs,
        output: outside.name,
        expected,
        got,
      }
  }
}

interface Outside {
  readonly name: string
  readonly expected: Tensor
  readonly got: Tensor | undefined
  readonly deviation: Deviation
  readonly limit: Deviation
}

/** All that an operator takes, its weights included, in the order in which it takes them. */
function takenBy({ operator, inputs }: Alone, { weights }: OperatorFacts): FaultyOperator['inputs'] {
  const all = new Map(
    [...weights, ...Object.entries(inputs).map(([name, tensor]) => ({ name, ...tensor }))].map((each) => [
      each.name,
      each,
    ]),
  )
  return operator.takes.flatMap((name) => {
    const value = all.get(name)
    return value ? [{ name, dtype: value.dtype, dims: value.dims }] : []
  })
}

const dimsOf = (tensors: Tensors): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { dims }]) => [name, dims]))

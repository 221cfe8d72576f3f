import { hashTensors } from '../domain/commitment.ts'
import { fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { Tensor, Tensors } from '../domain/tensor.ts'
import type { CanonEngine, Trace, TraceOptions } from '../ports/canon-engine.ts'
import type { InferenceEngine, InferenceResult, LoadedModel } from '../ports/inference-engine.ts'
import { changeElement, mapFloats, rounded } from './disturb-values.ts'
import type { OpenSurgery } from '../ports/surgery.ts'
import type { ArithmeticFault, PlantedFault } from './plant-fault.ts'

/** What a false witness claims is off by so much: 1 %. */
const CLAIM = { kind: 'scale', factor: 1.01 } satisfies ArithmeticFault

/** Simulated engines, and those of a GPU, may show no trace. */
type Disturbable = InferenceEngine & Partial<CanonEngine>
type Options = { signal?: AbortSignal }
type ValueFault = Exclude<ArithmeticFault, { kind: 'version' }>

/** What it takes to plant a fault in one operator, or in the weights. */
export interface FaultTools {
  readonly openSurgery: OpenSurgery
  /** The same model with other weights: a version that nobody published. */
  readonly otherVersion: (model: Uint8Array) => Uint8Array
}

/**
 * The engine with the fault in it. A fault of arithmetic is in what it runs and in what it traces, as in a broken processor, which
 * asserts what it computes; that of a false witness is in what it runs. An operator that is run alone is run as it should be. What is
 * asked of the engine beyond what it can do rejects with `ENGINE_UNAVAILABLE`.
 */
export function disturbEngine(engine: Disturbable, planted: PlantedFault, tools?: FaultTools): CanonEngine {
  const whole = delegating(engine)
  switch (planted.kind) {
    case 'scale':
    case 'element':
    case 'fp16':
    case 'bf16':
    case 'constant':
      return new DisturbedEngine(whole, planted, tools)
    case 'false-assertion':
    case 'contradiction': {
      const liar = new DisturbedEngine(whole, CLAIM, tools)
      return { ...whole, run: (model, inputs, options) => liar.run(model, inputs, options) }
    }
    case 'version':
      return withOtherWeights(whole, toolsOf(tools))
    case 'silent':
    case 'stall':
    case 'vanish':
    case 'copycat':
    case 'skip-self-test':
      return whole
    default:
      return planted satisfies never
  }
}

/** Runs a model as it should be, changes a value, and goes on from there. */
class DisturbedEngine implements CanonEngine {
  readonly info: CanonEngine['info']
  readonly #engine: CanonEngine
  readonly #planted: ValueFault
  readonly #tools: FaultTools | undefined
  /** The models that the engine was given, for traces: it runs them by name. */
  readonly #models = new Map<ModelId, LoadedModel>()
  /** Of the lazy constant. */
  readonly #first = new Map<ModelId, Tensors>()
  /** What the last job's values were changed to, so that its trace takes no second run. */
  #last: { readonly job: string; readonly values: Tensors } | undefined

  constructor(engine: CanonEngine, planted: ValueFault, tools: FaultTools | undefined) {
    this.info = engine.info
    this.#engine = engine
    this.#planted = planted
    this.#tools = tools
  }

  /** What others loaded into the same engine is not here yet: a trace takes its bytes. */
  has(model: ModelId): boolean {
    return this.#engine.has(model) && (this.#operator === undefined || this.#models.has(model))
  }

  async load(model: LoadedModel, options?: Options): Promise<void> {
    await this.#engine.load(model, options)
    for (const held of this.#models.keys()) if (!this.#engine.has(held)) this.#models.delete(held)
    if (this.#operator !== undefined) this.#models.set(model.id, model)
  }

  async run(id: ModelId, inputs: Tensors, options?: Options): Promise<InferenceResult> {
    if (this.#operator === undefined) {
      const result = await this.#engine.run(id, inputs, options)
      return { ...result, outputs: this.#change(id, inputs, result.outputs) }
    }
    const model = this.#models.get(id)
    if (model === undefined || !this.#engine.has(id)) throw fault({ code: 'MODEL_NOT_LOADED', model: id })
    const { outputs, computeMs } = await this.trace(model, inputs, options)
    return { outputs, computeMs }
  }

  async trace(model: LoadedModel, inputs: Tensors, options: TraceOptions = {}): Promise<Trace> {
    const changed =
      this.#last?.job === jobOf(model.id, inputs) ? this.#last.values : await this.#changed(model, inputs, options)
    return this.#engine.trace(model, inputs, { ...options, given: { ...changed, ...options.given } })
  }

  runOnce(model: Uint8Array, inputs: Tensors, options?: Options): Promise<InferenceResult> {
    return this.#engine.runOnce(model, inputs, options)
  }

  close(): Promise<void> {
    return this.#engine.close()
  }

  get #operator(): number | undefined {
    return 'operator' in this.#planted ? this.#planted.operator : undefined
  }

  /** What becomes of the values that the fault is in. */
  async #changed(model: LoadedModel, inputs: Tensors, { signal }: Options): Promise<Tensors> {
    const names = await this.#names(model)
    const right = await this.#engine.trace(model, inputs, {
      ...(signal ? { signal } : {}),
      ...(names ? { keep: names } : {}),
    })
    return this.#change(model.id, inputs, names ? right.kept : right.outputs)
  }

  /** The values of the operator with the fault; undefined where it is in the outputs. */
  async #names(model: LoadedModel): Promise<readonly string[] | undefined> {
    const index = this.#operator
    if (index === undefined) return undefined
    const { openSurgery } = toolsOf(this.#tools)
    const { operators } = (await openSurgery(model)).outline
    const operator = operators[index]
    if (operator === undefined)
      throw fault({
        code: 'MALFORMED',
        what: 'fault',
        why: `the model has ${operators.length} operators, and no ${index}`,
      })
    return operator.makes
  }

  #change(model: ModelId, inputs: Tensors, values: Tensors): Tensors {
    const changed = this.#alter(model, values)
    this.#last = { job: jobOf(model, inputs), values: changed }
    return changed
  }

  #alter(model: ModelId, values: Tensors): Tensors {
    const planted = this.#planted
    switch (planted.kind) {
      case 'scale':
        return mapTensors(values, (tensor) => mapFloats(tensor, (value) => value * planted.factor))
      case 'fp16':
      case 'bf16':
        return mapTensors(values, (tensor) => mapFloats(tensor, (value) => rounded(value, planted.kind)))
      case 'element':
        return mapTensors(values, (tensor, i) => (i === 0 ? changeElement(tensor, planted.index) : tensor))
      case 'constant': {
        const first = this.#first.get(model) ?? values
        this.#first.set(model, first)
        return first
      }
      default:
        return planted satisfies never
    }
  }
}

/** Under which name an engine holds another version: it may serve others who want the model as it is. */
const otherName = (model: ModelId): ModelId => `${model}#another-version`

/** The engine with other weights in every model. */
function withOtherWeights(engine: CanonEngine, { otherVersion }: FaultTools): CanonEngine {
  const other = (model: LoadedModel): LoadedModel => ({
    ...model,
    id: otherName(model.id),
    bytes: otherVersion(model.bytes),
  })
  return {
    ...engine,
    has: (model) => engine.has(otherName(model)),
    load: (model, options) => engine.load(other(model), options),
    run: (model, inputs, options) => engine.run(otherName(model), inputs, options),
    trace: (model, inputs, options) => engine.trace(other(model), inputs, options),
  }
}

/** The engine, every call by itself: what it cannot do is refused when it is asked. */
function delegating(engine: Disturbable): CanonEngine {
  const { kind } = engine.info
  const refused = () => Promise.reject(fault({ code: 'ENGINE_UNAVAILABLE', engine: kind, why: 'it shows no trace' }))
  return {
    info: engine.info,
    has: (model) => engine.has(model),
    load: (model, options) => engine.load(model, options),
    run: (model, inputs, options) => engine.run(model, inputs, options),
    trace: (model, inputs, options) => engine.trace?.(model, inputs, options) ?? refused(),
    runOnce: (model, inputs, options) => engine.runOnce?.(model, inputs, options) ?? refused(),
    close: () => engine.close(),
  }
}

function toolsOf(tools: FaultTools | undefined): FaultTools {
  if (tools === undefined)
    throw fault({ code: 'MALFORMED', what: 'fault', why: 'nothing here takes a model apart, as it needs' })
  return tools
}

const jobOf = (model: ModelId, inputs: Tensors): string => `${model} ${hex(hashTensors(inputs))}`

const mapTensors = (tensors: Tensors, change: (tensor: Tensor, i: number) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor], i) => [name, change(tensor, i)]))

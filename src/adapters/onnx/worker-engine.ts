import { enginesFor, ruleFor } from '../../domain/agreement.ts'
import { isFinite } from '../../domain/elements.ts'
import { fault, MootError } from '../../domain/fault.ts'
import type { ModelId, ValueInfo } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import { fitInputs } from '../../domain/fit-inputs.ts'
import type { Trace, TraceOptions } from '../../ports/canon-engine.ts'
import type { EngineInfo, InferenceResult, LoadedModel } from '../../ports/inference-engine.ts'
import { canonWith } from './canons.ts'
import type { EngineLink } from './messages.ts'
import type { ModelEngine, Runnable, RunOnceOptions } from './model-engine.ts'
import { ModelShelf } from './model-shelf.ts'
import { checkRequest, copyOf, describeRequest, runOnceRequest, sessionRequest, traceRequest } from './requests.ts'
import { probeModel, selfTestModel } from './self-test-model.ts'
import { WorkerSession } from './worker-session.ts'

/** Milliseconds for one run: a tab that computes longer keeps everybody waiting. */
const RUN_LIMIT = 30_000

/** Milliseconds to make a session, and on a GPU to compare it with the CPU. */
const LOAD_LIMIT = 30_000

/** Milliseconds for one traced run, sessions included: three runs, since it was seen to take up to two and a half. */
const TRACE_LIMIT = 90_000

/** Bytes of values that a traced run exposes at a time. They lie twice in memory: where the engine made them, and as copies. */
const TRACE_ROOM = 32 << 20

/** Bytes of wasm memory: the traced runs of large vision models need some 800 MB, and a phone has little more. */
const MEMORY_LIMIT = 1 << 30

/** Bytes of all outputs of one run: what a claim may weigh on its way through the network. */
const OUTPUT_LIMIT = 4 << 20

/** Models kept warm, and the bytes of their files together: half of the memory limit. */
const MAX_MODELS = 8
const MAX_MODEL_BYTES = 512 << 20

/**
 * Seeds of the inputs on which a GPU is compared with the CPU: any would do, and the same everywhere make a report
 * repeatable. Three: a wrong Conv before a Relu was seen to leave three inputs of seven right.
 */
const CHECK_SEEDS = [1, 2, 3]

export interface EngineOptions {
  /** Milliseconds. */
  readonly runLimit?: number
  /** Milliseconds. */
  readonly loadLimit?: number
  /** Milliseconds. */
  readonly traceLimit?: number
  /** Bytes of values that a traced run exposes at a time. */
  readonly traceRoom?: number
  /** Bytes of wasm memory. */
  readonly memoryLimit?: number
  /** Bytes of all outputs of one run together. */
  readonly outputLimit?: number
  /** Models kept warm. */
  readonly maxModels?: number
  /** Bytes of their files together. */
  readonly maxModelBytes?: number
  /** The sha-256 (hex) of the canon's binary, where another is wanted than the present one. */
  readonly canon?: string
  readonly signal?: AbortSignal
}

export interface GpuOptions extends EngineOptions {
  /** Lets an emulated GPU pass for one: for tests. */
  readonly allowSoftwareGpu?: boolean
  /** Trusts the GPU without comparing it with the CPU: for tests. */
  readonly skipSelfTest?: boolean
}

/** Starts an engine in a worker that `connect` makes, anew after each one that had to be stopped. */
export async function openWorkerEngine(
  kind: EngineKind,
  connect: () => EngineLink,
  { signal, ...options }: GpuOptions = {},
): Promise<ModelEngine> {
  const worker = new WorkerSession(connect, {
    kind,
    ...(options.canon === undefined ? {} : { canon: canonWith(options.canon).wasmSha256 }),
    memoryLimit: options.memoryLimit ?? MEMORY_LIMIT,
    outputLimit: options.outputLimit ?? OUTPUT_LIMIT,
    allowSoftwareGpu: options.allowSoftwareGpu ?? false,
    probe: probeModel(),
  })
  const engine = new WorkerEngine(await worker.open(signal), worker, options)
  try {
    if (kind === 'gpu' && !options.skipSelfTest) await engine.selfTest(signal)
  } catch (error) {
    await engine.close()
    throw error
  }
  return engine
}

class WorkerEngine implements ModelEngine {
  readonly info: EngineInfo
  readonly #worker: WorkerSession
  readonly #shelf: ModelShelf
  readonly #runLimit: number
  readonly #loadLimit: number
  readonly #traceLimit: number
  readonly #traceRoom: number
  readonly #checks: boolean
  /** Shapes of inputs, by model, on which the GPU was seen to compute as the CPU does. */
  readonly #checked = new Map<ModelId, Set<string>>()

  constructor(info: EngineInfo, worker: WorkerSession, options: GpuOptions) {
    this.info = info
    this.#worker = worker
    this.#runLimit = options.runLimit ?? RUN_LIMIT
    this.#loadLimit = options.loadLimit ?? LOAD_LIMIT
    this.#traceLimit = options.traceLimit ?? TRACE_LIMIT
    this.#traceRoom = options.traceRoom ?? TRACE_ROOM
    this.#shelf = new ModelShelf(options.maxModels ?? MAX_MODELS, options.maxModelBytes ?? MAX_MODEL_BYTES)
    this.#checks = info.kind === 'gpu' && !options.skipSelfTest
  }

  has(model: ModelId): boolean {
    return this.#shelf.get(model) !== undefined
  }

  async load(model: Runnable, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    this.#admit(model)
    await this.#worker.enqueue(signal, async (stop) => {
      if (this.#shelf.get(model.id)) return
      await this.#makeSession(model, stop)
      if (this.#checks) await this.#checkFixedShapes(model, stop)
      for (const evicted of this.#shelf.put(model)) await this.#release(evicted, stop)
    })
  }

  async run(id: ModelId, inputs: Tensors, { signal }: { signal?: AbortSignal } = {}): Promise<InferenceResult> {
    const model = this.#shelf.use(id)
    if (!model) throw fault({ code: 'MODEL_NOT_LOADED', model: id })
    fitInputs(model.manifest, inputs)
    if (this.info.kind === 'gpu') allNumbers(inputs)
    const result = await this.#worker.enqueue(signal, async (stop) => {
      if (!this.#worker.holds(id)) await this.#makeSession(model, stop)
      if (this.#checks) await this.#check(model, [inputs], stop)
      return await this.#worker.call('run', { model: id, feeds: copyOf(inputs) }, this.#runLimit, stop)
    })
    if (this.info.kind === 'gpu') allNumbers(result.outputs)
    return result
  }

  async trace(model: Runnable, inputs: Tensors, { signal, ...options }: TraceOptions = {}): Promise<Trace> {
    const { kind } = this.info
    if (kind === 'gpu')
      throw fault({
        code: 'ENGINE_UNAVAILABLE',
        engine: kind,
        why: 'only the canon can be traced, and that runs on the CPU',
      })
    fitInputs(model.manifest, inputs)
    return await this.#worker.enqueue(signal, (stop) =>
      this.#worker.call('trace', traceRequest(model, inputs, options, this.#traceRoom), this.#traceLimit, stop),
    )
  }

  async runOnce(
    model: Uint8Array,
    inputs: Tensors,
    { signal, isStrict = false }: RunOnceOptions = {},
  ): Promise<InferenceResult> {
    return await this.#worker.enqueue(signal, (stop) =>
      this.#worker.call('runOnce', runOnceRequest(model, inputs, isStrict), this.#runLimit, stop),
    )
  }

  async describe(
    model: Pick<LoadedModel, 'bytes' | 'weights'>,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<readonly ValueInfo[]> {
    return await this.#worker.enqueue(signal, (stop) =>
      this.#worker.call('describe', describeRequest(model), this.#loadLimit, stop),
    )
  }

  async release(model: ModelId): Promise<void> {
    await this.#worker.enqueue(undefined, async (stop) => {
      this.#shelf.drop(model)
      this.#checked.delete(model)
      await this.#release(model, stop)
    })
  }

  async close(): Promise<void> {
    this.#worker.close()
  }

  /** Compares the GPU with the CPU on operators and shapes that a sound GPU computes right. */
  async selfTest(signal?: AbortSignal): Promise<void> {
    const model = selfTestModel()
    await this.#worker.enqueue(signal, async (stop) => {
      await this.#makeSession(model, stop)
      await this.#check(model, [], stop)
      await this.#release(model.id, stop)
    })
  }

  #admit({ manifest }: Runnable): void {
    if (this.info.kind === 'cpu' || enginesFor(manifest) === 'any') return
    const numbers = manifest.arithmetic === 'fp16' ? 'half-precision' : 'quantised'
    throw fault({
      code: 'MODEL_REFUSED',
      why: `no tolerance was measured for its ${numbers} numbers on a GPU. The CPU can run it`,
    })
  }

  async #makeSession(model: Runnable, signal: AbortSignal): Promise<void> {
    await this.#worker.call('load', sessionRequest(model), this.#loadLimit, signal)
    this.#worker.hold(model.id)
  }

  async #release(model: ModelId, signal: AbortSignal): Promise<void> {
    if (this.#worker.holds(model)) await this.#worker.call('release', { model }, this.#loadLimit, signal)
    this.#worker.drop(model)
  }

  /** Before the first run of a model whose shapes are fixed. What random inputs cannot run is compared on its first real ones. */
  async #checkFixedShapes(model: Runnable, signal: AbortSignal): Promise<void> {
    if (model.manifest.inputs.some(({ dims }) => dims.includes(null))) return
    try {
      await this.#check(model, [], signal)
    } catch (error) {
      if (!(error instanceof MootError) || error.fault.code !== 'ENGINE_FAILED') throw error
    }
  }

  /** Compares on real inputs, where there are some, and on seeded ones of the same shapes. */
  async #check({ manifest, ...model }: Runnable, real: readonly Tensors[], signal: AbortSignal): Promise<void> {
    const sizes = Object.fromEntries(Object.entries(real[0] ?? {}).map(([name, { dims }]) => [name, dims]))
    const key = JSON.stringify(manifest.inputs.map(({ name, dims }) => sizes[name] ?? dims))
    const checked = this.#checked.get(model.id)
    if (checked?.has(key)) return
    const feeds = [...real, ...CHECK_SEEDS.map((seed) => seededInputs(manifest, seed, sizes))]
    const request = checkRequest({ manifest, ...model }, feeds, ruleFor(manifest, 'cpu', 'gpu'))
    await this.#worker.call('check', request, this.#loadLimit, signal)
    this.#checked.set(model.id, new Set(checked).add(key))
  }
}

/** What a GPU makes of NaN and infinity is not defined (https://www.w3.org/TR/WGSL/#floating-point-evaluation): it claims nothing of them. */
function allNumbers(tensors: Tensors): void {
  if (Object.values(tensors).every(isFinite)) return
  throw fault({ code: 'ENGINE_FAILED', why: 'a GPU promises nothing of NaN and infinity. A CPU computes with them' })
}

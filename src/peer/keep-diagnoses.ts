import { fault, faultOf } from '../domain/fault.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Clock } from '../ports/clock.ts'
import type { ProvideModel } from './carry-models.ts'
import type { DiagnosedModel, GpuDiagnosisComponents, GpuUnderTest } from './diagnose-gpu.ts'
import type { Diagnosis } from './dispute-view.ts'

/** Diagnoses that are kept and shown: one for each model, the newest first. */
const MAX_DIAGNOSES = 8

/** Models that wait to be diagnosed: whoever contests everything fills no memory. */
const MAX_WAITING = 8

/** Milliseconds that a diagnosis waits for the device to be idle; after them it runs beside the jobs. */
const PATIENCE = 30_000

/** What it takes to diagnose a GPU. */
export interface DiagnosisTools extends Omit<GpuDiagnosisComponents, 'gpu' | 'clock'> {
  /** Starts the GPU with its engine's own checks off. Rejects with `ENGINE_UNAVAILABLE`. */
  openGpu(options: { signal?: AbortSignal }): Promise<GpuUnderTest>
  /** What any GPU must compute right before it computes for anybody. */
  readonly selfTest: DiagnosedModel
}

/** Fetches the tools, which most tabs never need. Absent where there can be no GPU. */
export type OpenDiagnosisTools = () => Promise<DiagnosisTools>

export interface DiagnosesComponents {
  readonly tools: OpenDiagnosisTools | undefined
  readonly provideModel: ProvideModel
  readonly clock: Clock
  /** Whether nobody waits for this device. Where that may have changed, `stir` is called. */
  readonly isIdle: () => boolean
  /** Computes a model on the CPU from now on. */
  readonly refuse: (model: ModelId) => void
  readonly onChange: () => void
}

interface Case {
  /** Or `SELF_TEST`. */
  readonly model: ModelId
  readonly inputs?: Tensors
}

/** Stands for the model that every GPU must compute right before it computes for anybody. */
const SELF_TEST = 'self-test'

/** Finds out by itself what this device's GPU computes wrong: one model at a time, in the background. */
export class Diagnoses {
  readonly #components: DiagnosesComponents
  readonly #closing = new AbortController()
  readonly #waiting: Case[] = []
  #kept: readonly Diagnosis[] = []
  /** One at a time: each opens a GPU of its own. */
  #tail: Promise<unknown> = Promise.resolve()
  #isUnderWay = false
  #stopWaiting: (() => void) | undefined

  constructor(components: DiagnosesComponents) {
    this.#components = components
  }

  /** The newest first. */
  list(): readonly Diagnosis[] {
    return this.#kept
  }

  /** Diagnoses a model now. Rejects with `ENGINE_UNAVAILABLE` where there is no GPU, and with what engines reject with. */
  async run(model: ModelId, options: { signal?: AbortSignal } = {}): Promise<Diagnosis> {
    const { signal } = options
    return await this.#inTurn({ model }, signal)
  }

  /** A claim of this device's GPU was refuted: it computes this model no more. `inputs`: those of the job. */
  noteRefuted(model: ModelId, inputs?: Tensors): void {
    this.#components.refuse(model)
    this.noteFaulty(model, inputs)
  }

  /** The GPU's own check refused the model. */
  noteFaulty(model: ModelId, inputs?: Tensors): void {
    this.#queue({ model, ...(inputs ? { inputs } : {}) })
  }

  /** The GPU failed the self-test that comes before everything else. */
  noteSelfTestFailed(): void {
    this.#queue({ model: SELF_TEST })
  }

  /** Begins what waits, where the device is idle. */
  stir(): void {
    if (this.#waiting.length > 0 && this.#components.isIdle()) this.#begin()
  }

  /** Stops what is under way. */
  close(): void {
    this.#closing.abort()
    this.#stopWaiting?.()
    this.#waiting.length = 0
  }

  #queue(one: Case): void {
    const isKnown = [...this.#kept, ...this.#waiting].some(({ model }) => model === one.model)
    if (isKnown || this.#components.tools === undefined || this.#closing.signal.aborted) return
    if (this.#waiting.length >= MAX_WAITING) return
    this.#waiting.push(one)
    this.#stopWaiting ??= this.#components.clock.after(PATIENCE, () => this.#begin())
    this.stir()
  }

  /** Nobody waits for what is found, and what cannot be found out is nobody's fault. */
  #begin(): void {
    if (this.#isUnderWay) return
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
    const one = this.#waiting.shift()
    if (one === undefined) return
    this.#isUnderWay = true
    void this.#inTurn(one, undefined)
      .catch(() => {})
      .finally(() => {
        this.#isUnderWay = false
        if (this.#waiting.length === 0) return
        this.#stopWaiting ??= this.#components.clock.after(PATIENCE, () => this.#begin())
        this.stir()
      })
  }

  #inTurn(one: Case, signal: AbortSignal | undefined): Promise<Diagnosis> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal
    const diagnosed = this.#tail.then(() => this.#diagnose(one, stop))
    this.#tail = diagnosed.catch(() => {})
    return diagnosed
  }

  async #diagnose({ model, inputs }: Case, signal: AbortSignal): Promise<Diagnosis> {
    const { tools: open, provideModel, clock } = this.#components
    if (open === undefined)
      throw fault({ code: 'ENGINE_UNAVAILABLE', engine: 'gpu', why: 'this device has none that a browser may use' })
    if (signal.aborted) throw fault({ code: 'CANCELLED' })
    const [tools, { diagnoseGpu }] = await Promise.all([open(), import('./diagnose-gpu.ts')])
    const subject = model === SELF_TEST ? tools.selfTest : await provideModel(model, { signal })
    const gpu = await tools.openGpu({ signal })
    try {
      const diagnosis = await diagnoseGpu({ ...tools, gpu, clock }, subject, { signal, ...(inputs ? { inputs } : {}) })
      this.#kept = [diagnosis, ...this.#kept.filter((other) => other.model !== diagnosis.model)].slice(0, MAX_DIAGNOSES)
      this.#components.onChange()
      return diagnosis
    } catch (error) {
      throw fault(faultOf(error))
    } finally {
      await gpu.close()
    }
  }
}

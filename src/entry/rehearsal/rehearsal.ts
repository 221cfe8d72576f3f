import type { Check } from '../../domain/checking.ts'
import type { ValueInfo } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { AnswerReport, AskProgress } from './page.ts'
import { recordAsk, type AskRecord, type Folders } from './record-ask.ts'
import { Stage } from './stage.ts'
import type { Tab } from './tab.ts'

/** Direct links with which a tab of a large room is content. */
const ENOUGH_LINKS = 4

/** The name under which tab 1's page tells of an ask under way. */
const WATCH = 'tellRehearsal'

export interface RehearsalInit {
  readonly tabs: number
  readonly engine: EngineKind | 'mixed'
  /** Faults planted in tabs, by tab number. */
  readonly faults: ReadonlyMap<number, string>
  readonly signal: AbortSignal
}

export interface AskInit {
  /** A shipped model's name, or a file that the last tab hosts. */
  readonly model: string
  /** What is asked; seeded random inputs without it. */
  readonly input?: Tensors
  /** The charter's default without it. */
  readonly check?: Check
  readonly inFlight: number
  readonly asks: number
}

/** A room of real tabs, of which tab 1 asks. */
export class Rehearsal {
  readonly stage: Stage
  readonly #init: RehearsalInit
  readonly #tabs: Tab[] = []
  #progress: (progress: AskProgress) => void = () => {}
  #asked = 0

  private constructor(stage: Stage, init: RehearsalInit) {
    this.stage = stage
    this.#init = init
  }

  /** Opens the tabs one after the other, and waits for the mesh. */
  static async open(init: RehearsalInit): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(await Stage.open(init), init)
    try {
      for (let number = 1; number <= init.tabs; number++) rehearsal.#tabs.push(await rehearsal.#open(number))
      await rehearsal.asker.onProgress(WATCH, (progress) => rehearsal.#progress(progress))
      await rehearsal.meshed()
      return rehearsal
    } catch (error) {
      await rehearsal.close()
      throw error
    }
  }

  get tabs(): readonly Tab[] {
    return this.#tabs
  }

  get asker(): Tab {
    const [first] = this.#tabs
    if (first === undefined) throw new Error('a rehearsal has at least one tab')
    return first
  }

  /** Resolves once every tab holds as many direct links as a room of this size gives it. */
  async meshed(): Promise<void> {
    const links = Math.min(this.#tabs.length - 1, ENOUGH_LINKS)
    await Promise.all(this.#tabs.map((tab) => tab.linked(links)))
  }

  /** The model of `--model`: shipped under this name, or a file that the last tab alone has, and the others from the room. */
  async model(nameOrFile: string): Promise<{ id: string; inputs: readonly ValueInfo[] }> {
    const host = this.#tabs.at(-1) ?? this.asker
    const id = nameOrFile.endsWith('.onnx') ? await host.host([nameOrFile]) : await this.asker.model(nameOrFile)
    if (id === '')
      throw new Error(
        `No model of the name "${nameOrFile}": name a shipped one (digits, digits-int8) or a file that ends in .onnx.`,
      )
    return { id, inputs: await this.asker.inputs(id) }
  }

  /** Asks on seeded random inputs, so many at a time, and calls back with each answer as it comes. */
  async ask(
    { model, input, check, inFlight, asks }: AskInit,
    onAnswer: (report: AnswerReport) => Promise<void>,
  ): Promise<void> {
    const { id, inputs } = await this.model(model)
    let left = asks
    const worker = async () => {
      while (left-- > 0) {
        this.#init.signal.throwIfAborted()
        const next = input ?? seededInputs({ inputs }, (this.#asked += 1))
        await onAnswer(await this.asker.ask({ model: id, input: next, ...(check ? { check } : {}) }))
      }
    }
    await Promise.all(Array.from({ length: inFlight }, worker))
  }

  /**
   * Asks once and crashes the last tab, which stalls there, while its part is due: its COMMIT once everybody else's is in, or its
   * REVEAL. Where the lot did not seat it, asks again. Then opens the tab anew.
   */
  async askAndCrash(options: { model: string; check?: Check; when: 'before' | 'after' }): Promise<AnswerReport> {
    const { id, inputs } = await this.model(options.model)
    const victim = this.#tabs.at(-1)
    if (victim === undefined || victim === this.asker) throw new Error('--kill-tab needs a tab besides tab 1')
    for (;;) {
      this.#init.signal.throwIfAborted()
      let crashed: Promise<void> | undefined
      this.#progress = ({ phase, executors }) => {
        const others = executors.filter((executor) => executor.id !== victim.id)
        const due =
          options.when === 'before'
            ? phase === 'computing' && others.every((executor) => executor.doing === 'committed')
            : phase === 'revealing' && others.every((executor) => executor.doing === 'revealed')
        if (due && others.length < executors.length) crashed ??= victim.crash()
      }
      const input = seededInputs({ inputs }, (this.#asked += 1))
      const { check } = options
      const report = await this.asker.ask({ model: id, input, ...(check ? { check } : {}), watch: WATCH })
      this.#progress = () => {}
      if (crashed === undefined) continue
      await crashed
      await this.#reopen(victim)
      return report
    }
  }

  /** An answer in the numbers of tabs, its files kept in these folders. */
  record(report: AnswerReport, folders: Folders): Promise<AskRecord> {
    return recordAsk(report, { tabs: this.#tabs.length, number: (id) => this.#numbers.get(id) ?? 0, folders })
  }

  close(): Promise<void> {
    return this.stage.close()
  }

  /** Tab numbers by peer id, of tabs that crashed too. */
  readonly #numbers = new Map<string, number>()

  async #open(number: number): Promise<Tab> {
    const { engine, faults } = this.#init
    const tab = await this.stage.openTab({
      number,
      engine: engine === 'mixed' ? (number % 2 === 0 ? 'gpu' : 'cpu') : engine,
      fault: faults.get(number),
    })
    this.#numbers.set(tab.id, number)
    return tab
  }

  async #reopen(tab: Tab): Promise<void> {
    await tab.page.close()
    const fresh = await this.#open(tab.number)
    this.#tabs[tab.number - 1] = fresh
    await fresh.linked(Math.min(this.#tabs.length - 1, ENOUGH_LINKS))
    await this.asker.knows(fresh.id)
  }
}

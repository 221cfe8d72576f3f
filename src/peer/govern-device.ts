import type { Settings, SettingsStore } from '../ports/settings.ts'
import type { OwnPresence } from '../protocols/presence/index.ts'
import type { BudgetMeter } from './meter-budget.ts'
import type { Engines } from './run-engines.ts'
import type { DeviceView } from './view.ts'

export interface DeviceComponents {
  readonly engines: Engines
  readonly meter: BudgetMeter
  readonly store: SettingsStore
  /** Leaves every job under way, with this word. */
  readonly withdraw: (note: string) => void
  readonly onChange: () => void
}

/** What this device gives to its room, as its owner and its circumstances have it. */
export class Device {
  readonly engines: Engines
  readonly meter: BudgetMeter
  readonly #components: DeviceComponents
  #settings: Settings
  #hidden = false

  constructor(settings: Settings, components: DeviceComponents) {
    this.#settings = settings
    this.#components = components
    this.engines = components.engines
    this.meter = components.meter
  }

  get settings(): Settings {
    return this.#settings
  }

  /** Whether it enters no job now, though at other times it does. */
  get rests(): boolean {
    return this.#settings.paused || this.#hidden
  }

  /** Whether it runs jobs at all. */
  get computes(): boolean {
    return !this.#settings.watching && this.engines.fault === undefined
  }

  /** Whether it has computed as much for others as its owner gives. */
  get isOverBudget(): boolean {
    const { duty } = this.#settings
    return duty < 1 && this.meter.used() >= duty
  }

  /** What is shown of it. */
  look(): Pick<DeviceView, 'settings' | 'engine' | 'build' | 'gpu' | 'fault' | 'computedMs' | 'used' | 'jobsRun'> {
    const { engines, meter, settings } = this
    const { kind, build } = engines.preferred.info
    return {
      settings,
      engine: kind,
      build,
      gpu: engines.gpu,
      ...(engines.fault ? { fault: engines.fault } : {}),
      computedMs: meter.total,
      used: meter.used(),
      jobsRun: meter.count,
    }
  }

  /** What it says of itself to the room. */
  announcement(): Omit<OwnPresence, 'models' | 'load'> {
    const { engines, meter, computes, rests, settings } = this
    const { kind, build, adapter } = engines.preferred.info
    const speedMs = meter.median()
    return {
      engines: !computes ? [] : kind === 'gpu' ? ['gpu', 'cpu'] : ['cpu'],
      ...(adapter === undefined ? {} : { adapter: adapter.slice(0, 128) }),
      build: build.slice(0, 128),
      paused: rests,
      watching: settings.watching,
      ...(speedMs === undefined ? {} : { speedMs }),
    }
  }

  async configure(change: Partial<Settings>): Promise<void> {
    const before = this.#settings
    this.#settings = { ...before, ...change }
    const { paused, watching, engine } = this.#settings
    if ((paused && !before.paused) || (watching && !before.watching)) this.#components.withdraw('Paused by its owner.')
    if (engine !== before.engine) void this.engines.useGpu(engine === 'gpu')
    this.#components.onChange()
    await this.#components.store.save(this.#settings)
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden
    if (hidden) this.#components.withdraw('Its page was hidden.')
    this.#components.onChange()
  }
}

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** A figure that is read when somebody asks for it. Its name begins `moot_` and ends with its unit, as Prometheus has it. */
export interface Reading {
  readonly name: string
  readonly help: string
  readonly read: () => number
}

export interface Metrics {
  readonly contentType: string
  /** Prometheus text: the readings, and what Node says of this process. */
  text(): Promise<string>
}

export function createMetrics(readings: readonly Reading[]): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const { name, help, read } of readings) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

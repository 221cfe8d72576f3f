import { createMetrics, type Reading } from '../adapters/http/metrics.ts'
import { sendJson, sendText, type HttpServerInit } from '../adapters/http/server.ts'

export interface Status {
  /** What `/health` tells beside that all is well, and since when. */
  readonly health: () => Readonly<Record<string, unknown>>
  readonly readings: readonly Reading[]
}

/** What a process that is always on tells of itself over HTTP: `/health` to people and supervisors, `/metrics` to Prometheus. */
export function statusRoutes({ health, readings }: Status): HttpServerInit['routes'] {
  const started = performance.now()
  const metrics = createMetrics(readings)
  return {
    '/health': (_request, response) => {
      const uptimeSeconds = Math.round((performance.now() - started) / 1000)
      sendJson(response, 200, { status: 'ok', uptimeSeconds, ...health() })
    },
    '/metrics': async (_request, response) => sendText(response, 200, await metrics.text(), metrics.contentType),
  }
}

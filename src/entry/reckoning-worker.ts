import type { ReportInput } from '../domain/authority/recorded.ts'
import type { Report } from '../domain/authority/report-shape.ts'
import { uncertaintyOf } from '../domain/authority/uncertainty.ts'

/** What a tab asks of the worker that reckons with chance: one report each. */
export interface Reckoning {
  readonly input: ReportInput
  readonly report: Report
}

addEventListener('message', ({ data: { input, report } }: MessageEvent<Reckoning>) => {
  postMessage(uncertaintyOf(input, report))
})

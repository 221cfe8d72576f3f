import { reportOf } from '../../src/domain/authority/report.ts'
import { uncertaintyOf } from '../../src/domain/authority/uncertainty.ts'
import { inputOf, type HistoryInit } from '../kits/histories.ts'

/** Says how long what chance predicts took, in milliseconds. */
self.addEventListener('message', ({ data }: MessageEvent<HistoryInit>) => {
  const input = inputOf(data)
  const report = reportOf(input)
  const start = performance.now()
  uncertaintyOf(input, report)
  self.postMessage(performance.now() - start)
})

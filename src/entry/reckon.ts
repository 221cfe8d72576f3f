import { setImmediate } from 'node:timers/promises'
import { uncertaintySteps } from '../domain/authority/uncertainty.ts'
import { fault } from '../domain/fault.ts'
import type { Reckon } from '../peer/governance/report-room.ts'

/** Reckons with chance beside whatever else this process does. Rejects with `CANCELLED`. */
export const reckon: Reckon = async (input, report, { signal } = {}) => {
  const steps = uncertaintySteps(input, report)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    await setImmediate()
    if (signal?.aborted) throw fault({ code: 'CANCELLED' })
  }
}

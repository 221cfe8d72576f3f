import { fault } from '../domain/fault.ts'
import type { Reckon } from '../peer/governance/report-room.ts'

export const reckonIn =
  (_createWorker: () => Worker): Reckon =>
  async () => {
    throw fault({ code: 'CANCELLED' })
  }

import { fault } from '../domain/fault.ts'
import type { Reckon } from '../peer/governance/report-room.ts'

export const reckon: Reckon = async () => {
  throw fault({ code: 'CANCELLED' })
}

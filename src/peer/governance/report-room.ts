import type { ReportInput } from '../../domain/authority/recorded.ts'
import type { Report, Uncertainty } from '../../domain/authority/report-shape.ts'
import { fault } from '../../domain/fault.ts'
import type { ReadEntry } from '../../domain/ledger/entry.ts'
import type { Governance } from '../governance-view.ts'

/** Works out what chance predicts of a report: off the page's thread, where there is one. */
export type Reckon = (input: ReportInput, report: Report, options?: { signal?: AbortSignal }) => Promise<Uncertainty>

export class RoomReports {
  constructor(_: unknown) {}
  changed(_: readonly ReadEntry[]): void {}
  report: Governance['report'] = async () => {
    throw fault({ code: 'CANCELLED' })
  }
  uncertainty: Governance['uncertainty'] = async () => {
    throw fault({ code: 'CANCELLED' })
  }
  recompute: Governance['recompute'] = async () => {
    throw fault({ code: 'CANCELLED' })
  }
  entry: Governance['entry'] = async () => undefined
}

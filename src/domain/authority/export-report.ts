import { encode } from '@ipld/dag-cbor'
import { hashBytes, hex } from '../hash.ts'
import type { Report, Uncertainty } from './report-shape.ts'

/** A report for other programs, and for whoever compares two of them. */

/** Dag-cbor: equal reports have equal bytes. */
export const encodeReport = (report: Report): Uint8Array => encode(report)

/** Sha-256 of these, in hexadecimal. */
export const digestOfReport = (report: Report): string => hex(hashBytes(encodeReport(report)))

export const digestOfUncertainty = (uncertainty: Uncertainty): string => hex(hashBytes(encode(uncertainty)))

/** All of it. */
export const reportJson = (report: Report, uncertainty?: Uncertainty): string =>
  `${JSON.stringify({ report, uncertainty: uncertainty ?? null }, null, 2)}\n`

const COLUMNS = [
  'measure',
  'name',
  'value',
  'unit',
  'beside',
  'beside_value',
  'n',
  'of',
  'low_95',
  'high_95',
  'chance_low',
  'chance_high',
  'p',
  'drift',
  'drift_p',
  'drift_significant',
  'why',
  'code',
  'root',
  'window',
  'scope',
  'viewer',
] as const

type Cell = string | number | boolean | null | undefined

/** A row for each measure, each with the recipe (RFC 4180). */
export function reportCsv(report: Report, uncertainty?: Uncertainty): string {
  const { code, root, window, scope, viewer } = report.recipe
  const rows = [...report.panel, ...report.drawer].map(({ key, name, value, unit, beside, n, of, why }) => {
    const more = uncertainty?.measures.find((each) => each.key === key)
    const cells: Readonly<Record<(typeof COLUMNS)[number], Cell>> = {
      measure: key,
      name,
      value,
      unit,
      beside: beside?.name,
      beside_value: beside?.value,
      n,
      of,
      low_95: more?.interval?.low,
      high_95: more?.interval?.high,
      chance_low: more?.chance?.low,
      chance_high: more?.chance?.high,
      p: more?.p,
      drift: more?.drift?.direction,
      drift_p: more?.drift?.p,
      drift_significant: more?.drift?.significant,
      why,
      code,
      root,
      window,
      scope,
      viewer,
    }
    return COLUMNS.map((column) => written(cells[column])).join(',')
  })
  return [COLUMNS.join(','), ...rows, ''].join('\r\n')
}

/** Text that a spreadsheet would run as a formula gets a quote before it. Numbers are ours, and stay numbers. */
function written(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null || cell === undefined ? '' : String(cell)
  const inert = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

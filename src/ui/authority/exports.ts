import type { Report, Uncertainty } from '../../domain/authority/report-shape.ts'

/** A report and what a worker added to it, for other programs: JSON holds all, CSV a row for each measure. UTF-8. */

export const reportJson = (report: Report, uncertainty: Uncertainty | undefined): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify({ report, uncertainty: uncertainty ?? null }, null, 2)}\n`)

const COLUMNS =
  'measure,name,value,unit,beside,beside_value,n,of,low_95,high_95,chance_low,chance_high,drift,drift_p,drift_significant,why,code,root,window,scope,viewer'

export function reportCsv(report: Report, uncertainty: Uncertainty | undefined): Uint8Array<ArrayBuffer> {
  const { code, root, window, scope, viewer } = report.recipe
  const rows = [...report.panel, ...report.drawer].map((measure) => {
    const more = uncertainty?.measures.find(({ key }) => key === measure.key)
    return [
      measure.key,
      measure.name,
      measure.value,
      measure.unit,
      measure.beside?.name,
      measure.beside?.value,
      measure.n,
      measure.of,
      more?.interval?.low,
      more?.interval?.high,
      more?.chance?.low,
      more?.chance?.high,
      more?.drift?.direction,
      more?.drift?.p,
      more?.drift?.significant,
      measure.why,
      code,
      root,
      window,
      scope,
      viewer,
    ]
      .map(cell)
      .join(',')
  })
  return new TextEncoder().encode([COLUMNS, ...rows, ''].join('\r\n'))
}

/** `authority-tea-room-3f9a61c0.csv`. */
export const exportName = (room: string, root: string, kind: 'json' | 'csv'): string =>
  `authority-${room.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40)}-${root.slice(0, 8)}.${kind}`

/** Text that a spreadsheet would run as a formula gets a quote before it. */
function cell(value: string | number | boolean | null | undefined): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value)
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

import { expect, test } from 'vitest'
import { reportCsv, reportJson } from '../../../src/domain/authority/export-report.ts'
import { report, uncertainty } from '../../kits/fake-report.ts'

test('JSON holds the report and what a worker added, as they are', () => {
  expect(JSON.parse(reportJson(report, uncertainty))).toEqual({ report, uncertainty })
  expect(JSON.parse(reportJson(report, undefined))).toEqual({ report, uncertainty: null })
})

test('CSV has a row for each measure, with its recipe', () => {
  const [head, first, ...rest] = reportCsv(report, uncertainty).trimEnd().split('\r\n')
  expect(rest).toHaveLength(17)
  const row = Object.fromEntries((head ?? '').split(',').map((name, i) => [name, first?.split(',')[i]]))
  expect(row).toMatchObject({
    measure: 'effective-deciders',
    value: '4.18',
    low_95: '3.1',
    chance_high: '9.1',
    drift: '-1',
    drift_significant: 'true',
    root: report.recipe.root,
    window: '200',
  })
})

test('CSV runs nothing that a stranger wrote', () => {
  const [measure] = report.panel
  const strange = { ...report, panel: [{ ...measure!, value: null, why: '=HYPERLINK("http://x","y")' }], drawer: [] }
  expect(reportCsv(strange, undefined)).toContain(`"'=HYPERLINK(""http://x"",""y"")"`)
})

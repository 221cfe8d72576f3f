import { expect, test } from 'vitest'
import { exportName } from '../../../src/ui/authority/exports.ts'
import { report } from '../../kits/fake-report.ts'

test('a file is called after its room and its records', () => {
  expect(exportName('tea room/2', report.recipe.root, 'csv')).toBe('authority-tea-room-2-3f9a61c0.csv')
})

import { expect, test } from 'vitest'
import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { labelSentence, labelsOf } from '../../src/domain/charter/check-charter.ts'
import { foreign, SHIPPED_CHARTER, SHIPPED_LABELS } from '../../src/ui/shipped-charter.ts'

test('the door names the charter that is shipped, and says all that whoever signs it must be told', () => {
  expect(SHIPPED_CHARTER).toBe(cidOf(FIRST_CHARTER))
  expect(SHIPPED_LABELS).toEqual(labelsOf(FIRST_CHARTER, []).map((label) => labelSentence(label, FIRST_CHARTER)))
  expect(foreign(SHIPPED_CHARTER)).toBeUndefined()
  expect(foreign('bafyelse')).toBe('bafyelse')
})

import { expect, test } from 'vitest'
import { claim } from '../../../src/adapters/system/claim.ts'

test('one has it at a time, until it lets go', async () => {
  const release = await claim('story')
  expect(release).toBeDefined()
  expect(await claim('story')).toBeUndefined()
  const other = await claim('another story')
  expect(other).toBeDefined()
  await other?.()
  await release?.()
  const again = await claim('story')
  expect(again).toBeDefined()
  await again?.()
})

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { secretFile } from '../../../src/adapters/files/secret-file.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('a secret is made once, kept, and for its owner only', async () => {
  const path = join(await temporaryFolder(), 'new', 'relay.key')
  expect(await secretFile(path, () => Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3))
  expect(await secretFile(path, () => Uint8Array.of(9))).toEqual(Uint8Array.of(1, 2, 3))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../../../src/adapters/files/folder.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

test('a folder is made with those above it, for its owner only, and may be there already', async () => {
  const folder = join(await temporaryFolder(), 'one', 'two')
  await makeFolder(folder)
  await makeFolder(folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
})

test('a folder that cannot be is answered with a sentence', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  for (const folder of [file, join(file, 'below')])
    await expect(makeFolder(folder)).rejects.toThrow(
      `The folder ${folder} cannot be used: a file is in its place. Name another.`,
    )
})

test.runIf(process.platform === 'linux')('so is one on a file system that makes none', async () => {
  await expect(makeFolder('/proc/moot/data')).rejects.toThrow(
    'The folder /proc/moot/data cannot be used: it cannot be made there. Name another.',
  )
})

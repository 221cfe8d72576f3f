import { readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { folderError, makeFolder } from './folder.ts'

/** Reads a file that only its owner may, or makes it with what `create` returns. Its folder is made where there is none. */
export async function secretFile(path: string, create: () => Uint8Array): Promise<Uint8Array> {
  const folder = dirname(path)
  await makeFolder(folder)
  try {
    await writeFile(path, create(), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw folderError(folder, error)
  }
  return new Uint8Array(await readFile(path))
}

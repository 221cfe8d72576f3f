import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Words for what a file system answers. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
}

/** What is wrong with a folder, in a sentence. */
export const folderError = (folder: string, error: unknown): Error =>
  new Error(
    `The folder ${folder} cannot be used: ${WHY[codeOf(error) ?? ''] ?? 'it cannot be made there'}. Name another.`,
    { cause: error },
  )

/** Makes a folder that only its owner may read, and those above it, where there is none. Rejects with a sentence. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await make(resolve(folder))
  } catch (error) {
    throw folderError(folder, error)
  }
}

/** Folder by folder: Node's own `recursive` never returns where a file system, as /proc, denies that it makes any. */
async function make(folder: string): Promise<void> {
  const once = async () => mkdir(folder, { mode: 0o700 })
  try {
    await once()
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    await make(dirname(folder))
    await once()
  }
}

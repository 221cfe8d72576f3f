import { openAsBlob, type Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fault } from '../../domain/fault.ts'

/** Files looked at beside a model: an export has ten. */
const MAX_BESIDE = 256

/**
 * An ONNX file and what lies beside it in its folder, other models left out: weights, labels, a tokenizer. Nothing is
 * read yet. Rejects with `MALFORMED` where the file cannot be.
 */
export async function filesBeside(path: string): Promise<readonly { readonly path: string; readonly blob: Blob }[]> {
  const [folder, name] = [dirname(path), basename(path)]
  const mayBePart = (entry: Dirent) => entry.isFile() && !/^\.|\.onnx$/i.test(entry.name) && entry.name !== name
  try {
    const beside = (await readdir(folder, { withFileTypes: true })).filter(mayBePart).slice(0, MAX_BESIDE)
    const names = [name, ...beside.map((entry) => entry.name)]
    return await Promise.all(names.map(async (each) => ({ path: each, blob: await openAsBlob(join(folder, each)) })))
  } catch {
    throw fault({ code: 'MALFORMED', what: 'model to pin', why: `${path} is not a file that can be read` })
  }
}

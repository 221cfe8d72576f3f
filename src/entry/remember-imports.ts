import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { isCid } from '../domain/cids.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { ForeignModel } from './wanted-model.ts'

const Remembered = v.record(v.string(), v.pipe(v.string(), v.check(isCid)))

/** What was imported from where, in a file, so that a restart neither reads it nor publishes it again. */
export interface ImportMemory {
  /** The model that came of it. A file counts as another once it is changed. */
  recall(wanted: ForeignModel): Promise<ModelId | undefined>
  remember(wanted: ForeignModel, model: ModelId): Promise<void>
}

/** Reads the memory of a data folder. One that was spoilt remembers nothing. */
export async function openImportMemory(data: string): Promise<ImportMemory> {
  const path = join(data, 'imports.json')
  const known = new Map(Object.entries(await read(path)))
  return {
    recall: async (wanted) => known.get(await keyOf(wanted)),
    async remember(wanted, model) {
      known.set(await keyOf(wanted), model)
      // In one step: a process that ends while it writes leaves the file as it was.
      await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(known), undefined, 2), { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
  }
}

async function read(path: string): Promise<Record<string, ModelId>> {
  try {
    return v.parse(Remembered, JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return {}
  }
}

async function keyOf(wanted: ForeignModel): Promise<string> {
  if (wanted.kind === 'web') return wanted.text
  const { size, mtimeMs } = await stat(wanted.path)
  return `${resolve(wanted.path)} ${size} ${mtimeMs}`
}

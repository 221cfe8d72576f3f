import { fault } from '../../domain/fault.ts'
import { BLOCK_SIZE } from '../../domain/manifest.ts'
import type { ModelOrigin, ModelSource } from '../../ports/model-source.ts'
import { failed } from './failures.ts'

type Files = Extract<ModelOrigin, { kind: 'files' }>['files']

/** Files that a person chose or dropped. They are read from the start each time: that costs nobody anything. */
export function deviceFiles(files: Files): ModelSource {
  const [first] = files
  if (first === undefined) throw fault({ code: 'MALFORMED', what: 'selection', why: 'there is no file in it' })
  const model = files.find(({ path }) => /\.onnx$/i.test(path)) ?? first
  return {
    list: async () => ({
      name: model.path.split('/').at(-1) ?? model.path,
      files: files.map(({ path, blob }) => ({ path, size: blob.size })),
    }),
    async read(path, { signal } = {}) {
      const blob = files.find((file) => file.path === path)?.blob
      if (blob === undefined) throw failed(path, 'missing')
      return { size: blob.size, from: 0, chunks: slices(path, blob, signal) }
    },
  }
}

/** Block by block, so that a block need not be put together from parts. */
async function* slices(path: string, blob: Blob, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += BLOCK_SIZE) {
    if (signal?.aborted) throw fault({ code: 'CANCELLED' })
    const buffer = await blob
      .slice(at, at + BLOCK_SIZE)
      .arrayBuffer()
      .catch(() => {
        throw failed(path, 'gone')
      })
    yield new Uint8Array(buffer)
  }
}

import { fault } from '../../domain/fault.ts'
import type { ModelOrigin, ModelSource } from '../../ports/model-source.ts'
import { failed } from './failures.ts'

/** Bytes read at a time. */
const PIECE = 256 << 10

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
      return { size: blob.size, from: 0, chunks: lent(path, blob, signal) }
    },
  }
}

/**
 * The bytes of a file in one buffer that is filled again and again: what a browser makes anew for each read lies around
 * until the collector comes, which for a large file is hundreds of megabytes too late.
 */
async function* lent(path: string, blob: Blob, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const reader = readerOf(blob.stream())
  let buffer = new ArrayBuffer(PIECE)
  try {
    for (;;) {
      if (signal?.aborted) throw fault({ code: 'CANCELLED' })
      const { done, value } = await reader.read(new Uint8Array(buffer)).catch(() => {
        throw failed(path, 'gone')
      })
      if (done) return
      yield value
      if (value.buffer.byteLength === PIECE) buffer = value.buffer
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** Reads into the buffer that it is given, where the browser can (Safari before 17 could not). */
function readerOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    const reader = stream.getReader()
    return { read: () => reader.read(), cancel: () => reader.cancel() }
  }
}

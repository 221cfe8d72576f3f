import * as v from 'valibot'
import type { Reading } from '../../ports/model-source.ts'
import { failed } from './failures.ts'

/** A file of a repository. `version` names its bytes: their sha-256, or the hash by which git knows them. */
export interface HubFile {
  readonly path: string
  readonly size?: number
  readonly version?: string
}

/** A repository at one commit. */
export interface Repository {
  readonly revision: string
  readonly files: readonly HubFile[]
  readonly licence?: string
  readonly task?: string
}

/** Bytes of the longest list of files read: repositories of thousands of files stay under 1 MB. */
const MAX_LIST = 4 * 1024 * 1024
/** Files of the largest repository looked at. */
const MAX_LISTED = 10_000

/** Where exports to ONNX put their files (transformers.js, Optimum), for servers that have files and no list of them. */
export const WELL_KNOWN = [
  ...['', 'onnx/'].flatMap((folder) =>
    ['', '_fp16', '_quantized', '_int8', '_uint8'].map((kind) => `${folder}model${kind}.onnx`),
  ),
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
]

const text = v.pipe(v.string(), v.maxLength(256))
const optional = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.optional(schema), undefined)
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** What `/api/models/<id>/revision/<rev>?blobs=true` answers (https://huggingface.co/docs/hub/api), as far as it matters here. */
const InfoSchema = v.object({
  sha: optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/))),
  gated: optional(v.union([v.boolean(), text])),
  pipeline_tag: optional(text),
  cardData: optional(v.object({ license: optional(v.union([text, v.array(text)])) })),
  siblings: v.pipe(v.array(v.unknown()), v.maxLength(MAX_LISTED)),
})

const SiblingSchema = v.object({
  rfilename: v.pipe(v.string(), v.maxLength(1_024)),
  size: optional(size),
  blobId: optional(text),
  lfs: optional(v.object({ sha256: optional(text), size: optional(size) })),
})

/** Reads the hub's list of a repository's files. Rejects with `SOURCE_FAILED`. */
export async function readRepository(
  { chunks }: Reading,
  { repository, revision }: { repository: string; revision: string },
): Promise<Repository> {
  const info = v.safeParse(InfoSchema, await json(chunks, repository))
  if (!info.success) throw failed(repository, 'noAnswer')
  const { sha, gated, pipeline_tag: task, cardData, siblings } = info.output
  if (gated !== undefined && gated !== false) throw failed(repository, 'gated')
  const licence = typeof cardData?.license === 'object' ? cardData.license.join(', ') : cardData?.license
  return {
    revision: sha ?? revision,
    files: siblings.flatMap((sibling) => {
      const file = v.safeParse(SiblingSchema, sibling)
      return file.success ? [fileOf(file.output)] : []
    }),
    ...(licence === undefined ? {} : { licence }),
    ...(task === undefined ? {} : { task }),
  }
}

function fileOf({ rfilename, size, blobId, lfs }: v.InferOutput<typeof SiblingSchema>): HubFile {
  const [bytes, version] = [lfs?.size ?? size, lfs?.sha256 ?? blobId]
  return {
    path: rfilename,
    ...(bytes === undefined ? {} : { size: bytes }),
    ...(version === undefined ? {} : { version }),
  }
}

async function json(chunks: AsyncIterable<Uint8Array>, repository: string): Promise<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let [text, bytes] = ['', 0]
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > MAX_LIST) throw failed(repository, 'noAnswer')
    try {
      text += decoder.decode(chunk, { stream: true })
    } catch {
      throw failed(repository, 'noAnswer')
    }
  }
  try {
    return JSON.parse(text)
  } catch {
    throw failed(repository, 'noAnswer')
  }
}

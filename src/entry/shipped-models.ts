import { fault } from '../domain/fault.ts'
import { fromHex } from '../domain/hash.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { ShippedModel } from '../peer/hold-models.ts'

/** The models that come with the app, in `public/models`: what they are is known before a byte of them is fetched. */
const MODELS: readonly { readonly path: string; readonly manifest: Manifest }[] = [
  {
    path: 'models/digits-fp32.onnx',
    manifest: digits('digits', 'fp32', 462_186, 'ae23799a1aa7d87f98fa3d72e240abb8bff96e46c411334afc9ffc9288931c1f'),
  },
  {
    path: 'models/digits-int8.onnx',
    manifest: digits(
      'digits-int8',
      'integer',
      118_012,
      '31a4d95ce1037bead692e65fedcc4c854f55f481f10befa382fc004bf74b3392',
    ),
  },
]

/** Both files are one block each. */
function digits(name: string, arithmetic: Manifest['arithmetic'], size: number, sha256: string): Manifest {
  return {
    name,
    version: '1',
    file: { size, blocks: [fromHex(sha256)] },
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 28, 28] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [1, 10] }],
    arithmetic,
    canonicalRun: 'plain',
    labels: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    image: { input: 'image', planes: ['gray'], mean: [0], deviation: [255] },
  }
}

/** The shipped models, read by whatever reads files where this runs. */
export const shippedModels = (
  read: (path: string, options: { signal?: AbortSignal }) => Promise<Uint8Array>,
): readonly ShippedModel[] =>
  MODELS.map(({ path, manifest }) => ({ manifest, fetch: (options) => read(path, options) }))

/** Reads a file beside the page, wherever the page is served from. Rejects with `MALFORMED` where it is not there. */
export async function readFromSite(path: string, { signal }: { signal?: AbortSignal }): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI), signal ? { signal } : {})
  if (!response.ok) throw fault({ code: 'MALFORMED', what: path, why: `the site answered ${response.status}` })
  return new Uint8Array(await response.arrayBuffer())
}

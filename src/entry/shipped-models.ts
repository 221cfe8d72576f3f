import { fault } from '../domain/fault.ts'
import { fromHex } from '../domain/hash.ts'
import type { Arithmetic, Manifest, ManifestDraft } from '../domain/manifest.ts'
import { rawCid } from '../domain/cids.ts'
import type { ShippedModel } from '../peer/hold-models.ts'

/** Who publishes the shipped models: the key of Moot's developers, which is not in the repository. */
export const PUBLISHER = '12D3KooWJbEZzpArmNq6Gq7SSKBha7KNwG3CSu8eFnHz1JPwbXDJ'

/** A model in `public/models`: what it is is known before a byte of it is fetched. */
interface Shipped {
  readonly path: string
  readonly draft: ManifestDraft
  /** Hex, by `sign-shipped`. */
  readonly signature: string
}

export const SHIPPED: readonly Shipped[] = [
  {
    path: 'models/digits-fp32.onnx',
    draft: digits({
      name: 'digits',
      arithmetic: 'fp32',
      size: 462_186,
      parameters: 115_296,
      memory: 925_544,
      sha256: 'ae23799a1aa7d87f98fa3d72e240abb8bff96e46c411334afc9ffc9288931c1f',
    }),
    signature:
      '5eec4f873a40ad09b5f04501593fb24c7c0ff2de9ce069ce8fba9ed851599489bacf908f14ab7d49e79f9c195cc21549256f486d5c5779f612d83fd6774eb400',
  },
  {
    path: 'models/digits-int8.onnx',
    draft: digits({
      name: 'digits-int8',
      arithmetic: 'integer',
      size: 118_012,
      parameters: 115_472,
      memory: 235_128,
      sha256: '31a4d95ce1037bead692e65fedcc4c854f55f481f10befa382fc004bf74b3392',
    }),
    signature:
      '25058285289e10a792207454aae09d202b336ebd2e25f5f8923893381b2f2e542e73a7e80fe71fb6f8f9696dc7a9e49f96781ee94502b2afb352edb07f4b4f07',
  },
]

/** Each file is one block, so that its digest is its CID too. */
function digits({
  name,
  arithmetic,
  size,
  parameters,
  memory,
  sha256,
}: {
  name: string
  arithmetic: Arithmetic
  size: number
  parameters: number
  memory: number
  sha256: string
}): ManifestDraft {
  const digest = fromHex(sha256)
  return {
    name,
    version: '1',
    task: 'image-classification',
    licence: 'MIT',
    files: [{ path: `${name}.onnx`, role: 'model', size, cid: rawCid(digest), blocks: [digest] }],
    inputs: [{ name: 'image', dtype: 'float32', dims: [1, 1, 28, 28] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [1, 10] }],
    parameters,
    memory,
    arithmetic,
    canon: fromHex('3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2'),
    canonicalRun: 'plain',
    image: { input: 'image', planes: ['gray'], mean: [0], deviation: [255] },
    labels: { output: 'logits', names: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], activation: 'softmax' },
  }
}

const published = ({ draft, signature }: Shipped): Manifest => ({
  ...draft,
  publisher: PUBLISHER,
  signature: fromHex(signature),
})

/** The shipped models, read by whatever reads files where this runs. */
export const shippedModels = (
  read: (path: string, options: { signal?: AbortSignal }) => Promise<Uint8Array>,
): readonly ShippedModel[] =>
  SHIPPED.map((shipped) => ({ manifest: published(shipped), fetch: (options) => read(shipped.path, options) }))

/** What comes first where nobody chose a model: its name and its publisher. */
export const firstModel = ([first]: readonly ShippedModel[]): string =>
  first ? `${first.manifest.name} by ${first.manifest.publisher}` : 'none'

/** Reads a file beside the page, wherever the page is served from. Rejects with `MALFORMED` where it is not there. */
export async function readFromSite(path: string, { signal }: { signal?: AbortSignal }): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI), signal ? { signal } : {})
  if (!response.ok) throw fault({ code: 'MALFORMED', what: path, why: `the site answered ${response.status}` })
  return new Uint8Array(await response.arrayBuffer())
}

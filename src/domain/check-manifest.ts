import { encode } from '@ipld/dag-cbor'
import { fromString } from 'multiformats/bytes'
import { cidOf } from './charter/charter.ts'
import { fault } from './fault.ts'
import {
  BLOCK_SIZE,
  ManifestSchema,
  MAX_MANIFEST,
  MAX_MODEL,
  MAX_SETTINGS,
  runFiles,
  sizeOf,
  type Manifest,
  type ManifestDraft,
  type ModelId,
} from './manifest.ts'
import { decodeCbor, parse } from './messages.ts'
import { keyFromPeerId, type PeerId } from './peer-id.ts'

/** Keeps a signature on a manifest from meaning anything elsewhere, and the other way round. */
const DOMAIN = fromString('moot manifest 1\n')

type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => Promise<boolean>

/** The bytes that a publisher's signature covers: everything but itself. */
export function manifestBytes(manifest: Omit<Manifest, 'signature'>): Uint8Array {
  const unsigned = Object.fromEntries(Object.entries(manifest).filter(([field]) => field !== 'signature'))
  const body = encode(unsigned)
  const bytes = new Uint8Array(DOMAIN.length + body.length)
  bytes.set(DOMAIN)
  bytes.set(body, DOMAIN.length)
  return bytes
}

/** Publishes a draft under a key. Rejects as `readManifest` does: nobody signs what nobody would take. */
export async function signManifest(
  draft: ManifestDraft,
  signer: { readonly peer: PeerId; sign(bytes: Uint8Array): Promise<Uint8Array> },
): Promise<Manifest> {
  const unsigned = { ...draft, publisher: signer.peer, signature: new Uint8Array(64) }
  const sound = await checkFiles(checkManifest(parse(ManifestSchema, unsigned, 'manifest')))
  checkSize(encode(sound))
  return { ...sound, signature: await signer.sign(manifestBytes(sound)) }
}

/** The manifest's block: what its CID names. */
export const encodeManifest = (manifest: Manifest): Uint8Array => encode(manifest)

/**
 * Reads a manifest that a peer, a disk or a receipt gave as that of a model, and checks all of it. Rejects with
 * `MALFORMED`, `TOO_LARGE` or `BAD_SIGNATURE`.
 */
export async function readManifest(model: ModelId, data: Uint8Array, verify: Verify): Promise<Manifest> {
  checkSize(data)
  const manifest = checkManifest(parse(ManifestSchema, decodeCbor(data, 'manifest'), 'manifest'))
  // One model has one name: the same digest under another codec or base would load it again and again.
  if (cidOf(manifest) !== model) throw malformed('it is not what the model id names')
  if (!(await isSigned(manifest, verify))) throw fault({ code: 'BAD_SIGNATURE', what: 'manifest' })
  return checkFiles(manifest)
}

/** Whether the publisher signed it. Never rejects. */
export async function isSigned(manifest: Manifest, verify: Verify): Promise<boolean> {
  try {
    return await verify(keyFromPeerId(manifest.publisher), manifestBytes(manifest), manifest.signature)
  } catch {
    return false
  }
}

/** Holds a manifest's fields against each other, but for the CIDs of its files. Throws `MALFORMED`. */
function checkManifest(manifest: Manifest): Manifest {
  keyFromPeerId(manifest.publisher)
  const { files, inputs, outputs, image, text, labels } = manifest
  const paths = new Set(files.map((file) => file.path))
  if (paths.size < files.length) throw malformed('two of its files have one path')
  if (files.filter((file) => file.role === 'model').length !== 1)
    throw malformed('it has no file with the graph, or several')
  if (files.some(({ role, size }) => (role === 'tokenizer' || role === 'config') && size > MAX_SETTINGS))
    throw malformed('its tokenizer or its settings are larger than a tab reads')
  const isInput = (name: string | undefined) => name === undefined || inputs.some((input) => input.name === name)
  if (!isInput(image?.input)) throw malformed('it puts a picture into an input that the model does not have')
  if (image && (image.mean.length !== image.planes.length || image.deviation.length !== image.planes.length))
    throw malformed('it has no mean and deviation for each plane of a picture')
  if (image?.deviation.includes(0)) throw malformed('it divides a picture by 0')
  if (text && ![text.ids, text.mask, text.types].every(isInput))
    throw malformed('it puts a text into an input that the model does not have')
  if (text && !(paths.has(text.tokenizer) && (text.config === undefined || paths.has(text.config))))
    throw malformed('its tokenizer is not among its files')
  if (labels && !outputs.some((output) => output.name === labels.output))
    throw malformed('it names the numbers of an output that the model does not have')
  return manifest
}

/** Holds the CID of each file against its blocks. Rejects with `MALFORMED`. What it takes is loaded with the first model of somebody else. */
async function checkFiles(manifest: Manifest): Promise<Manifest> {
  const { fileTree } = await import('./unixfs.ts')
  for (const { path, size, blocks, cid } of manifest.files)
    if (!fileTree(size, blocks, BLOCK_SIZE).root.equals(cid))
      throw malformed(`the CID of ${path} is not that of its blocks`)
  return manifest
}

/** Throws `TOO_LARGE` where a model is larger than a tab runs, or than `limit`. */
export function fitsATab(manifest: Pick<Manifest, 'files'>, limit = MAX_MODEL): void {
  const bytes = sizeOf(runFiles(manifest))
  const most = Math.min(limit, MAX_MODEL)
  if (bytes > most) throw fault({ code: 'TOO_LARGE', what: 'model', bytes, limit: most })
}

function checkSize({ length }: Uint8Array): void {
  if (length > MAX_MANIFEST) throw fault({ code: 'TOO_LARGE', what: 'manifest', bytes: length, limit: MAX_MANIFEST })
}

const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'manifest', why })

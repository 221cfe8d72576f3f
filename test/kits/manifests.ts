import { signManifest } from '../../src/domain/check-manifest.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { fromHex, hashBytes } from '../../src/domain/hash.ts'
import {
  BLOCK_SIZE,
  type FileRole,
  type Manifest,
  type ManifestDraft,
  type ModelFile,
} from '../../src/domain/manifest.ts'
import { fileTree } from '../../src/domain/unixfs.ts'
import type { Signer } from '../../src/ports/signer.ts'
import { person } from './keys.ts'

/** A file of a model, from its bytes. */
export function fileOf(bytes: Uint8Array, path = 'model.onnx', role: FileRole = 'model'): ModelFile {
  const blocks: Uint8Array[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_SIZE)
    blocks.push(hashBytes(bytes.subarray(at, at + BLOCK_SIZE)))
  return { path, role, size: bytes.length, blocks, cid: fileTree(bytes.length, blocks, BLOCK_SIZE).root }
}

/** What is said of a model of two numbers in and three out, but for what the story says otherwise. */
export const draftOf = (change: Partial<ManifestDraft> = {}, bytes: Uint8Array = Uint8Array.of(1, 2, 3)) =>
  ({
    name: 'story',
    version: '1',
    licence: 'MIT',
    files: [fileOf(bytes)],
    inputs: [{ name: 'image', dtype: 'float32', dims: [2] }],
    outputs: [{ name: 'logits', dtype: 'float32', dims: [3] }],
    parameters: 0,
    memory: 2 * bytes.length,
    arithmetic: 'fp32',
    canon: fromHex(FIRST_CHARTER.canons[0]?.wasmSha256 ?? ''),
    canonicalRun: 'plain',
    ...change,
  }) satisfies ManifestDraft

/** The same, as somebody publishes it. */
export const published = (
  change: Partial<ManifestDraft> = {},
  { bytes, by = person('Pat') }: { bytes?: Uint8Array; by?: Signer } = {},
): Promise<Manifest> => signManifest(draftOf(change, bytes), by)

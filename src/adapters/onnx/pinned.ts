import { fault } from '../../domain/fault.ts'
import { hex } from '../../domain/bytes.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Canon } from './canons.ts'

/** The binary, once its digest is the pinned one. One altered byte, and it never runs: rejects with `ENGINE_UNAVAILABLE`. */
export async function pinned(
  engine: EngineKind,
  { wasmSha256 }: Canon,
  binary: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', binary)))
  if (digest === wasmSha256) return binary
  const why = `its program has the sha-256 ${digest.slice(0, 12)}… instead of ${wasmSha256.slice(0, 12)}…. Reload the page`
  throw fault({ code: 'ENGINE_UNAVAILABLE', engine, why })
}

import { fault } from '../../domain/fault.ts'

/** One build of onnxruntime-web that this app can run, pinned to the bytes of its wasm binary. */
export interface Canon {
  readonly id: string
  readonly library: 'onnxruntime-web'
  readonly version: string
  /** The npm package that holds it here: an older version goes by another name. */
  readonly source: string
  /** The binary's file name in the library's `dist`. */
  readonly file: string
  /** Hexadecimal. Checked before the bytes are instantiated. */
  readonly wasmSha256: string
  /** The newest ONNX operator set and file format it reads: what is newer is refused at import. */
  readonly maxOpset: number
  readonly maxIrVersion: number
}

/**
 * Every canon that this app can run, the one in use first: all that its charters ever named, and one that is old enough to
 * compute other bits (`LayerNormalization`). An engine is only ever loaded from here, never because a charter or a peer names it.
 */
export const CANONS = [
  {
    id: 'onnxruntime-web 1.30.0 wasm',
    library: 'onnxruntime-web',
    version: '1.30.0',
    source: 'onnxruntime-web',
    file: 'ort-wasm-simd-threaded.wasm',
    wasmSha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
    maxOpset: 26,
    maxIrVersion: 13,
  },
  {
    id: 'onnxruntime-web 1.22.0 wasm',
    library: 'onnxruntime-web',
    version: '1.22.0',
    source: 'onnxruntime-web-1.22',
    file: 'ort-wasm-simd-threaded.wasm',
    wasmSha256: '71aef04959c5c1b6de461b6538e2058e306610034a85aad2742d0c7fd4533fe4',
    maxOpset: 22,
    maxIrVersion: 10,
  },
] as const satisfies readonly Canon[]

export const CURRENT_CANON: Canon = CANONS[0]

/** The canon with this binary. Throws `CANON_UNKNOWN` for one that this app does not have. */
export function canonWith(wasmSha256: string): Canon {
  const canon = CANONS.find((one) => one.wasmSha256 === wasmSha256)
  if (!canon) throw fault({ code: 'CANON_UNKNOWN', canon: `an engine with the sha-256 ${wasmSha256.slice(0, 12)}…` })
  return canon
}

/** The WebGPU build. Not a canon: its answers are compared with one. */
export const GPU_BUILD: Canon = {
  id: 'onnxruntime-web 1.30.0 webgpu',
  library: 'onnxruntime-web',
  version: '1.30.0',
  source: 'onnxruntime-web',
  file: 'ort-wasm-simd-threaded.asyncify.wasm',
  wasmSha256: '39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da',
  maxOpset: 26,
  maxIrVersion: 13,
}

/** One build of onnxruntime-web that this app can run, pinned to the bytes of its wasm binary. */
export interface Canon {
  readonly id: string
  readonly library: 'onnxruntime-web'
  readonly version: string
  /** The binary's file name in the library's `dist`. */
  readonly file: string
  /** Hexadecimal. Checked before the bytes are instantiated. */
  readonly wasmSha256: string
  /** The newest ONNX operator set and file format it reads: what is newer is refused at import. */
  readonly maxOpset: number
  readonly maxIrVersion: number
}

/**
 * Every canon that charters of this app ever named, the one in use first. An engine is only ever loaded from here,
 * never because a charter or a peer names it.
 */
export const CANONS = [
  {
    id: 'onnxruntime-web 1.30.0 wasm',
    library: 'onnxruntime-web',
    version: '1.30.0',
    file: 'ort-wasm-simd-threaded.wasm',
    wasmSha256: '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2',
    maxOpset: 26,
    maxIrVersion: 13,
  },
] as const satisfies readonly Canon[]

export const CURRENT_CANON: Canon = CANONS[0]

/** The WebGPU build. Not a canon: its answers are compared with one. */
export const GPU_BUILD: Canon = {
  id: 'onnxruntime-web 1.30.0 webgpu',
  library: 'onnxruntime-web',
  version: '1.30.0',
  file: 'ort-wasm-simd-threaded.asyncify.wasm',
  wasmSha256: '39f9f0894d478800487ed9f7dbe92618498db320cf55c8e3d89adff8dce658da',
  maxOpset: 26,
  maxIrVersion: 13,
}

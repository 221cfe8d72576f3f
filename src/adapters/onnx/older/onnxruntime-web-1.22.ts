// This version's package names its code, and not its binaries.
export * as ort from 'onnxruntime-web-1.22/wasm'
export { default as glue } from '../../../../node_modules/onnxruntime-web-1.22/dist/ort-wasm-simd-threaded.mjs?url'
export { default as binary } from '../../../../node_modules/onnxruntime-web-1.22/dist/ort-wasm-simd-threaded.wasm?url'

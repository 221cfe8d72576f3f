/** Its own declarations name the package as it is called at home. */
declare module 'onnxruntime-web-1.22/wasm' {
  export * from 'onnxruntime-web'
}

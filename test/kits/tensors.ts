import type { Tensor, Tensors } from '../../src/domain/tensor.ts'

export const floats = (...values: number[]): Tensor => ({
  dtype: 'float32',
  dims: [values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
})

export const logits = (...values: number[]): Tensors => ({ logits: floats(...values) })

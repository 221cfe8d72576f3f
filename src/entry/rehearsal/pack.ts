import type { Tensors } from '../../domain/tensor.ts'
import type { PackedTensors } from './page.ts'

/** Tensors as JSON, for the way into a page. */
export const encodeTensors = (tensors: Tensors): PackedTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, dims, data }]) => [
      name,
      { dtype, dims: [...dims], data: Buffer.from(data).toString('base64') },
    ]),
  )

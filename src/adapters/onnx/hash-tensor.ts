import { canonicalData } from '../../domain/commitment.ts'
import { hashValue } from '../../domain/dispute/trace.ts'
import type { Tensor } from '../../domain/tensor.ts'

/** As `valueHash`, beside this thread. */
export async function hashTensor(name: string, tensor: Tensor): Promise<Uint8Array> {
  const data = canonicalData(tensor)
  const digest = await crypto.subtle.digest('SHA-256', data as Uint8Array<ArrayBuffer>)
  return hashValue(name, tensor, new Uint8Array(digest))
}

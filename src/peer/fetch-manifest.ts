import { readManifest } from '../domain/check-manifest.ts'
import { fault, faultOf } from '../domain/fault.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import { digestOfCid } from '../domain/cids.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { BlockExchange, Holder } from '../protocols/blocks/index.ts'

/** Brings a manifest from whoever holds the model, and checks all of it. Rejects with `MODEL_UNKNOWN`, and as `readManifest` does. */
export async function fetchManifest(
  { exchange, verify }: { readonly exchange: BlockExchange; readonly verify: VerifySignature },
  model: ModelId,
  holders: () => readonly Holder[],
  signal?: AbortSignal,
): Promise<Manifest> {
  let block: Uint8Array | undefined
  try {
    await exchange.fetch({
      holders,
      blocks: [{ digest: digestOfCid(model, 'model id') }],
      onBlock: async (_, bytes) => void (block = bytes),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    throw faultOf(error).code === 'BLOCK_MISSING' ? fault({ code: 'MODEL_UNKNOWN', model }) : error
  }
  return readManifest(model, block ?? new Uint8Array(), verify)
}

import { hashTensors } from '../domain/commitment.ts'
import { fault } from '../domain/fault.ts'
import { equalBytes, fromHex, hex } from '../domain/hash.ts'
import { checkReceipt } from '../domain/check-receipt.ts'
import { readReceipt } from '../domain/receipt.ts'
import { compareClaims } from '../domain/verdict.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { ProvideModel } from './carry-models.ts'
import type { Rerun } from './view.ts'

/**
 * Checks a receipt and runs its model again in the canon, here. Rejects with `MALFORMED` or `TOO_LARGE` for the file, with
 * `CANON_UNKNOWN` where its cpu claims were computed by another canon than `engine`, with `MODEL_UNKNOWN` where nobody has
 * the model, and with what engines reject with.
 */
export async function rerunReceipt(
  components: { engine: InferenceEngine; verify: VerifySignature; provideModel: ProvideModel },
  file: Uint8Array,
  options: { signal?: AbortSignal } = {},
): Promise<Rerun> {
  const { engine, verify, provideModel } = components
  const checked = await checkReceipt(readReceipt(file), verify)
  const { facts } = checked
  const { input, offer, manifest } = facts
  if (input === undefined)
    throw fault({ code: 'MALFORMED', what: 'receipt', why: 'the input is not in it, so nothing can be run again' })
  const other = facts.accepts.find(
    ({ author, message }) =>
      message.engine === 'cpu' &&
      facts.claims.some((claim) => claim.peer === author) &&
      !equalBytes(message.wasm, fromHex(engine.info.wasmSha256)),
  )
  if (other) throw fault({ code: 'CANON_UNKNOWN', canon: other.message.build })
  const { model } = offer.message
  if (!engine.has(model)) await engine.load(await provideModel(model, options), options)
  const { outputs, computeMs } = await engine.run(model, input, options)
  const canonical = { peer: '', engine: 'cpu', outputHash: hashTensors(outputs), outputs, computeMs } as const
  const claims = facts.claims.map((claim) => {
    const { seen, agree } = compareClaims(canonical, claim, manifest)
    return { peer: claim.peer, engine: claim.engine, stands: agree, deviation: seen }
  })
  return { checked, outputs, outputHash: hex(canonical.outputHash), computeMs, claims }
}

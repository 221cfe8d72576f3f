import { deviationOf, ruleFor, within } from '../domain/agreement.ts'
import { hashTensors } from '../domain/commitment.ts'
import { fault } from '../domain/fault.ts'
import { equalBytes, fromHex, hex } from '../domain/hash.ts'
import { checkReceipt, readReceipt } from '../domain/receipt.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { ProvideModel } from './hold-models.ts'
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
    ({ message }) => message.engine === 'cpu' && !equalBytes(message.wasm, fromHex(engine.info.wasmSha256)),
  )
  if (other) throw fault({ code: 'CANON_UNKNOWN', canon: other.message.build })
  const { model } = offer.message
  if (!engine.has(model)) await engine.load(await provideModel(model, options), options)
  const { outputs, computeMs } = await engine.run(model, input, options)
  const canonical = hashTensors(outputs)
  const claims = facts.claims.map(({ peer, engine: kind, outputHash, outputs: claimed }) => {
    const rule = ruleFor(manifest.arithmetic, 'cpu', kind)
    const equal = equalBytes(outputHash, canonical)
    const deviation = equal ? { rms: 0, scaled: 0 } : deviationOf(outputs, claimed)
    return { peer, engine: kind, deviation, stands: equal || (rule !== 'exact' && within(deviation, rule)) }
  })
  return { checked, outputs, outputHash: hex(canonical), computeMs, claims }
}

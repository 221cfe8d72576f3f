import { CHARTERS, cidOf, FIRST_CHARTER } from '../domain/charter/charter.ts'
import { checkReceipt, type ReceiptFacts } from '../domain/check-receipt.ts'
import { hashTensors } from '../domain/commitment.ts'
import { fault, faultOf } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import { readReceipt } from '../domain/receipt.ts'
import { compareClaims } from '../domain/verdict.ts'
import type { OpenCanon } from '../ports/canon-engine.ts'
import type { VerifySignature } from '../ports/signer.ts'
import type { ProvideModel } from './carry-models.ts'
import type { Rerun } from './view.ts'

export interface RerunComponents {
  /** The engine that it opens stays open: whoever gave it closes it. */
  readonly openCanon: OpenCanon
  readonly verify: VerifySignature
  readonly provideModel: ProvideModel
}

/**
 * Checks a receipt and runs its model again in the canon that computed its cpu claims. Rejects with `MALFORMED` or `TOO_LARGE`
 * for the file, with `CANON_UNKNOWN` where this app does not have that canon, or where there are several, with `MODEL_UNKNOWN`
 * where nobody has the model, and with what engines reject with.
 */
export async function rerunReceipt(
  { openCanon, verify, provideModel }: RerunComponents,
  file: Uint8Array,
  options: { signal?: AbortSignal } = {},
): Promise<Rerun> {
  const checked = await checkReceipt(readReceipt(file), verify)
  const { facts } = checked
  const { input, offer, manifest } = facts
  if (input === undefined)
    throw fault({ code: 'MALFORMED', what: 'receipt', why: 'the input is not in it, so nothing can be run again' })
  const { wasmSha256, build } = canonOf(facts)
  const engine = await openCanon(wasmSha256, options).catch((error: unknown) => {
    throw faultOf(error).code === 'CANON_UNKNOWN' ? fault({ code: 'CANON_UNKNOWN', canon: build }) : error
  })
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

/** The canon that a receipt's cpu claims name; without any, the one that its charter names. */
function canonOf({ accepts, claims, offer }: ReceiptFacts): { wasmSha256: string; build: string } {
  const [first, ...others] = accepts.flatMap(({ author, message }) =>
    message.engine === 'cpu' && claims.some((claim) => claim.peer === author)
      ? { wasmSha256: hex(message.wasm), build: message.build }
      : [],
  )
  const other = others.find(({ wasmSha256 }) => wasmSha256 !== first?.wasmSha256)
  if (first && other) throw fault({ code: 'CANON_UNKNOWN', canon: `both ${first.build} and ${other.build}` })
  if (first) return first
  const { canons } = CHARTERS.find((charter) => cidOf(charter) === offer.message.charter) ?? FIRST_CHARTER
  const [canon] = canons
  if (!canon) throw fault({ code: 'CANON_UNKNOWN', canon: 'GPUs alone, under a charter without a canon' })
  return { wasmSha256: canon.wasmSha256, build: `${canon.library} ${canon.version}` }
}

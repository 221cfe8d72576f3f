import { fault } from '../../domain/fault.ts'
import { BLOCK_SIZE, type Manifest, type ValueInfo } from '../../domain/manifest.ts'
import { CURRENT_CANON, type Canon } from './canons.ts'
import { inspectModel, standard, type ModelFacts } from './inspect-model.ts'

/** Operators whose output is drawn at random: no two tabs would agree. */
const RANDOM = /^(Random|Bernoulli|Multinomial|Sampling|Bias(Bitmask)?Dropout|BitmaskDropout|BitmaskBiasDropout)/

/** `com.microsoft` comes with the canon. */
const DOMAINS = new Set(['', 'com.microsoft'])

/** What a person adds to what the file says. */
export interface ManifestInit extends Pick<Manifest, 'name' | 'version' | 'labels' | 'image'> {
  /** `exposed`, which is always right, until `canonicalRunOf` has found a plain run to give the same bits. */
  readonly canonicalRun?: Manifest['canonicalRun']
  /** Asked for the outputs whose type or shape the file does not declare. Without it such a file is refused. */
  readonly describe?: (bytes: Uint8Array) => Promise<readonly ValueInfo[]>
}

/**
 * The manifest of an ONNX file. Rejects with `MODEL_NOT_ONNX`, `TOO_LARGE`, or `MODEL_REFUSED` and a sentence that says
 * what about the model no tab may run.
 */
export async function manifestOf(
  bytes: Uint8Array,
  { canonicalRun = 'exposed', describe, ...init }: ManifestInit,
): Promise<Manifest> {
  const facts = inspectModel(bytes)
  const why = refusal(facts, CURRENT_CANON)
  if (why !== undefined) throw fault({ code: 'MODEL_REFUSED', why })
  return {
    ...init,
    file: { size: bytes.length, blocks: await blockDigests(bytes) },
    inputs: facts.inputs,
    outputs: [...facts.outputs, ...(await undeclared(bytes, facts, describe))],
    arithmetic: facts.arithmetic,
    canonicalRun,
  }
}

/** Why a canon does not run a model, or undefined. */
function refusal(facts: ModelFacts, canon: Canon): string | undefined {
  const random = facts.operators.find(({ type }) => RANDOM.test(type))
  if (random) return `it draws at random (${random.type}), so that no two tabs would agree`
  if (facts.trains) return 'it drops values at random (Dropout in training mode), so that no two tabs would agree'
  const foreign = facts.operators.find(({ domain }) => !DOMAINS.has(standard(domain)))
  if (foreign) return `it needs the operator ${foreign.type} of "${foreign.domain}", which the canon does not have`
  if (facts.ownFunctions) return 'it defines operators of its own. Export it with its functions inlined'
  if (facts.externalData) return 'its weights lie in another file. Export it as one file'
  if (facts.outputs.length + facts.undeclaredOutputs.length === 0) return 'it has no output'
  const opset = facts.opsets[''] ?? 1
  if (opset > canon.maxOpset) return `it uses opset ${opset}, and the canon knows them up to ${canon.maxOpset}`
  if (facts.irVersion > canon.maxIrVersion) {
    return `its file format is version ${facts.irVersion}, and the canon knows them up to ${canon.maxIrVersion}`
  }
  return undefined
}

async function undeclared(
  bytes: Uint8Array,
  { undeclaredOutputs }: ModelFacts,
  describe: ManifestInit['describe'],
): Promise<ValueInfo[]> {
  if (undeclaredOutputs.length === 0) return []
  const known = await describe?.(bytes)
  return undeclaredOutputs.map((name) => {
    const value = known?.find((output) => output.name === name)
    if (!value) throw fault({ code: 'MODEL_REFUSED', why: `its output "${name}" does not declare a type of numbers` })
    return value
  })
}

/** The sha-256 digest of each block in order. One at a time: digests are fast, and a copy of the file is not wanted. */
async function blockDigests(bytes: Uint8Array): Promise<Uint8Array[]> {
  const digests: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
    const block = new Uint8Array(bytes.subarray(at, at + BLOCK_SIZE))
    digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', block)))
  }
  return digests
}

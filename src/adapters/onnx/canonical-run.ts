import { hashTensors } from '../../domain/commitment.ts'
import { MootError } from '../../domain/fault.ts'
import { hex } from '../../domain/hash.ts'
import type { Manifest } from '../../domain/manifest.ts'
import { seededInputs } from '../../domain/seeded-inputs.ts'
import type { InferenceEngine } from '../../ports/inference-engine.ts'

/** Two: one input that happens to give equal bits says little. */
const SEEDS = [1, 2]

/**
 * Whether a plain run of a model gives the canon's bits, which are those of a run with every intermediate exposed.
 * `exposed`, which is always right, where the model does not run on random inputs.
 */
export async function canonicalRunOf(
  engine: InferenceEngine,
  bytes: Uint8Array,
  manifest: Manifest,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Manifest['canonicalRun']> {
  const run = async (canonicalRun: Manifest['canonicalRun'], seed: number): Promise<string> => {
    const id = `${manifest.name} ${canonicalRun}`
    await engine.load({ id, manifest: { ...manifest, canonicalRun }, bytes }, { ...(signal ? { signal } : {}) })
    const { outputs } = await engine.run(id, seededInputs(manifest, seed), { ...(signal ? { signal } : {}) })
    return hex(hashTensors(outputs))
  }
  try {
    for (const seed of SEEDS) if ((await run('plain', seed)) !== (await run('exposed', seed))) return 'exposed'
    return 'plain'
  } catch (error) {
    if (error instanceof MootError && error.fault.code === 'ENGINE_FAILED') return 'exposed'
    throw error
  }
}

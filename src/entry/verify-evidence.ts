import { openSurgery } from '../adapters/onnx/surgery/index.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { readEvidence, type EvidenceFile } from '../domain/dispute/evidence.ts'
import { faultOf, type Fault } from '../domain/fault.ts'
import { decodeCbor } from '../domain/messages.ts'
import { replayEvidence } from '../peer/disputes/replay-evidence.ts'
import { adviceFor, modelsAtHand } from './models-at-hand.ts'
import { NodeCanons } from './node-canons.ts'
import type { EvidenceVerification } from './evidence-report.ts'

/** Bytes in which a file says what it is. */
const HEAD = 32

/** Whether a file means to be evidence, as well as it still says so. */
export function isEvidence(data: Uint8Array): boolean {
  try {
    const file = decodeCbor(data, 'file')
    return typeof file === 'object' && file !== null && ('grounds' in file || Reflect.get(file, 'moot') === 'evidence')
  } catch {
    return new TextDecoder().decode(data.subarray(0, HEAD)).includes('evidence')
  }
}

/** Replays evidence; `models` are files for what does not come with the app. Never rejects. */
export async function verifyEvidence(
  file: string,
  data: Uint8Array,
  models: readonly string[],
): Promise<EvidenceVerification> {
  const canons = new NodeCanons()
  try {
    const evidence = readEvidence(data)
    const provideModel = await modelsAtHand(manifestOf(evidence), models)
    let missing: Fault | undefined
    const components = {
      openCanon: canons.open,
      openSurgery,
      verify: verifySignature,
      provideModel: (...args: Parameters<typeof provideModel>) =>
        provideModel(...args).catch((error: unknown) => {
          missing = faultOf(error)
          throw error
        }),
    }
    const report = await replayEvidence(components, data)
    const advice = missing && adviceFor(missing, models, 'evidence')
    return { file, holds: report.holds, evidence, report, ...(advice ? { advice } : {}) }
  } catch (error) {
    return { file, holds: false, fault: faultOf(error, (why) => ({ code: 'MALFORMED', what: 'evidence', why })) }
  } finally {
    await canons.close()
  }
}

const manifestOf = (evidence: EvidenceFile) =>
  evidence.grounds === 'contest' ? evidence.receipt.manifest : evidence.manifest

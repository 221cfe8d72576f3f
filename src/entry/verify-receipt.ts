import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { checkReceipt, type CheckedReceipt } from '../domain/check-receipt.ts'
import { faultOf, type Fault } from '../domain/fault.ts'
import { readReceipt } from '../domain/receipt.ts'
import { rerunReceipt } from '../peer/rerun-receipt.ts'
import type { Rerun } from '../peer/view.ts'
import { adviceFor, modelsAtHand } from './models-at-hand.ts'
import { NodeCanons } from './node-canons.ts'
import type { Verification } from './verify-report.ts'

/** Checks a receipt and runs its model again; `models` are files for what does not come with the app. Never rejects. */
export async function verifyReceipt(file: string, data: Uint8Array, models: readonly string[]): Promise<Verification> {
  try {
    const checked = await checkReceipt(readReceipt(data), verifySignature)
    if (checked.checks.some((check) => check.holds === false)) return { file, holds: false, checked }
    const rerun = await runAgain(data, checked, models)
    return 'code' in rerun
      ? { file, holds: false, checked, fault: rerun, advice: adviceFor(rerun, models, 'receipt') }
      : { file, holds: isWhole(checked, rerun), checked, rerun }
  } catch (error) {
    return { file, holds: false, fault: faultOf(error, (why) => ({ code: 'MALFORMED', what: 'receipt', why })) }
  }
}

/** Whether nothing is left open: every check was made and holds, and every claim was held against the canon and stands. */
function isWhole({ checks, facts }: CheckedReceipt, { claims }: Rerun): boolean {
  const all = claims.length === facts.receipt.message.claims.length
  return all && checks.every((check) => check.holds === true) && claims.every((claim) => claim.stands === true)
}

/** Runs the receipt's model in the canon. A fault is an answer here: the checks before it stand. */
async function runAgain(
  data: Uint8Array,
  { facts }: CheckedReceipt,
  models: readonly string[],
): Promise<Rerun | Fault> {
  const canons = new NodeCanons()
  try {
    const provideModel = await modelsAtHand(facts.manifest, models)
    return await rerunReceipt({ openCanon: canons.open, verify: verifySignature, provideModel }, data)
  } catch (error) {
    return faultOf(error)
  } finally {
    await canons.close()
  }
}

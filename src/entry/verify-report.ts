import { sentence, type Fault } from '../domain/fault.ts'
import { equalBytes, hex } from '../domain/hash.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { CheckedReceipt } from '../domain/check-receipt.ts'
import type { Rerun } from '../peer/view.ts'
import { lines, mark } from './report-lines.ts'

/** What became of a receipt file: as far as it came. */
export interface Verification {
  readonly file: string
  /** Every check that can be made, and every claim against the canon. */
  readonly holds: boolean
  readonly checked?: CheckedReceipt
  readonly rerun?: Rerun
  /** Why it could not be read, or its model not be run again. */
  readonly fault?: Fault
  /** What to do about the fault, where this command knows more than the fault's own sentence. */
  readonly advice?: string | undefined
}

/** Who decided: each claim with its executor's engine and build, and whether it is the one that was returned. */
function decidersOf({ facts }: CheckedReceipt, rerun: Rerun | undefined) {
  const { returned, claims } = facts.receipt.message
  return claims.map(({ peer, engine, output }) => ({
    peer,
    nickname: nicknameOf(peer),
    engine,
    build: facts.accepts.find((accept) => accept.author === peer)?.message.build ?? '',
    outputHash: hex(output),
    computeMs: facts.claims.find((claim) => claim.peer === peer)?.computeMs,
    returned: equalBytes(output, returned),
    stands: rerun?.claims.find((claim) => claim.peer === peer)?.stands,
    deviation: rerun?.claims.find((claim) => claim.peer === peer)?.deviation,
  }))
}

function words({ file, holds, checked, rerun, fault, advice }: Verification): string {
  const trouble = fault ? [advice ?? sentence(fault)] : []
  if (checked === undefined) return lines(`✗ ${file}`, ...trouble)
  const { facts, checks } = checked
  const { state, attempt, drawnFrom } = facts.receipt.message
  const deciders = decidersOf(checked, rerun)
  const width = Math.max(...deciders.map(({ nickname }) => nickname.length))
  return lines(
    `${file}: ${facts.manifest.name} ${facts.manifest.version}, asked by ${nicknameOf(facts.offer.author)} (${facts.offer.author})`,
    `State: ${state}${attempt > 1 ? `, at attempt ${attempt}` : ''}. Decided by ${deciders.length} of ${drawnFrom} that accepted:`,
    ...deciders.map(
      ({ nickname, engine, build, computeMs, returned }) =>
        `  ${nickname.padEnd(width)}  ${engine.toUpperCase()}  ${build}${computeMs === undefined ? '' : `  ${computeMs.toFixed(1)} ms`}${returned ? '  returned' : ''}`,
    ),
    '',
    ...checks.map((check) => `${mark(check.holds)} ${check.name}: ${check.detail}`),
    ...(rerun ? rerunWords(rerun, deciders, width) : [`– re-run: ${notRun(checks, trouble)}`]),
    '',
    holds ? 'Everything holds.' : conclusion(checks, rerun),
  )
}

function rerunWords(rerun: Rerun, deciders: ReturnType<typeof decidersOf>, width: number): string[] {
  return [
    '',
    `Run again here in the canon, in ${rerun.computeMs.toFixed(1)} ms. Output ${rerun.outputHash}`,
    ...deciders.map(({ nickname, stands, deviation }) => {
      if (deviation === undefined) return `${mark(undefined)} ${nickname.padEnd(width)}  its output is not in the file`
      const far =
        deviation.rms === 0 && deviation.scaled === 0
          ? 'equal'
          : `rms ${deviation.rms.toExponential(1)}, scaled ${deviation.scaled.toExponential(1)}`
      return `${mark(stands)} ${nickname.padEnd(width)}  ${stands ? 'within' : 'outside'} the rule of agreement (${far})`
    }),
  ]
}

const notRun = (checks: CheckedReceipt['checks'], trouble: readonly string[]): string =>
  checks.some((check) => check.holds === false) ? 'not done, since not everything above holds' : trouble.join(' ')

function conclusion(checks: CheckedReceipt['checks'], rerun: Rerun | undefined): string {
  if (checks.some((check) => check.holds === false))
    return 'This receipt does not hold: it was altered, or it never was what it says.'
  return rerun === undefined
    ? 'What it says of itself holds. Whether the model gives this output was not checked.'
    : 'The receipt is genuine. Not every claim in it is what the model gives.'
}

function json({ file, holds, checked, rerun, fault, advice }: Verification): Record<string, unknown> {
  const trouble = fault ? { fault, sentence: advice ?? sentence(fault) } : {}
  if (checked === undefined) return { file, holds, ...trouble }
  const { facts, checks } = checked
  const { state, attempt, drawnFrom, model } = facts.receipt.message
  return {
    file,
    holds,
    state,
    attempt,
    drawnFrom,
    model,
    requester: facts.offer.author,
    checks,
    claims: decidersOf(checked, rerun),
    ...(rerun ? { rerun: { outputHash: rerun.outputHash, computeMs: rerun.computeMs } } : {}),
    ...trouble,
  }
}

/** A verification as a person or a program reads it. */
export const reportIn = { words, json }

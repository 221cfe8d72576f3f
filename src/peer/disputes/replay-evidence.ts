import { cidOf, FIRST_CHARTER, type Charter } from '../../domain/charter/charter.ts'
import { checkReceipt, type CheckedReceipt } from '../../domain/check-receipt.ts'
import { hashTensors } from '../../domain/commitment.ts'
import {
  checkFalseReveal,
  checkTestimony,
  openedTraces,
  testimonyOf,
  type Testimony,
} from '../../domain/dispute/check-evidence.ts'
import { readEvidence, type ContestEvidence, type EvidenceFile } from '../../domain/dispute/evidence.ts'
import { faultOf, sentence, type Fault } from '../../domain/fault.ts'
import { equalBytes, hashBytes, hex } from '../../domain/hash.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { CanonEngine, OpenCanon } from '../../ports/canon-engine.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import type { OpenSurgery, Surgery } from '../../ports/surgery.ts'
import type { ProvideModel } from '../carry-models.ts'
import type { Loser } from '../../domain/dispute/judge.ts'
import type { EvidenceCheck, EvidenceReport } from '../dispute-view.ts'
import { replayRules, type Replayed } from './replay-rules.ts'
import { runCanon } from './run-canon.ts'

export interface ReplayComponents {
  readonly openCanon: OpenCanon
  readonly openSurgery: OpenSurgery
  readonly provideModel: ProvideModel
  readonly verify: VerifySignature
  readonly charter?: Charter
}

interface Options {
  readonly signal?: AbortSignal
}

/**
 * Replays a bundle of evidence with no network: checks every signature and hash in it, runs what decided again, and comes to a
 * verdict by the same rules. Rejects with `MALFORMED` or `TOO_LARGE` where the file cannot be read; what does not hold is in the report.
 */
export async function replayEvidence(
  components: ReplayComponents,
  data: Uint8Array,
  options: Options = {},
): Promise<EvidenceReport> {
  const file = readEvidence(data)
  return file.grounds === 'contest' ? replayContest(components, file, options) : replayReveal(components, file)
}

async function replayReveal(
  { verify }: ReplayComponents,
  file: Extract<EvidenceFile, { grounds: 'false-reveal' }>,
): Promise<EvidenceReport> {
  const { messages, verdict, loser } = await checkFalseReveal(file, { verify, modelId: cidOf })
  const checks: EvidenceCheck[] = [
    { name: 'messages', ...messages },
    { name: 'verdict', ...verdict },
  ]
  return {
    holds: messages.holds && verdict.holds,
    checks,
    ...(loser ? { verdict: { state: 'proven', stands: [], losers: [{ peer: loser, for: 'false-reveal' }] } } : {}),
  }
}

async function replayContest(
  components: ReplayComponents,
  file: ContestEvidence,
  options: Options,
): Promise<EvidenceReport> {
  const { verify, charter = FIRST_CHARTER } = components
  const read = await readParts(file, verify, charter)
  if ('name' in read) return { holds: false, checks: [read] }
  const { checked, testimony } = read
  const { facts } = checked
  const parties = [...new Set<PeerId>([facts.offer.author, ...facts.claims.map((claim) => claim.peer)])]
  const said = await checkTestimony(testimony, { job: facts.receipt.message.job, parties }, verify)
  const traces = openedTraces(file, testimony)
  const before: EvidenceCheck[] = [
    receiptCheck(checked),
    { name: 'messages', ...said },
    'opened' in traces
      ? {
          name: 'traces',
          holds: true,
          detail: `${traces.opened.size} traces are bound by the roots that were asserted`,
        }
      : { name: 'traces', ...traces },
    bundleCheck(file, testimony),
  ]
  if (before.some((check) => check.holds === false) || !('opened' in traces)) return { holds: false, checks: before }
  const canonName = testimony.assertions[0]?.message.canon
  let canon: CanonEngine | undefined
  try {
    canon = canonName && (await components.openCanon(hex(canonName), options))
    const here = await modelHere(components, facts.offer.message.model, options)
    const tools = { canon, ...('fault' in here ? {} : here) }
    const replayed = await replayRules({ file, facts, testimony, traces: traces.opened, charter, tools }, options)
    const own = await ownRun(file, replayed, { canon, here }, options)
    const checks = [...before, ...checksOf(replayed, own, 'fault' in here ? here.fault : undefined, testimony)]
    const { leaf } = replayed
    return {
      holds: checks.every((check) => check.holds === true),
      checks,
      // Without the model the file alone says what was re-run, and against the canon nothing stands: neither is a verdict.
      ...(replayed.verdict && !('fault' in here) && own.holds !== false ? { verdict: withoutUnshown(replayed) } : {}),
      ...(leaf ? { leaf } : {}),
    }
  } catch (error) {
    const detail = sentence(faultOf(error))
    return { holds: false, checks: [...before, { name: 'operator', holds: undefined, detail }] }
  }
}

/** The job and what was said of it; or which of the two cannot be read. */
async function readParts(
  file: ContestEvidence,
  verify: VerifySignature,
  charter: Charter,
): Promise<{ checked: CheckedReceipt; testimony: Testimony } | EvidenceCheck> {
  const unread = (name: 'receipt' | 'messages') => (error: unknown) => ({
    name,
    holds: false,
    detail: sentence(faultOf(error, (why) => ({ code: 'MALFORMED', what: name, why }))),
  })
  try {
    const testimony = testimonyOf(file)
    return await checkReceipt(file.receipt, verify, [charter]).then(
      (checked) => ({ checked, testimony }),
      unread('receipt'),
    )
  } catch (error) {
    return unread('messages')(error)
  }
}

type ModelHere = { readonly model: LoadedModel; readonly surgery: Surgery } | { readonly fault: Fault }

async function modelHere(
  { provideModel, openSurgery }: ReplayComponents,
  id: string,
  options: Options,
): Promise<ModelHere> {
  try {
    const model = await provideModel(id, options)
    return { model, surgery: await openSurgery(model) }
  } catch (error) {
    return { fault: faultOf(error) }
  }
}

function receiptCheck({ checks }: CheckedReceipt): EvidenceCheck {
  const broken = checks.find((check) => check.holds === false)
  if (broken) return { name: 'receipt', holds: false, detail: `${broken.name}: ${broken.detail}` }
  const unknown = checks.find((check) => check.holds === undefined && check.name === 'terms')
  if (unknown) return { name: 'receipt', holds: undefined, detail: unknown.detail }
  return { name: 'receipt', holds: true, detail: 'the job is one that was asked, answered and signed as it says' }
}

/** Whether what the bundle holds beside signed messages is what its settlement was signed over. */
function bundleCheck({ leaves, output, receipt }: ContestEvidence, { settlement }: Testimony): EvidenceCheck {
  const name = 'inputs'
  const { leaves: signed, output: hash } = settlement.message
  if (signed.length !== leaves.length)
    return {
      name,
      holds: false,
      detail: `${signed.length} operators were re-run, and ${leaves.length} are in the file`,
    }
  for (const [i, leaf] of leaves.entries()) {
    const { inputs, model } = signed[i] ?? {}
    if (!model || !equalBytes(hashBytes(leaf.model), model))
      return { name: 'operator', holds: false, detail: `operator ${i + 1} in the file is not the one that was re-run` }
    if (!inputs || !equalBytes(hashTensors(leaf.inputs), inputs))
      return { name, holds: false, detail: `the inputs of operator ${i + 1} are not those that it was re-run on` }
  }
  if (output && (!hash || !equalBytes(hashTensors(output), hash)))
    return {
      name: 'output',
      holds: false,
      detail: 'the canonical output in the file is not the one that was settled on',
    }
  const held = receipt.input ? '' : '; the input of the job is not in the file'
  return { name, holds: true, detail: `the file holds what was re-run${held}` }
}

/**
 * What stands, held against the canon. An operator shows that a side is wrong, never that the other is right: that takes the whole run. Where
 * every claim that lost is one that its own author's refuted run ends in, nothing more is asked.
 */
async function ownRun(
  { receipt }: ContestEvidence,
  { root, canonical, verdict, refuted }: Replayed,
  { canon, here }: { canon: CanonEngine | undefined; here: ModelHere },
  options: Options,
): Promise<EvidenceCheck> {
  const name = 'output'
  if (root === undefined || canonical === undefined)
    return { name, holds: true, detail: 'nothing was settled on, so there is nothing to compute' }
  const { input } = receipt
  if (!('fault' in here) && canon && input) {
    const own = await runCanon({ engine: canon, model: here.model, input: input.tensors }, options)
    const holds = equalBytes(own.opened.root, root) && equalBytes(hashTensors(own.outputs), canonical)
    const detail = holds ? 'the canon computes the same here, value by value' : 'the canon computes something else here'
    return { name, holds, detail }
  }
  const claims = (verdict?.losers ?? []).filter((loser) => loser.for === 'claim')
  if (claims.length > 0 && claims.every(({ peer }) => refuted.includes(peer)))
    return { name, holds: true, detail: 'each claim that lost follows from a run that an operator refutes' }
  const why = input ? 'the model is not at hand' : 'the input is not in the file'
  return { name, holds: undefined, detail: `${why}, so what the canon computes was not seen here` }
}

function checksOf(
  { leaves, verdict, problem, unshown }: Replayed,
  own: EvidenceCheck,
  noModel: Fault | undefined,
  { settlement }: Testimony,
): EvidenceCheck[] {
  const { message } = settlement
  const bad = leaves.find((leaf) => leaf.badInput !== undefined)
  const foreign = leaves.find((leaf) => leaf.isOfModel === false)
  const model: EvidenceCheck =
    noModel && (leaves.length > 0 || message.state !== 'unresolved')
      ? { name: 'model', holds: undefined, detail: sentence(noModel) }
      : foreign
        ? { name: 'model', holds: false, detail: 'the operator in the file is not the one that the model has there' }
        : { name: 'model', holds: true, detail: 'what was re-run is the model that was asked' }
  const inputs: EvidenceCheck[] = bad
    ? [{ name: 'inputs', holds: false, detail: `"${bad.badInput?.slice(0, 80)}" is not what both sides agree on` }]
    : []
  const operator: EvidenceCheck[] =
    leaves.length === 0 && problem === undefined
      ? []
      : [{ name: 'operator', holds: problem === undefined, detail: problem ?? 'each operator was run again here' }]
  return [model, ...inputs, ...operator, own, verdictCheck(message, verdict, unshown)]
}

/** Whether the replay comes to what was signed. That somebody withheld what it asserted nobody can show: it is left out on both sides. */
function verdictCheck(
  message: Testimony['settlement']['message'],
  verdict: EvidenceReport['verdict'],
  unshown: readonly PeerId[],
): EvidenceCheck {
  const shown = (losers: readonly Loser[]) =>
    losers
      .filter(({ peer, for: what }) => what === 'claim' || what === 'contradiction' || !unshown.includes(peer))
      .map(({ peer }) => peer)
  const same =
    verdict !== undefined &&
    verdict.state === message.state &&
    sameList(verdict.stands, message.stands) &&
    sameList(shown(verdict.losers), shown(message.losers)) &&
    (verdict.operator?.index ?? -1) === (message.operator?.index ?? -1)
  const unproven =
    unshown.length === 0 ? '' : `; what ${unshown.length} of those who asserted showed is not in the file`
  const detail = same
    ? `${message.state}: ${message.stands.length} ${message.stands.length === 1 ? 'claim stands' : 'claims stand'}, ${shown(message.losers).length} lost${unproven}`
    : `the replay comes to another verdict${verdict ? ` (${verdict.state})` : ''} than was signed (${message.state})`
  return { name: 'verdict', holds: same, detail }
}

/** Nobody loses by what the file does not show. */
const withoutUnshown = ({ verdict, unshown }: Replayed): NonNullable<EvidenceReport['verdict']> => {
  const { losers = [], ...rest } = verdict ?? { state: 'unresolved', stands: [] }
  return { ...rest, losers: losers.filter(({ peer, for: what }) => what !== 'withheld' || !unshown.includes(peer)) }
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one))

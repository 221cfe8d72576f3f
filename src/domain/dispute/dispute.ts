import type { Charter } from '../charter/charter.ts'
import { hashTensors } from '../commitment.ts'
import type { Fault } from '../fault.ts'
import { equalBytes, hex } from '../hash.ts'
import type { MessageOf, Read, UnresolvedReason } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'
import type { Assertion, Dispute, DisputeEvent, DisputeOutcome, DisputeStep, Proof } from './dispute-state.ts'
import { distinctLosers, judge, withOutputs, type Loser } from './judge.ts'
import { assertionKey, counted, sidesOf, wrongSides } from './sides.ts'
import { isInGoodCompany, isSaidByOthers, nextStance } from './stance.ts'

/** Assertions by others than the parties that are heard in one dispute: one that stands is enough, and each that differs takes time. */
const MAX_BYSTANDERS = 8

/** Opens a dispute, as a party or bystander who runs the canon, or as one who only follows. */
export function openDispute(
  options: Pick<Dispute, 'job' | 'parties' | 'claims' | 'numerics' | 'canons' | 'me'> & {
    at: number
    asserts: boolean
  },
): DisputeStep {
  const { at, asserts, ...rest } = options
  const own = !asserts ? 'bystander' : isInGoodCompany(rest) ? 'holding' : 'trying'
  const state: Dispute = {
    ...rest,
    phase: 'asserting',
    openedAt: at,
    own,
    assertions: [],
    proofs: [],
    overturned: false,
  }
  return { state, effects: own === 'trying' ? [{ type: 'assert' }] : [] }
}

export function disputeStep(dispute: Dispute, event: DisputeEvent, charter: Charter): DisputeStep {
  switch (event.type) {
    case 'asserted':
      return hearAssertion(dispute, event, charter)
    case 'unable':
      return dispute.own === 'trying' ? advance({ ...dispute, own: event.reason }, event.at, charter) : still(dispute)
    case 'compared':
      return dispute.phase === 'comparing' ? receiveComparison(dispute, event, charter) : still(dispute)
    case 'rerun':
      return dispute.phase === 'rerunning' ? receiveRerun(dispute, event, charter) : still(dispute)
    case 'outputs': {
      if (dispute.phase === 'ended' || dispute.sought === undefined) return still(dispute)
      const { outputs = dispute.outputs } = event
      const sought = { ...dispute.sought, answered: true }
      return advance({ ...dispute, sought, ...(outputs ? { outputs } : {}) }, event.at, charter)
    }
    case 'tick':
      return speakUp(dispute, event.at, charter)
    default:
      return event satisfies never
  }
}

/** When `disputeStep` next wants a `tick`, on the clock of the events. Undefined once ended. */
export function disputeWakeAt({ phase, own, ownAt, openedAt }: Dispute, { timeouts }: Charter): number | undefined {
  if (phase !== 'asserting') return undefined
  if (own === 'holding') return openedAt + timeouts.together / 2
  return own === 'asserted' && ownAt !== undefined
    ? Math.min(ownAt + timeouts.together, openedAt + timeouts.assert)
    : openedAt + timeouts.assert
}

function hearAssertion(
  dispute: Dispute,
  { read, at, own }: Extract<DisputeEvent, { type: 'asserted' }>,
  charter: Charter,
): DisputeStep {
  const refusal = whyNotHear(dispute, read, at, charter)
  if (refusal) return { state: dispute, effects: [{ type: 'refuse', peer: read.author, fault: refusal }] }
  const key = assertionKey(read.message)
  const earlier = dispute.assertions.filter((other) => other.read.author === read.author)
  const assertions: Assertion[] =
    earlier.length === 0
      ? [...dispute.assertions, { read, key, standing: 'open' }]
      : [
          // Whoever says two things has said neither.
          ...dispute.assertions.map((other) =>
            earlier.includes(other) ? { ...other, standing: 'contradicted' as const } : other,
          ),
          { read, key, standing: 'contradicted' },
        ]
  const heard: Dispute = {
    ...dispute,
    assertions,
    ...(own ? { own: 'asserted', ownAt: at, outputs: own } : {}),
  }
  return speakUp(reopened(heard), at, charter)
}

/** Does what there is to be done next, asserting first what was held back too long. */
function speakUp(dispute: Dispute, at: number, charter: Charter): DisputeStep {
  const own = nextStance(dispute, at, charter)
  return own === 'trying' ? tries(dispute) : advance(own === 'resting' ? { ...dispute, own } : dispute, at, charter)
}

const tries = (dispute: Dispute): DisputeStep => ({
  state: { ...asserting(dispute), own: 'trying' },
  effects: [{ type: 'assert' }],
})

function whyNotHear(
  dispute: Dispute,
  read: Read<MessageOf<'assert'>>,
  at: number,
  charter: Charter,
): Fault | undefined {
  const { message, author } = read
  const what = 'assertion'
  if (!equalBytes(message.job, dispute.job)) return { code: 'MALFORMED', what, why: 'it is about another job' }
  if (!dispute.canons.some((canon) => equalBytes(canon, message.canon)))
    return { code: 'CANON_UNKNOWN', canon: hex(message.canon).slice(0, 12) }
  if (at > dispute.openedAt + charter.timeouts.contest)
    return { code: 'OUT_OF_ORDER', what, during: 'a case that is closed' }
  const same = dispute.assertions.filter((other) => other.read.author === author)
  if (same.some((other) => equalBytes(other.read.digest, read.digest) || other.key === assertionKey(message)))
    return { code: 'REPLAYED', what }
  // The second of two that contradict each other is proof; a third adds nothing.
  if (same.length >= 2) return { code: 'RATE_LIMITED', what: 'assertions' }
  const strangers = dispute.assertions.filter((other) => !dispute.parties.includes(other.read.author))
  if (!dispute.parties.includes(author) && strangers.length >= MAX_BYSTANDERS)
    return { code: 'RATE_LIMITED', what: 'assertions' }
  return undefined
}

/** An ended dispute goes on when somebody says otherwise, or who said what stood has said something else as well. */
function reopened(dispute: Dispute): Dispute {
  const { phase, outcome } = dispute
  if (phase !== 'ended' || outcome === undefined) return dispute
  const sides = sidesOf(dispute)
  const isSame = outcome.state === 'unresolved' ? sides.length === 0 : sides.length === 1 && sides[0] === outcome.key
  return isSame ? dispute : { ...dispute, phase: 'asserting' }
}

/** Does what there is to be done next. */
function advance(dispute: Dispute, at: number, charter: Charter): DisputeStep {
  if (dispute.phase !== 'asserting') return still(dispute)
  // Whoever is about to know what the canon computes compares then: it has the values at hand.
  if (dispute.own === 'trying' || dispute.own === 'holding') return still(dispute)
  if (dispute.own === 'resting' && !isSaidByOthers(dispute)) return tries(dispute)
  const [left, right] = sidesOf(dispute)
  if (left !== undefined && right !== undefined) {
    const state: Dispute = { ...dispute, phase: 'comparing', compared: { left, right } }
    return { state, effects: [{ type: 'compare', left, right }] }
  }
  if (!isReady(dispute, at, charter)) return still(dispute)
  return left === undefined ? giveUp(dispute, unresolved(dispute)) : settle(dispute, left)
}

/** Whether those who are waited for have spoken, or have had their time: nobody's absence stops a verdict. */
function isReady(dispute: Dispute, at: number, { timeouts }: Charter): boolean {
  const { parties, claims, own, ownAt, openedAt } = dispute
  const assertions = counted(dispute)
  if (at >= openedAt + timeouts.assert) return true
  const heard = new Set(assertions.map(({ read }) => read.author))
  const said = assertions.filter(({ standing }) => standing === 'open').map(({ read }) => read.message.output)
  // Whoever claims what somebody asserts has nothing to add.
  const isSpokenFor = (party: PeerId) =>
    claims.some(
      ({ peer, engine, outputHash }) =>
        peer === party && engine === 'cpu' && said.some((output) => equalBytes(output, outputHash)),
    )
  const isThere = (party: PeerId) => heard.has(party) || isSpokenFor(party)
  if (parties.every(isThere)) return true
  return own === 'asserted' && ownAt !== undefined && at >= ownAt + timeouts.together
}

function settle(dispute: Dispute, key: string): DisputeStep {
  const assertion = dispute.assertions.find((one) => one.key === key)
  if (assertion === undefined) return still(dispute)
  const { output: outputHash } = assertion.read.message
  const held =
    dispute.outputs && equalBytes(hashTensors(dispute.outputs), outputHash) ? { outputs: dispute.outputs } : {}
  const canonical = withOutputs({ outputHash, ...held }, dispute.claims)
  const judged = judge(dispute.claims, canonical, dispute.numerics)
  // A claim of a gpu is held against tensors, which whoever asserted them shows.
  if (judged.some(({ stands }) => stands === undefined)) {
    const sought = { key, answered: false }
    if (dispute.sought?.key !== key)
      return { state: { ...dispute, sought }, effects: [{ type: 'outputs', key, outputHash }] }
    if (!dispute.sought.answered) return still(dispute)
  }
  const losers: Loser[] = [
    ...judged.flatMap(({ peer, stands }) => (stands === false ? [{ peer, for: 'claim' as const }] : [])),
    ...lostAssertions(dispute),
  ]
  const state = dispute.proofs.length > 0 ? 'proven' : 'settled'
  return end(dispute, { state, key, canonical, judged, losers: distinctLosers(losers) })
}

function unresolved(dispute: Dispute): DisputeOutcome {
  const { own } = dispute
  const could: UnresolvedReason = own === 'canon-unknown' || own === 'input-missing' ? own : 'canon-unavailable'
  const reason = counted(dispute).length > 0 ? 'no-assertion-stands' : could
  return { state: 'unresolved', reason, losers: distinctLosers(lostAssertions(dispute)) }
}

const LOST = { refuted: 'assertion', withheld: 'withheld', contradicted: 'contradiction' } as const

const lostAssertions = (dispute: Dispute): Loser[] =>
  counted(dispute).flatMap(({ read, standing }) =>
    standing === 'open' || standing === 'aside' ? [] : [{ peer: read.author, for: LOST[standing] }],
  )

/** Ends without a verdict, unless this peer can still run the canon itself. */
const giveUp = (dispute: Dispute, outcome: DisputeOutcome): DisputeStep =>
  dispute.own === 'resting' ? tries(dispute) : end(asserting(dispute), outcome)

function end(dispute: Dispute, outcome: DisputeOutcome): DisputeStep {
  const overturned = dispute.overturned || (dispute.outcome !== undefined && differs(dispute.outcome, outcome))
  return { state: { ...dispute, phase: 'ended', outcome, overturned }, effects: [{ type: 'end', outcome }] }
}

/** Whether a later outcome undoes an earlier one: another output is the canonical one, or there is one at last. */
const differs = (before: DisputeOutcome, after: DisputeOutcome): boolean =>
  before.state === 'unresolved' || after.state === 'unresolved'
    ? before.state !== after.state
    : !equalBytes(before.canonical.outputHash, after.canonical.outputHash)

function receiveComparison(
  dispute: Dispute,
  { at, difference, bad, withheld, isUnseen }: Extract<DisputeEvent, { type: 'compared' }>,
  charter: Charter,
): DisputeStep {
  if (isUnseen) return cannotTell(dispute, at, charter)
  const { left, right } = dispute.compared ?? { left: '', right: '' }
  if (difference !== undefined && bad.length + withheld.length === 0) {
    const state: Dispute = { ...dispute, phase: 'rerunning', compared: { left, right, difference } }
    return { state, effects: [{ type: 'rerun', difference, left, right }] }
  }
  // Nothing was shown to differ: that convicts neither.
  if (bad.length + withheld.length === 0) return cannotTell(dispute, at, charter)
  return advance(asserting(marked(marked(dispute, bad, 'refuted'), withheld, 'withheld')), at, charter)
}

function receiveRerun(
  dispute: Dispute,
  { at, found }: Extract<DisputeEvent, { type: 'rerun' }>,
  charter: Charter,
): DisputeStep {
  const { left, right, difference } = dispute.compared ?? {}
  if (left === undefined || right === undefined || difference === undefined) return still(dispute)
  if (found === undefined) return cannotTell(dispute, at, charter)
  const proof: Proof = { ...difference, sides: [left, right], found }
  const proven: Dispute = {
    ...marked(dispute, wrongSides(proof), 'refuted'),
    proofs: [...dispute.proofs, proof],
  }
  return advance(asserting(proven), at, charter)
}

/** This peer cannot tell one side from the other: it blames neither, and believes what it ran itself. */
function cannotTell(dispute: Dispute, at: number, charter: Charter): DisputeStep {
  const { compared, assertions, me, own } = dispute
  const mine = own === 'asserted' ? assertions.find(({ read }) => read.author === me)?.key : undefined
  const other = [compared?.left, compared?.right].filter((key) => key !== undefined && key !== mine) as string[]
  if (mine !== undefined && other.length === 1) return advance(asserting(marked(dispute, other, 'aside')), at, charter)
  const losers = distinctLosers(lostAssertions(dispute))
  return giveUp(dispute, { state: 'unresolved', reason: 'canon-unavailable', losers })
}

function asserting(dispute: Dispute): Dispute {
  const { compared: _, ...rest } = dispute
  return { ...rest, phase: 'asserting' }
}

const marked = (dispute: Dispute, keys: readonly string[], standing: Assertion['standing']): Dispute => ({
  ...dispute,
  assertions: dispute.assertions.map((one) =>
    keys.includes(one.key) && one.standing === 'open' ? { ...one, standing } : one,
  ),
})

const still = (state: Dispute): DisputeStep => ({ state, effects: [] })

import type { Numerics } from '../domain/agreement.ts'
import { executorsOf, type Check } from '../domain/checking.ts'
import { hashTensors } from '../domain/commitment.ts'
import { faultOf, type Fault } from '../domain/fault.ts'
import { hex } from '../domain/hash.ts'
import type { Seat } from '../domain/job-state.ts'
import { nicknameOf } from '../domain/nickname.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Tensors } from '../domain/tensor.ts'
import { compareClaims } from '../domain/verdict.ts'
import type { Clock } from '../ports/clock.ts'
import type { Checked } from './check-adaptively.ts'
import type { Again, JobRequest, JobResult, RequestComponents } from './request-job.ts'
import type { Attempt } from './run-attempt.ts'
import type { JobCase } from './disputes/keep-cases.ts'
import type { CaseView } from './governance-view.ts'
import type { Answer, Ask, ClaimView, DisputeView, ExecutorProgress, Loser, ModelSummary, Question } from './view.ts'

/** How a job ended that was asked, and how its answer was checked. */
export type Asked = JobResult & { readonly checked?: Checked; readonly knew?: ReadonlySet<PeerId> }

export interface AskInit {
  readonly id: number
  readonly model: ModelSummary
  readonly question: Question
  readonly check: Check
  /** Whether the asker chose it; else the charter's default did. */
  readonly chosen: boolean
  /** Runs the job when it is its turn: a tab has only so many under way. */
  readonly turn: <T>(job: () => Promise<T>) => Promise<T>
  /** Asks, as the check wants it. */
  readonly run: (request: JobRequest, onChange: (attempt: Attempt, again: readonly Again[]) => void) => Promise<Asked>
  /** Has the canon settle what a check contradicted. Resolves when that is over. */
  readonly settle: (one: JobCase, checked: Checked) => Promise<void>
  readonly signal?: AbortSignal
}

/** One ask from the click to the verdict: the answer as a person sees it, kept up with the attempts that work on it. */
export class RoomAsk implements Ask {
  readonly done: Promise<Answer>
  readonly #cancel = new AbortController()
  readonly #listeners = new Set<(answer: Answer) => void>()
  readonly #components: RequestComponents
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #settle: AskInit['settle']
  readonly #chosen: boolean
  /** The attempt of which the court is known, or on its way. An answer outlives it, and holds on to none of its streams. */
  #lookedAt: Attempt | undefined
  #answer: Answer

  constructor(
    components: RequestComponents,
    { id, model, question, check, chosen, turn, run, settle, signal }: AskInit,
  ) {
    this.#settle = settle
    this.#chosen = chosen
    this.#components = components
    this.#clock = components.clock
    this.#startedAt = components.clock.now()
    this.#answer = {
      id,
      model,
      input: question.input,
      askedAt: new Date(),
      state: 'checking',
      phase: 'offering',
      replication: executorsOf(check),
      check,
      attempt: 1,
      again: [],
      executors: [],
      claims: [],
      drawnFrom: 0,
    }
    const either = signal === undefined ? this.#cancel.signal : AbortSignal.any([signal, this.#cancel.signal])
    const request = {
      model: model.id,
      manifest: model.manifest,
      input: question.input,
      replication: executorsOf(check),
      signal: either,
    }
    const result = turn(() => run(request, (attempt, again) => this.#progress(attempt, again)))
    // An ask that waits for its turn ends at the word, and takes no turn when it comes.
    this.done = Promise.race([result, this.#cancelled(either)])
      .finally(() => (this.#lookedAt = undefined))
      .then(
        (ended) => this.#conclude(ended),
        (error: unknown) => this.#fail(faultOf(error)),
      )
  }

  /** Follows the contests over a decided job, and waits for one that opens by itself. */
  async #contestable(one: JobCase, checked: Checked | undefined): Promise<Answer> {
    const { disputes } = this.#components
    const job = hex(one.job)
    const stop = disputes.watch((changed) => {
      const dispute = changed === job ? disputes.view(job) : undefined
      if (dispute) this.#change(disputed(this.#answer, dispute))
    })
    const { contest, assert } = this.#components.charter.timeouts
    this.#clock.after(contest + assert, stop)
    const stopCase = this.#components.watchCase(job, (one) => this.#change(ruled(this.#answer, one)))
    this.#clock.after(contest, () => this.#answer.case ?? stopCase())
    // Where it cannot be followed (its code was not to be had, say) it stays contested.
    await disputes.noteCase(one).catch(() => {})
    if (checked?.seen.agrees === false) await this.#settle(one, checked)
    else if (one.state !== 'contested') return this.#answer
    return this.#change({ totalMs: this.#clock.now() - this.#startedAt })
  }

  get answer(): Answer {
    return this.#answer
  }

  subscribe(listener: (answer: Answer) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  cancel(): void {
    this.#cancel.abort()
  }

  #progress(attempt: Attempt, again: readonly Again[]): void {
    const { job } = attempt
    if (job.phase === 'ended') return
    const phase = job.phase === 'offered' ? 'offering' : job.phase === 'awarded' ? 'computing' : 'revealing'
    const executors = job.phase === 'offered' ? [] : job.seats.map((seat) => progressOf(seat, attempt))
    if (job.phase === 'awarded') this.#lookAtCourt(attempt)
    this.#change({
      phase,
      executors,
      again: [...again],
      attempt: job.offer.message.attempt,
      drawnFrom: job.accepts.length,
    })
  }

  /** Once for each award, and after it has gone out: executors wait for that. */
  #lookAtCourt(attempt: Attempt): void {
    if (this.#lookedAt === attempt) return
    this.#lookedAt = attempt
    this.#clock.after(0, () => {
      const { job } = attempt
      if (!('seats' in job) || this.#lookedAt !== attempt) return
      const executors = job.seats.map(({ peer }) => peer)
      const court = this.#components.courtFor(job.offer.message.ledger, executors)
      if (court) this.#change({ court })
    })
  }

  #cancelled(signal: AbortSignal): Promise<Asked> {
    return new Promise((resolve) => {
      const end = () => resolve({ kind: 'failed', fault: { code: 'CANCELLED' }, again: [], endedAt: this.#clock.now() })
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
    })
  }

  async #conclude(result: Asked): Promise<Answer> {
    if (result.kind === 'failed') return this.#fail(result.fault, result.endedAt)
    const { checked } = result
    const { seats, accepts } = result.outcome
    const builds = new Map(accepts.map((read) => [read.author, read.message.build]))
    // What contradicts an answer is shown beside it; what confirms it makes no more of it than one claim.
    const against = checked?.seen.agrees === false ? checked.against : undefined
    if (against) builds.set(against.claim.peer, against.build)
    const verdict = against?.verdict ?? result.outcome.verdict
    const returned = verdict.groups.findIndex((group) => group.includes(verdict.returned))
    const groups = [...verdict.groups.slice(returned, returned + 1), ...verdict.groups.filter((_, i) => i !== returned)]
    const claims = groups.flatMap((members, group) =>
      members.map(({ peer, engine, outputHash, outputs, computeMs }): ClaimView => ({
        peer,
        nickname: nicknameOf(peer),
        engine,
        build: builds.get(peer) ?? '',
        outputHash: hex(outputHash),
        computeMs,
        group,
        outputs,
      })),
    )
    const { job } = result.outcome
    const { model, input } = this.#answer
    this.#change({
      state: verdict.state,
      phase: 'done',
      job: hex(job),
      contestUntil: new Date(Date.now() + this.#components.charter.timeouts.contest),
      losers: losersBefore(result.again),
      claims,
      executors: seats.map((seat) => ({ ...named(seat.peer), engine: seat.engine, doing: 'revealed' as const })),
      drawnFrom: accepts.length,
      again: [...result.again],
      output: verdict.returned.outputs,
      ...(verdict.rounding ? { rounding: verdict.rounding } : {}),
      ...(checked ? { checked: checked.seen } : {}),
      receipt: result.receipt,
      known: this.#known(seats, result.knew ?? new Set()),
      totalMs: result.endedAt - this.#startedAt,
      slowestExecutorMs: Math.max(...claims.map((claim) => claim.computeMs)),
    })
    const one: JobCase = {
      job,
      requester: this.#components.self,
      executors: seats.map(({ peer }) => peer),
      model: model.id,
      manifest: model.manifest,
      state: result.outcome.verdict.state,
      file: result.receipt,
      input,
      salt: result.salt,
      endedAt: result.endedAt,
      asked: { chosen: this.#chosen, drawnFrom: accepts.length },
    }
    return this.#contestable(one, checked)
  }

  /** How many of the keys the asker knew before: seen right, vouched for, or vouched for by whom it trusts. */
  #known(seats: readonly Seat[], knew: ReadonlySet<PeerId>): NonNullable<Answer['known']> {
    const { trees, trust } = this.#components.trustNow()
    const isKnown = ({ peer }: Seat) => knew.has(peer) || (trust.get(peer) ?? 0) > 0
    return {
      keys: seats.filter(isKnown).length,
      of: seats.length,
      unintroduced: seats.filter(({ peer }) => !trees.has(peer)).length,
    }
  }

  #fail(fault: Fault, endedAt = this.#clock.now()): Answer {
    return this.#change({ state: 'lost', phase: 'done', fault, totalMs: endedAt - this.#startedAt })
  }

  #change(change: Partial<Answer>): Answer {
    this.#answer = { ...this.#answer, ...change }
    for (const listener of this.#listeners) listener(this.#answer)
    return this.#answer
  }
}

/** Those who kept or falsified what they were bound to in an attempt before. A signed word of leaving costs nothing. */
const losersBefore = (again: readonly Again[]): Loser[] =>
  again.flatMap(({ reason, who }) =>
    reason === 'no-reveal' || reason === 'false-reveal'
      ? who.map((peer) => ({ ...named(peer), for: reason === 'no-reveal' ? ('withheld' as const) : reason }))
      : [],
  )

/** What a contest makes of an answer, whose claims may be more than the contested job's: a hidden check's are held against the same canon. */
function disputed({ claims, again, model, output: before }: Answer, dispute: DisputeView): Partial<Answer> {
  const { phase, output: canonical } = dispute
  const state = phase === 'settled' || phase === 'proven' || phase === 'unresolved' ? phase : 'contested'
  if (state === 'contested') return { state, dispute }
  const isStanding = (claim: ClaimView): boolean | undefined => {
    const there = dispute.claims.find((one) => one.peer === claim.peer)
    return there ? there.stands : canonical && isWithin(canonical, claim, model.manifest)
  }
  const stands = claims.filter((claim) => isStanding(claim) === true)
  const checks = claims.filter((claim) => !dispute.claims.some((one) => one.peer === claim.peer))
  const losers = [
    ...dispute.losers,
    ...checks
      .filter((claim) => isStanding(claim) === false)
      .map(({ peer }) => ({ ...named(peer), for: 'claim' as const })),
    ...losersBefore(again),
  ]
  const output = state === 'unresolved' ? before : (stands[0]?.outputs ?? canonical)
  return { state, dispute, stands: stands.map(({ peer }) => peer), losers, ...(output ? { output } : {}) }
}

/** What a contest before a jury makes of an answer: while it is open, and once it is over. One that does not count makes nothing of it. */
function ruled({ state }: Answer, one: CaseView): Partial<Answer> {
  switch (one.phase) {
    case 'ruled':
    case 'unresolved':
      return { case: one, state: one.phase }
    case 'refused':
      return { case: one, state }
    case 'opening':
    case 'summoning':
    case 'voting':
    case 'revealing':
      return { case: one, state: 'contested' }
    default:
      return one.phase satisfies never
  }
}

/** Whether a claim lies within the rule of what the canon computes. */
function isWithin(canonical: Tensors, { peer, engine, outputs, computeMs }: ClaimView, numerics: Numerics): boolean {
  const claim = { peer, engine, outputs, computeMs, outputHash: hashTensors(outputs) }
  const reference = { ...claim, engine: 'cpu' as const, outputs: canonical, outputHash: hashTensors(canonical) }
  return compareClaims(reference, claim, numerics).agree === true
}

const named = (peer: PeerId) => ({ peer, nickname: nicknameOf(peer) })

function progressOf(seat: Seat, attempt: Attempt): ExecutorProgress {
  const said = attempt.doing.get(seat.peer)
  const doing = seat.claim ? 'revealed' : seat.commit ? 'committed' : (said?.doing ?? 'seated')
  return {
    ...named(seat.peer),
    engine: seat.engine,
    doing,
    ...(doing === 'fetching' && said ? { fraction: said.fraction } : {}),
  }
}

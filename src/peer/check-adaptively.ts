import { enginesFor } from '../domain/agreement.ts'
import { checkProbability, drawCheck, drawInvited, type Candidate } from '../domain/checking.ts'
import { hashTensors } from '../domain/commitment.ts'
import { hex } from '../domain/hash.ts'
import { runFiles, sizeOf, type ModelId } from '../domain/manifest.ts'
import type { PeerId } from '../domain/peer-id.ts'
import { streakOf } from '../domain/standing.ts'
import type { EngineKind } from '../domain/states.ts'
import { compareClaims, decide, type Claim, type Verdict } from '../domain/verdict.ts'
import type { InferenceEngine } from '../ports/inference-engine.ts'
import type { ProvideModel } from './carry-models.ts'
import { chanceFrom } from './draw-chance.ts'
import type { Standings } from './keep-standing.ts'
import { noteAgain } from './note-outcome.ts'
import { requestJob, type Again, type Decided, type JobRequest, type RequestComponents } from './request-job.ts'
import type { Attempt } from './run-attempt.ts'
import type { Asked } from './ask-room.ts'
import type { JobCase } from './disputes/keep-cases.ts'
import type { Answer } from './view.ts'

export interface CheckComponents extends RequestComponents {
  readonly standings: Pick<Standings, 'of' | 'note'>
  /** The engine that a peer announces. */
  readonly engineOf: (peer: PeerId) => EngineKind
  /** This device's own canon, which no planted fault disturbs. */
  readonly canon: InferenceEngine
  readonly provideModel: ProvideModel
  /** Whether this device may run a model now for its own asks, with every block of it here. */
  readonly mayRun: (model: ModelId) => boolean
}

/** What was seen of whom an adaptive ask asked, and how its answer was checked. */
export interface Checked {
  readonly seen: NonNullable<Answer['checked']>
  /** Where a check was made: both claims, the other one's build, and what they amount to. */
  readonly against?: { readonly claim: Claim; readonly build: string; readonly verdict: Verdict }
  /** The audit's own job. */
  readonly audit?: Decided
}

interface Check {
  readonly attempt: Attempt
  readonly stop: AbortController
  readonly seen: Checked['seen']
  readonly done: Promise<
    Pick<Checked, 'audit'> & { readonly against?: Omit<NonNullable<Checked['against']>, 'verdict'> }
  >
}

/**
 * Adaptive asks. One executor is drawn by what this peer has seen, and once it is bound, so that nothing it sees can change its claim, and
 * before it has shown its output to anybody, chance decides whether it is checked. An audit is another adaptive job in every respect.
 */
export class AdaptiveAsks {
  readonly #components: CheckComponents
  /** Milliseconds that the last own run of each model took. */
  readonly #measured = new Map<ModelId, number>()

  constructor(components: CheckComponents) {
    this.#components = components
  }

  async ask(request: JobRequest, onChange: (attempt: Attempt, again: readonly Again[]) => void): Promise<Asked> {
    const { self } = this.#components
    let check: Check | undefined
    const result = await requestJob(
      this.#components,
      { ...request, invite: (candidates) => this.#invite(request, candidates) },
      (attempt, again) => {
        if (attempt.job.phase === 'committed' && check?.attempt !== attempt) {
          const [seat] = attempt.job.seats
          check?.stop.abort()
          check = seat && seat.peer !== self ? this.#begin(request, attempt, seat) : undefined
        }
        onChange(attempt, again)
      },
    )
    if (result.kind === 'failed') check?.stop.abort()
    return result.kind === 'failed' || check === undefined ? result : this.#compare(request, result, check)
  }

  /**
   * Has the canon settle what a check contradicted, by a contest over the answer's own job. Whoever of both is found wrong loses by it; an
   * auditor that is has a contest of its own, so that there is evidence of it.
   */
  async settle(one: JobCase, { against, audit }: Checked): Promise<void> {
    const { disputes, standings, clock } = this.#components
    const contest = (job: string) => disputes.contest(job, '', 'audit').catch(() => {})
    await contest(hex(one.job))
    const dispute = await disputes.over(hex(one.job))
    if (audit === undefined) {
      // An own run is the canon's: it needs nobody else's word.
      if (dispute === undefined || dispute.phase === 'unresolved')
        for (const peer of one.executors) standings.note(peer, { type: 'lost', for: 'claim' })
      return
    }
    const canonical = dispute?.output
    if (against === undefined || canonical === undefined) return
    const { claim } = against
    const reference: Claim = { ...claim, engine: 'cpu', outputHash: hashTensors(canonical), outputs: canonical }
    if (compareClaims(reference, claim, one.manifest).agree)
      return standings.note(claim.peer, { type: 'right', model: one.model, engine: claim.engine })
    const { job, verdict } = audit.outcome
    const audited = {
      ...one,
      job,
      executors: [claim.peer],
      file: audit.receipt,
      salt: audit.salt,
      state: verdict.state,
    }
    await disputes.noteCase({ ...audited, endedAt: clock.now() })
    await contest(hex(job))
  }

  #invite({ model, manifest }: JobRequest, candidates: readonly PeerId[]): readonly PeerId[] {
    const { standings, engineOf, charter, random } = this.#components
    const cpuOnly = enginesFor(manifest) === 'cpu'
    const known = candidates.map((peer): Candidate => ({
      peer,
      engine: cpuOnly ? 'cpu' : engineOf(peer),
      standing: standings.of(peer),
    }))
    return drawInvited(known, { model, charter, chance: chanceFrom(random) })
  }

  #begin(request: JobRequest, attempt: Attempt, { peer, engine }: { peer: PeerId; engine: EngineKind }): Check {
    const { standings, charter, random, candidates, mayRun } = this.#components
    const { model, manifest } = request
    const chance = chanceFrom(random)
    const standing = standings.of(peer)
    const probability = checkProbability(standing, { model, engine }, charter)
    const auditors = candidates([peer]).filter((other) => other !== this.#components.self)
    const measuredMs = this.#measured.get(model)
    const ownRun = mayRun(model)
      ? { modelBytes: sizeOf(runFiles(manifest)), ...(measuredMs === undefined ? {} : { measuredMs }) }
      : undefined
    const by = chance() < probability ? drawCheck({ auditors: auditors.length, ownRun }, chance) : 'none'
    const stop = new AbortController()
    const signal = AbortSignal.any([request.signal, stop.signal])
    const seen = { streak: streakOf(standing, model, engine), probability, by }
    const audit = async () => (await this.#audit({ ...request, signal }, peer)) ?? (ownRun ? rerun() : {})
    const rerun = async () => ({ against: await this.#rerun({ ...request, signal }) })
    const made = by === 'audit' ? audit() : by === 'rerun' ? rerun() : Promise.resolve({})
    // A check that fails is one that was not made: the answer then says so.
    return { attempt, stop, seen, done: made.catch(() => ({})) }
  }

  /** The same input under a fresh salt, to others. Undefined where nobody answers in the time that one executor may take. */
  async #audit(request: JobRequest, executor: PeerId): Promise<Awaited<Check['done']> | undefined> {
    const { standings, self, clock, charter } = this.#components
    const invite = (candidates: readonly PeerId[]) =>
      this.#invite(
        request,
        candidates.filter((peer) => peer !== executor && peer !== self),
      )
    const late = new AbortController()
    const cancel = clock.after(charter.timeouts.commit, () => late.abort())
    const signal = AbortSignal.any([request.signal, late.signal])
    const result = await requestJob(this.#components, { ...request, invite, signal }, () => {}).finally(cancel)
    noteAgain(standings, result)
    if (result.kind === 'failed') return undefined
    const { verdict, accepts } = result.outcome
    const claim = verdict.returned
    // Nobody else was left: the same key again says nothing.
    if (claim.peer === executor) return undefined
    const build = accepts.find((accept) => accept.author === claim.peer)?.message.build ?? ''
    return { audit: result, against: { claim, build } }
  }

  async #rerun({ model, input, signal }: JobRequest): Promise<{ claim: Claim; build: string }> {
    const { canon, provideModel, self } = this.#components
    if (!canon.has(model)) await canon.load(await provideModel(model, { signal }), { signal })
    const { outputs, computeMs } = await canon.run(model, input, { signal })
    this.#measured.set(model, computeMs)
    const claim: Claim = { peer: self, engine: 'cpu', outputHash: hashTensors(outputs), outputs, computeMs }
    return { claim, build: canon.info.build }
  }

  async #compare({ model, manifest }: JobRequest, result: Decided, check: Check): Promise<Asked> {
    const { standings, self, clock } = this.#components
    const { audit, against } = await check.done
    const endedAt = clock.now()
    if (against === undefined) return { ...result, endedAt, checked: { seen: { ...check.seen, by: 'none' } } }
    const claim = result.outcome.verdict.returned
    const verdict = decide([claim, against.claim], manifest)
    const agrees = verdict.state !== 'contested'
    // Two GPUs may share one faulty shader: that they agree says nothing of either.
    const counts = agrees && verdict.state !== 'agreed-gpus-only'
    for (const { peer, engine } of [claim, against.claim])
      if (counts && peer !== self) standings.note(peer, { type: 'right', model, engine })
    const seen = { ...check.seen, by: audit ? ('audit' as const) : ('rerun' as const), agrees }
    return { ...result, endedAt, checked: { seen, against: { ...against, verdict }, ...(audit ? { audit } : {}) } }
  }
}

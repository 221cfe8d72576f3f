import type { Charter } from '../../domain/charter/charter.ts'
import type { ReceiptFacts } from '../../domain/check-receipt.ts'
import { hashTensors } from '../../domain/commitment.ts'
import { disputeStep, disputeWakeAt, openDispute } from '../../domain/dispute/dispute.ts'
import type { Dispute, DisputeEffect, DisputeEvent, DisputeOutcome } from '../../domain/dispute/dispute-state.ts'
import { compareOpened, type Opened } from '../../domain/dispute/opened-trace.ts'
import { NOT_CARRIED } from '../../domain/dispute/trace.ts'
import type { Signed } from '../../domain/envelope.ts'
import { fault } from '../../domain/fault.ts'
import { equalBytes, fromHex } from '../../domain/hash.ts'
import type { MessageOf, Read } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { ReceiptFile } from '../../domain/receipt.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Outline } from '../../ports/surgery.ts'
import type { DisputeWire } from '../../protocols/disputes/index.ts'
import type { DisputeView } from '../dispute-view.ts'
import { Witness, type Assert, type WitnessComponents } from './bear-witness.ts'
import { Refusals } from './count-refusals.ts'
import { gatherValues } from './gather-values.ts'
import { openBoth, type Shown, type Side } from './open-traces.ts'
import { areAgreed, rerunOperator, type OperatorRun } from './rerun-operator.ts'
import { settlementOf } from './pack-evidence.ts'
import { viewOf } from './view-dispute.ts'

export interface RunComponents extends WitnessComponents {
  readonly self: PeerId
  readonly charter: Charter
  readonly clock: Clock
  readonly wire: Pick<DisputeWire, 'publish' | 'tell' | 'trace' | 'values' | 'outputs'>
  /** The canon as it is: re-runs single operators. */
  readonly canon: CanonEngine
}

export interface RunInit {
  readonly file: ReceiptFile
  readonly facts: ReceiptFacts
  readonly input: Tensors | undefined
  /** Whether this peer runs the canon itself. */
  readonly asserts: boolean
  readonly contest?: Read<MessageOf<'contest'>>
}

/** The comparison that decided: both sides as they were shown, and the operator that was run again. */
export interface Decision {
  readonly sides: readonly [Opened, Opened]
  readonly keys: readonly [string, string]
  readonly value: number
  /** Absent where it was the hash of the output that differed. */
  readonly operator?: OperatorRun
  /** The value as the other side has it, where it showed it. */
  readonly shown?: Tensor
}

/** A dispute as it ended, with all that its evidence is made of. */
export interface EndedState {
  readonly state: Dispute
  readonly outcome: DisputeOutcome
  readonly decisions: readonly Decision[]
  readonly settlement: Signed
  /** Every trace that was opened here. */
  readonly opened: readonly Opened[]
}

export interface RunEvents {
  readonly onChange: () => void
  /** It ended, or ended otherwise. */
  readonly onEnd: (run: DisputeRun) => void
}

/** Follows one dispute: feeds `disputeStep` with what is heard and computed, and does what it says. */
export class DisputeRun {
  readonly init: RunInit
  readonly openedAt: number
  readonly witness: Witness
  /** Resolves when it first ends. */
  readonly over: Promise<void>
  readonly refusals = new Refusals()
  readonly contest: Signed | undefined
  decisions: readonly Decision[] = []
  /** How it ended, the last time it did. */
  ended: EndedState | undefined
  /** Once the model was taken apart. */
  outline: Outline | undefined
  endedAt: number | undefined
  readonly #components: RunComponents
  readonly #onChange: () => void
  readonly #onEnd: (run: DisputeRun) => void
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<void>()
  readonly #opened = new Map<string, Opened>()
  #state: Dispute
  #tail: Promise<void> = Promise.resolve()
  #cancelTimer = () => {}

  constructor(components: RunComponents, init: RunInit, { onChange, onEnd }: RunEvents) {
    this.#onEnd = onEnd
    this.#components = components
    this.#onChange = onChange
    this.init = init
    this.openedAt = components.clock.now()
    this.over = this.#ended.promise
    const { facts, asserts, contest, input } = init
    this.contest = contest?.signed
    const { job } = facts.receipt.message
    const { model } = facts.offer.message
    const claimed = facts.claims.find((claim) => claim.peer === components.self)?.outputHash
    this.witness = new Witness(components, { job, model, input, claimed, signal: this.#stop.signal })
    const { state, effects } = openDispute({
      job,
      me: components.self,
      parties: [...new Set([facts.offer.author, ...facts.claims.map((claim) => claim.peer)])],
      claims: facts.claims,
      numerics: facts.manifest,
      canons: components.charter.canons.map((canon) => fromHex(canon.wasmSha256)),
      at: this.openedAt,
      asserts,
    })
    this.#state = state
    this.#do(effects)
    this.#armTimer()
  }

  get state(): Dispute {
    return this.#state
  }

  look(by: { self: PeerId; openedAt: Date }): DisputeView {
    return viewOf(this, by)
  }

  hear(read: Assert): void {
    this.#apply({ type: 'asserted', at: this.#now(), read })
  }

  close(): void {
    this.#stop.abort()
    this.#cancelTimer()
  }

  #apply(event: DisputeEvent): void {
    const before = this.#state
    const { state, effects } = disputeStep(before, event, this.#components.charter)
    this.#state = state
    this.#do(effects)
    this.#armTimer()
    this.#onChange()
  }

  /** Effects happen one after another, in the order in which the rules gave them. */
  #do(effects: readonly DisputeEffect[]): void {
    for (const effect of effects)
      this.#tail = this.#tail.then(() => this.#perform(effect)).catch(() => this.#fail(effect))
  }

  /** What could not be done says nothing of anybody. */
  #fail({ type }: DisputeEffect): void {
    const at = this.#now()
    if (type === 'compare') this.#apply({ type: 'compared', at, bad: [], withheld: [], isUnseen: true })
    if (type === 'rerun') this.#apply({ type: 'rerun', at, found: undefined })
    if (type === 'outputs') this.#apply({ type: 'outputs', at, outputs: undefined })
    if (type === 'end') this.#ended.resolve()
  }

  async #perform(effect: DisputeEffect): Promise<void> {
    switch (effect.type) {
      case 'assert':
        // Not awaited: what others assert meanwhile is compared.
        return void this.#assert()
      case 'compare':
        return this.#compare(effect.left, effect.right)
      case 'rerun':
        return this.#rerun(effect)
      case 'outputs':
        return this.#fetchOutputs(effect)
      case 'end':
        return this.#end(effect.outcome)
      case 'refuse':
        return this.refusals.note(effect.peer, effect.fault)
      default:
        return effect satisfies never
    }
  }

  /** Tells what the canon computes to the room and, so that it is heard, to each party. */
  async #assert(): Promise<void> {
    const { self, wire } = this.#components
    // What is asked of the model next is got ready while its engine runs.
    void this.#takeApart()
    const said = await this.witness.assert()
    const at = this.#now()
    if (typeof said === 'string') return this.#apply({ type: 'unable', at, reason: said })
    this.#apply({ type: 'asserted', at, read: said.read, own: said.outputs })
    void wire.publish(said.read.signed).catch(() => {})
    const requester = this.init.facts.offer.author
    for (const party of this.#state.parties.filter((peer) => peer !== self)) {
      const read = party === requester ? (said.other ?? said.read) : said.read
      void wire.tell(party, read.signed, this.#patience).catch(() => {})
    }
  }

  /** Learns what the model is made of, where the model can be had. */
  async #takeApart(): Promise<void> {
    this.outline = (await this.witness.surgeon().catch(() => undefined))?.outline
  }

  async #compare(left: string, right: string): Promise<void> {
    const { wire } = this.#components
    const keys = [left, right] as const
    const told = (bad: readonly string[], withheld: readonly string[]) =>
      this.#apply({ type: 'compared', at: this.#now(), bad, withheld })
    await this.#takeApart()
    // Without the model nobody here can tell one side from the other.
    if (this.outline === undefined)
      return this.#apply({ type: 'compared', at: this.#now(), bad: [], withheld: [], isUnseen: true })
    const length = this.outline.values.length + 1
    const open = { wire, job: this.#state.job, ...this.#patience }
    const shown = await openBoth(open, [this.#side(left), this.#side(right)], length)
    const those = (what: Shown) => keys.filter((_, i) => shown[i] === what)
    const [a, b] = shown
    if (typeof a !== 'string') this.#opened.set(left, a.opened)
    if (typeof b !== 'string') this.#opened.set(right, b.opened)
    if (typeof a === 'string' || typeof b === 'string') return told(those('bad'), those('withheld'))
    const found = compareOpened(a.opened, b.opened)
    if (found === undefined || !('at' in found)) return told([], [])
    const value = found.at
    const difference = { value, left: hashAt(a.opened, value), right: hashAt(b.opened, value) }
    this.#apply({ type: 'compared', at: this.#now(), bad: [], withheld: [], difference })
  }

  async #rerun({ difference: { value }, left, right }: Extract<DisputeEffect, { type: 'rerun' }>): Promise<void> {
    try {
      const decision = await this.#decide(value, left, right)
      this.decisions = [...this.decisions, decision]
      const found = decision.operator?.found ?? hashTensors(await this.#agreedOutputs(decision))
      this.#apply({ type: 'rerun', at: this.#now(), found })
    } catch {
      this.#apply({ type: 'rerun', at: this.#now(), found: undefined })
    }
  }

  async #decide(value: number, left: string, right: string): Promise<Decision> {
    const [a, b] = [this.#opened.get(left), this.#opened.get(right)]
    if (!a || !b) throw fault({ code: 'OUT_OF_ORDER', what: 're-run', during: 'comparing' })
    const decision: Decision = { sides: [a, b], keys: [left, right], value }
    if (value === a.count - 1) return decision
    const tools = { canon: this.#components.canon, surgery: await this.witness.surgeon() }
    const isCarried = (place: number) => !equalBytes(hashAt(a, place), NOT_CARRIED)
    const give = (names: readonly string[]) => this.#gather(decision, names)
    return { ...decision, operator: await rerunOperator(tools, value, { isCarried, give }, this.#patience) }
  }

  #gather({ keys, sides, value }: Decision, names: readonly string[]): Promise<Tensors> {
    const { wire } = this.#components
    const { witness, init } = this
    const components = { wire, witness, job: this.#state.job, input: init.input, ...this.#patience }
    return gatherValues(
      components,
      { sides: keys.map((key) => this.#side(key)), opened: sides[0], before: value },
      names,
    )
  }

  /** The output where all its values are agreed, and only its hash is not. */
  #agreedOutputs(decision: Decision): Promise<Tensors> {
    const { outputs } = this.init.facts.manifest
    return this.#gather(
      decision,
      outputs.map(({ name }) => name),
    )
  }

  async #fetchOutputs({ key, outputHash }: Extract<DisputeEffect, { type: 'outputs' }>): Promise<void> {
    const { assertion, authors } = this.#side(key)
    const { root } = assertion
    const candidates = [
      async () => this.witness.outputs(root),
      ...authors.map(
        (peer) => () => this.#components.wire.outputs(peer, { job: this.#state.job, root }, this.#patience),
      ),
    ]
    let outputs: Tensors | undefined
    for (const candidate of candidates) {
      const shown = await candidate().catch(() => undefined)
      if (shown && equalBytes(hashTensors(shown), outputHash)) outputs ??= shown
      if (outputs) break
    }
    this.#apply({ type: 'outputs', at: this.#now(), outputs })
  }

  async #end(outcome: DisputeOutcome): Promise<void> {
    const { sign, room, wire } = this.#components
    if (this.outline === undefined) await this.#takeApart()
    const isLast = () => this.#state.phase === 'ended' && this.#state.outcome === outcome
    // Somebody said otherwise meanwhile: the verdict on that is the one to tell.
    if (!isLast()) return
    const [state, decisions] = [this.#state, this.decisions]
    const settlement = await sign(settlementOf({ room, job: state.job }, outcome, decisions))
    if (!isLast()) return
    this.ended = { state, outcome, decisions, settlement, opened: [...this.#opened.values()] }
    this.endedAt = this.#now()
    if (this.init.asserts) void wire.publish(settlement).catch(() => {})
    this.#ended.resolve()
    this.#onEnd(this)
    this.#onChange()
    await this.#showOther().catch(() => {})
    this.witness.rest()
  }

  /** Fetches what the side that lost has in the place of the value, for people to see: it may not show it. */
  async #showOther(): Promise<void> {
    const [decision, ...others] = this.decisions
    const { operator } = decision ?? {}
    if (!decision || !operator || decision.shown) return
    for (const [i, opened] of decision.sides.entries()) {
      const hash = hashAt(opened, decision.value)
      if (equalBytes(hash, operator.found)) continue
      const { authors, assertion, own } = this.#side(decision.keys[i] ?? '')
      const { root } = assertion
      const request = { job: this.#state.job, root, values: [decision.value] }
      const ask = own
        ? [() => this.witness.values(root, [operator.value])]
        : authors.map((peer) => () => this.#components.wire.values(peer, request, this.#patience))
      for (const show of ask) {
        const tensor = (await show().catch(() => undefined))?.[operator.value]
        if (!tensor || !areAgreed({ [operator.value]: tensor }, () => hash)) continue
        this.decisions = [{ ...decision, shown: tensor }, ...others]
        if (this.ended) this.ended = { ...this.ended, decisions: this.decisions }
        return this.#onChange()
      }
    }
  }

  #side(key: string): Side {
    const those = this.#state.assertions.filter((one) => one.key === key)
    const [first] = those
    if (first === undefined) throw fault({ code: 'OUT_OF_ORDER', what: 'side', during: 'a dispute without it' })
    const own = this.witness.trace(first.read.message.root)
    const authors = those.map((one) => one.read.author).filter((peer) => peer !== this.#components.self)
    return { assertion: first.read.message, authors, ...(own ? { own } : {}) }
  }

  get #patience() {
    return { limitMs: this.#components.charter.timeouts.opening, signal: this.#stop.signal }
  }

  #armTimer(): void {
    this.#cancelTimer()
    const { clock, charter } = this.#components
    const at = disputeWakeAt(this.#state, charter)
    if (at === undefined || this.#stop.signal.aborted) return
    this.#cancelTimer = clock.after(Math.max(0, at - clock.now()), () => this.#apply({ type: 'tick', at: clock.now() }))
  }

  #now(): number {
    return this.#components.clock.now()
  }
}

const hashAt = (opened: Opened, place: number): Uint8Array => opened.hashAt(place) ?? new Uint8Array()

import { fault } from '../../domain/fault.ts'
import type { Tensor, Tensors } from '../../domain/tensor.ts'
import type { Trace } from '../../ports/canon-engine.ts'
import type { Leaf, Operator, Outline, Surgery } from '../../ports/surgery.ts'
import { hashValues, letGo, notCarried } from './hash-tensors.ts'
import type { TraceRequest } from './messages.ts'

const TO_THE_END = -1

/** The operators that make anything, in the order of computing. */
export const inOrder = ({ operators, values }: Outline): Operator[] =>
  [...new Set(values.map(({ operator }) => operator))].flatMap((index) => operators[index] ?? [])

/** The values that are here of a run in segments, and the hashes of all that were. */
export class TracedValues {
  /** In the order of computing: those of whose values not all are given. */
  readonly toRun: readonly Operator[]
  readonly #surgery: Surgery
  readonly #request: TraceRequest
  /** The place of each value in the outline. */
  readonly #place: ReadonlyMap<string, number>
  readonly #here: Map<string, Tensor>
  readonly #hashes = new Map<string, Uint8Array>()
  /** Values that no segment can be given: each makes them anew. */
  readonly #uncarried = new Set<string>()
  /** How many operators are still to run when the last that needs the value has run; `TO_THE_END` where it is returned. */
  readonly #until = new Map<string, number>()

  /** Hashes what is given. */
  static async open(surgery: Surgery, request: TraceRequest): Promise<TracedValues> {
    const values = new TracedValues(surgery, request)
    await values.#hash(values.pick(Object.keys(request.given).filter((name) => values.#place.has(name))))
    return values
  }

  private constructor(surgery: Surgery, request: TraceRequest) {
    this.#surgery = surgery
    this.#request = request
    this.#place = new Map(surgery.outline.values.map(({ name }, place) => [name, place]))
    this.#here = new Map(Object.entries({ ...request.feeds, ...request.given }))
    this.toRun = inOrder(surgery.outline).filter(({ makes }) => makes.some((name) => !this.#isGiven(name)))
    for (const [i, { index }] of this.toRun.entries())
      for (const name of surgery.segment([index]).needs) this.#until.set(name, this.toRun.length - 1 - i)
    for (const name of this.#here.keys()) this.#until.set(name, TO_THE_END)
    for (const name of [...request.outputs.map((output) => output.name), ...request.keep])
      this.#until.set(name, TO_THE_END)
  }

  /** The first of some operators, up to one that makes a value which is given: whoever takes it comes after. */
  untilGiven(operators: readonly Operator[]): readonly Operator[] {
    const first = operators.findIndex(({ makes }) => makes.some((name) => this.#isGiven(name)))
    return first < 0 ? operators : operators.slice(0, first + 1)
  }

  /** What must be cut out to run these operators: with those before them that make what cannot be given. */
  segment(part: readonly Operator[]): Leaf {
    const { outline } = this.#surgery
    const isCarried = (place: number) => !this.#uncarried.has(outline.values[place]?.name ?? '')
    const places = part.flatMap(({ makes }) => makes.flatMap((name) => this.#place.get(name) ?? []))
    return this.#surgery.segment(places.flatMap((place) => this.#surgery.leaf(place, isCarried).operators))
  }

  pick(names: readonly string[]): Tensors {
    return Object.fromEntries(
      names.map((name) => {
        const tensor = this.#here.get(name)
        if (!tensor) throw fault({ code: 'ENGINE_FAILED', why: `nothing made "${name}"` })
        return [name, tensor]
      }),
    )
  }

  /** Takes in what operators made; what is not among the tensors is none that is carried. */
  async take(part: readonly Operator[], tensors: Tensors): Promise<void> {
    const made = part.flatMap(({ makes }) => makes).filter((name) => !this.#isGiven(name))
    for (const name of made) {
      const tensor = tensors[name]
      if (tensor) this.#here.set(name, tensor)
      else this.#leaveOut(name)
    }
    await this.#hash(this.pick(made.filter((name) => tensors[name])))
  }

  /** Lets go of what nobody needs any more once only these operators are to run. */
  keepFor(rest: readonly Operator[]): void {
    for (const [name, tensor] of this.#here) {
      if (rest.length > (this.#until.get(name) ?? rest.length)) continue
      this.#here.delete(name)
      letGo(tensor)
    }
  }

  trace(computeMs: number): Trace {
    const { outputs, keep } = this.#request
    return {
      values: this.#surgery.outline.values.map(({ name }) => this.#hashes.get(name) ?? notCarried()),
      outputs: this.pick(outputs.map(({ name }) => name)),
      kept: this.pick(keep.filter((name) => this.#place.has(name) && this.#here.has(name))),
      computeMs,
    }
  }

  #isGiven(name: string): boolean {
    return Object.hasOwn(this.#request.given, name)
  }

  /** Notes a value that cannot be given: whatever it is made of must stay, to make it again. */
  #leaveOut(name: string): void {
    this.#uncarried.add(name)
    const maker = this.#surgery.outline.values[this.#place.get(name) ?? -1]?.operator
    if (maker !== undefined) for (const need of this.#surgery.segment([maker]).needs) this.#until.set(need, TO_THE_END)
  }

  async #hash(tensors: Tensors): Promise<void> {
    for (const [name, hash] of await hashValues(tensors, { keepsMemoryLow: true })) this.#hashes.set(name, hash)
  }
}

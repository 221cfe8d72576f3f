import type { Leaf, Outline } from '../../../ports/surgery.ts'
import { refused } from '../refusals.ts'
import type { Anatomy, NodePart } from './dissect.ts'
import { topological } from './topological.ts'

/** In what order a model computes, and who makes what. */
export class Plan {
  readonly outline: Outline
  readonly #anatomy: Anatomy
  /** The operator that makes each value, and the value's place in the outline. */
  readonly #maker = new Map<string, number>()
  readonly #place = new Map<string, number>()
  /** The place of each operator in the order of computing. */
  readonly #rank: readonly number[]

  /** Throws `MODEL_REFUSED` where operators wait for one another in a circle. */
  constructor(anatomy: Anatomy) {
    const { nodes } = anatomy
    this.#anatomy = anatomy
    nodes.forEach(({ makes }, operator) => makes.forEach((name) => this.#maker.set(name, operator)))
    const order = topological(nodes.map(({ takes }) => this.#makersOf(takes)))
    if (order.length < nodes.length) throw refused('its operators wait for one another in a circle')
    const rank = Array.from<number>({ length: nodes.length })
    order.forEach((operator, place) => (rank[operator] = place))
    this.#rank = rank
    this.outline = {
      operators: nodes.map(({ type, name, takes, makes }, index) => ({ index, type, name, takes, makes })),
      values: order.flatMap((operator) => this.node(operator).makes.map((name) => ({ name, operator }))),
    }
    this.outline.values.forEach(({ name }, place) => this.#place.set(name, place))
  }

  leaf(value: number, isCarried: (value: number) => boolean): Leaf {
    const made = this.outline.values[value]
    if (!made) throw new RangeError(`there is no value ${value}`)
    const found = new Set([made.operator])
    // A set takes what is added while it is walked.
    for (const operator of found) {
      for (const name of this.node(operator).takes) {
        const [maker, place] = [this.#maker.get(name), this.#place.get(name)]
        if (maker !== undefined && place !== undefined && !this.#isConstant(maker) && !isCarried(place))
          found.add(maker)
      }
    }
    return this.segment([...found])
  }

  segment(operators: readonly number[]): Leaf {
    const ordered = this.#ordered(operators)
    const inside = new Set(ordered)
    const needs = new Set<string>()
    for (const name of ordered.flatMap((operator) => this.node(operator).takes)) {
      const maker = this.#maker.get(name)
      const isWithin = maker === undefined ? this.#anatomy.initialisers.has(name) : this.#isConstant(maker)
      if (!isWithin && !(maker !== undefined && inside.has(maker))) needs.add(name)
    }
    return { operators: ordered, needs: [...needs] }
  }

  /** These operators and the constants that they take, in the order of computing. */
  withConstants(operators: readonly number[]): number[] {
    const makers = operators.flatMap((operator) => this.#makersOf(this.node(operator).takes))
    return this.#ordered([...operators, ...makers.filter((maker) => this.#isConstant(maker))])
  }

  #ordered(operators: readonly number[]): number[] {
    return [...new Set(operators)].toSorted((a, b) => (this.#rank[a] ?? 0) - (this.#rank[b] ?? 0))
  }

  #makersOf(names: readonly string[]): number[] {
    return [...new Set(names.flatMap((name) => this.#maker.get(name) ?? []))]
  }

  #isConstant(operator: number): boolean {
    return this.node(operator).isConstant
  }

  node(operator: number): NodePart {
    const node = this.#anatomy.nodes[operator]
    if (!node) throw new RangeError(`there is no operator ${operator}`)
    return node
  }
}

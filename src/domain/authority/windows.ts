import type { Item } from './item.ts'
import { Tally } from './tally.ts'

/** Which decisions a measure is computed from. */
const CLASSES = {
  others: (item) => item.winners.length > 0,
  split: (item) => item.split,
  affecting: ({ decision }) => decision.affected.length > 0,
  capital: (item) => item.winners.length > 0 || item.computed.length > 0,
  settled: ({ decision: { kind } }) => kind === 'job' || kind === 'proof' || kind === 'ruling',
  introductions: (item) => item.introducer !== undefined,
  defaults: ({ decision: { kind } }) => kind === 'default',
} as const satisfies Readonly<Record<string, (item: Item) => boolean>>
export type Class = keyof typeof CLASSES
const NAMES = Object.keys(CLASSES) as readonly Class[]

/** A run of decisions. */
export interface Window<C> {
  /** Its place among windows of this width from the very first decision. */
  index: number
  /** Places of its first decision, and of the one behind its last. */
  from: number
  to: number
  readonly tally: Tally
  /** Entries of each class, in order. */
  readonly ids: Readonly<Record<Class, string[]>>
  /** What was worked out of it; undefined since it changed. */
  cache: C | undefined
}

/** Windows of a report at most. */
const MAX_WINDOWS = 24
/** Decisions of a window at least: were they all rulings of three, their seats would be enough to count. */
const LEAST_WIDTH = 20

/**
 * So many decisions for each window that there are not too many of them: twenty, or that doubled as often as it takes. Windows begin at multiples of it,
 * counted from the first decision that is known, so that one more decision changes the last window alone. The first and the last may
 * hold fewer.
 */
function widthOf(decisions: number): number {
  let width = LEAST_WIDTH
  while (decisions > (MAX_WINDOWS - 1) * width) width *= 2
  return width
}

/** The windows of a selection of decisions that grows and shrinks at both ends. */
export class Windows<C> {
  #width = LEAST_WIDTH
  #list: Window<C>[] = []
  readonly #itemAt: (place: number) => Item

  constructor(itemAt: (place: number) => Item) {
    this.#itemAt = itemAt
  }

  get width(): number {
    return this.#width
  }

  /** A decision behind the last. */
  push(place: number): void {
    const index = Math.floor(place / this.#width)
    let last = this.#list.at(-1)
    if (last?.index !== index) {
      last = emptyWindow(index, place)
      this.#list.push(last)
    }
    this.#change(last, place, 'push')
    last.to++
    // As windows merge in pairs, there are never many more of them than are shown.
    while (this.#list.length > MAX_WINDOWS) this.#double()
  }

  pop(place: number): void {
    const last = this.#list.at(-1)
    if (last === undefined) return
    this.#change(last, place, 'pop')
    last.to--
    if (last.to === last.from) this.#list.pop()
  }

  /** The first decision leaves. */
  shift(place: number): void {
    const [first] = this.#list
    if (first === undefined) return
    this.#change(first, place, 'shift')
    first.from++
    if (first.to === first.from) this.#list.shift()
  }

  /** The decision before the first comes back. */
  unshift(place: number): void {
    const index = Math.floor(place / this.#width)
    let [first] = this.#list
    if (first?.index !== index) {
      first = emptyWindow(index, place + 1)
      this.#list.unshift(first)
    }
    this.#change(first, place, 'unshift')
    first.from--
  }

  /** Those of the decisions from `from` to before `to`, which are the ones that were pushed and unshifted. */
  settled(from: number, to: number): readonly Window<C>[] {
    const width = widthOf(to - from)
    while (this.#width < width) this.#double()
    if (this.#width > width) {
      this.#width = width
      this.#list = []
      for (let place = from; place < to; place++) this.push(place)
    }
    return this.#list
  }

  #change(window: Window<C>, place: number, how: 'push' | 'pop' | 'shift' | 'unshift'): void {
    const item = this.#itemAt(place)
    window.tally[how === 'push' || how === 'unshift' ? 'add' : 'remove'](item)
    window.cache = undefined
    for (const name of NAMES) if (CLASSES[name](item)) window.ids[name][how](item.decision.entry)
  }

  #double(): void {
    this.#width *= 2
    const merged: Window<C>[] = []
    for (const window of this.#list) {
      const last = merged.at(-1)
      window.index >>= 1
      window.cache = undefined
      if (last?.index !== window.index) {
        merged.push(window)
        continue
      }
      last.to = window.to
      last.tally.addAll(window.tally)
      for (const name of NAMES) for (const id of window.ids[name]) last.ids[name].push(id)
    }
    this.#list = merged
  }
}

const emptyWindow = <C>(index: number, place: number): Window<C> => ({
  index,
  from: place,
  to: place,
  tally: new Tally(),
  ids: { others: [], split: [], affecting: [], capital: [], settled: [], introductions: [], defaults: [] },
  cache: undefined,
})

/**
 * Orders operators so that each comes after those it depends on: of those that are ready, always the one with the least
 * index, so that an order that already holds stays as it is. Shorter than `after` where they depend on one another in a
 * circle.
 */
export function topological(after: readonly (readonly number[])[]): number[] {
  const waiting = after.map((before) => before.length)
  const next: number[][] = after.map(() => [])
  after.forEach((before, operator) => {
    for (const one of before) next[one]?.push(operator)
  })
  const ready = new Heap()
  waiting.forEach((count, operator) => {
    if (count === 0) ready.push(operator)
  })
  const order: number[] = []
  for (let operator = ready.pop(); operator !== undefined; operator = ready.pop()) {
    order.push(operator)
    for (const one of next[operator] ?? []) {
      const left = (waiting[one] ?? 0) - 1
      waiting[one] = left
      if (left === 0) ready.push(one)
    }
  }
  return order
}

/** Numbers of which the least comes first: a hundred thousand operators may be ready at once. */
class Heap {
  readonly #items: number[] = []

  push(item: number): void {
    let at = this.#items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#at(parent) <= item) break
      this.#items[at] = this.#at(parent)
      at = parent
    }
    this.#items[at] = item
  }

  pop(): number | undefined {
    const least = this.#items[0]
    const last = this.#items.pop()
    if (last === undefined || this.#items.length === 0) return least
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (this.#at(child) >= last) break
      this.#items[at] = this.#at(child)
      at = child
    }
    this.#items[at] = last
    return least
  }

  #at(index: number): number {
    return this.#items[index] ?? Number.POSITIVE_INFINITY
  }
}

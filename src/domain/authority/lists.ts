export const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((each, i) => each === b[i]))

export const sameMap = <K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean =>
  a === b || (a.size === b.size && [...a].every(([key, value]) => b.get(key) === value))

/** Whether a list is another with some left out. */
export function isWithin(some: readonly unknown[], all: readonly unknown[]): boolean {
  let at = 0
  for (const each of all) if (each === some[at]) at++
  return at === some.length
}

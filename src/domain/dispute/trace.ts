import { canonicalData } from '../commitment.ts'
import { equalBytes, hash, hashBytes } from '../hash.ts'
import type { Tensor } from '../tensor.ts'

/**
 * The trace of a run: the hash of every value that an operator made, in topological order, and last the hash of the output. A
 * root binds it, so that two peers who disagree find where by showing each other hashes, never values.
 */

/** Stands for a value that is no tensor which Moot carries: a text, a sequence, a number of an unusual type. */
export const NOT_CARRIED = hash('moot/value-not-carried')

/** The hash of one value. `data` is the sha-256 of its canonical data (`canonicalData`), which a worker takes faster than we do. */
export const hashValue = (
  name: string,
  { dtype, dims }: Pick<Tensor, 'dtype' | 'dims'>,
  data: Uint8Array,
): Uint8Array => hash('moot/value', name, dtype, [...dims], data)

export const valueHash = (name: string, tensor: Tensor): Uint8Array =>
  hashValue(name, tensor, hashBytes(canonicalData(tensor)))

/** Children of one node of the tree. */
export const ARITY = 16

/** The tree over some hashes: the hashes first, the top last. At least one hash. */
export function levelsOf(hashes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [hashes]
  for (let level = hashes; level.length > 1;) {
    level = Array.from({ length: Math.ceil(level.length / ARITY) }, (_, i) =>
      nodeOf(level.slice(i * ARITY, (i + 1) * ARITY)),
    )
    levels.push(level)
  }
  return levels
}

/** What a node of the tree is, by its children. */
export const nodeOf = (children: readonly Uint8Array[]): Uint8Array => hash('moot/trace-node', [...children])

/** What an assertion signs: the top of the tree, and how many hashes lie under it. */
export const rootOf = (count: number, top: Uint8Array): Uint8Array => hash('moot/trace', count, top)

export function traceRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [top] = levelsOf(hashes).at(-1) ?? []
  if (top === undefined) throw new RangeError('a trace holds one hash at least')
  return rootOf(hashes.length, top)
}

/** The first place at which two lists of one length differ. */
export function firstDifference(a: readonly Uint8Array[], b: readonly Uint8Array[]): number | undefined {
  const found = a.findIndex((one, i) => {
    const other = b[i]
    return other === undefined || !equalBytes(one, other)
  })
  return found < 0 ? undefined : found
}

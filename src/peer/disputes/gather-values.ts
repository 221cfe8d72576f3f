import type { Opened } from '../../domain/dispute/opened-trace.ts'
import { fault } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { DisputeWire } from '../../protocols/disputes/index.ts'
import type { Witness } from './bear-witness.ts'
import type { Side } from './open-traces.ts'
import { areAgreed } from './rerun-operator.ts'

export interface GatherComponents {
  readonly wire: Pick<DisputeWire, 'values'>
  readonly job: Uint8Array
  readonly witness: Witness
  /** The model's own inputs, where they are at hand. */
  readonly input: Tensors | undefined
  readonly limitMs: number
  readonly signal: AbortSignal
}

/** What was agreed on: whose values, as far as either side's trace, which both opened, is one. */
export interface Agreed {
  readonly sides: readonly Side[]
  readonly opened: Opened
  /** The place before which all values are agreed. */
  readonly before: number
}

/**
 * Values on which both sides agree: computed here where this peer ran the model, else shown by either side, and held against
 * the hashes that both asserted. Rejects with `MALFORMED`, or `UNREACHABLE` where nobody shows them.
 */
export async function gatherValues(
  { wire, job, witness, input, limitMs, signal }: GatherComponents,
  { sides, opened, before }: Agreed,
  names: readonly string[],
): Promise<Tensors> {
  const given = Object.fromEntries(names.flatMap((name) => (input?.[name] ? [[name, input[name]]] : [])))
  const wanted = names.filter((name) => !(name in given))
  if (wanted.length === 0) return given
  const { outline } = await witness.surgeon()
  const all = new Map(outline.values.map(({ name }, place) => [name, place]))
  const places = wanted.map((name) => all.get(name) ?? -1)
  const strange = wanted.find((_, i) => (places[i] ?? -1) < 0 || (places[i] ?? -1) >= before)
  if (strange !== undefined)
    throw fault({ code: 'MALFORMED', what: 'trace', why: `nothing before it makes "${strange.slice(0, 80)}"` })
  const hashOf = (name: string) => opened.hashAt(all.get(name) ?? -1)
  for (const { own, assertion } of sides) {
    const computed = own ? await witness.values(assertion.root, wanted).catch(() => undefined) : undefined
    if (computed) return { ...given, ...computed }
  }
  for (const { assertion, authors } of sides)
    for (const author of authors) {
      const request = { job, root: assertion.root, values: places }
      const shown = await wire.values(author, request, { limitMs, signal }).catch(() => undefined)
      if (shown === undefined || !wanted.every((name) => name in shown && hashOf(name) !== undefined)) continue
      const those = Object.fromEntries(wanted.flatMap((name) => (shown[name] ? [[name, shown[name]]] : [])))
      if (areAgreed(those, hashOf)) return { ...given, ...those }
    }
  throw fault({ code: 'UNREACHABLE', peer: 'either side', why: 'nobody shows what the operator takes' })
}

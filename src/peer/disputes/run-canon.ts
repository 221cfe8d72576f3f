import { hashTensors } from '../../domain/commitment.ts'
import { Opened } from '../../domain/dispute/opened-trace.ts'
import { fault } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CanonEngine } from '../../ports/canon-engine.ts'
import type { LoadedModel } from '../../ports/inference-engine.ts'
import type { Surgery } from '../../ports/surgery.ts'
import { areAgreed } from './rerun-operator.ts'

/** What this peer found the canon to compute. */
export interface OwnTrace {
  /** One hash for each value, and last that of the output. */
  readonly hashes: readonly Uint8Array[]
  readonly opened: Opened
  readonly outputs: Tensors
}

export interface CanonRun {
  readonly engine: CanonEngine
  readonly model: LoadedModel
  readonly input: Tensors
}

export async function runCanon(
  { engine, model, input }: CanonRun,
  options: { signal?: AbortSignal },
): Promise<OwnTrace> {
  const { values, outputs } = await engine.trace(model, input, options)
  const hashes = [...values, hashTensors(outputs)]
  return { hashes, opened: Opened.whole(hashes), outputs }
}

/**
 * Values of a run that was made before, by their names. Only what they take is run, without exposing anything else; where that
 * gives other bits than the trace has (half-precision may), the whole is traced again. Rejects with `TOO_LARGE`.
 */
export async function computeValues(
  { engine, model, input }: CanonRun,
  surgery: Surgery,
  names: readonly string[],
  hashOf: (name: string) => Uint8Array | undefined,
  options: { signal?: AbortSignal },
): Promise<Tensors> {
  const given = Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)))
  const wanted = names.filter((name) => !(name in input))
  if (wanted.length === 0) return given
  const some = surgery.segment(ancestorsOf(surgery, wanted))
  const { outputs } = await engine
    .runOnce(surgery.cut(some, input, { wanted }), input, options)
    .catch(() => ({ outputs: {} }))
  const isWhole = wanted.every((name) => name in outputs)
  if (isWhole && areAgreed(outputs, hashOf)) return { ...given, ...outputs }
  const { kept } = await engine.trace(model, input, { ...options, keep: wanted })
  const missing = wanted.find((name) => !(name in kept))
  if (missing !== undefined)
    throw fault({ code: 'MALFORMED', what: 'trace', why: `it has no value "${missing.slice(0, 80)}"` })
  return { ...given, ...kept }
}

/** The operators that some values follow from, in the order in which they run. */
function ancestorsOf({ outline }: Surgery, names: readonly string[]): number[] {
  const makers = new Map(outline.values.map(({ name, operator }) => [name, operator]))
  const found = new Set<number>()
  const open = names.flatMap((name) => makers.get(name) ?? [])
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    for (const name of outline.operators[next]?.takes ?? []) {
      const maker = makers.get(name)
      if (maker !== undefined) open.push(maker)
    }
  }
  return [...new Set(outline.values.map(({ operator }) => operator))].filter((operator) => found.has(operator))
}

import type { Tensors } from '../../domain/tensor.ts'
import type { Trace } from '../../ports/canon-engine.ts'
import type { InferenceResult } from '../../ports/inference-engine.ts'
import type { Operator, Surgery } from '../../ports/surgery.ts'
import type { TraceRequest } from './messages.ts'
import { createSession, describedOutputs, runSession, type Ort, type Session } from './ort-session.ts'
import { TracedValues } from './traced-values.ts'
import type { ValueSizes } from './value-sizes.ts'

/**
 * Runs a model as a row of models cut out of it, each of which makes as many values as there is room for. What no later
 * one needs is let go of once it is hashed. Bit for bit what a run in one piece gives.
 */
export async function traceInSegments(
  ort: Ort,
  surgery: Surgery,
  request: TraceRequest,
  sizes: ValueSizes,
): Promise<Trace> {
  const values = await TracedValues.open(surgery, request)
  let computeMs = 0
  for (let rest = values.toRun; rest.length > 0;) {
    const segment = await openSegment(ort, surgery, rest, values, sizes, request.room)
    rest = rest.slice(segment.part.length)
    const result = await runSegment(segment)
    computeMs += result.computeMs
    sizes.see(result.outputs)
    await values.take(segment.part, result.outputs)
    values.keepFor(rest)
  }
  return values.trace(computeMs)
}

interface Segment extends Session {
  readonly part: readonly Operator[]
  readonly inputs: Tensors
}

/** As many of the operators as there is room for: once the engine has seen what goes into them, it may know better how many. */
async function openSegment(
  ort: Ort,
  surgery: Surgery,
  operators: readonly Operator[],
  values: TracedValues,
  sizes: ValueSizes,
  room: number,
): Promise<Segment> {
  const part = values.untilGiven(operators.slice(0, sizes.fitting(operators, room)))
  const leaf = values.segment(part)
  const inputs = values.pick(leaf.needs)
  const bytes = surgery.cut(leaf, inputs)
  const ready = await createSession(ort, 'cpu', { bytes, exposing: new Uint8Array(0), weights: [] })
  sizes.learn(ready, inputs)
  if (sizes.fitting(part, room) < part.length) {
    await ready.release()
    return await openSegment(ort, surgery, part, values, sizes, room)
  }
  const made = new Set(part.flatMap(({ makes }) => makes))
  const wanted = describedOutputs(ready).flatMap(({ name }) => (made.has(name) ? name : []))
  return { ort, ready, wanted, part, inputs }
}

/** Runs a segment, unless all that it makes must be made again by those that need it. */
async function runSegment({ inputs, ...session }: Segment): Promise<InferenceResult> {
  try {
    return session.wanted.length === 0 ? { outputs: {}, computeMs: 0 } : await runSession(session, inputs)
  } finally {
    await session.ready.release()
  }
}

import type { Tensors } from '../../domain/tensor.ts'
import type { Trace } from '../../ports/canon-engine.ts'
import type { Outline } from '../../ports/surgery.ts'
import { hashValues, letGo, notCarried } from './hash-tensors.ts'
import type { TraceRequest } from './messages.ts'
import { describedOutputs, openSession, runSession, type Ort, type Session } from './ort-session.ts'
import { openSurgery } from './surgery/index.ts'
import { traceInSegments } from './trace-segments.ts'
import { inOrder } from './traced-values.ts'
import { ValueSizes } from './value-sizes.ts'

/** Runs a model in the canon and hashes every value: in one piece where there is room for all of them, else in segments. */
export async function traceModel(ort: Ort, request: TraceRequest): Promise<Trace> {
  const surgery = await openSurgery(request)
  const sizes = new ValueSizes({ ...request.feeds, ...request.given })
  if (Object.keys(request.given).length > 0) return await traceInSegments(ort, surgery, request, sizes)
  const session = await openSession(ort, 'cpu', request)
  try {
    const operators = inOrder(surgery.outline)
    sizes.learn(session.ready, request.feeds)
    if (sizes.fitting(operators, request.room) === operators.length)
      return await traceWhole(session, request, surgery.outline)
  } finally {
    await session.ready.release()
  }
  return await traceInSegments(ort, surgery, request, sizes)
}

async function traceWhole(
  session: Session,
  { feeds, outputs, keep }: TraceRequest,
  { values }: Outline,
): Promise<Trace> {
  const carried = new Set(describedOutputs(session.ready).map(({ name }) => name))
  const made = values.flatMap(({ name }) => (carried.has(name) ? name : []))
  const named = outputs.map(({ name }) => name)
  const wanted = [...new Set([...made, ...named])]
  const { outputs: found, computeMs } = await runSession({ ...session, wanted }, feeds)
  const hashes = await hashValues(only(found, made))
  const returned = new Set([...named, ...keep])
  for (const [name, tensor] of Object.entries(found)) if (!returned.has(name)) letGo(tensor)
  return {
    values: values.map(({ name }) => hashes.get(name) ?? notCarried()),
    outputs: only(found, named),
    kept: only(found, keep),
    computeMs,
  }
}

const only = (tensors: Tensors, names: readonly string[]): Tensors =>
  Object.fromEntries(names.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])))

import { tensorDeviation, within, type Deviation } from '../../domain/agreement.ts'
import { fault } from '../../domain/fault.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CheckRequest } from './messages.ts'
import { createSession, describedOutputs, runSession, type Session } from './ort-session.ts'

/**
 * Compares a session on the GPU with the CPU of the same build. Rejects with `SELF_TEST_FAILED`, naming the first
 * operator whose value lies outside the rule.
 */
export async function checkGpu(session: Session, request: CheckRequest): Promise<void> {
  const reference = await once(session, 'cpu', session.wanted, request)
  const seen = await runSession(session, request.feeds)
  const found = firstOutside(reference, seen.outputs, session.wanted, request)
  if (!found) return
  const operator = (await firstOperatorOutside(session, request)) ?? 'this model'
  throw fault({ code: 'SELF_TEST_FAILED', operator, why: wordsFor(found.deviation) })
}

/** Exposes every value on both engines. What is no tensor is left out. */
async function firstOperatorOutside(session: Session, request: CheckRequest): Promise<string | undefined> {
  const names = request.trace.map(({ name }) => name)
  const [reference, seen] = [await once(session, 'cpu', names, request), await once(session, 'gpu', names, request)]
  const found = firstOutside(reference, seen, names, request)
  return request.trace.find(({ name }) => name === found?.name)?.operator
}

/** Runs the model on either engine, with every intermediate exposed. */
async function once(
  { ort }: Session,
  kind: EngineKind,
  names: readonly string[],
  request: CheckRequest,
): Promise<Tensors> {
  const ready = await createSession(ort, kind, request)
  try {
    const tensors = new Set(describedOutputs(ready).map(({ name }) => name))
    return (await runSession({ ort, ready, wanted: names.filter((name) => tensors.has(name)) }, request.feeds)).outputs
  } finally {
    await ready.release()
  }
}

function firstOutside(
  reference: Tensors,
  seen: Tensors,
  names: readonly string[],
  { rule }: CheckRequest,
): { name: string; deviation: Deviation } | undefined {
  for (const name of names) {
    if (!reference[name] && !seen[name]) continue
    const deviation = tensorDeviation(reference[name], seen[name])
    if (!within(deviation, rule)) return { name, deviation }
  }
  return undefined
}

const wordsFor = ({ rms, scaled }: Deviation): string =>
  Number.isFinite(rms) ? `rms ${rms.toPrecision(2)}, largest ${scaled.toPrecision(2)}` : 'other shapes, or no numbers'

import { tensorDeviation, within, type Deviation } from '../../domain/agreement.ts'
import { fault } from '../../domain/fault.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CheckRequest } from './messages.ts'
import { createSession, describedOutputs, runSession, type Ort } from './ort-session.ts'
import type { EngineKind } from '../../domain/states.ts'

/**
 * Runs a model on the GPU and on the CPU of the same build, and compares. Rejects with `SELF_TEST_FAILED`, naming the
 * first operator whose value lies outside the rule.
 */
export async function checkGpu(ort: Ort, request: CheckRequest): Promise<void> {
  const names = request.outputs.map(({ name }) => name)
  const parts = [request.bytes, request.exposing] as const
  const [reference, seen] = [await once(ort, 'cpu', parts, names, request), await once(ort, 'gpu', parts, names, request)]
  const found = firstOutside(reference, seen, names, request)
  if (!found) return
  const operator = (await firstOperatorOutside(ort, request)) ?? 'this model'
  throw fault({ code: 'SELF_TEST_FAILED', operator, why: wordsFor(found.deviation) })
}

/** Exposes every value on both engines. What is no tensor is left out. */
async function firstOperatorOutside(ort: Ort, request: CheckRequest): Promise<string | undefined> {
  const names = request.trace.map(({ name }) => name)
  const parts = [request.bytes, request.exposingAll] as const
  const reference = await once(ort, 'cpu', parts, names, request)
  const seen = await once(ort, 'gpu', parts, names, request)
  const name = firstOutside(reference, seen, names, request)?.name
  return request.trace.find((value) => value.name === name)?.operator
}

async function once(
  ort: Ort,
  kind: EngineKind,
  parts: readonly Uint8Array[],
  wanted: readonly string[],
  { feeds }: CheckRequest,
): Promise<Tensors> {
  const ready = await createSession(ort, kind, ...parts)
  const tensors = new Set(describedOutputs(ready).map(({ name }) => name))
  try {
    return (await runSession({ ort, ready, wanted: wanted.filter((name) => tensors.has(name)) }, feeds)).outputs
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

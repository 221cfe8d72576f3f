import { tensorDeviation, within, type Deviation } from '../../domain/agreement.ts'
import { fault } from '../../domain/fault.ts'
import type { EngineKind } from '../../domain/states.ts'
import type { Tensors } from '../../domain/tensor.ts'
import type { CheckRequest } from './messages.ts'
import { failureOf } from './ort-faults.ts'
import { createSession, describedOutputs, runSession, type Session } from './ort-session.ts'

/** Milliseconds in which inputs after the first are begun: a real GPU takes a few for each, an emulated one all of them for one. */
const PATIENCE = 2_000

/**
 * Compares a session on the GPU with the CPU of the same build. Rejects with `SELF_TEST_FAILED`, naming the first
 * operator whose value lies outside the rule.
 */
export async function checkGpu(session: Session, request: CheckRequest): Promise<void> {
  const startedAt = performance.now()
  const reference = await exposed(session, 'cpu', session.wanted, request)
  try {
    for (const [i, feeds] of request.feeds.entries()) {
      if (i > 0 && performance.now() - startedAt > PATIENCE) break
      const expected = await ifItRuns(() => reference.run(feeds), i > 0)
      if (!expected) continue
      const seen = await runSession(session, feeds)
      const found = firstOutside(expected, seen.outputs, session.wanted, request)
      if (!found) continue
      const operator = (await firstOperatorOutside(session, request, feeds)) ?? 'this model'
      throw fault({ code: 'SELF_TEST_FAILED', operator, why: wordsFor(found.deviation) })
    }
  } finally {
    await reference.release()
  }
}

/** Exposes every value on both engines. What is no tensor is left out. */
async function firstOperatorOutside(
  session: Session,
  request: CheckRequest,
  feeds: Tensors,
): Promise<string | undefined> {
  const names = request.trace.map(({ name }) => name)
  const run = async (kind: EngineKind): Promise<Tensors> => {
    const model = await exposed(session, kind, names, request)
    try {
      return await model.run(feeds)
    } finally {
      await model.release()
    }
  }
  const found = firstOutside(await run('cpu'), await run('gpu'), names, request)
  return request.trace.find(({ name }) => name === found?.name)?.operator
}

/** The model on either engine, with every intermediate exposed. */
async function exposed(
  { ort }: Session,
  kind: EngineKind,
  names: readonly string[],
  request: CheckRequest,
): Promise<{ run(feeds: Tensors): Promise<Tensors>; release(): Promise<void> }> {
  const ready = await createSession(ort, kind, request)
  const tensors = new Set(describedOutputs(ready).map(({ name }) => name))
  const wanted = names.filter((name) => tensors.has(name))
  return {
    run: async (feeds) => (await runSession({ ort, ready, wanted }, feeds)).outputs,
    release: () => ready.release(),
  }
}

/** A run's outputs. Undefined where the inputs are more than the model takes, if they may be: a trap is one everywhere. */
async function ifItRuns(run: () => Promise<Tensors>, mayFail: boolean): Promise<Tensors | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!mayFail || failureOf(error, 0).spoiled) throw error
    return undefined
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

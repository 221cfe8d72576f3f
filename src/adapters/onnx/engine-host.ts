import { fault } from '../../domain/fault.ts'
import type { ModelId } from '../../domain/manifest.ts'
import { bytesOf } from '../../domain/tensor.ts'
import { MAX_KEPT } from '../../ports/canon-engine.ts'
import type { EngineInfo } from '../../ports/inference-engine.ts'
import { checkGpu } from './gpu-check.ts'
import type { Call, CallName, OpenRequest, Reply, ReplyOf, RequestOf } from './messages.ts'
import { failureOf } from './ort-faults.ts'
import {
  createSession,
  describedOutputs,
  openSession,
  OPTIONS,
  runSession,
  STRICT,
  type Ort,
  type Session,
} from './ort-session.ts'

/** Loads the engine's library and says what it is. */
export type StartEngine = (request: OpenRequest) => Promise<{ readonly ort: Ort; readonly info: EngineInfo }>

type Handlers = { readonly [K in CallName]: (request: RequestOf<K>) => Promise<ReplyOf<K>> }

/** The worker's end of an engine: answers one call after another, and never rejects. A GPU that failed may have lost its device. */
export type EngineHost = <K extends CallName>(call: Call<K>) => Promise<Reply<K>>

export function engineHost(start: StartEngine): EngineHost {
  let opening: OpenRequest | undefined
  const handlers = handlersOf(async (request) => {
    opening = request
    return await start(request)
  })
  return async <K extends CallName>(call: Call<K>): Promise<Reply<K>> => {
    try {
      return { value: await handle(handlers, call) }
    } catch (error) {
      const failure = failureOf(error, opening?.memoryLimit ?? 0)
      const lost = opening?.kind === 'gpu' && failure.fault.code === 'ENGINE_FAILED'
      return { ...failure, spoiled: failure.spoiled || lost }
    }
  }
}

const handle = <K extends CallName>(handlers: Handlers, { call, request }: Call<K>): Promise<ReplyOf<K>> =>
  handlers[call](request)

function handlersOf(start: StartEngine): Handlers {
  let opened: (Awaited<ReturnType<StartEngine>> & { request: OpenRequest }) | undefined
  const sessions = new Map<ModelId, Session>()

  const engine = () => {
    if (!opened) throw new Error('the engine was not opened')
    return opened
  }

  const held = (model: ModelId) => {
    const session = sessions.get(model)
    if (!session) throw fault({ code: 'MODEL_NOT_LOADED', model })
    return session
  }

  const release = async ({ model }: RequestOf<'release'>): Promise<undefined> => {
    const session = sessions.get(model)
    sessions.delete(model)
    await session?.ready.release()
  }

  return {
    async open(request) {
      const { ort, info } = await start(request)
      const session = await ort.InferenceSession.create(request.probe, OPTIONS[request.kind])
      await session.release()
      opened = { ort, info, request }
      return info
    },
    async describe(files) {
      const session = await createSession(engine().ort, 'cpu', files)
      const outputs = describedOutputs(session)
      await session.release()
      return outputs
    },
    async load(request) {
      const { ort, info } = engine()
      await release(request)
      sessions.set(request.model, await openSession(ort, info.kind, request))
    },
    async check(request) {
      await checkGpu(held(request.model), request)
    },
    async run({ model, feeds }) {
      return await runSession(held(model), feeds, engine().request.outputLimit)
    },
    async trace(request) {
      const { ort, request: limits } = engine()
      const { traceModel } = await import('./trace-model.ts')
      const trace = await traceModel(ort, request)
      within('output', bytesOf(trace.outputs), limits.outputLimit)
      within('values', bytesOf(trace.kept), MAX_KEPT)
      return trace
    },
    async runOnce({ feeds, isStrict, ...files }) {
      const { ort, info } = engine()
      const ready = await createSession(ort, info.kind, files, isStrict ? STRICT : {})
      try {
        const wanted = describedOutputs(ready).map(({ name }) => name)
        return await runSession({ ort, ready, wanted }, feeds, MAX_KEPT)
      } finally {
        await ready.release()
      }
    },
    release,
  }
}

function within(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw fault({ code: 'TOO_LARGE', what, bytes, limit })
}

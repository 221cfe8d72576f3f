import type { Fault } from '../../domain/fault.ts'
import type { Answer } from '../../peer/view.ts'

/**
 * What runs inside a rehearsed tab. Each function is sent to the page as text, so it uses nothing of this file but its
 * argument; results are plain JSON.
 */

/** Tensors whose bytes are base64. */
export type PackedTensors = Record<string, { dtype: string; dims: number[]; data: string }>

/** An answer as a rehearsal reports it. */
export interface AnswerReport {
  readonly state: Answer['state']
  readonly claims: readonly { peer: string; engine: 'cpu' | 'gpu'; group: number; computeMs: number }[]
  readonly again: readonly { attempt: number; reason: string; who: readonly string[] }[]
  readonly totalMs: number
  readonly slowestExecutorMs: number
  readonly fault?: string
  /** Base64. */
  readonly receipt?: string
}

/** Asks in the page. Where `watch` is named, the page's function of that name is told of every change before the end. */
export async function askInPage({
  model,
  input,
  replication,
  watch,
}: {
  model: string
  input: PackedTensors
  replication: number | undefined
  watch: string | undefined
}): Promise<AnswerReport> {
  const unpack = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const pack = (bytes: Uint8Array) => {
    let text = ''
    for (let i = 0; i < bytes.length; i += 8_192) text += String.fromCharCode(...bytes.subarray(i, i + 8_192))
    return btoa(text)
  }
  const peer = globalThis.moot
  if (!peer) throw new Error('this tab has not joined')
  const tensors = Object.fromEntries(
    Object.entries(input).map(([name, tensor]) => [name, { ...tensor, data: unpack(tensor.data) } as never]),
  )
  const ask = peer.ask(
    { model, input: tensors },
    replication === undefined ? {} : { check: { mode: 'replicated', replication } },
  )
  const told: unknown = watch === undefined ? undefined : Reflect.get(globalThis, watch)
  if (typeof told === 'function')
    ask.subscribe(
      ({ phase, attempt, executors }) =>
        void told({ phase, attempt, executors: executors.map(({ peer: id, doing }) => ({ id, doing })) }),
    )
  const { state, claims, again, totalMs = 0, slowestExecutorMs = 0, fault, receipt } = await ask.done
  return {
    state,
    claims: claims.map(({ peer: id, engine, group, computeMs }) => ({ peer: id, engine, group, computeMs })),
    again: again.map(({ attempt, reason, who }) => ({ attempt, reason, who: [...who] })),
    totalMs,
    slowestExecutorMs,
    ...(fault ? { fault: fault.code } : {}),
    ...(receipt ? { receipt: pack(receipt) } : {}),
  }
}

/** Imports the files of a field. */
export async function importInPage(field: HTMLInputElement): Promise<{ id: string } | { fault: Fault | undefined }> {
  const files = Array.from(field.files ?? [], (blob) => ({ path: blob.name, blob }))
  const begun = globalThis.moot?.models.import({ kind: 'files', files })
  const { fault, proposal } = (await begun?.settled) ?? {}
  return begun && proposal ? { id: (await begun.publish(proposal)).id } : { fault }
}

/** What a watched ask tells of itself. */
export interface AskProgress {
  readonly phase: Answer['phase']
  readonly attempt: number
  readonly executors: readonly { id: string; doing: string }[]
}

/** Resolves with the milliseconds since the page's Join was pressed once `links` direct links are up. */
export async function untilLinked(links: number): Promise<number> {
  for (;;) {
    const peer = globalThis.moot
    const direct = peer?.view.peers.filter((other) => other.path === 'direct').length ?? 0
    if (direct >= links) return performance.now() - Number(Reflect.get(globalThis, 'joinPressedAt') ?? 0)
    await new Promise<void>((resolve) => {
      const stop = peer?.subscribe(() => {
        stop?.()
        resolve()
      })
      if (!stop) setTimeout(resolve, 5)
    })
  }
}

import type { Check } from '../../domain/checking.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Answer, Loser } from '../../peer/view.ts'

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
  /** The operator that decided. */
  readonly operator?: { readonly index: number; readonly type: string }
  /** By peer. */
  readonly stands: readonly string[]
  readonly losers: readonly { peer: string; for: Loser['for'] }[]
  /** Milliseconds from the contest to the verdict. */
  readonly disputeMs?: number
  /** Base64. */
  readonly receipt?: string
  readonly evidence?: string
}

/** Asks in the page. Where `watch` is named, the page's function of that name is told of every change before the end. */
export async function askInPage({
  model,
  input,
  check,
  watch,
}: {
  model: string
  input: PackedTensors
  check: Check | undefined
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
  const ask = peer.ask({ model, input: tensors }, check ? { check } : {})
  const told: unknown = watch === undefined ? undefined : Reflect.get(globalThis, watch)
  if (typeof told === 'function')
    ask.subscribe(
      ({ phase, attempt, executors }) =>
        void told({ phase, attempt, executors: executors.map(({ peer: id, doing }) => ({ id, doing })) }),
    )
  const { state, claims, again, totalMs = 0, slowestExecutorMs = 0, fault, receipt, ...rest } = await ask.done
  const { dispute, stands = [], losers = [] } = rest
  const job = dispute?.hasEvidence ? dispute.job : again.find((attempt) => attempt.reason === 'false-reveal')?.job
  const evidence = job === undefined ? undefined : await peer.evidence(job).catch(() => undefined)
  return {
    state,
    claims: claims.map(({ peer: id, engine, group, computeMs }) => ({ peer: id, engine, group, computeMs })),
    again: again.map(({ attempt, reason, who }) => ({ attempt, reason, who: [...who] })),
    totalMs,
    slowestExecutorMs,
    ...(fault ? { fault: fault.code } : {}),
    ...(dispute?.leaf ? { operator: { index: dispute.leaf.operator.index, type: dispute.leaf.operator.type } } : {}),
    stands: [...stands],
    losers: losers.map((loser) => ({ peer: loser.peer, for: loser.for })),
    ...(dispute?.tookMs === undefined ? {} : { disputeMs: dispute.tookMs }),
    ...(evidence ? { evidence: pack(evidence) } : {}),
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

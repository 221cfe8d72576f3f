import type { Vote } from '../../domain/ledger/entry.ts'
import type { Peer } from '../view.ts'

/** What a peer that no person sits at goes by when it is drawn: said in the reason of each vote. */
export const JUROR_POLICIES = ['rerun', 'uphold', 'dismiss'] as const
export type JurorPolicy = (typeof JUROR_POLICIES)[number]

/**
 * Serves on every jury that this peer is drawn for, and votes by a stated policy. `rerun`: runs the model in the canon and dismisses the contest
 * where the answer is what the canon computes; where it cannot be run, it does not serve. Returns the way to stop.
 */
export function serveByPolicy(peer: Pick<Peer, 'governance' | 'subscribe' | 'rerun'>, policy: JurorPolicy): () => void {
  const { governance } = peer
  const stop = new AbortController()
  /** Cases and levels that were begun: each is answered once. */
  const begun = new Set<string>()
  const once = (key: string, task: () => Promise<void>) => {
    if (begun.has(key)) return
    begun.add(key)
    // What fails is tried again at the next change of the room.
    task().catch(() => begun.delete(key))
  }
  const look = () => {
    for (const { id, asks, levels } of governance.view.cases) {
      const level = levels.length
      if (asks.includes('serve')) once(`${id} ${level} serve`, () => governance.serve(id, true))
      if (asks.includes('vote'))
        once(`${id} ${level} vote`, async () => {
          const { vote, reason } = await judge(id)
          if (!stop.signal.aborted) await governance.vote(id, vote, `Policy ${policy}: ${reason}`)
        })
    }
  }
  const judge = async (id: string): Promise<{ vote: Vote; reason: string }> => {
    if (policy !== 'rerun') return { vote: policy, reason: 'stated beforehand; nothing was looked at.' }
    const { file } = await governance.caseFile(id, { signal: stop.signal })
    const { claims } = await peer.rerun(file, { signal: stop.signal })
    return claims.every(({ stands }) => stands === true)
      ? { vote: 'dismiss', reason: 'the reference computes the same.' }
      : { vote: 'uphold', reason: 'the reference computes something else.' }
  }
  const unsubscribe = peer.subscribe(look)
  look()
  return () => {
    unsubscribe()
    stop.abort()
  }
}

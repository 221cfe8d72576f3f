import type { Vote } from '../../domain/ledger/entry.ts'
import { dropOldest } from '../drop-oldest.ts'
import type { CaseView, Peer } from '../view.ts'

/** Cases between an answer to the summons and the vote. */
const MAX_FOUND = 64

interface Finding {
  readonly vote: Vote
  readonly reason: string
}

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
  /** What is asked for and was begun: answered once, and again where another summons asks for it. */
  const begun = new Set<string>()
  /** What was found of cases, the newest: for the vote, after it was found that there can be one. */
  const found = new Map<string, Finding>()
  const once = (key: string, task: () => Promise<void>) => {
    if (begun.has(key)) return
    begun.add(key)
    // What fails is tried again at the next change of the room.
    task().catch(() => begun.delete(key))
  }
  const look = () => {
    const { cases } = governance.view
    const keyOf = ({ id, levels }: CaseView, ask: string) => `${id} ${levels.length} ${ask}`
    const asked = new Set(cases.flatMap((one) => one.asks.map((ask) => keyOf(one, ask))))
    for (const key of begun) if (!asked.has(key)) begun.delete(key)
    for (const one of cases) {
      const { id, asks } = one
      if (asks.includes('serve'))
        once(keyOf(one, 'serve'), async () => {
          const serves = await judge(id).then(
            () => true,
            () => false,
          )
          if (!stop.signal.aborted) await governance.serve(id, serves)
        })
      if (asks.includes('vote'))
        once(keyOf(one, 'vote'), async () => {
          const { vote, reason } = await judge(id)
          if (!stop.signal.aborted) await governance.vote(id, vote, `Policy ${policy}: ${reason}`)
        })
    }
  }
  const judge = async (id: string): Promise<Finding> => {
    if (policy !== 'rerun') return { vote: policy, reason: 'stated beforehand; nothing was looked at.' }
    const finding = found.get(id) ?? (await rerun(id))
    found.set(id, finding)
    dropOldest(found, MAX_FOUND)
    return finding
  }
  const rerun = async (id: string): Promise<Finding> => {
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

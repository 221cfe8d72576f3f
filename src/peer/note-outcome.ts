import type { AgainReason } from '../domain/job-state.ts'
import type { ModelId } from '../domain/manifest.ts'
import type { LostFor } from '../domain/messages.ts'
import type { PeerId } from '../domain/peer-id.ts'
import type { Standings } from './keep-standing.ts'
import type { JobResult } from './request-job.ts'

/** What breaking off an attempt costs who did it. A signed word of leaving, or vanishing before the COMMIT-SET, costs nothing. */
const LOSSES: Partial<Record<AgainReason, LostFor>> = { 'no-reveal': 'withheld', 'false-reveal': 'false-reveal' }

/** Takes note of who kept or falsified what it was bound to, in the attempts before the one that was decided. */
export function noteAgain(standings: Pick<Standings, 'note'>, { again }: JobResult): void {
  for (const { reason, who } of again) {
    const lost = LOSSES[reason]
    if (lost !== undefined) for (const peer of who) standings.note(peer, { type: 'lost', for: lost })
  }
}

/** Takes note of what a replicated job shows of its executors: claims that agree, one of a cpu among them, count as checked. */
export function noteAgreed(standings: Pick<Standings, 'note'>, model: ModelId, result: JobResult, self: PeerId): void {
  if (result.kind === 'failed') return
  const { state, groups } = result.outcome.verdict
  if (state !== 'agreed' && state !== 'agreed-rounding') return
  for (const { peer, engine } of groups.flat())
    if (peer !== self) standings.note(peer, { type: 'right', model, engine })
}

import type { Numerics } from './agreement.ts'
import type { Charter } from './charter/charter.ts'
import { patience, whileAwarded } from './job-awarded.ts'
import { whileCommitted } from './job-committed.ts'
import { end } from './job-ends.ts'
import { canAward, whileOffered } from './job-offered.ts'
import type { Job, JobEvent, Offered, Step } from './job-state.ts'
import type { MessageOf, Read } from './messages.ts'
import type { PeerId } from './peer-id.ts'

/** Opens an attempt. The OFFER is signed already: its digest is the job's root. */
export const openJob = (options: {
  offer: Read<MessageOf<'offer'>>
  secret: Uint8Array
  numerics: Numerics
  candidates: readonly PeerId[]
  trees: ReadonlyMap<PeerId, PeerId>
  at: number
}): Offered => {
  const { at, ...rest } = options
  return { phase: 'offered', openedAt: at, accepts: [], declines: [], ...rest }
}

export function step(job: Job, event: JobEvent, charter: Charter): Step<Job> {
  if (job.phase === 'ended') return { state: job, effects: [] }
  if (event.type === 'cancel') return end(job, { kind: 'cancelled' })
  if (event.at >= job.openedAt + job.offer.message.deadline) {
    const limitMs = job.offer.message.deadline
    return end(job, { kind: 'lost', fault: { code: 'TIMED_OUT', what: 'answer', limitMs } })
  }
  switch (job.phase) {
    case 'offered':
      return whileOffered(job, event, charter)
    case 'awarded':
      return whileAwarded(job, event, charter)
    case 'committed':
      return whileCommitted(job, event, charter)
    default:
      return job satisfies never
  }
}

/** When `step` next wants a `tick`, on the same clock as the events. Undefined once ended. */
export function wakeAt(job: Job, charter: Charter): number | undefined {
  const { timeouts } = charter
  const last = job.openedAt + job.offer.message.deadline
  switch (job.phase) {
    case 'offered':
      return Math.min(last, job.openedAt + (canAward(job) ? timeouts.offerWindow : timeouts.offer))
    case 'awarded':
      return Math.min(last, ...job.seats.filter((seat) => !seat.commit).map((seat) => patience(seat, charter)))
    case 'committed':
      return Math.min(last, job.committedAt + timeouts.reveal)
    case 'ended':
      return undefined
    default:
      return job satisfies never
  }
}

import type { Charter } from '../charter/charter.ts'
import type { PeerId } from '../peer-id.ts'

/** Whether a peer may still contest a job: a party, within the charter's window since it heard how the job ended. */
export function whyNotContest(
  job: { readonly parties: readonly PeerId[]; readonly endedAt: number } | undefined,
  who: PeerId,
  at: number,
  { timeouts }: Charter,
): string | undefined {
  if (job === undefined) return 'there is no such job here'
  if (!job.parties.includes(who)) return 'only its asker and those who answered may contest it'
  if (at > job.endedAt + timeouts.contest)
    return `its time was over: ${Math.round(timeouts.contest / 60_000)} minutes from when it ended`
  return undefined
}

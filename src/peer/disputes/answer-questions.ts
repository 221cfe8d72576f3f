import { hex } from '../../domain/hash.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { MAX_WHOLE, type DisputeBook } from '../../protocols/disputes/index.ts'
import type { JobCase } from './keep-cases.ts'
import type { DisputeRun } from './run-dispute.ts'

/** What is shown from: disputes and cases by their job, hex. */
export interface Shown {
  run(job: string): DisputeRun | undefined
  case(job: string): JobCase | undefined
  /** Whether a peer sits on a jury over a job, or is about to. */
  isJuror(job: string, peer: PeerId): boolean
  evidence(job: string): Uint8Array | undefined
}

/** What others may ask to see of the disputes that this peer takes part in, and of nothing else. */
export const questionsAbout = (shown: Shown): Omit<DisputeBook, 'wants'> => ({
  // What was asked is for the parties, and for who helps to settle a contest over it.
  case: (job, to) => (shown.run(hex(job)) || shown.isJuror(hex(job), to) ? shown.case(hex(job))?.file : undefined),
  trace: (job, root, nodes) => {
    const opened = shown.run(hex(job))?.witness.trace(root)
    return opened && (nodes || opened.count <= MAX_WHOLE) ? opened.show(nodes) : undefined
  },
  values: async (job, root, values) => {
    const witness = shown.run(hex(job))?.witness
    if (witness?.trace(root) === undefined) return undefined
    const { outline } = await witness.surgeon()
    return witness.values(
      root,
      values.flatMap((value) => outline.values[value]?.name ?? []),
    )
  },
  outputs: (job, root) => shown.run(hex(job))?.witness.outputs(root),
  evidence: (job) => shown.evidence(hex(job)),
})

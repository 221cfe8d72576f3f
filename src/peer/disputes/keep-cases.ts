import { hex } from '../../domain/hash.ts'
import type { Manifest, ModelId } from '../../domain/manifest.ts'
import type { DecidedState } from '../../domain/messages.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import { bytesOf, type Tensors } from '../../domain/tensor.ts'

/** Jobs and bytes of them that are kept for a contest: a busy tab answers a dozen a second, most of a few KB. */
const MAX_CASES = 256
const MAX_BYTES = 64 << 20

/** A job that this peer took part in, with all that it takes to contest it. */
export interface JobCase {
  readonly job: Uint8Array
  readonly requester: PeerId
  readonly executors: readonly PeerId[]
  readonly model: ModelId
  readonly manifest: Manifest
  readonly state: DecidedState
  /** The receipt file. */
  readonly file: Uint8Array
  /** As it was asked, and the salt that binds it; a receipt may be without them. */
  readonly input: Tensors
  readonly salt: Uint8Array
  /** On this peer's clock. */
  readonly endedAt: number
  /** Of a job of this peer's own: whether it chose how it was checked, and from how many the lot was drawn. */
  readonly asked?: { readonly chosen: boolean; readonly drawnFrom: number }
}

/** The jobs that can still be contested, and perhaps some more. The oldest leave first. */
export class Cases {
  readonly #cases = new Map<string, JobCase>()
  #bytes = 0

  get(job: string): JobCase | undefined {
    return this.#cases.get(job)
  }

  put(one: JobCase): void {
    this.drop(hex(one.job))
    this.#cases.set(hex(one.job), one)
    this.#bytes += sizeOf(one)
    for (const job of this.#cases.keys()) {
      if (this.#cases.size <= MAX_CASES && this.#bytes <= MAX_BYTES) return
      this.drop(job)
    }
  }

  drop(job: string): void {
    const one = this.#cases.get(job)
    if (one === undefined) return
    this.#cases.delete(job)
    this.#bytes -= sizeOf(one)
  }
}

const sizeOf = ({ file, input }: JobCase): number => file.length + bytesOf(input)

/** Who may contest it, and whose assertions are waited for: the requester first. */
export const partiesOf = ({ requester, executors }: Pick<JobCase, 'requester' | 'executors'>): PeerId[] => [
  ...new Set([requester, ...executors]),
]

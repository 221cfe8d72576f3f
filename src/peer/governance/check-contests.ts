import { digestOf, signingBytes, type Signed } from '../../domain/envelope.ts'
import { hex } from '../../domain/hash.ts'
import { signedIn } from '../../domain/jury/terms.ts'
import type { ReadEntry } from '../../domain/ledger/entry.ts'
import type { VerifySignature } from '../../ports/signer.ts'
import { dropOldest } from '../drop-oldest.ts'

/** Signatures whose answer is remembered: those inside ten thousand contests, which are some 10 MB of names. */
const MAX_REMEMBERED = 65_536

/** Which signatures inside contests hold: the ledger checks those of entries, and an entry may hold others. */
export class ContestSignatures {
  readonly #verify: VerifySignature
  readonly #known = new Map<string, boolean>()
  #pending: Promise<unknown> = Promise.resolve()

  constructor(verify: VerifySignature) {
    this.#verify = verify
  }

  /** Whether it was checked, and holds. */
  holds = (signed: Signed): boolean => this.#known.get(nameOf(signed)) === true

  /** Checks those inside a contest. */
  check(contest: ReadEntry<'CONTEST'>): Promise<void> {
    const fresh = signedIn(contest).filter((signed) => !this.#known.has(nameOf(signed)))
    const checked = Promise.all(
      fresh.map(async (signed) => {
        this.#known.set(nameOf(signed), await this.#verify(signed.key, signingBytes(signed.body), signed.signature))
        dropOldest(this.#known, MAX_REMEMBERED)
      }),
    ).then(() => {})
    this.#pending = Promise.all([this.#pending, checked])
    return checked
  }

  /** Resolves once all that is under way is checked. */
  async settled(): Promise<void> {
    await this.#pending
  }
}

const nameOf = (signed: Signed): string => `${hex(digestOf(signed))} ${hex(signed.signature)}`

import { digestOfCid } from '../cids.ts'
import type { Signed } from '../envelope.ts'
import { fault } from '../fault.ts'
import { equalBytes, hex } from '../hash.ts'
import type { ContestClass, ReadEntry } from '../ledger/entry.ts'
import { jobIdOf } from '../lot.ts'
import { readAs, type MessageOf, type Read } from '../messages.ts'
import type { PeerId } from '../peer-id.ts'

/** What a jury over a job is drawn by, as its parties signed it before there was any output. */
export interface Terms {
  readonly job: Uint8Array
  readonly class: Exclude<ContestClass, 'arithmetic'>
  readonly offer: Read<MessageOf<'offer'>>
  readonly receipt: Read<MessageOf<'receipt'>>
  readonly requester: PeerId
  /** Those whose claims the receipt lists, in its order. */
  readonly executors: readonly PeerId[]
  /** The requester, then the executors. */
  readonly parties: readonly PeerId[]
  /** Of each party: the head of its hash chain, bound in OFFER or ACCEPT. */
  readonly chains: ReadonlyMap<PeerId, Uint8Array>
  /** Digest of the charter that the offer names. */
  readonly charter: Uint8Array
  /** Id of the entry at and before which the ledger counts; absent where the requester had none. */
  readonly root?: Uint8Array
}

const refuse = (why: string) => fault({ code: 'MALFORMED', what: 'contest', why })

/** All that is signed inside a contest: its caller has the signatures checked. Empty of a contest without terms. */
export function signedIn({ entry }: ReadEntry<'CONTEST'>): readonly Signed[] {
  const { terms } = entry.body
  return terms === undefined ? [] : [terms.offer, terms.receipt, ...terms.accepts]
}

/** Reads what a contest brings along. Throws `MALFORMED`, or `TOO_LARGE`, where no jury could be drawn by it. */
export function readTerms({ author, entry }: ReadEntry<'CONTEST'>): Terms {
  const { job, class: about, terms } = entry.body
  if (about === 'arithmetic') throw refuse('arithmetic has no jury')
  if (terms === undefined) throw refuse('it has no terms')
  const [offer, receipt] = [readAs('offer', terms.offer), readAs('receipt', terms.receipt)]
  const accepts = terms.accepts.map((signed) => readAs('accept', signed))
  const requester = offer.author
  const executors = receipt.message.claims.map(({ peer }) => peer)
  const parties = [requester, ...executors]
  if (receipt.author !== requester) throw refuse('the receipt is not by the requester')
  if (accepts.some(({ message }) => !equalBytes(message.offer, offer.digest)))
    throw refuse('an accept is for another offer')
  const digests = [...accepts.map(({ digest }) => digest), ...terms.others]
  if (!equalBytes(jobIdOf(offer.digest, digests), job) || !equalBytes(receipt.message.job, job))
    throw refuse('it is about another job than its terms')
  if (digests.length !== receipt.message.drawnFrom) throw refuse('the receipt counts other accepts')
  if (offer.message.room !== hex(entry.room)) throw refuse('the job was in another room')
  if (offer.message.room !== receipt.message.room || offer.message.model !== receipt.message.model)
    throw refuse('the receipt is for another offer')
  if (new Set(parties).size < parties.length) throw refuse('a party stands there twice')
  const heads = new Map(accepts.map((accept) => [accept.author, accept.message.chain]))
  if (heads.size < accepts.length || heads.size !== executors.length || !executors.every((peer) => heads.has(peer)))
    throw refuse('its accepts are not those of the executors')
  if (!parties.includes(author)) throw refuse('its author is no party')
  const charter = digestOfCid(offer.message.charter, 'contest')
  if (!equalBytes(charter, entry.charter)) throw refuse('the job was under another charter')
  return {
    job,
    class: about,
    offer,
    receipt,
    requester,
    executors,
    parties,
    chains: new Map([[requester, offer.message.chain], ...heads]),
    charter,
    ...(offer.message.ledger ? { root: offer.message.ledger } : {}),
  }
}

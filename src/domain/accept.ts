import type { Charter } from './charter/charter.ts'
import type { Fault } from './fault.ts'
import { equalBytes, fromHex } from './hash.ts'
import type { MessageOf, Read } from './messages.ts'

/** Why an accept does not meet the terms of its offer and charter; undefined where it does. The requester asks when it comes, and whoever checks a receipt asks again. */
export function acceptFault(
  offer: Read<MessageOf<'offer'>>,
  { message, author }: Read<MessageOf<'accept'>>,
  charter: Charter,
): Fault | undefined {
  if (!equalBytes(message.offer, offer.digest))
    return { code: 'MALFORMED', what: 'accept', why: 'it is for another offer' }
  if (offer.message.engine === 'cpu' && message.engine !== 'cpu')
    return { code: 'ENGINE_UNAVAILABLE', engine: message.engine, why: 'this job asks for a cpu' }
  if (offer.message.excluded.includes(author)) return { code: 'OUT_OF_ORDER', what: 'accept', during: 'an exclusion' }
  if (offer.message.invited?.includes(author) === false)
    return { code: 'OUT_OF_ORDER', what: 'accept', during: 'an ask of others' }
  const known =
    message.engine === 'gpu' || charter.canons.some((canon) => equalBytes(fromHex(canon.wasmSha256), message.wasm))
  return known ? undefined : { code: 'CANON_UNKNOWN', canon: message.build }
}

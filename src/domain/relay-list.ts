import * as v from 'valibot'
import { fault } from './fault.ts'

/** Relays that a tab uses at a time: more only cost connections. */
const MAX_RELAYS = 8

/** Entries that are looked at: no list that a person wrote has more. */
const MAX_ENTRIES = 256

/** What a relay's address looks like, for people who wrote something else. */
export const RELAY_FORM = 'a multiaddr that ends in /p2p/… and the peer id of the relay'

const Relay = v.pipe(v.string(), v.maxLength(512), v.regex(/^\/.+\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/))

/** The form of `relays.json`: multiaddrs, each ending in its relay's peer id. */
const RelayList = v.object({ relays: v.pipe(v.array(v.unknown()), v.maxLength(MAX_ENTRIES)) })

/** Whether a text has the form of a relay's address; its parts are read when it is dialled. */
export const isRelay = (text: unknown): boolean => v.is(Relay, text)

/**
 * The relays of a decoded `relays.json`, at most eight, each once. An entry that is none is left out. Throws `MALFORMED` for
 * what is not such a list, and for one that has entries and no relay among them.
 */
export function decodeRelays(value: unknown): readonly string[] {
  const list = v.safeParse(RelayList, value)
  if (!list.success) throw malformed('it must be { "relays": ["/dns4/…/p2p/…"] }')
  const { relays: entries } = list.output
  const relays = entries.filter((entry): entry is string => isRelay(entry))
  if (entries.length > 0 && relays.length === 0) throw malformed(`nothing in it is ${RELAY_FORM}`)
  return [...new Set(relays)].slice(0, MAX_RELAYS)
}

const malformed = (why: string) => fault({ code: 'MALFORMED', what: 'list in relays.json', why })

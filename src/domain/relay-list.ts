import * as v from 'valibot'

/** Relays that a tab uses at a time: more only cost connections. */
const MAX_RELAYS = 8

/** The form of `relays.json`: multiaddrs, each ending in its relay's peer id. */
const RelayList = v.object({
  relays: v.array(v.pipe(v.string(), v.maxLength(512), v.regex(/^\/.+\/p2p\/[1-9A-HJ-NP-Za-km-z]+$/))),
})

/** The relays of a decoded `relays.json`, at most eight, each once; none where it is not one. */
export function decodeRelays(value: unknown): readonly string[] {
  const list = v.safeParse(RelayList, value)
  return list.success ? [...new Set(list.output.relays)].slice(0, MAX_RELAYS) : []
}

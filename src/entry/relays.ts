import type { Runtime } from '../domain/charter/runtime-defaults.ts'
import { fault } from '../domain/fault.ts'
import { decodeRelays, isRelay, RELAY_FORM } from '../domain/relay-list.ts'
import { listedRelays } from './listed-relays.ts'

/** Relays set when the app was built: `MOOT_RELAYS`, separated by commas. */
const BUILT_IN: readonly string[] = (import.meta.env.MOOT_RELAYS ?? '').split(',').filter(Boolean)

/** Relays, and who named them. */
export interface FoundRelays {
  readonly addresses: readonly string[]
  readonly from: Runtime['relaysFrom']
}

/**
 * The relays to use: those that the page's address names (`?relay=`, any number of times), else those that `relays.json` beside the
 * page lists, else those that the app was built with. Rejects with `MALFORMED` where the address or the file says something
 * else, and with `NO_RELAY` where nothing is said.
 */
export async function findRelays(page: URL = new URL(location.href)): Promise<FoundRelays> {
  const named = page.searchParams.getAll('relay')
  const wrong = named.find((text) => !isRelay(text))
  if (wrong !== undefined) {
    const why = `"${wrong.slice(0, 80)}" is not ${RELAY_FORM}`
    throw fault({ code: 'MALFORMED', what: 'relay that the address of this page names', why })
  }
  if (named.length > 0) return { addresses: decodeRelays({ relays: named }), from: 'address' }
  const beside = new URL('relays.json', document.baseURI)
  const listed = await listedRelays(beside, { pageIsNone: BUILT_IN.length > 0 })
  if (listed.length > 0) return { addresses: listed, from: 'relays.json' }
  if (BUILT_IN.length === 0) throw fault({ code: 'NO_RELAY', tried: 0 })
  return { addresses: BUILT_IN, from: 'build' }
}

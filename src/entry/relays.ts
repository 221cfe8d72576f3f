import { fault } from '../domain/fault.ts'
import { decodeRelays, isRelay, RELAY_FORM } from '../domain/relay-list.ts'

/** Relays set when the app was built: `MOOT_RELAYS`, separated by commas. */
const BUILT_IN: readonly string[] = (import.meta.env.MOOT_RELAYS ?? '').split(',').filter(Boolean)

/**
 * The relays to use: those that the page's address names (`?relay=`, any number of times), else those that `relays.json` beside the
 * page lists, else those that the app was built with. Rejects with `MALFORMED` where the address or the file says something
 * else, and with `NO_RELAY` where nothing is said.
 */
export async function findRelays(page: URL = new URL(location.href)): Promise<readonly string[]> {
  const named = page.searchParams.getAll('relay')
  const wrong = named.find((text) => !isRelay(text))
  if (wrong !== undefined) {
    const why = `"${wrong.slice(0, 80)}" is not ${RELAY_FORM}`
    throw fault({ code: 'MALFORMED', what: 'relay that the address of this page names', why })
  }
  if (named.length > 0) return decodeRelays({ relays: named })
  const listed = await listedBeside()
  const found = listed.length > 0 ? listed : BUILT_IN
  if (found.length === 0) throw fault({ code: 'NO_RELAY', tried: 0 })
  return found
}

/** What `relays.json` lists; a site without one lists none. */
async function listedBeside(): Promise<readonly string[]> {
  const response = await fetch(new URL('relays.json', document.baseURI), { cache: 'no-cache' }).catch(() => undefined)
  if (!response?.ok) return []
  const text = await response.text()
  try {
    return decodeRelays(JSON.parse(text))
  } catch (error) {
    // hosts that answer with the app for whatever they do not have
    if (BUILT_IN.length > 0 && text.trimStart().startsWith('<')) return []
    if (!(error instanceof SyntaxError)) throw error
    throw fault({ code: 'MALFORMED', what: 'list in relays.json', why: 'it is not JSON' })
  }
}

import { fault } from '../domain/fault.ts'
import { decodeRelays } from '../domain/relay-list.ts'

/** Relays set when the app was built: `MOOT_RELAYS`, separated by commas. */
const BUILT_IN: readonly string[] = (import.meta.env.MOOT_RELAYS ?? '').split(',').filter(Boolean)

/**
 * The relays to use: those that the page's address names (`?relay=`, any number of times), else those that `relays.json` beside the
 * page lists, else those that the app was built with. Rejects with `NO_RELAY` where there are none.
 */
export async function findRelays(page: URL = new URL(location.href)): Promise<readonly string[]> {
  const named = decodeRelays({ relays: page.searchParams.getAll('relay') })
  if (named.length > 0) return named
  const listed = await listedBeside()
  const found = listed.length > 0 ? listed : BUILT_IN
  if (found.length === 0) throw fault({ code: 'NO_RELAY', tried: 0 })
  return found
}

/** A site without `relays.json` is no fault; one whose file is something else lists none. */
async function listedBeside(): Promise<readonly string[]> {
  try {
    const response = await fetch(new URL('relays.json', document.baseURI), { cache: 'no-cache' })
    return response.ok ? decodeRelays(await response.json()) : []
  } catch {
    return []
  }
}

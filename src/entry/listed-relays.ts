import { fault } from '../domain/fault.ts'
import { decodeRelays } from '../domain/relay-list.ts'

/** What a site's `relays.json` lists; a site without one lists none. Rejects with `MALFORMED` where it is something else. */
export async function listedRelays(
  url: URL,
  options: {
    /** Whether a page in its place stands for none: hosts answer with the app for whatever they do not have. Default false. */
    readonly pageIsNone?: boolean
    readonly signal?: AbortSignal
  } = {},
): Promise<readonly string[]> {
  const { pageIsNone = false, signal = null } = options
  const response = await fetch(url, { cache: 'no-cache', signal }).catch(() => undefined)
  if (!response?.ok) return []
  const text = await response.text()
  try {
    return decodeRelays(JSON.parse(text))
  } catch (error) {
    if (pageIsNone && text.trimStart().startsWith('<')) return []
    if (!(error instanceof SyntaxError)) throw error
    throw fault({ code: 'MALFORMED', what: 'list in relays.json', why: 'it is not JSON' })
  }
}

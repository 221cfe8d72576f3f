import { fault } from '../../domain/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import { failed, refused } from './failures.ts'

/** Milliseconds without a byte after which a server counts as silent: a hub that wakes a cold file takes up to 10 s. */
export const SILENCE_MS = 30_000

export interface WebComponents {
  readonly clock: Clock
  readonly fetch: typeof fetch
}

export interface RequestInit {
  /** What a person calls what is asked for. */
  readonly source: string
  readonly method?: 'GET' | 'HEAD'
  /** The byte from which on it is wanted. Asks for no compression as well, so that lengths are those of the file. */
  readonly from?: number
  readonly signal?: AbortSignal | undefined
}

/** An answer whose headers have come. `hangUp` ends it, whatever of its body is still on its way. */
export interface Answer {
  readonly response: Response
  readonly hangUp: () => void
}

/**
 * Asks a web server. Resolves with 2xx, and with 416 where a range was asked for; what else can be rejects with
 * `SOURCE_FAILED` or `CANCELLED`. Sends no cookies and no referrer, and no header that would need the server's consent
 * beforehand (CORS preflight): `Range: bytes=N-` needs none.
 */
export async function request(components: WebComponents, url: string, init: RequestInit): Promise<Answer> {
  const { source, method = 'GET', from, signal } = init
  if (isMixed(url)) throw failed(source, 'mixed')
  const hangUp = new AbortController()
  const silent = components.clock.after(SILENCE_MS, () => hangUp.abort(SILENT))
  try {
    const response = await components.fetch(url, {
      method,
      headers: from === undefined ? {} : { range: `bytes=${from}-` },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, hangUp.signal]) : hangUp.signal,
    })
    if (response.ok || (response.status === 416 && from !== undefined))
      return { response, hangUp: () => hangUp.abort() }
    hangUp.abort()
    throw refused(source, response.status)
  } catch (error) {
    if (signal?.aborted) throw fault({ code: 'CANCELLED' })
    if (hangUp.signal.reason === SILENT) throw failed(source, 'silent')
    if (!(error instanceof TypeError)) throw error
    throw failed(source, await whyNot(components, url, signal))
  } finally {
    silent()
  }
}

const SILENT = new DOMException('The server is silent.', 'TimeoutError')

/** Why a fetch failed, which the browser does not say: found by asking once more in ways that fail for fewer reasons. */
async function whyNot({ fetch }: WebComponents, url: string, signal: AbortSignal | undefined) {
  const probe = async (init: { mode?: RequestMode; redirect?: RequestRedirect }): Promise<Response | undefined> => {
    const patience = AbortSignal.timeout(5_000)
    const stop = new AbortController()
    try {
      const signals = AbortSignal.any([patience, stop.signal, ...(signal ? [signal] : [])])
      return await fetch(url, { ...init, credentials: 'omit', cache: 'no-store', signal: signals })
    } catch {
      return undefined
    } finally {
      stop.abort()
    }
  }
  // Node asks no server for its consent.
  const opaque = globalThis.location === undefined ? undefined : await probe({ mode: 'no-cors' })
  if (opaque !== undefined) return 'cors'
  const first = await probe({ redirect: 'manual' })
  const leadsOn =
    first !== undefined && (first.type === 'opaqueredirect' || (first.status >= 300 && first.status < 400))
  return leadsOn ? 'redirects' : 'unreachable'
}

/** Whether the browser would forbid it before asking: a page that came over https reads http from this machine alone. */
function isMixed(url: string): boolean {
  if (globalThis.location?.protocol !== 'https:') return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

import { shortCid } from '../domain/charter/clause-words.ts'
import { fault } from '../domain/fault.ts'
import type { Peer } from '../peer/view.ts'
import { host, type Host, type HostOptions } from './host.ts'

/** Makes this process a peer under the charter that it was asked to go by: where the text is not here, it looks on until somebody brings it. Rejects with `CANCELLED`. */
export async function hostUnder(
  options: HostOptions,
  { say, signal }: { say: (sentence: string) => void; signal: AbortSignal },
): Promise<Host> {
  const hosting = await host(options)
  const { charter } = options
  if (hosting.isMember || charter === undefined) return hosting
  say(`The text of the charter ${shortCid(charter)} is not here: looking on until somebody in the room brings it.`)
  try {
    await untilKnown(hosting.peer, charter, signal)
    await hosting.peer.governance.sign(charter, 'clicked')
  } finally {
    await hosting.stop()
  }
  return host(options)
}

function untilKnown(peer: Peer, charter: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const isKnown = () => peer.governance.view.charters.some(({ id }) => id === charter)
  const look = () => {
    if (peer.governance.view.ready && isKnown()) resolve()
  }
  const stop = peer.subscribe(look)
  const abort = () => reject(fault({ code: 'CANCELLED' }))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  look()
  return promise.finally(() => {
    stop()
    signal.removeEventListener('abort', abort)
  })
}

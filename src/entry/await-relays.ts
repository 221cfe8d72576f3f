import type { Clock } from '../ports/clock.ts'
import { listedRelays } from './listed-relays.ts'
import { pause } from './pause.ts'

/** Milliseconds between two looks at a site that lists no relay, or is not there yet. */
const AGAIN = 5_000

/** The relays that `relays.json` beside an app lists, once it is there. Rejects with `MALFORMED` for what is no such list, and when aborted. */
export async function awaitRelays(
  app: URL,
  waiting: { readonly say: (sentence: string) => void; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { say, signal } = waiting
  const list = new URL('relays.json', app)
  for (let looks = 1; ; looks++) {
    const relays = await listedRelays(list, { signal })
    if (relays.length > 0) return relays
    if (looks === 1)
      say(`Nothing at ${list.href} lists a relay. Waiting for it: start the app there, or name a relay with --relay.`)
    await pause(waiting, AGAIN)
    signal.throwIfAborted()
  }
}

import { readRelayAddress } from '../adapters/libp2p/relay-address.ts'
import { RELAY_FORM } from '../domain/relay-list.ts'
import { misuse, type Command } from './command-line.ts'

/** Ends the process where a `--relay` is no address of one. */
export function checkRelays(command: Command, texts: readonly string[]): void {
  for (const text of texts) {
    try {
      readRelayAddress(text)
    } catch {
      misuse(command, `--relay takes ${RELAY_FORM}, and got "${text}".`)
    }
  }
}

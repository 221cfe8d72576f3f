import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { fault, type MootError } from '../../domain/fault.ts'
import { RELAY_FORM } from '../../domain/relay-list.ts'

/** The address of a relay, and whose it is. Throws `MALFORMED` for another text. */
export function readRelayAddress(text: string): { address: Multiaddr; peer: string } {
  const address = parse(text)
  const last = address.getComponents().at(-1)
  if (last?.name !== 'p2p' || !last.value) throw malformed(`"${text.slice(0, 80)}" is not ${RELAY_FORM}`)
  return { address, peer: last.value }
}

function parse(text: string): Multiaddr {
  try {
    return multiaddr(text)
  } catch (error) {
    throw malformed(`${error instanceof Error ? error.message : String(error)}; it is ${RELAY_FORM}`)
  }
}

const malformed = (why: string): MootError => fault({ code: 'MALFORMED', what: 'relay address', why })

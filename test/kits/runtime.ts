import { cidOf, FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { runtimeDefaults, type Runtime } from '../../src/domain/charter/runtime-defaults.ts'

/** What a peer of a test runs that nobody chose. */
export const RUNTIME: Runtime = {
  relays: ['/ip4/127.0.0.1/tcp/9090/ws'],
  relaysFrom: 'address',
  origin: 'test',
  build: 'of a test',
  iceServers: [],
  pointer: cidOf(FIRST_CHARTER),
  firstModel: 'digits',
}

/** Entries that a peer writes by itself when it joins: KEY, CONSENT, and what it runs that others may run otherwise. */
export const WRITTEN_ON_JOINING = 2 + runtimeDefaults(RUNTIME).filter(({ varies }) => varies).length

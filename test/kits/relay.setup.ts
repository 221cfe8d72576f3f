import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createRelay } from '../../src/adapters/libp2p/relay.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Multiaddrs of a relay that runs beside the browser tests. */
    readonly relays: readonly string[]
  }
}

/** Runs a relay for as long as the browser tests do. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'moot-relay-'))
  const relay = await createRelay({
    privateKeySeed: new Uint8Array(32).fill(7),
    host: '127.0.0.1',
    port: 0,
    webrtcDirectPort: 0,
    dataDir,
  })
  project.provide('relays', relay.addresses())
  return async () => {
    await relay.stop()
    await rm(dataDir, { recursive: true })
  }
}

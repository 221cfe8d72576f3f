import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createRelay, type Relay } from '../../../src/adapters/libp2p/relay.ts'
import { netKit } from '../../kits/net.ts'
import { libp2pStage } from './stage.ts'

let relay: Relay
let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'moot-relay-'))
  relay = await createRelay({ privateKeySeed: new Uint8Array(32).fill(7), host: '127.0.0.1', port: 0, dataDir })
})

afterAll(async () => {
  await relay.stop()
  await rm(dataDir, { recursive: true })
})

netKit('libp2p in Node', (count) => libp2pStage(relay.addresses(), count))

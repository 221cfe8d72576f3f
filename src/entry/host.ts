import { join } from 'node:path'
import { createLibp2pNet } from '../adapters/libp2p/net.ts'
import { openNodeCanon, openNodeCpuEngine } from '../adapters/onnx/node.ts'
import { openSurgery } from '../adapters/onnx/surgery/index.ts'
import { openSqlite } from '../adapters/sqlite/index.ts'
import { CANONS } from '../adapters/onnx/canons.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { randomBytes } from '../adapters/webcrypto/random.ts'
import { openSigner } from '../adapters/webcrypto/signer.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { cidOf, FIRST_CHARTER } from '../domain/charter/charter.ts'
import { createPeer } from '../peer/create-peer.ts'
import type { Peer, Settings } from '../peer/view.ts'
import { charterAtHand } from './charter-at-hand.ts'
import { importTools } from './import-tools.ts'
import { pause } from './pause.ts'
import { readSecret } from './read-secret.ts'
import { readShipped } from './read-shipped.ts'
import { firstModel, shippedModels } from './shipped-models.ts'
import { reckon } from './reckon.ts'
import { sourceHashes } from './source-hash.ts'

/** Milliseconds to leave in: goodbyes are on their way at once, and who vanished just now does not take leave. */
const LEAVE_WITHIN = 1_500

export interface HostOptions {
  readonly room: string
  /** Multiaddrs. */
  readonly relays: readonly string[]
  /** The folder of its key and of what it keeps; one for each peer. */
  readonly data: string
  /** CID of the charter that it signs: the app's own where none is given. */
  readonly charter?: string
  readonly settings: Pick<Settings, 'watching' | 'duty' | 'cacheBytes'>
}

export interface Host {
  readonly peer: Peer
  /** Whether it goes by the charter that it was asked to; else it looks on under the app's own, since the text is not here. */
  readonly isMember: boolean
  /** Says goodbye to the room, and closes what is kept. */
  stop(): Promise<void>
}

/** Makes this process a peer, as `join` does a tab: key, engine, storage and network. Its engine is the cpu, which is the canon. */
export async function host({ room, relays, data, charter: asked, settings }: HostOptions): Promise<Host> {
  const [seed, chainSecret] = [
    await readSecret(join(data, 'peer.key'), 'key of a peer'),
    await readSecret(join(data, 'chain.key'), 'secret of a peer'),
  ]
  const { rules, build } = sourceHashes()
  const shipped = shippedModels(readShipped)
  const storage = openSqlite({ path: join(data, 'models.sqlite'), maxBytes: settings.cacheBytes })
  const { charter, isAsked } = await charterAtHand(asked, storage.records('charters'))
  const [signer, net, cpu] = await Promise.all([
    openSigner(seed),
    createLibp2pNet({ privateKeySeed: seed, relays }),
    openNodeCpuEngine({ runLimit: FIRST_CHARTER.timeouts.compute }),
  ])
  const peer = await createPeer(
    {
      room,
      charter,
      ...(isAsked ? { consent: 'clicked' } : {}),
      settings: { ...settings, watching: settings.watching || !isAsked, engine: 'cpu', paused: false },
      epoch: Date.now(),
    },
    {
      net,
      signer,
      verify: verifySignature,
      clock: systemClock,
      random: randomBytes,
      cpu,
      blocks: storage.blocks,
      records: {
        models: storage.records('models'),
        imports: storage.records('imports'),
        opinions: storage.records('opinions'),
        standing: storage.records('standing'),
        charters: storage.records('charters'),
      },
      logs: (name) => storage.logs(name),
      runtime: {
        relays,
        relaysFrom: 'address',
        origin: 'node',
        build,
        iceServers: [],
        pointer: cidOf(FIRST_CHARTER),
        firstModel: firstModel(shipped),
      },
      canons: CANONS.map(({ wasmSha256 }) => wasmSha256),
      code: rules,
      reckon,
      importTools: async () => importTools({ cpu }),
      openSurgery,
      openCanon: openNodeCanon,
      shipped,
      settings: storage.settings,
      chainSecret,
    },
  )
  return {
    peer,
    isMember: isAsked,
    async stop() {
      const late = pause({ clock: systemClock, signal: new AbortController().signal }, LEAVE_WITHIN)
      await Promise.race([peer.leave(), late])
      storage.close()
    },
  }
}

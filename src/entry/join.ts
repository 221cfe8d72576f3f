import { MootDatabase } from '../adapters/idb/database.ts'
import { openIdbBlockStore } from '../adapters/idb/block-store.ts'
import { openIdbLogs } from '../adapters/idb/log-store.ts'
import { openIdbRecords } from '../adapters/idb/record-store.ts'
import { askToPersist, storageRoom } from '../adapters/idb/quota.ts'
import { openIdentity, type Identity } from '../adapters/idb/identity.ts'
import { openSettingsStore } from '../adapters/idb/settings.ts'
import { MemoryBlockStore } from '../adapters/memory/block-store.ts'
import { memoryLogs } from '../adapters/memory/log-store.ts'
import { memorySettingsStore } from '../adapters/memory/settings.ts'
import { createLibp2pNet } from '../adapters/libp2p/net.ts'
import { canonOpener, openCpuEngine, openGpuEngine, whileOpening, type ModelEngine } from '../adapters/onnx/index.ts'
import { claim } from '../adapters/system/claim.ts'
import { CANONS } from '../adapters/onnx/canons.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { tabsOfThisBrowser } from '../adapters/system/siblings.ts'
import { randomBytes } from '../adapters/webcrypto/random.ts'
import { openSigner } from '../adapters/webcrypto/signer.ts'
import { verifySignature } from '../adapters/webcrypto/verify.ts'
import { cidOf, FIRST_CHARTER } from '../domain/charter/charter.ts'
import { createPeer } from '../peer/create-peer.ts'
import type { PlantedFault } from '../peer/plant-fault.ts'
import { DEFAULT_SETTINGS } from '../peer/settings.ts'
import type { Peer } from '../peer/view.ts'
import type { JoinOptions } from '../ui/joining.ts'
import { charterAtHand } from './charter-at-hand.ts'
import { reckonIn } from './reckon-in-worker.ts'
import { findRelays, type FoundRelays } from './relays.ts'
import { firstModel, readFromSite, shippedModels } from './shipped-models.ts'

const createWorker = () => new Worker(new URL('./inference-worker.ts', import.meta.url), { type: 'module' })

/** Makes this tab a peer: key, engine, storage and network. Called after a person pressed Join or Watch only, and by nothing else. */
export async function join(options: JoinOptions): Promise<Peer> {
  const page = new URL(location.href)
  const planted = await faultNamedBy(page)
  const database = new MootDatabase()
  options.onProgress?.('identity')
  const relays = findRelays(page)
  const opening = openKey(options, database, relays)
  const release = async () => {
    await opening.then(
      (identity) => identity.close(),
      () => {},
    )
    await database.close()
  }
  try {
    return await joinWith(options, { page, planted, database, finding: Promise.all([opening, relays]), release })
  } catch (error) {
    // Whoever tries again takes the same key.
    await release()
    throw error
  }
}

/** This tab's own key, or the one that a person brings: not before it is known where the room may be found. */
async function openKey(
  { moved, room }: JoinOptions,
  database: MootDatabase,
  relays: Promise<FoundRelays>,
): Promise<Identity> {
  if (moved === undefined) return openIdentity({ database })
  await relays
  return (await import('./bring-key.ts')).bringKey(moved, { database, room })
}

interface AtHand {
  readonly page: URL
  readonly planted: Awaited<ReturnType<typeof faultNamedBy>>
  readonly database: MootDatabase
  readonly finding: Promise<readonly [Identity, FoundRelays]>
  readonly release: () => Promise<void>
}

async function joinWith(
  { room, charter: asked, grade, watching, settings, onProgress }: JoinOptions,
  { page, planted, database, finding, release }: AtHand,
): Promise<Peer> {
  const cpu = whileOpening(openCpuEngine({ createWorker, runLimit: FIRST_CHARTER.timeouts.compute }))
  let gpu: ModelEngine | undefined
  const [identity, relays] = await finding
  const { slot } = identity
  const charters = openIdbRecords({ database, name: 'charters' })
  const { charter, isAsked } = await charterAtHand(asked, charters)
  const shipped = shippedModels(readFromSite)
  const kept = slot === undefined ? memorySettingsStore() : openSettingsStore({ database, slot })
  const maxBytes = settings.cacheBytes ?? DEFAULT_SETTINGS.cacheBytes
  const [signer, net, blocks] = await Promise.all([
    openSigner(identity.seed),
    createLibp2pNet({ privateKeySeed: identity.seed, relays: relays.addresses }),
    // Where the browser stores nothing, models are here for as long as the tab.
    openIdbBlockStore({ database, maxBytes }).catch(() => new MemoryBlockStore()),
  ])
  onProgress?.('network')
  const peer = await createPeer(
    {
      room,
      charter,
      // Whoever has not read the room's charter looks on until it is here.
      ...(isAsked && grade ? { consent: grade } : {}),
      settings: { ...settings, watching: watching || !isAsked },
      epoch: Date.now(),
      ...(planted ? { plantedFault: planted.fault } : {}),
    },
    {
      net,
      signer,
      verify: verifySignature,
      clock: systemClock,
      random: randomBytes,
      cpu,
      cpuReady: cpu.ready,
      startGpu: async () => (gpu = await openGpuEngine({ createWorker, ...gpuSwitches(page, planted?.fault) })),
      blocks,
      ...(planted ? { disturb: planted.disturb } : {}),
      records: {
        models: openIdbRecords({ database, name: 'models' }),
        imports: openIdbRecords({ database, name: 'imports' }),
        opinions: openIdbRecords({ database, name: 'opinions' }),
        standing: openIdbRecords({ database, name: 'standing' }),
        charters,
      },
      logs: (name) => (slot === undefined ? memoryLogs() : openIdbLogs({ database, slot, room: name })),
      runtime: {
        relays: relays.addresses,
        relaysFrom: relays.from,
        origin: page.origin,
        build: import.meta.env.MOOT_BUILD,
        iceServers: [],
        pointer: cidOf(FIRST_CHARTER),
        firstModel: firstModel(shipped),
      },
      canons: CANONS.map(({ wasmSha256 }) => wasmSha256),
      code: import.meta.env.MOOT_RULES,
      reckon: reckonIn(() => new Worker(new URL('./reckoning-worker.ts', import.meta.url), { type: 'module' })),
      importTools: async ({ hasGpu }) =>
        (await import('./import-tools.ts')).importTools({ cpu, gpu: () => (hasGpu() ? gpu : undefined) }),
      diagnosisTools: async () =>
        (await import('./diagnosis-tools.ts')).diagnosisTools({
          cpu,
          openGpu: (options) => openGpuEngine({ createWorker, ...options, ...emulation(page), skipSelfTest: true }),
          browser: navigator.userAgent,
        }),
      openSurgery: async (model) => (await import('../adapters/onnx/surgery/index.ts')).openSurgery(model),
      openCanon: canonOpener({ createWorker }),
      claim,
      siblings: tabsOfThisBrowser(),
      storage: { room: storageRoom, persist: askToPersist },
      shipped,
      settings: kept,
      chainSecret: identity.chainSecret,
      identity,
      release,
    },
  )
  addEventListener('pagehide', () => void peer.leave())
  // A phone puts hidden pages to sleep; elsewhere they go on.
  if (matchMedia('(pointer: coarse)').matches) {
    const tell = () => peer.hide(document.hidden)
    document.addEventListener('visibilitychange', tell)
    tell()
  }
  // For the console and for rehearsals: what the screens show, and can do, without the screens.
  globalThis.moot = peer
  onProgress?.('joined')
  return peer
}

/** For rehearsals on machines whose GPU is emulated: `?gpu=emulated`; and a fault to see what the self-test would have caught. */
const gpuSwitches = (page: URL, planted: PlantedFault | undefined) => ({
  ...emulation(page),
  skipSelfTest: planted?.kind === 'skip-self-test',
})

const emulation = ({ searchParams }: URL) => ({ allowSoftwareGpu: searchParams.get('gpu') === 'emulated' })

/** `?fault=op=17,scale=1.01`: a fault that somebody plants in this tab, to see it found. */
async function faultNamedBy({ searchParams }: URL) {
  const named = searchParams.get('fault')
  return named === null ? undefined : (await import('./name-fault.ts')).faultNamed(named)
}

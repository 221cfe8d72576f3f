import { readFile } from 'node:fs/promises'
import { createMemoryNetwork, type MemoryNetwork } from '../../src/adapters/memory/network.ts'
import { MemoryBlockStore } from '../../src/adapters/memory/block-store.ts'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { memoryRecords } from '../../src/adapters/memory/record-store.ts'
import { memorySettingsStore } from '../../src/adapters/memory/settings.ts'
import { openNodeCanon, openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { openSurgery } from '../../src/adapters/onnx/surgery/index.ts'
import type { ModelEngine } from '../../src/adapters/onnx/index.ts'
import type { EngineOptions } from '../../src/adapters/onnx/worker-engine.ts'
import { CANONS } from '../../src/adapters/onnx/canons.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { fault } from '../../src/domain/fault.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { importTools } from '../../src/entry/import-tools.ts'
import { disturb } from '../../src/entry/name-fault.ts'
import { reckon } from '../../src/entry/reckon.ts'
import { shippedModels } from '../../src/entry/shipped-models.ts'
import { createPeer } from '../../src/peer/create-peer.ts'
import type { PeerComponents, PeerInit } from '../../src/peer/peer-components.ts'
import type { Answer, ModelSummary, Peer, Proposal } from '../../src/peer/view.ts'
import { person } from './keys.ts'
import { RUNTIME, WRITTEN_ON_JOINING } from './runtime.ts'

const readShipped = async (path: string) =>
  new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url)))

export interface RoomInit extends EngineOptions {
  /** One that outlives the room; without it the room opens its own. */
  readonly engine?: ModelEngine
}

export interface Room {
  readonly network: MemoryNetwork
  /** The one canon that all of them run on. */
  readonly cpu: ModelEngine
  join(name: string, change?: { init?: Partial<PeerInit>; components?: Partial<PeerComponents> }): Promise<Peer>
  /** Does something once the peers have left. */
  onClose(end: () => Promise<void>): void
  /** Resolves once each of these peers has a link to each other. */
  meshed(...peers: Peer[]): Promise<void>
  close(): Promise<void>
}

/** A room of real peers with real keys and the real canon, over the in-memory network: everything but WebRTC. */
export async function openRoom({ engine: shared, ...options }: RoomInit = {}): Promise<Room> {
  const network = createMemoryNetwork()
  const engine = shared ?? (await openNodeCpuEngine(options))
  // One engine serves all: a peer that leaves does not close it under the others.
  const cpu: ModelEngine = new Proxy(engine, {
    get: (target, key) => {
      const value: unknown = key === 'close' ? async () => {} : Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const peers: Peer[] = []
  const ends: (() => Promise<void>)[] = []
  return {
    network,
    cpu,
    onClose: (end) => void ends.push(end),
    join: async (name, { init, components } = {}) => {
      const signer = await openSigner(person(name).seed)
      const peer = await createPeer(
        {
          room: 'story',
          charter: FIRST_CHARTER,
          consent: 'clicked',
          epoch: Date.now(),
          settings: { duty: 1 },
          ...init,
        },
        {
          net: network.peer(signer.peer),
          signer,
          verify: verifySignature,
          clock: systemClock,
          random: randomBytes,
          cpu,
          blocks: new MemoryBlockStore(),
          records: {
            models: memoryRecords(),
            imports: memoryRecords(),
            opinions: memoryRecords(),
            standing: memoryRecords(),
            charters: memoryRecords(),
          },
          logs: () => memoryLogs(),
          runtime: RUNTIME,
          canons: CANONS.map(({ wasmSha256 }) => wasmSha256),
          code: 'of a test',
          reckon,
          disturb,
          importTools: async () => importTools({ cpu }),
          openSurgery,
          openCanon: openNodeCanon,
          shipped: shippedModels(readShipped),
          settings: memorySettingsStore(),
          chainSecret: randomBytes(32),
          ...components,
        },
      )
      peers.push(peer)
      return peer
    },
    meshed: async (...all) => {
      await Promise.all(
        all.map((peer) =>
          until(peer, (view) => view.peers.filter((other) => other.path === 'direct').length >= all.length - 1),
        ),
      )
    },
    close: async () => {
      await Promise.all(peers.map((peer) => peer.leave()))
      await Promise.all(ends.map((end) => end()))
      if (shared === undefined) await engine.close()
    },
  }
}

/** Resolves once a peer's view is as wanted. */
export const until = (peer: Peer, wanted: (view: Peer['view']) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const stop = peer.subscribe((view) => check(view))
    const check = (view: Peer['view']) => {
      if (!wanted(view)) return
      stop()
      resolve()
    }
    check(peer.view)
  })

/** Resolves once a peer has written all that it writes by itself when it joins. */
export const hasJoined = (peer: Peer): Promise<void> =>
  until(peer, () => peer.governance.view.ready && peer.governance.view.ledger.own >= WRITTEN_ON_JOINING)

/** Resolves once all of them are linked, and know of each other that they compute. */
export async function together(...peers: Peer[]): Promise<void> {
  const isKnown = (view: Peer['view']) =>
    peers
      .filter(({ id }) => id !== view.id)
      .every(({ id }) =>
        view.peers.some((other) => other.id === id && other.path === 'direct' && other.engine !== 'none'),
      )
  await Promise.all(peers.map((peer) => until(peer, isKnown)))
}

export const digits = (peer: Peer, name = 'digits') => {
  const model = peer.view.models.find((other) => other.manifest.name === name)
  if (!model) throw new Error(`no model ${name}`)
  return model.id
}

/** Imports a file as a person would who changes nothing of what is proposed, but for `change`. */
export async function importFile(
  peer: Peer,
  path: string,
  bytes: Uint8Array,
  change: Partial<Proposal> = {},
): Promise<ModelSummary> {
  const blob = new Blob([new Uint8Array(bytes)])
  const importing = peer.models.import({ kind: 'files', files: [{ path, blob }] })
  const { fault: failed, proposal } = await importing.settled
  if (failed) throw fault(failed)
  if (!proposal) throw new Error(`the import of ${path} came to nothing`)
  return importing.publish({ ...proposal, ...change })
}

/** A vertical bar: a one. */
export const aDigit = (): Tensors => {
  const pixels = new Float32Array(28 * 28)
  for (let y = 5; y < 23; y++) for (let x = 13; x < 16; x++) pixels[y * 28 + x] = 1
  return { image: { dtype: 'float32', dims: [1, 1, 28, 28], data: new Uint8Array(pixels.buffer) } }
}

export const names = (answer: Answer): string[] => answer.claims.map((claim) => claim.peer).toSorted()

import { equalBytes, hash, hashBytes, hex } from '../domain/hash.ts'
import type { Charter } from '../domain/charter/charter.ts'
import { cidOf, FIRST_CHARTER } from '../domain/charter/charter.ts'
import type { Runtime } from '../domain/charter/runtime-defaults.ts'
import { valueHash } from '../domain/dispute/trace.ts'
import { fault } from '../domain/fault.ts'
import { manifestBytes } from '../domain/check-manifest.ts'
import type { Manifest, ModelId } from '../domain/manifest.ts'
import { peerIdFromKey } from '../domain/peer-id.ts'
import { rawCid } from '../domain/cids.ts'
import type { EngineKind } from '../domain/states.ts'
import type { Tensors } from '../domain/tensor.ts'
import type { Clock } from '../ports/clock.ts'
import type { CanonEngine } from '../ports/canon-engine.ts'
import type { EngineInfo, InferenceResult } from '../ports/inference-engine.ts'
import type { Signer, VerifySignature } from '../ports/signer.ts'
import type { OpenSurgery } from '../ports/surgery.ts'

/**
 * What a simulation puts in the place of a browser's cryptography and of onnxruntime. Both are real only in shape: the
 * signatures bind nobody, and the model is a few multiplications. What is simulated is everything between them.
 */

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** The same name in the same simulation has the same key. */
export function standInSigner(seed: string, name: string): Signer {
  const publicKey = hash('sim/key', seed, name)
  return { peer: peerIdFromKey(publicKey), publicKey, sign: async (bytes) => standInSignature(publicKey, bytes) }
}

/** Holds for what `standInSigner` signed. Anybody could make one: no simulated peer does. */
export const verifyStandIn: VerifySignature = async (publicKey, bytes, signature) =>
  equalBytes(signature, standInSignature(publicKey, bytes))

/** A checksum of key and bytes (FNV-1a, 32 bits) and the key beside it, 64 bytes: a simulation checks a million of them. */
function standInSignature(publicKey: Uint8Array, bytes: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  signature.set(publicKey, 32)
  new DataView(signature.buffer).setUint32(0, checksum(bytes, checksum(publicKey, 0x811c9dc5)))
  return signature
}

const checksum = (bytes: Uint8Array, seed: number): number =>
  bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), seed) >>> 0

/** Bytes of a model that only the stand-in engine runs. */
const MODEL = text('a stand-in model: each output is a weighted sum of the inputs')

const INPUTS = 4
const OUTPUTS = 3

const PUBLISHER = hash('sim/publisher')
const UNSIGNED = {
  name: 'stand-in',
  version: '1',
  publisher: peerIdFromKey(PUBLISHER),
  licence: 'MIT',
  files: [
    {
      path: 'stand-in',
      role: 'model',
      size: MODEL.length,
      cid: rawCid(hashBytes(MODEL)),
      blocks: [hashBytes(MODEL)],
    },
  ],
  inputs: [{ name: 'x', dtype: 'float32', dims: [INPUTS] }],
  outputs: [{ name: 'y', dtype: 'float32', dims: [OUTPUTS] }],
  parameters: INPUTS * OUTPUTS,
  memory: 2 * MODEL.length,
  arithmetic: 'fp32',
  canon: hashBytes(text('stand-in cpu')),
  canonicalRun: 'plain',
} as const satisfies Omit<Manifest, 'signature'>

export const STAND_IN_MODEL: Manifest = {
  ...UNSIGNED,
  signature: standInSignature(PUBLISHER, manifestBytes(UNSIGNED)),
}
export const STAND_IN_MODEL_ID: ModelId = cidOf(STAND_IN_MODEL)
export const readStandInModel = async (): Promise<Uint8Array> => MODEL

const infoOf = (kind: EngineKind): EngineInfo => ({
  kind,
  build: `stand-in ${kind}`,
  wasmSha256: hex(hashBytes(text(`stand-in ${kind}`))),
})

/** The first charter, but for its canon: the stand-in is one to nobody but a simulation. */
export const STAND_IN_CHARTER: Charter = {
  ...FIRST_CHARTER,
  title: 'Simulation',
  canons: [{ library: 'stand-in', version: '1', wasmSha256: infoOf('cpu').wasmSha256 }],
}

/** What they run that nobody chose. */
export const STAND_IN_RUNTIME: Runtime = {
  relays: [],
  relaysFrom: 'build',
  origin: 'simulation',
  build: 'simulated',
  iceServers: [],
  pointer: cidOf(STAND_IN_CHARTER),
  firstModel: 'stand-in',
}

/** What the simulated tabs ask: small floats, exact in binary. */
export function standInInput(random: (length: number) => Uint8Array): Tensors {
  const values = Float32Array.from(random(INPUTS), (byte) => (byte - 128) / 16)
  return { x: { dtype: 'float32', dims: [INPUTS], data: new Uint8Array(values.buffer) } }
}

/**
 * An engine that takes `computeMs()` of the simulation's time. A gpu rounds otherwise than a cpu, within the rule. To its
 * trace the model is one operator, which makes `y`.
 */
export function standInEngine(kind: EngineKind, clock: Clock, computeMs: () => number): CanonEngine {
  const loaded = new Set<ModelId>()
  const compute = async ({ x }: Tensors, signal?: AbortSignal): Promise<InferenceResult> => {
    if (x === undefined) throw fault({ code: 'WRONG_INPUT', input: 'x', expected: `${INPUTS} floats`, got: 'nothing' })
    const ms = computeMs()
    await passed(clock, ms, signal)
    return { outputs: weighted(new Float32Array(x.data.slice().buffer), kind), computeMs: ms }
  }
  return {
    info: infoOf(kind),
    has: (model) => loaded.has(model),
    load: async (model) => void loaded.add(model.id),
    run: async (model, inputs, { signal } = {}) => {
      if (!loaded.has(model)) throw fault({ code: 'MODEL_NOT_LOADED', model })
      return await compute(inputs, signal)
    },
    trace: async (_, inputs, { signal, keep = [], given = {} } = {}) => {
      const { outputs, computeMs: ms } = given.y
        ? { outputs: { y: given.y }, computeMs: 0 }
        : await compute(inputs, signal)
      const values = Object.entries(outputs).map(([name, tensor]) => valueHash(name, tensor))
      return { values, outputs, kept: keep.includes('y') ? outputs : {}, computeMs: ms }
    },
    runOnce: async (_, inputs, { signal } = {}) => await compute(inputs, signal),
    close: async () => {},
  }
}

/** The stand-in model, taken apart: there is not much to it. */
export const openStandInSurgery: OpenSurgery = async () => ({
  outline: {
    operators: [{ index: 0, type: 'WeightedSum', name: '', takes: ['x'], makes: ['y'] }],
    values: [{ name: 'y', operator: 0 }],
  },
  leaf: () => ({ operators: [0], needs: ['x'] }),
  segment: () => ({ operators: [0], needs: ['x'] }),
  cut: () => MODEL,
})

function weighted(x: Float32Array, kind: EngineKind): Tensors {
  const rounding = kind === 'gpu' ? 1 + 2 ** -22 : 1
  const y = Float32Array.from(
    { length: OUTPUTS },
    (_, row) => x.reduce((sum, value, i) => sum + value * (row + i + 1), 1) * rounding,
  )
  return { y: { dtype: 'float32', dims: [OUTPUTS], data: new Uint8Array(y.buffer) } }
}

function passed(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(fault({ code: 'CANCELLED' }))
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

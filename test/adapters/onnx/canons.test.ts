import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { CANONS, GPU_BUILD, type Canon } from '../../../src/adapters/onnx/canons.ts'
import { pinned } from '../../../src/adapters/onnx/pinned.ts'
import { hashTensors } from '../../../src/domain/commitment.ts'
import { hex } from '../../../src/domain/hash.ts'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { seededInputs } from '../../../src/domain/seeded-inputs.ts'
import { openNodeCanon } from '../../../src/adapters/onnx/node.ts'
import { faultFrom, loaded } from '../../kits/inference-engine.ts'
import { normalised } from '../../kits/onnx-builder.ts'
import { NORMALISED_BY } from '../../kits/real-models.ts'

const binaryOf = async ({ source, file }: Canon) =>
  new Uint8Array(await readFile(new URL(file, import.meta.resolve(source))))

describe('the engines that this build knows', () => {
  test.each([...CANONS, GPU_BUILD])('$id is the binary that is installed', async (canon) => {
    const binary = await binaryOf(canon)
    expect(await pinned('cpu', canon, binary)).toBe(binary)
  })

  test.each([...CANONS, GPU_BUILD])('$id with one altered byte never runs', async (canon) => {
    const binary = await binaryOf(canon)
    binary[binary.length >> 1] = (binary[binary.length >> 1] ?? 0) ^ 1
    expect(await faultFrom(pinned('cpu', canon, binary))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'cpu' })
  })

  test('every canon that the charter names is one of them', () => {
    expect(FIRST_CHARTER.canons).not.toHaveLength(0)
    for (const { wasmSha256 } of FIRST_CHARTER.canons) {
      expect(CANONS.map((canon) => canon.wasmSha256)).toContain(wasmSha256)
    }
  })

  test.each(CANONS)('$id is opened by its digest', async (canon) => {
    const engine = await openNodeCanon(canon.wasmSha256)
    expect(engine.info).toEqual({ kind: 'cpu', build: canon.id, wasmSha256: canon.wasmSha256 })
    await engine.close()
  })

  test.each(CANONS)('$id computes its own bits, wherever it runs', async ({ version, wasmSha256 }) => {
    const engine = await openNodeCanon(wasmSha256)
    const model = await loaded('normalised', normalised)
    const inputs = seededInputs(model.manifest, 3)
    await engine.load(model)
    const { outputs } = await engine.run(model.id, inputs)
    expect(hex(hashTensors(outputs))).toBe(NORMALISED_BY[version])
    expect((await engine.trace(model, inputs)).outputs).toEqual(outputs)
    await engine.close()
  })

  test('one that this app does not have is not opened', async () => {
    const fault = await faultFrom(openNodeCanon('00'.repeat(32)))
    expect(fault).toEqual({ code: 'CANON_UNKNOWN', canon: 'an engine with the sha-256 000000000000…' })
  })
})

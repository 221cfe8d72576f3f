import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CANONS, GPU_BUILD } from '../../../src/adapters/onnx/canons.ts'
import { pinned } from '../../../src/adapters/onnx/pinned.ts'
import { FIRST_CHARTER } from '../../../src/domain/charter.ts'
import { faultFrom } from '../../kits/inference-engine.ts'

const binaryOf = async (file: string) =>
  new Uint8Array(await readFile(fileURLToPath(import.meta.resolve(`onnxruntime-web/${file}`))))

describe('the engines that this build knows', () => {
  test.each([...CANONS, GPU_BUILD])('$id is the binary that is installed', async (canon) => {
    const binary = await binaryOf(canon.file)
    expect(await pinned('cpu', canon, binary)).toBe(binary)
  })

  test.each([...CANONS, GPU_BUILD])('$id with one altered byte never runs', async (canon) => {
    const binary = await binaryOf(canon.file)
    binary[binary.length >> 1] = (binary[binary.length >> 1] ?? 0) ^ 1
    expect(await faultFrom(pinned('cpu', canon, binary))).toMatchObject({ code: 'ENGINE_UNAVAILABLE', engine: 'cpu' })
  })

  test('every canon that the charter names is one of them', () => {
    expect(FIRST_CHARTER.canons).not.toHaveLength(0)
    for (const { wasmSha256 } of FIRST_CHARTER.canons) {
      expect(CANONS.map((canon) => canon.wasmSha256)).toContain(wasmSha256)
    }
  })
})

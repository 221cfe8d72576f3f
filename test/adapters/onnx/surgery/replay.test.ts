import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inspectModel } from '../../../../src/adapters/onnx/inspect-model.ts'
import { seededInputs } from '../../../../src/domain/seeded-inputs.ts'
import { REAL_MODELS, SIZES } from '../../../kits/real-models.ts'
import { replayAlone, unlike } from '../../../kits/replay.ts'

const shared = new URL('../../../../../shared/models/', import.meta.url)
const shipped = new URL('../../../../public/models/', import.meta.url)
const read = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(`${name}.onnx`, folder)))

/** Every operator that makes a tensor, run alone on what the whole run gave it. */
async function replayed(name: string, bytes: Uint8Array) {
  const inputs = seededInputs(inspectModel(bytes), 3, SIZES[name])
  return await replayAlone({ bytes, weights: [] }, inputs)
}

describe('each operator of a shipped model, run alone', { timeout: 120_000 }, () => {
  test.each(['digits-fp32', 'digits-int8'])('%s gives the bits of the whole run', async (name) => {
    const rows = await replayed(name, read(shipped, name))
    expect(rows.length).toBeGreaterThan(5)
    expect(unlike(rows)).toEqual([])
  })
})

describe.skipIf(!existsSync(shared))('each operator of a real model, run alone', { timeout: 300_000 }, () => {
  test.each(REAL_MODELS)('%s gives the bits of the whole run', async (name) => {
    const rows = await replayed(name, read(shared, name))
    expect(rows.length).toBeGreaterThanOrEqual(1)
    expect(unlike(rows)).toEqual([])
    expect(rows.every(({ operators }) => operators === 1)).toBe(true)
  })
})

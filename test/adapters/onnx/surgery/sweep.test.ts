import { describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../../../src/adapters/onnx/node.ts'
import { sweep } from '../../../kits/operator-sweep.ts'
import { replayAlone, unlike } from '../../../kits/replay.ts'
import { sweepBitsKit } from '../../../kits/sweep-bits.ts'

sweepBitsKit('the canon in Node', openNodeCpuEngine)

describe('an operator among others, run alone', { timeout: 60_000 }, () => {
  test.each(sweep)('$name gives the bits of the whole run', async ({ bytes, inputs }) => {
    const rows = await replayAlone({ bytes, weights: [] }, inputs)
    expect(unlike(rows)).toEqual([])
    expect(rows.length).toBeGreaterThan(0)
  })

  test('is one of more than ninety types, each under a name of its own', () => {
    expect(new Set(sweep.map(({ opType }) => opType)).size).toBeGreaterThan(90)
    expect(new Set(sweep.map(({ name }) => name)).size).toBe(sweep.length)
  })
})

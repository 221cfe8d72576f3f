import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashTensors } from '../../src/domain/commitment.ts'
import { hex } from '../../src/domain/hash.ts'
import type { CanonEngine } from '../../src/ports/canon-engine.ts'
import expected from '../vectors/sweep.json' with { type: 'json' }
import { sweep } from './operator-sweep.ts'

/** What the canon computes for each operator of the sweep, bit for bit, wherever it runs: the first bytes of `hashTensors`. */
export function sweepBitsKit(name: string, open: () => Promise<CanonEngine>): void {
  describe(`${name}, on every operator of the sweep`, { timeout: 120_000 }, () => {
    let engine: CanonEngine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.close())

    test('computes the same bits as everywhere', async () => {
      const bits: Record<string, string> = {}
      for (const { name: operator, bytes, inputs } of sweep) {
        const { outputs } = await engine.runOnce(bytes, inputs)
        bits[operator] = hex(hashTensors(outputs)).slice(0, 8)
      }
      expect(bits).toEqual(expected)
    })
  })
}

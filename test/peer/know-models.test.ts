import { expect, test } from 'vitest'
import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { encodeManifest } from '../../src/domain/check-manifest.ts'
import { fault } from '../../src/domain/fault.ts'
import { equalBytes, hashBytes } from '../../src/domain/hash.ts'
import type { Manifest, ModelId } from '../../src/domain/manifest.ts'
import { ModelScout } from '../../src/peer/know-models.ts'
import type { BlockExchange, Holder } from '../../src/protocols/blocks/index.ts'
import { eventually } from '../kits/eventually.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { published } from '../kits/manifests.ts'

const manifest = await published()
const model = cidOf(manifest)
const ben: Holder = { peer: 'ben', addresses: [] }

/** A scout in a room whose peers hold these blocks. */
function scoutOf(...blocks: Uint8Array[]) {
  const clock = new ManualClock()
  const announced = new Map<ModelId, readonly Holder[]>()
  const learnt = new Map<ModelId, Manifest>()
  let asked = 0
  const exchange: BlockExchange = {
    fetch: async ({ blocks: [wanted], onBlock }) => {
      asked += 1
      const block = blocks.find((bytes) => wanted && equalBytes(hashBytes(bytes), wanted.digest))
      if (!wanted || !block) throw fault({ code: 'BLOCK_MISSING', digest: '00' })
      await onBlock(wanted, block, 'ben')
    },
  }
  const scout = new ModelScout({
    clock,
    verify: verifyWithNode,
    exchange,
    shelf: { isFull: () => false, has: (id) => learnt.has(id), learn: (id, found) => void learnt.set(id, found) },
    announced: () => announced,
  })
  return { scout, clock, announced, learnt, asked: () => asked }
}

test('a model that somebody announces is known once its manifest has come, and asked for once', async () => {
  const { scout, announced, learnt, asked } = scoutOf(encodeManifest(manifest))
  scout.look()
  announced.set(model, [ben])
  scout.look()
  scout.look()
  await eventually(() => expect([...learnt]).toEqual([[model, manifest]]))
  scout.look()
  expect(asked()).toBe(1)
})

test('a manifest that nobody could send is asked for again, after a while', async () => {
  const { scout, clock, announced, learnt, asked } = scoutOf()
  announced.set(model, [ben])
  scout.look()
  await eventually(() => expect(asked()).toBe(1))
  scout.look()
  expect(asked()).toBe(1)
  await clock.advance(15_000)
  scout.look()
  await eventually(() => expect(asked()).toBe(2))
  expect(learnt.size).toBe(0)
})

test('what turned out to be no manifest is never asked for again', async () => {
  const forged = { ...manifest, name: 'forged' }
  const { scout, clock, announced, learnt, asked } = scoutOf(encodeManifest(forged))
  announced.set(cidOf(forged), [ben]).set('not a CID', [ben])
  scout.look()
  await eventually(() => expect(asked()).toBe(1))
  await clock.advance(60_000)
  scout.look()
  await clock.advance(60_000)
  expect(asked()).toBe(1)
  expect(learnt.size).toBe(0)
})

test('whoever stops looks no more', () => {
  const { scout, announced, asked } = scoutOf(encodeManifest(manifest))
  announced.set(model, [ben])
  scout.stop()
  scout.look()
  expect(asked()).toBe(0)
})

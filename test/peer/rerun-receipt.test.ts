import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CANONS, CURRENT_CANON } from '../../src/adapters/onnx/canons.ts'
import { openNodeCanon } from '../../src/adapters/onnx/node.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { seededInputs } from '../../src/domain/seeded-inputs.ts'
import { rerunReceipt } from '../../src/peer/rerun-receipt.ts'
import type { OpenCanon } from '../../src/ports/canon-engine.ts'
import { readReceipt } from '../../src/domain/receipt.ts'
import { faultFrom } from '../kits/inference-engine.ts'
import { buildModel, normalised } from '../kits/onnx-builder.ts'
import { importFile, openRoom } from '../kits/peers.ts'

const [, OLD] = CANONS
const FILE = buildModel(normalised)

describe('a receipt from before an upgrade', () => {
  let receipt: Uint8Array
  const opened: string[] = []
  const engines: Awaited<ReturnType<OpenCanon>>[] = []

  /** Opens what the app has, and notes what it was asked for. */
  const openCanon: OpenCanon = async (wasmSha256) => {
    opened.push(wasmSha256)
    const engine = await openNodeCanon(wasmSha256)
    engines.push(engine)
    return engine
  }
  const rerun = (open: OpenCanon) => {
    const { manifest } = readReceipt(receipt)
    const provideModel = async (id: string) => ({ id, manifest, bytes: FILE, weights: [] })
    return rerunReceipt({ openCanon: open, verify: verifySignature, provideModel }, receipt)
  }

  beforeAll(async () => {
    const engine = await openNodeCanon(OLD.wasmSha256)
    const room = await openRoom({ engine })
    try {
      const charter = { ...FIRST_CHARTER, canons: [OLD] }
      const join = (name: string) => room.join(name, { init: { charter } })
      const [ann, ...others] = await Promise.all(['ann', 'ben', 'cat'].map(join))
      await room.meshed(ann!, ...others)
      const { id, manifest } = await importFile(ann!, 'normalised.onnx', FILE)
      const { state, receipt: file } = await ann!.ask({ model: id, input: seededInputs(manifest, 3) }).done
      expect(state).toBe('agreed')
      receipt = file!
    } finally {
      await room.close()
      await engine.close()
    }
  }, 60_000)
  afterAll(() => Promise.all(engines.map((engine) => engine.close())))

  test('is run again by the canon that computed it, and its claims stand', async () => {
    const { checked, claims } = await rerun(openCanon)
    expect(opened).toEqual([OLD.wasmSha256])
    expect(claims.length).toBeGreaterThan(1)
    expect(claims.every(({ stands }) => stands)).toBe(true)
    const terms = checked.checks.find(({ name }) => name === 'terms')
    expect(terms).toMatchObject({ holds: undefined, detail: expect.stringContaining('does not know the charter') })
  })

  test('would be refuted by the present canon, which computes other bits', async () => {
    const { claims } = await rerun(() => openCanon(CURRENT_CANON.wasmSha256))
    expect(claims.map(({ stands }) => stands)).not.toContain(true)
  })

  test('says which canon it needs where the app does not have it', async () => {
    const fault = await faultFrom(rerun(() => openNodeCanon('00'.repeat(32))))
    expect(fault).toEqual({ code: 'CANON_UNKNOWN', canon: OLD.id })
  })
})

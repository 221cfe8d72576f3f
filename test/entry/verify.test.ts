import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../src/domain/charter.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import { disturbEngine } from '../../src/peer/disturb-engine.ts'
import { aDigit, digits, importFile, openRoom } from '../kits/peers.ts'
import { buildModel, doubling, floats } from '../kits/onnx-builder.ts'
import { executor, JobStory, MANIFEST } from '../kits/moot.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { run } from './command.ts'

const OWN = buildModel(doubling)
let good: Uint8Array
let contested: Uint8Array
let own: Uint8Array
let foreign: Uint8Array

beforeAll(async () => {
  const room = await openRoom()
  try {
    const ann = await room.join('ann')
    const others = await Promise.all(['ben', 'cat'].map((name) => room.join(name)))
    await room.meshed(ann, ...others)
    good = (await ann.ask({ model: digits(ann), input: aDigit() }).done).receipt!
    const mine = await importFile(ann, 'mine.onnx', OWN)
    own = (await ann.ask({ model: mine.id, input: { x: floats([2], 1, 2) } }).done).receipt!
    const mallory = await room.join('mallory', { init: { plantedFault: parseFault('scale=1.01') } })
    await room.meshed(ann, mallory, ...others)
    contested = (await ann.ask({ model: digits(ann), input: aDigit() }).done).receipt!
    const build = { kind: 'cpu', build: 'onnxruntime-web 9.0.0 wasm', wasmSha256: '99'.repeat(32) } as const
    const canons = [{ library: 'onnxruntime-web', version: '9.0.0', wasmSha256: build.wasmSha256 }]
    const eve = await room.join('eve', {
      init: { room: 'another', charter: { ...FIRST_CHARTER, canons } },
      components: { cpu: { ...disturbEngine(room.cpu, { kind: 'silent' }), info: build } },
    })
    foreign = (await eve.ask({ model: digits(eve), input: aDigit() }).done).receipt!
  } finally {
    await room.close()
  }
}, 60_000)

/** Verifies a receipt that lies in a file of its own. */
async function verify(receipt: Uint8Array, ...args: string[]) {
  const file = join(await temporaryFolder(), 'a.receipt')
  await writeFile(file, receipt)
  return run('verify.ts', file, ...args).ended
}

async function modelFile(bytes: Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), 'model.onnx')
  await writeFile(file, bytes)
  return file
}

const flipped = (receipt: Uint8Array, at: number): Uint8Array => receipt.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** Where one begins last: the manifest's comes before those of the messages. */
const findLast = (receipt: Uint8Array, text: string): number => Buffer.from(receipt).lastIndexOf(text)

describe('verify', { timeout: 30_000 }, () => {
  test('tells who decided and how, checks every signature, and runs the model again', async () => {
    const { status, output } = await verify(good)
    expect(output).toContain('digits 1, asked by')
    expect(output).toContain('State: agreed. Decided by 2 of 2 that accepted:')
    expect(output).toContain('CPU  onnxruntime-web 1.30.0 wasm')
    expect(output.match(/^✓ /gm)).toHaveLength(8 + 2)
    expect(output).toMatch(/Everything holds\.$/)
    expect(status).toBe(0)
  })

  test('finds the claim of a contested receipt that the model does not give', async () => {
    const { status, output } = await verify(contested, '--json')
    const { state, checks, claims, holds } = JSON.parse(output) as {
      state: string
      holds: boolean
      checks: { holds: boolean }[]
      claims: { stands: boolean; deviation: { scaled: number } }[]
    }
    expect({ state, holds, status }).toEqual({ state: 'contested', holds: false, status: 1 })
    expect(checks.every((check) => check.holds)).toBe(true)
    expect(claims.map((claim) => claim.stands).toSorted()).toEqual([false, true, true])
    expect(claims.find((claim) => !claim.stands)?.deviation.scaled).toBeCloseTo(0.01, 4)
  })

  test('says where a receipt was altered', async () => {
    const { status, output } = await verify(flipped(good, findLast(good, 'signature') + 40))
    expect(output).toMatch(/^✗ signatures: the signature on the \S+ of \S+ does not hold/m)
    expect(output).toMatch(/This receipt does not hold: it was altered, or it never was what it says\.$/)
    expect(status).toBe(1)
  })

  test('refuses a name that is more than letters, and prints none of it', async () => {
    const story = new JobStory(['ann', 'ben', 'cat'].map((name) => executor(name)))
    story.run()
    const { output } = await verify(story.receiptFile({ ...MANIFEST, name: 'a\u001B[2J\u202Emodel\n✓ all is well' }))
    expect(output).toContain('manifest.name: must be letters and digits')
    expect(output).not.toContain('all is well')
  })

  test('refuses what is no receipt, and a file that is not there, with a sentence', async () => {
    const other = await verify(new TextEncoder().encode('a shopping list'))
    expect(other).toMatchObject({
      status: 1,
      output: expect.stringContaining('The receipt could not be read: it is not dag-cbor.'),
    })
    const missing = await run('verify.ts', 'no-such.receipt').ended
    expect(missing).toMatchObject({ status: 1, output: expect.stringContaining('there is no file no-such.receipt') })
  })

  test('asks for the file of a model that does not come with the app, and takes no other', async () => {
    const without = await verify(own)
    expect(without).toMatchObject({
      status: 1,
      output: expect.stringContaining('give its file with --model FILE.onnx'),
    })
    const wrong = await verify(own, '--model', await modelFile(flipped(OWN, OWN.length - 1)))
    expect(wrong).toMatchObject({ status: 1, output: expect.stringContaining('is not the model of this receipt') })
    const right = await verify(own, '--model', await modelFile(OWN))
    expect(right).toMatchObject({ status: 0, output: expect.stringMatching(/Everything holds\.$/) })
  })

  test('does not run again what another canon computed', async () => {
    const { status, output } = await verify(foreign)
    expect(output).toContain(
      'onnxruntime-web 9.0.0 wasm, which this version of the app does not know, so it cannot be re-run here',
    )
    expect(status).toBe(1)
  })

  test.for([
    [[], 'Which file? Give that of a receipt or of evidence.'],
    [['a', 'b'], 'One file at a time: "b" is too many.'],
    [['a', '--modle', 'b'], "Unknown option '--modle'."],
  ] as const)('a wrong command line is answered with a sentence: %s', async ([args, sentence]) => {
    const { status, output } = await run('verify.ts', ...args).ended
    expect(status).toBe(2)
    expect(output.split('\n')[0]).toBe(sentence)
  })
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
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
let evidence: Uint8Array
let ownEvidence: Uint8Array
let falseReveal: Uint8Array

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
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
    contested = answer.receipt!
    evidence = await ann.evidence(answer.job!)
    const answered = await ann.ask({ model: mine.id, input: { x: floats([2], 1, 2) } }).done
    ownEvidence = await ann.evidence(answered.job!)
    await mallory.leave()
    const copycat = await room.join('carl', { init: { plantedFault: parseFault('copycat') } })
    await room.meshed(ann, copycat)
    const { again } = await ann.ask({ model: digits(ann), input: aDigit() }).done
    falseReveal = await ann.evidence(again[0]!.job!)
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
const findFirst = (file: Uint8Array, text: string): number => Buffer.from(file).indexOf(text)

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

  test('replays evidence: who stands, who lost, and the operator that decided', async () => {
    const { status, output } = await verify(evidence)
    expect(output).toContain('evidence of a contest over an answer of digits 1')
    expect(output).toMatch(/^✓ operator: /m)
    expect(output).toMatch(/^Operator 11 \(MatMul\) run again here, in \d+\.\d ms\. Value [0-9a-f]{64}$/m)
    expect(output).toMatch(/^Verdict: proven by operator 11 \(MatMul\)$/m)
    expect(output.match(/ stands$/gm)).toHaveLength(2)
    expect(output.match(/ lost: claim$/gm)).toHaveLength(1)
    expect(output).toMatch(/Everything holds\.$/)
    expect(status).toBe(0)
  })

  test('replays evidence of a false reveal by its signatures alone', async () => {
    const { status, output } = await verify(falseReveal, '--json')
    const { holds, grounds, verdict } = JSON.parse(output) as {
      holds: boolean
      grounds: string
      verdict: { losers: { for: string }[] }
    }
    expect({ status, holds, grounds }).toEqual({ status: 0, holds: true, grounds: 'false-reveal' })
    expect(verdict.losers).toMatchObject([{ for: 'false-reveal' }])
  })

  test.for([
    ['what is signed', (file: Uint8Array) => findLast(file, 'signature') + 20, /^✗ (receipt|messages): /m],
    ['what was opened', (file: Uint8Array) => findLast(file, 'children') + 60, /^✗ traces: /m],
    ['the operator', (file: Uint8Array) => findFirst(file, 'model') + 60, /^✗ operator: /m],
    ['its inputs', (file: Uint8Array) => findFirst(file, 'inputs') + 80, /^✗ inputs: /m],
  ] as const)('names the part of evidence that was altered: %s', async ([, at, named]) => {
    const { status, output } = await verify(flipped(evidence, at(evidence)))
    expect(output).toMatch(named)
    expect(output).toContain('This evidence does not hold')
    expect(status).toBe(1)
  })

  test('says of evidence that is cut short, and of what lies in it and cannot be read, which it is', async () => {
    expect(await verify(evidence.subarray(0, 500))).toMatchObject({
      status: 1,
      output: expect.stringContaining('The evidence could not be read: it is not dag-cbor.'),
    })
    expect(await verify(flipped(evidence, findLast(evidence, 'settlement')))).toMatchObject({
      status: 1,
      output: expect.stringContaining('The message could not be read: kind: '),
    })
  })

  test('asks for the file of the model that evidence is about, where it does not come with the app', async () => {
    const without = await verify(ownEvidence)
    expect(without).toMatchObject({
      status: 1,
      output: expect.stringContaining('give its file with --model FILE.onnx'),
    })
    const wrong = await verify(ownEvidence, '--model', await modelFile(flipped(OWN, OWN.length - 1)))
    expect(wrong).toMatchObject({ status: 1, output: expect.stringContaining('is not the model of this evidence') })
    const right = await verify(ownEvidence, '--model', await modelFile(OWN))
    expect(right).toMatchObject({ status: 0, output: expect.stringMatching(/Everything holds\.$/) })
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

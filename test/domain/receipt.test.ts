import { decode, encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MootError } from '../../src/domain/fault.ts'
import { checkReceipt } from '../../src/domain/check-receipt.ts'
import { readReceipt, type ReceiptFile } from '../../src/domain/receipt.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { executor, JobStory, MANIFEST } from '../kits/moot.ts'
import { logits } from '../kits/tensors.ts'

function receiptOfFive(): Uint8Array {
  const story = new JobStory(['ann', 'ben', 'cat', 'dan', 'eve'].map((name) => executor(name)))
  story.everybodyAccepts()
  story.gone(story.seated[0]!)
  story.everybodyCommits()
  story.everybodyReveals()
  return story.receiptFile()
}

const check = async (file: Uint8Array) => (await checkReceipt(readReceipt(file), verifyWithNode)).checks
const failing = async (file: Uint8Array) =>
  (await check(file)).filter((one) => one.holds !== true).map((one) => one.name)

/** The receipt with its decoded form changed by hand. */
const edited = (file: Uint8Array, edit: (receipt: ReceiptFile) => ReceiptFile): Uint8Array => encode(edit(decode(file)))

describe('a receipt', () => {
  test('of an honest job holds in every point, with a replacement told', async () => {
    const checks = await check(receiptOfFive())
    expect(checks.map((one) => [one.name, one.holds])).toEqual(
      ['signatures', 'model', 'terms', 'draw', 'commitments', 'input', 'outputs', 'agreement'].map((name) => [
        name,
        true,
      ]),
    )
    expect(checks.find((one) => one.name === 'draw')?.detail).toContain('1 left after the award')
  })

  test('of a contested job keeps every claim', async () => {
    const story = new JobStory([executor('ann'), executor('ben'), executor('mallory', 'cpu', logits(3, 2, 1))])
    story.run()
    const { facts, checks } = await checkReceipt(readReceipt(story.receiptFile()), verifyWithNode)
    expect(facts.claims).toHaveLength(3)
    expect(facts.receipt.message.state).toBe('contested')
    expect(checks.every((one) => one.holds)).toBe(true)
  })

  test('without its tensors says that the hashes remain, which still decide between cpus', async () => {
    const bare = edited(receiptOfFive(), ({ input: _input, ...rest }) => ({ ...rest, outputs: [] }))
    const open = (await check(bare)).filter((one) => one.holds === undefined)
    expect(open.map((one) => one.name)).toEqual(['input', 'outputs'])
  })

  test.each<[string, (file: ReceiptFile) => ReceiptFile]>([
    ['input', (file) => ({ ...file, input: { ...file.input!, tensors: logits(0, 0, 0) } })],
    ['outputs', (file) => ({ ...file, outputs: [...file.outputs, logits(5, 5, 5)] })],
    ['model', (file) => ({ ...file, manifest: { ...file.manifest, name: 'another' } })],
  ])('with another %s than was bound does not hold there', async (name, edit) => {
    expect(await failing(edited(receiptOfFive(), edit))).toContain(name)
  })

  test('altered in any one byte never holds in every point', async () => {
    const file = receiptOfFive()
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const altered = file.slice()
        altered[at] = (altered[at] ?? 0) ^ flip
        const outcome = await failing(altered).catch((error: unknown) => {
          expect(error).toBeInstanceOf(MootError)
          return ['unreadable']
        })
        expect(outcome).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('that lacks a message or is no receipt is refused with a sentence', async () => {
    const lacking = edited(receiptOfFive(), (file) => ({ ...file, messages: file.messages.slice(1) }))
    await expect(check(lacking)).rejects.toThrow('it holds no offer')
    expect(() => readReceipt(Uint8Array.of(1, 2, 3))).toThrow('could not be read')
    expect(() => readReceipt(encode({ moot: 'receipt', version: 2, manifest: MANIFEST }))).toThrow('could not be read')
  })
})

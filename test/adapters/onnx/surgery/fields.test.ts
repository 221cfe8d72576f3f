import { WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { around, fieldsOf, joined, lengthOf } from '../../../../src/adapters/onnx/surgery/fields.ts'
import { MootError } from '../../../../src/domain/fault.ts'

const shipped = new URL('../../../../public/models/', import.meta.url)
const shared = new URL('../../../../../shared/models/', import.meta.url)
const modelsIn = (folder: URL) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.onnx'))
        .map((file) => ({ file, url: new URL(file, folder) }))
    : []

const split = (bytes: Uint8Array, fields = 100_000) => [...fieldsOf(bytes, { fields })]
const rejoined = (bytes: Uint8Array) => joined(split(bytes).map(({ raw }) => raw))

/** A varint written in at least so many bytes: what it means does not change. */
function varint(value: bigint, least = 1): number[] {
  const bytes: number[] = []
  for (let rest = value; rest > 0n || bytes.length < least; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  bytes.push((bytes.pop() ?? 0) & 127)
  return bytes
}

const number = fc.integer({ min: 1, max: 2 ** 29 - 1 })
const tag = (field: number, wire: WireType, width: number) => varint((BigInt(field) << 3n) | BigInt(wire), width)
const padded = fc.integer({ min: 1, max: 5 })

/** One field as nobody's library would write it: tags and lengths in more bytes than they need. */
const field = fc.oneof(
  fc
    .tuple(number, padded, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 1, max: 10 }))
    .map(([at, width, value, least]) => [...tag(at, WireType.Varint, width), ...varint(value, least)]),
  fc
    .tuple(number, padded, fc.uint8Array({ maxLength: 300 }), padded)
    .map(([at, width, content, least]) => [
      ...tag(at, WireType.LengthDelimited, width),
      ...varint(BigInt(content.length), least),
      ...content,
    ]),
  fc
    .tuple(number, padded, fc.uint8Array({ minLength: 4, maxLength: 4 }))
    .map(([at, width, content]) => [...tag(at, WireType.Bit32, width), ...content]),
  fc
    .tuple(number, padded, fc.uint8Array({ minLength: 8, maxLength: 8 }))
    .map(([at, width, content]) => [...tag(at, WireType.Bit64, width), ...content]),
)

describe('a message taken apart into its fields', () => {
  test('is the same message when they are put together again, however it was written', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
        const message = Uint8Array.from(fields.flat())
        expect(split(message)).toHaveLength(fields.length)
        expect(rejoined(message)).toEqual(message)
      }),
      { numRuns: 500 },
    )
  })

  test('holds what was put around other fields', () => {
    fc.assert(
      fc.property(number, fc.array(fc.uint8Array({ maxLength: 200 })), (at, pieces) => {
        const whole = joined(around(at, pieces))
        expect(split(whole)).toEqual([{ number: at, raw: whole, content: joined(pieces) }])
        expect(lengthOf(around(at, pieces))).toBe(whole.length)
      }),
    )
  })

  test.each(modelsIn(shipped))('every byte of $file survives, at every depth', ({ url }) => survives(url))

  describe.skipIf(modelsIn(shared).length === 0)('of real models', () => {
    test.each(modelsIn(shared))('every byte of $file survives, at every depth', ({ url }) => survives(url))
  })

  test('is refused, and never anything else, where its bytes are anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(rejoined(bytes)).toEqual(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(MootError)
          expect(error).toHaveProperty('fault.code', 'MODEL_NOT_ONNX')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ['cut short in its content', [0x0a, 5, 1, 2]],
    ['cut short in its length', [0x0a, 0x80]],
    ['cut short in its tag', [0x80]],
    ['longer than anything', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['field 0', [0x02, 0]],
    ['a group', [0x0b, 0x0c]],
    ['the end of a group', [0x0c]],
    ['a wire type that does not exist', [0x0f]],
  ])('is refused where a field is %s', (_, bytes) => {
    expect(() => split(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MODEL_NOT_ONNX' }) }),
    )
  })

  test('is refused past the fields that may be read', () => {
    const message = new Uint8Array(2 * 1_000).fill(0).map((_, i) => (i % 2 === 0 ? 0x08 : 1))
    expect(split(message, 1_000)).toHaveLength(1_000)
    expect(() => split(message, 999)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: 'MODEL_REFUSED' }) }),
    )
  })
})

/** Messages of ONNX's own (onnx/onnx.proto) in which graphs, operators, weights and values lie. */
const WITHIN: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: 'graph', 8: 'opset', 14: 'entry' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 13: 'value' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
}

function survives(file: URL): void {
  const [messages, bytes] = walked(new Uint8Array(readFileSync(file)), 'model')
  expect(messages).toBeGreaterThan(10)
  expect(bytes).toBe(true)
}

/** How many messages there are, and whether all are put together again as they were. */
function walked(message: Uint8Array, kind: string): [messages: number, isSame: boolean] {
  const fields = split(message)
  let [messages, isSame] = [1, Buffer.compare(joined(fields.map(({ raw }) => raw)), message) === 0]
  for (const { number: at, content } of fields) {
    const within = WITHIN[kind]?.[at]
    if (within === undefined) continue
    const [more, holds] = walked(content, within)
    messages += more
    isSame &&= holds
  }
  return [messages, isSame]
}

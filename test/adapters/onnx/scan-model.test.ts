import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { GraphInit } from '../../../src/adapters/onnx/build-model.ts'
import { inspectModel } from '../../../src/adapters/onnx/inspect-model.ts'
import { scanModel } from '../../../src/adapters/onnx/scan-model.ts'
import { Skim } from '../../../src/adapters/onnx/skim.ts'
import { putBytes, putInteger, putMessage, putText, written } from '../../../src/adapters/onnx/wire.ts'
import { MootError, type Fault } from '../../../src/domain/fault.ts'
import type { Tensor } from '../../../src/domain/tensor.ts'
import type { Inspection } from '../../../src/ports/model-inspector.ts'
import { inspected } from '../../kits/inference-engine.ts'
import { buildModel, doubling, endless, floats, parted, weighted } from '../../kits/onnx-builder.ts'

const shared = new URL('../../../../shared/models/', import.meta.url)
const real = existsSync(shared) ? readdirSync(shared).filter((file) => file.endsWith('.onnx')) : []
const readReal = (file: string) => new Uint8Array(readFileSync(new URL(file, shared)))

const MIB = 1 << 20

/** Cuts bytes at these places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

/** What scanning pieces of a file comes to. */
function scanned(parts: Iterable<Uint8Array>): Inspection | Fault {
  const scan = scanModel()
  try {
    for (const part of parts) scan.push(part)
    return scan.finish()
  } catch (error) {
    if (error instanceof MootError) return error.fault
    throw error
  }
}

const big = (name: string, count: number): Tensor => ({
  dtype: 'float32',
  dims: [count],
  data: new Uint8Array(4 * count).fill(name.length),
})

/** Weights in the main graph and in the graphs of its operators, small and large ones. */
const bulky = (depth: number): GraphInit => ({
  ...doubling,
  nodes: [
    ...doubling.nodes,
    {
      type: 'If',
      inputs: ['x'],
      outputs: [`z${depth}`],
      attributes: {
        axes: Array.from({ length: 2_000 }, (_, i) => i),
        ...(depth > 0 ? { body: bulky(depth - 1) } : {}),
      },
    },
  ],
  initialisers: { small: floats([2], 1, 2), large: big('large', 5_000 + depth), other: big('other', 1_024) },
})

const MODELS = [doubling, endless, weighted, bulky(0), bulky(3)]
  .map((graph) => buildModel(graph))
  .concat(parted().bytes)

describe('scanning a file as it streams past', { timeout: 30_000 }, () => {
  test('comes to what reading it whole comes to, however it is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), fc.array(fc.nat(), { maxLength: 12 }), (model, cuts) => {
        const { trace: _, intermediates: __, operators, ...facts } = inspectModel(model)
        const inspection = scanned(pieces(model, cuts))
        expect(inspection).toMatchObject(facts)
        expect(inspection).toHaveProperty('operators.length', operators.length)
      }),
      { numRuns: 500 },
    )
  })

  test.each(MODELS)('also byte by byte', (model) => {
    expect(scanned(Array.from(model, (byte) => Uint8Array.of(byte)))).toEqual(inspected(model))
  })

  test('hands on a model without large tensors as it is, byte for byte', () => {
    for (const model of [doubling, endless].map((graph) => buildModel(graph))) {
      expect(skeletonOf(model)).toEqual({ model, graph: new Uint8Array(0) })
    }
  })

  test('hands on of a large one what describes it, as sound protobuf', () => {
    const model = buildModel(bulky(3))
    const { graph } = skeletonOf(model)
    expect(model.length).toBeGreaterThan(120_000)
    expect(graph.length).toBeLessThan(50_000)
    const again = written(putInteger(1, 8), putMessage(8, putInteger(2, 17)), putBytes(7, graph))
    expect(scanned([again])).toEqual(inspected(model))
  })

  test('says the same of altered bytes, however they are cut, and never breaks', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.array(change, { maxLength: 4 }),
        fc.nat(),
        fc.array(fc.nat(), { maxLength: 6 }),
        (model, changes, end, cuts) => {
          const bytes = model.slice(0, end % 3 === 0 ? end % model.length : model.length)
          for (const [at, byte] of changes) bytes[at % Math.min(bytes.length, 600)] = byte
          const [whole, cut] = [scanned([bytes]), scanned(pieces(bytes, cuts))]
          // Which of two faults comes first may depend on the cuts; that there is one must not.
          if ('code' in whole) expect(['MODEL_NOT_ONNX', 'MODEL_REFUSED', 'TOO_LARGE']).toContain(whole.code)
          if ('code' in whole) expect(cut).toHaveProperty('code')
          else expect(cut).toEqual(whole)
        },
      ),
      { numRuns: 1_500 },
    )
  })

  test('never breaks on random bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (parts) => {
        expect(['MODEL_NOT_ONNX', 'MODEL_REFUSED', 'TOO_LARGE']).toContain((scanned(parts) as Fault).code)
      }),
      { numRuns: 2_000 },
    )
  })

  test.skipIf(real.length === 0).each(real)('reads %s as it is read whole', (file) => {
    const bytes = readReal(file)
    const inspection = inspected(bytes)
    expect(inspection.parameters * 4).toBeGreaterThan(bytes.length / 2)
    for (const size of [1_000, 65_536, MIB])
      expect(
        scanned(
          pieces(
            bytes,
            Array.from({ length: bytes.length / size }, (_, i) => i * size),
          ),
        ),
      ).toEqual(inspection)
  })
})

describe('a scan refuses as soon as it is certain', { timeout: 30_000 }, () => {
  /** How many bytes of an endless stream a scan takes before it refuses. */
  function refusedAfter(parts: Iterable<Uint8Array>): { bytes: number; fault: Fault | undefined } {
    const scan = scanModel()
    let bytes = 0
    try {
      for (const part of parts) {
        bytes += part.length
        scan.push(part)
      }
    } catch (error) {
      if (error instanceof MootError) return { bytes, fault: error.fault }
      throw error
    }
    return { bytes, fault: undefined }
  }

  const zeros = new Uint8Array(MIB)
  function* endlessly(...first: Uint8Array[]): Generator<Uint8Array> {
    yield* first
    for (let sent = 0; sent < 2_048 * MIB; sent += MIB) yield zeros
  }
  function* again(part: Uint8Array, times: number): Generator<Uint8Array> {
    const many = new Uint8Array(part.length * 1_000).map((_, i) => part[i % part.length] ?? 0)
    for (let i = 0; i < times; i++) yield many
  }

  /** The head of a field of bytes, and nothing of them. */
  const head = (field: number, length: number) =>
    written(putInteger(field, length)).map((byte, i) => (i === 0 ? byte | 2 : byte))
  const format = written(putInteger(1, 8))

  test.each([
    ['a web page', new TextEncoder().encode('<!doctype html><title>404</title>')],
    ['a message in JSON', new TextEncoder().encode('{"error": "not found"}')],
    ['a pointer of Git LFS', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')],
    ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4)],
    ['zeros', zeros.subarray(0, 16)],
    ['a length of 2^40', head(7, 2 ** 40)],
    ['a field that is longer than the message around it', Uint8Array.of(...head(7, 5_000), ...head(1, 6_000))],
  ])('%s, at once', (_, bytes) => {
    expect(refusedAfter(endlessly(bytes))).toMatchObject({ bytes: bytes.length, fault: { code: 'MODEL_NOT_ONNX' } })
  })

  test('a graph past every limit of size, at its head', () => {
    const start = Uint8Array.of(...format, ...head(7, 1.5 * 2 ** 30))
    expect(refusedAfter(endlessly(start))).toMatchObject({ bytes: start.length, fault: { code: 'TOO_LARGE' } })
  })

  test('a random operator, before the weights behind it', () => {
    const node = written(putMessage(1, putText(4, 'RandomNormal')))
    const start = Uint8Array.of(...format, ...head(7, 900 * MIB), ...node, ...head(5, 800 * MIB), ...head(9, 700 * MIB))
    expect(refusedAfter(endlessly(start))).toMatchObject({
      bytes: start.length,
      fault: { code: 'MODEL_REFUSED', why: expect.stringContaining('RandomNormal') },
    })
  })

  test('an opset from the future', () => {
    const opset = written(putMessage(8, putInteger(2, 99)))
    expect(refusedAfter(endlessly(opset)).bytes).toBe(opset.length)
  })

  test.each<[string, Iterable<Uint8Array>, string]>([
    ['millions of operators', again(written(putMessage(7, putMessage(1, putText(4, 'Add')))), 2_000), 'operators'],
    ['metadata without end', again(written(putMessage(14, putText(1, 'a'.repeat(900)))), 1_000_000), 'MiB to describe'],
    ['empty fields without end', again(Uint8Array.of(0x7a, 0), 1_000_000), 'small parts'],
    [
      'one operator of inputs without end',
      (function* () {
        yield Uint8Array.of(...head(7, 900 * MIB), ...head(1, 800 * MIB))
        yield* again(written(putText(1, 'input')), 1_000_000)
      })(),
      'small parts',
    ],
    [
      'one tensor of numbers that are not packed',
      (function* () {
        yield Uint8Array.of(...head(7, 900 * MIB), ...head(5, 800 * MIB))
        yield* again(written(putInteger(7, 1)), 1_000_000)
      })(),
      'small parts',
    ],
    ['graphs inside one another', [format, deep(12)], 'deep'],
  ])('%s, within bounds', (_, parts, words) => {
    const { bytes, fault } = refusedAfter(parts)
    expect(fault).toMatchObject({ code: 'MODEL_REFUSED', why: expect.stringContaining(words) })
    expect(bytes).toBeLessThan(34 * MIB)
  })

  test('a file that goes on past the limit', () => {
    const { bytes, fault } = refusedAfter(
      (function* () {
        for (;;) {
          yield head(99, 100 * MIB)
          for (let i = 0; i < 100; i++) yield zeros
        }
      })(),
    )
    expect(fault).toMatchObject({ code: 'TOO_LARGE', limit: 1_024 * MIB })
    expect(bytes).toBeLessThan(1_025 * MIB)
  })

  function deep(depth: number): Uint8Array {
    let graph = putBytes(99, new Uint8Array(5_000))
    for (let i = 0; i < depth; i++) {
      const inner = graph
      graph = putMessage(1, putMessage(5, putMessage(6, inner)))
    }
    return written(putMessage(7, graph))
  }
})

/** All that is handed on of a file, as it is for the model and for its main graph. */
function skeletonOf(bytes: Uint8Array): { model: Uint8Array; graph: Uint8Array } {
  const parts: { model: Uint8Array[]; graph: Uint8Array[] } = { model: [], graph: [] }
  const skim = new Skim({
    model: (part) => void parts.model.push(part.slice()),
    graph: (part) => void parts.graph.push(part.slice()),
  })
  skim.push(bytes)
  skim.finish()
  const joined = (all: Uint8Array[]) => new Uint8Array(Buffer.concat(all))
  return { model: joined(parts.model), graph: joined(parts.graph) }
}

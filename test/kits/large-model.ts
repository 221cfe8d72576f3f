import { open } from 'node:fs/promises'
import { buildModel, type GraphInit } from '../../src/adapters/onnx/build-model.ts'
import { putInteger, putText, written } from '../../src/adapters/onnx/wire.ts'
import { value } from './onnx-builder.ts'

/** `y = x + x`, on four numbers. */
const tiny: GraphInit = {
  nodes: [{ type: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
  inputs: [value('x', 'float32', 4)],
  outputs: [value('y', 'float32', 4)],
}

/** Bytes written at a time. */
const PIECE = 1 << 20

const FLOAT = 1
const LENGTH_DELIMITED = 2

/** A model that computes next to nothing and carries `ballast` bytes of weights that it does not use, no block like another. */
export async function writeLargeModel(path: string, ballast: number, seed = 1): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.write(buildModel(tiny))
    // A second graph, which any reader of protobuf merges into the first: one tensor, whose bytes come last.
    const tensor = written(putInteger(1, ballast / 4), putInteger(2, FLOAT), putText(8, 'ballast'))
    const raw = header(9, ballast)
    const initialiser = header(5, tensor.length + raw.length + ballast)
    await file.write(header(7, initialiser.length + tensor.length + raw.length + ballast))
    for (const part of [initialiser, tensor, raw]) await file.write(part)
    for (let at = 0; at < ballast; at += PIECE)
      await file.write(noise(Math.min(PIECE, ballast - at), seed * 7_919 + at / PIECE))
  } finally {
    await file.close()
  }
}

/** The same model under another CID: its bytes end in words that mean nothing. */
export const renamed = (model: Uint8Array, words: string): Uint8Array => {
  const DOC_STRING = 6
  const tail = written(putText(DOC_STRING, words))
  const bytes = new Uint8Array(model.length + tail.length)
  bytes.set(model)
  bytes.set(tail, model.length)
  return bytes
}

/** The tag and the length of a field of bytes. */
function header(field: number, length: number): Uint8Array {
  const bytes: number[] = [(field << 3) | LENGTH_DELIMITED]
  for (let left = length; ; left = Math.floor(left / 128)) {
    bytes.push(left < 128 ? left : (left % 128) | 128)
    if (left < 128) return Uint8Array.from(bytes)
  }
}

/** Floats near 1 whose bits no two blocks share. */
function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(length / 4)
  let state = seed | 1
  for (let i = 0; i < words.length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i
    words[i] = 0x3f80_0000 | (state & 0x7f_ffff)
  }
  return new Uint8Array(words.buffer)
}

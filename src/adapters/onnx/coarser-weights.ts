import { fault } from '../../domain/fault.ts'
import { dtypeOf, readTensor } from './read-tensor.ts'
import { reading } from './refusals.ts'
import { fieldsOf } from './surgery/fields.ts'
import { MAX_FIELDS, type Budget } from './wire.ts'

/** ModelProto, GraphProto and TensorProto (onnx/onnx.proto): the way to a weight's numbers. */
const [GRAPH, INITIALISER] = [7, 5]
const NUMBERS = { raw: 9, floats: 4 } as const

/** Bytes of one float, and how many of them, the lowest, are cleared. */
const CLEARED = { float32: { size: 4, bytes: 2 }, float16: { size: 2, bytes: 1 } } as const

/**
 * The same model with the low half of every float weight cleared, as another version of it may be: same graph, same interface. Throws
 * `MALFORMED` where its file holds no such weight, `MODEL_NOT_ONNX`.
 */
export function coarserWeights(model: Uint8Array): Uint8Array {
  const copy = model.slice()
  const budget: Budget = { fields: MAX_FIELDS }
  let weights = 0
  reading(() => {
    // Fields are lent from the copy: what is written to them is written to it.
    for (const part of fieldsOf(copy, budget)) {
      if (part.number !== GRAPH) continue
      for (const { number, content } of fieldsOf(part.content, budget))
        if (number === INITIALISER && clear(content, budget)) weights++
    }
  })
  if (weights === 0)
    throw fault({ code: 'MALFORMED', what: 'fault', why: 'the file of this model holds no float weights' })
  return copy
}

/** Whether the tensor's numbers are floats of its own. */
function clear(tensor: Uint8Array, budget: Budget): boolean {
  const dtype = dtypeOf(readTensor(tensor, budget).type)
  if (dtype !== 'float32' && dtype !== 'float16') return false
  const { size, bytes } = CLEARED[dtype]
  let cleared = false
  for (const { number, content } of fieldsOf(tensor, budget)) {
    if (number !== NUMBERS.raw && !(number === NUMBERS.floats && dtype === 'float32')) continue
    for (let at = 0; at + size <= content.length; at += size) content.fill(0, at, at + bytes)
    cleared ||= content.length >= size
  }
  return cleared
}

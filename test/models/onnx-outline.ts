import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** What an ONNX file is made of: its operators in order and the shape of every constant. */
export interface Outline {
  readonly operators: readonly string[]
  readonly constants: ReadonlyMap<string, readonly number[]>
}

type Visitor = (field: number, reader: BinaryReader, wire: WireType) => boolean

/** Visits the fields of one message; those the visitor declines are skipped. */
function visit(bytes: Uint8Array, visitor: Visitor): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag()
    if (!visitor(field, reader, wire)) reader.skip(wire)
  }
}

/**
 * The outline of an ONNX file. The field numbers are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
export function outlineOf(model: Uint8Array): Outline {
  const operators: string[] = []
  const constants = new Map<string, readonly number[]>()

  const node: Visitor = (field, reader) => field === 4 && operators.push(reader.string()) > 0

  const constant = (bytes: Uint8Array) => {
    const dims: number[] = []
    let name = ''
    visit(bytes, (field, reader, wire) => {
      if (field === 1 && wire === WireType.Varint) dims.push(Number(reader.int64()))
      else if (field === 8) name = reader.string()
      else return false
      return true
    })
    constants.set(name, dims)
  }

  const graph: Visitor = (field, reader) => {
    if (field === 1) visit(reader.bytes(), node)
    else if (field === 5) constant(reader.bytes())
    else return false
    return true
  }

  visit(model, (field, reader) => {
    if (field !== 7) return false
    visit(reader.bytes(), graph)
    return true
  })
  return { operators, constants }
}

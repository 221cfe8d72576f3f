import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { reading } from '../refusals.ts'
import { tooManyParts, type Budget } from '../wire.ts'

/** One field of a protobuf message, as it was written. Both are lent from the message: nothing is copied. */
export interface WireField {
  readonly number: number
  /** Tag, length and content, byte for byte: a length may have been written in more bytes than it needs. */
  readonly raw: Uint8Array
  /** What lies within. Empty where the field is a plain number. */
  readonly content: Uint8Array
}

/**
 * The fields of a message in order, without loss: their raw bytes one after another are the message. Throws
 * `MODEL_NOT_ONNX` where the bytes are cut short or are no protobuf, `MODEL_REFUSED` past the budget.
 */
export function* fieldsOf(message: Uint8Array, budget: Budget): Generator<WireField> {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) yield reading(() => readField(reader, message, budget))
}

const NOTHING: Uint8Array = new Uint8Array(0)

function readField(reader: BinaryReader, message: Uint8Array, budget: Budget): WireField {
  if (--budget.fields < 0) throw tooManyParts()
  const start = reader.pos
  const [number, wire] = reader.tag()
  if (wire === WireType.StartGroup) throw new Error('no ONNX file has groups')
  let content = NOTHING
  if (wire === WireType.LengthDelimited) content = reader.bytes()
  else reader.skip(wire, number)
  return { number, raw: message.subarray(start, reader.pos), content }
}

/** A message, as pieces, with some of its fields replaced; `undefined` leaves one as it is. Itself alone where none is. */
export function replaced(
  message: Uint8Array,
  budget: Budget,
  instead: (field: WireField) => readonly Uint8Array[] | undefined,
): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let [kept, at] = [0, 0]
  for (const field of fieldsOf(message, budget)) {
    const start = at
    at += field.raw.length
    const other = instead(field)
    if (!other) continue
    pieces.push(message.subarray(kept, start))
    for (const piece of other) pieces.push(piece)
    kept = at
  }
  return [...pieces, message.subarray(kept)]
}

/** A field around pieces of content, as pieces, so that weights are not copied before all is joined. */
export const around = (number: number, pieces: readonly Uint8Array[]): Uint8Array[] => [
  new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(lengthOf(pieces)).finish(),
  ...pieces,
]

export const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0)

/** One message of its fields' bytes. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(pieces))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

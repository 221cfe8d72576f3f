import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { fault } from '../../domain/fault.ts'

/** Characters of a name: exporters write paths of a few hundred. */
const MAX_NAME = 1_024

/** What to do with one field of a message. A field of another wire type than expected is skipped, as protobuf asks. */
export interface Field {
  readonly wires: readonly WireType[]
  read(reader: BinaryReader, wire: WireType): void
}

/** What to do with the fields of a message, by number. All others are skipped. */
export type Fields = Readonly<Record<number, Field>>

/** Protobuf fields read in one file: twenty for each operator that it may have, and a vocabulary. Half a second of work at most. */
export const MAX_FIELDS = 4_000_000

/** How many fields may still be read, in all messages of a file together. */
export interface Budget {
  fields: number
}

/** Reads one message. Throws an `Error` where the bytes are cut short or are no protobuf, `MODEL_REFUSED` past the budget. */
export function readMessage(bytes: Uint8Array, budget: Budget, fields: Fields): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    if (--budget.fields < 0) throw tooManyParts()
    const [number, wire] = reader.tag()
    const field = fields[number]
    if (field?.wires.includes(wire)) field.read(reader, wire)
    else if (wire === WireType.StartGroup) throw new Error('no ONNX file has groups')
    else reader.skip(wire, number)
  }
}

export const tooManyParts = () => fault({ code: 'MODEL_REFUSED', why: 'it is made of too many small parts' })

export const text = (found: (text: string) => void): Field => ({
  wires: [WireType.LengthDelimited],
  read: (reader) => found(reader.string()),
})

export const bytes = (found: (bytes: Uint8Array) => void): Field => ({
  wires: [WireType.LengthDelimited],
  read: (reader) => found(reader.bytes()),
})

/** Past 2^53 the last bits are lost: no field that is read here may be so large. */
export const integer = (found: (value: number) => void): Field => ({
  wires: [WireType.Varint],
  read: (reader) => found(Number(reader.int64())),
})

/** A repeated integer: one field for each, or all packed into one. */
export const integers = (found: (value: number) => void): Field => ({
  wires: [WireType.Varint, WireType.LengthDelimited],
  read: (reader, wire) => {
    if (wire === WireType.Varint) return found(Number(reader.int64()))
    const end = reader.uint32() + reader.pos
    if (end > reader.len) throw new RangeError('cut short')
    while (reader.pos < end) found(Number(reader.int64()))
  },
})

/** A text that is refused where it is longer than any name. */
export const name = (found: (name: string) => void): Field =>
  text((value) => {
    if (value.length > MAX_NAME)
      throw fault({ code: 'MODEL_REFUSED', why: `it has a name longer than ${MAX_NAME} characters` })
    found(value)
  })

/** One part of a message under construction. */
export type Part = (writer: BinaryWriter) => void

export const putText =
  (field: number, value: string): Part =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value)

export const putBytes =
  (field: number, value: Uint8Array): Part =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value)

export const putInteger =
  (field: number, value: number | bigint): Part =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value)

export const putMessage =
  (field: number, ...parts: Part[]): Part =>
  (writer) => {
    writer.tag(field, WireType.LengthDelimited).fork()
    for (const part of parts) part(writer)
    writer.join()
  }

export function written(...parts: Part[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const part of parts) part(writer)
  return writer.finish()
}

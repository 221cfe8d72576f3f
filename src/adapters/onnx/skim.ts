import { fault } from '../../domain/fault.ts'
import { MAX_FILE } from '../../domain/manifest.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { notOnnx, refused } from './refusals.ts'
import { MAX_FIELDS, tooManyParts } from './wire.ts'

/** Bytes up to which a field is taken as it is: a name, a shape, a small operator. A longer one is looked into. */
const SMALL = 4 << 10

/** Bytes that are taken of one file: what describes a model of a hundred thousand operators. The rest is weights. */
const MOST = 32 << 20

/** Bytes that are handed on together. */
const BATCH = 64 << 10

/** Messages inside one another: three for each graph in a graph, of which `read-graph` takes eight. */
const DEEPEST = 32

/** Bytes of the longest field of protobuf, and of the longest varint. */
const LONGEST = 2 ** 31
const LONGEST_VARINT = 10

/**
 * Which fields of ONNX's messages (onnx/onnx.proto) describe a model: to be looked into as messages of their own kind, or
 * `whole`. All other fields that are long are weights, comments, or nothing that is read.
 */
const LAYOUT = {
  model: { 7: 'graph', 8: 'whole', 14: 'metadata', 25: 'comment' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 13: 'value', 15: 'comment' },
  node: { 1: 'whole', 2: 'whole', 4: 'whole', 5: 'attribute', 7: 'whole' },
  attribute: { 1: 'whole', 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: { 1: 'whole', 8: 'whole', 13: 'whole' },
  value: { 1: 'whole', 2: 'whole' },
  metadata: { 1: 'whole' },
  comment: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>

type Kind = keyof typeof LAYOUT

/** A message that is being looked into. */
interface Frame {
  readonly kind: Kind
  /** Where it ends in the file. */
  readonly end: number
  /** Where the varint of its length stands among what was taken, and how many bytes that has. */
  readonly lengthAt: number
  readonly lengthBytes: number
}

/** The file itself, whose end nobody knows before it comes. */
const MODEL: Frame = { kind: 'model', end: Number.POSITIVE_INFINITY, lengthAt: 0, lengthBytes: 0 }

/** Takes what was found, in order: some fields of the ModelProto, or of its GraphProto. The bytes are lent for the call. */
export interface SkimTo {
  model(part: Uint8Array): void
  graph(part: Uint8Array): void
}

/**
 * Reads a ModelProto of any size as it streams past, and hands on everything but the payload of large tensors and of
 * other long fields that describe nothing. What it hands on is sound protobuf: the lengths around what is left out are
 * written anew. Throws `MODEL_NOT_ONNX`, `MODEL_REFUSED` for one with too much to be said, and `TOO_LARGE`.
 */
export class Skim {
  readonly #to: SkimTo
  readonly #taken = new GrowingBytes()
  /** The message that is being looked into, and those around it, the outermost first. */
  #frame: Frame = MODEL
  readonly #around: Frame[] = []
  #state: 'tag' | 'length' | 'number' | 'bytes' = 'tag'
  /** The varint that is being read: its value so far, and its bytes. */
  #varint = 0
  #varintBytes = 0
  /** The number of the present field, and where it begins among what was taken. */
  #field = 0
  #fieldAt = 0
  /** Bytes of the present field that are still to come, and whether they are taken. */
  #rest = 0
  #takes = true
  #fields = 0
  #handedOn = 0
  #position = 0

  constructor(to: SkimTo) {
    this.#to = to
  }

  /** Bytes of the file that have passed. */
  get position(): number {
    return this.#position
  }

  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) at += this.#state === 'bytes' ? this.#pass(chunk, at) : this.#step(chunk, at)
    if (this.#isOutermost()) this.#handOn()
  }

  /** After the last bytes. */
  finish(): void {
    if (this.#frame !== MODEL || this.#state !== 'tag' || this.#varintBytes > 0) throw notOnnx()
  }

  /** Passes by, or takes, what `chunk` has of the present field. Returns how many bytes. */
  #pass(chunk: Uint8Array, at: number): number {
    const length = Math.min(this.#rest, chunk.length - at)
    if (this.#takes) this.#taken.append(chunk.subarray(at, at + length))
    this.#position += length
    this.#rest -= length
    if (this.#rest === 0) this.#endField()
    return length
  }

  /** Takes one byte of a varint. */
  #step(chunk: Uint8Array, at: number): number {
    if (this.#position >= this.#frame.end || this.#varintBytes === LONGEST_VARINT) throw notOnnx()
    const byte = chunk[at] ?? 0
    this.#taken.push(byte)
    this.#position++
    this.#varint += (byte & 127) * 128 ** this.#varintBytes++
    if (byte < 128) this.#endVarint()
    return 1
  }

  #endVarint(): void {
    const [value, width] = [this.#varint, this.#varintBytes]
    this.#varint = this.#varintBytes = 0
    if (this.#state === 'tag') this.#startField(value)
    else if (this.#state === 'length') this.#startContent(value, width)
    else this.#endField()
  }

  #startField(tag: number): void {
    if (++this.#fields > MAX_FIELDS) throw tooManyParts()
    this.#field = Math.floor(tag / 8)
    if (this.#field === 0 || tag >= 2 ** 32) throw notOnnx()
    switch (tag % 8) {
      case 0:
        this.#state = 'number'
        break
      case 1:
        this.#expect(8, true)
        break
      case 2:
        this.#state = 'length'
        break
      case 5:
        this.#expect(4, true)
        break
      default:
        throw notOnnx()
    }
  }

  #startContent(length: number, width: number): void {
    const { kind } = this.#frame
    if (length >= LONGEST) throw notOnnx()
    const layout: Readonly<Record<number, Kind | 'whole'>> = LAYOUT[kind]
    const content = length > SMALL ? layout[this.#field] : 'whole'
    if (content === undefined) {
      this.#taken.cut(this.#fieldAt)
      this.#expect(length, false)
    } else if (content === 'whole') this.#expect(length, true)
    else this.#lookInto(content, length, width)
  }

  /** Goes on with content of a known length. */
  #expect(length: number, takes: boolean): void {
    this.#mustFit(length)
    if (takes) this.#mustNotPass(length)
    this.#state = 'bytes'
    this.#rest = length
    this.#takes = takes
    if (length === 0) this.#endField()
  }

  #lookInto(kind: Kind, length: number, width: number): void {
    this.#mustFit(length)
    if (this.#around.length === DEEPEST) throw refused('its graphs lie too deep inside one another')
    if (this.#isOutermost()) this.#handOn()
    const main = kind === 'graph' && this.#frame === MODEL
    // The parts of the main graph are handed on one by one, without a length around them.
    if (main) this.#taken.cut(0)
    this.#around.push(this.#frame)
    this.#frame = {
      kind,
      end: this.#position + length,
      lengthAt: this.#taken.length - width,
      lengthBytes: width,
    }
    this.#startNext()
  }

  /** Bytes taken are bounded, with those of small fields too, which come one by one. */
  #mustNotPass(more: number): void {
    if (this.#handedOn + this.#taken.length + more > MOST)
      throw refused(`it takes more than ${MOST >> 20} MiB to describe, its weights not counted`)
  }

  #mustFit(length: number): void {
    const end = this.#position + length
    if (end > this.#frame.end) throw notOnnx()
    if (end > MAX_FILE) throw fault({ code: 'TOO_LARGE', what: 'model', bytes: end, limit: MAX_FILE })
  }

  /** Ends the present field, and the messages that end with it. */
  #endField(): void {
    while (this.#frame.end === this.#position) {
      if (this.#isOutermost()) {
        this.#fieldAt = this.#taken.length
        this.#handOn()
      } else this.#rewriteLength(this.#frame)
      this.#frame = this.#around.pop() ?? MODEL
    }
    this.#startNext()
    if (this.#isOutermost() && this.#taken.length >= BATCH) this.#handOn()
  }

  #startNext(): void {
    this.#mustNotPass(0)
    this.#state = 'tag'
    this.#fieldAt = this.#taken.length
  }

  /** Writes the length of what was taken of a message in as many bytes as its length had: a varint may end in zeros. */
  #rewriteLength({ lengthAt, lengthBytes }: Frame): void {
    let length = this.#taken.length - lengthAt - lengthBytes
    for (let i = 0; i < lengthBytes; i++) {
      this.#taken.write(lengthAt + i, (length & 127) | (i < lengthBytes - 1 ? 128 : 0))
      length >>>= 7
    }
  }

  /** Whether the present message is the model itself, or its main graph: their fields are handed on as they end. */
  #isOutermost(): boolean {
    return this.#around.length === 0 || (this.#around.length === 1 && this.#frame.kind === 'graph')
  }

  #handOn(): void {
    const length = this.#fieldAt
    if (length === 0) return
    this.#handedOn += length
    const part = this.#taken.first(length)
    if (this.#frame === MODEL) this.#to.model(part)
    else this.#to.graph(part)
    this.#taken.drop(length)
    this.#fieldAt = 0
  }
}

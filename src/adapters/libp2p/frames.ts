import { fault } from '../../domain/fault.ts'

/** A frame on the wire is its length as four big-endian bytes, then its bytes. */
const HEADER = 4
/** In place of a length: the sender closed. A stream that ends without it was cut, which libp2p cannot tell apart on WebRTC. */
const END = 0xffff_ffff

/** Bytes of a frame that are copied behind its length, so that one message of libp2p, of 16 KiB, holds both. */
const COPIED = 16_000

/** What to send for a frame, in order: its length with its beginning, and the rest, uncopied, of a larger one. */
export function encodeFrame(frame: Uint8Array): readonly Uint8Array[] {
  const start = frame.subarray(0, COPIED)
  const bytes = new Uint8Array(HEADER + start.length)
  new DataView(bytes.buffer).setUint32(0, frame.length)
  bytes.set(start, HEADER)
  return start.length === frame.length ? [bytes] : [bytes, frame.subarray(COPIED)]
}

export const endOfFrames = (): Uint8Array => new Uint8Array(HEADER).fill(0xff)

/** Bytes set aside for a frame when its length is known: what one libp2p message brings. */
const FIRST_ROOM = 16 * 1024

/** How much more is set aside each time than has come: fresh memory costs more than the copying, and a sender of little gets little. */
const GROWTH = 8

/** Takes a stream apart into frames, whatever pieces it comes in. Holds one unfinished frame at most. */
export class FrameDecoder {
  readonly #maxFrame: number
  readonly #header = new Uint8Array(HEADER)
  #headerFilled = 0
  /** As much of the unfinished frame as has come, with some room: a length alone takes no memory. */
  #frame: Uint8Array | undefined
  #frameLength = 0
  #frameFilled = 0
  #ended = false

  constructor(maxFrame: number) {
    this.#maxFrame = maxFrame
  }

  /** True once the sender's mark of closing has come; bytes after it are ignored. */
  get ended(): boolean {
    return this.#ended
  }

  /** The frames that `chunk` completes. Throws `TOO_LARGE` before holding a frame over the limit. */
  push(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = []
    for (let at = 0; !this.#ended && (at < chunk.length || this.#complete());) {
      if (this.#frame) {
        const piece = chunk.subarray(at, at + this.#frameLength - this.#frameFilled)
        this.#frame = this.#with(this.#frame, piece)
        at += piece.length
        if (this.#complete()) {
          frames.push(this.#frame)
          this.#frame = undefined
        }
      } else {
        const piece = chunk.subarray(at, at + HEADER - this.#headerFilled)
        this.#header.set(piece, this.#headerFilled)
        this.#headerFilled += piece.length
        at += piece.length
        if (this.#headerFilled === HEADER) this.#begin()
      }
    }
    return frames
  }

  #begin(): void {
    const length = new DataView(this.#header.buffer).getUint32(0)
    this.#headerFilled = 0
    this.#ended = length === END
    if (this.#ended) return
    if (length > this.#maxFrame)
      throw fault({ code: 'TOO_LARGE', what: 'message', bytes: length, limit: this.#maxFrame })
    this.#frame = new Uint8Array(Math.min(length, FIRST_ROOM))
    this.#frameLength = length
    this.#frameFilled = 0
  }

  #with(frame: Uint8Array, piece: Uint8Array): Uint8Array {
    const filled = this.#frameFilled
    this.#frameFilled += piece.length
    let room = frame
    if (this.#frameFilled > frame.length) {
      room = new Uint8Array(Math.min(this.#frameLength, Math.max(GROWTH * frame.length, this.#frameFilled)))
      room.set(frame.subarray(0, filled))
    }
    room.set(piece, filled)
    return room
  }

  #complete(): boolean {
    return this.#frame !== undefined && this.#frameFilled === this.#frameLength
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, endOfFrames, FrameDecoder } from '../../../src/adapters/libp2p/frames.ts'

const MAX = 1_000
const frames = fc.array(fc.uint8Array({ maxLength: MAX }), { maxLength: 8 })

/** Bytes cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces))

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 20 }), (sent, places) => {
        const decoder = new FrameDecoder(MAX)
        const pieces = cut(joined([...sent.flatMap(encodeFrame), endOfFrames()]), places)
        expect(pieces.flatMap((piece) => decoder.push(piece))).toEqual(sent)
        expect(decoder.ended).toBe(true)
      }),
    )
  })

  it('are sent uncopied but for their beginning, whatever their length', () => {
    for (const length of [0, 1, 15_999, 16_000, 16_001, 1 << 20]) {
      const frame = crypto.getRandomValues(new Uint8Array(Math.min(length, 1 << 16)))
      const large = new Uint8Array(length).fill(7)
      large.set(frame)
      const pieces = encodeFrame(large)
      expect(pieces.slice(1).every(({ buffer }) => buffer === large.buffer)).toBe(true)
      expect(new FrameDecoder(1 << 20).push(joined(pieces))).toEqual([large])
    }
  })

  it('are ended by their mark alone', () => {
    const decoder = new FrameDecoder(MAX)
    decoder.push(joined(encodeFrame(new Uint8Array(3))))
    expect(decoder.ended).toBe(false)
    expect(decoder.push(joined([endOfFrames(), ...encodeFrame(new Uint8Array(3))]))).toEqual([])
    expect(decoder.ended).toBe(true)
  })

  it('are refused over the limit, before they are there', () => {
    const head = joined(encodeFrame(new Uint8Array(MAX + 1))).subarray(0, 4)
    const refused = () => new FrameDecoder(MAX).push(head)
    expect(refused).toThrow(
      expect.objectContaining({ fault: { code: 'TOO_LARGE', what: 'message', bytes: MAX + 1, limit: MAX } }),
    )
  })

  it('take memory as their bytes come, whatever their length says', () => {
    const max = 16 << 20
    const head = new Uint8Array(4)
    new DataView(head.buffer).setUint32(0, max)
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 64 }, () => new FrameDecoder(max))
    for (const decoder of decoders) expect(decoder.push(head)).toEqual([])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(max)
    const piece = new Uint8Array(1 << 16)
    const frames = Array.from({ length: max / piece.length }, () => decoders[0]!.push(piece)).flat()
    expect(frames.map(({ length }) => length)).toEqual([max])
  })

  it('never break the decoder, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (pieces) => {
        const decoder = new FrameDecoder(MAX)
        try {
          for (const piece of pieces)
            for (const frame of decoder.push(piece)) expect(frame.length).toBeLessThanOrEqual(MAX)
        } catch (error) {
          expect(error).toMatchObject({ fault: { code: 'TOO_LARGE' } })
        }
      }),
    )
  })
})

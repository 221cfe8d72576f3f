/** Bytes kept when they are emptied, so that filling them again needs no new buffer. */
const KEPT = 256 << 10

/** Bytes that grow at their end, and can be cut, written over and taken from the front. */
export class GrowingBytes {
  #buffer = new Uint8Array(KEPT)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(byte: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = byte
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  cut(length: number): void {
    this.#length = length
  }

  write(at: number, byte: number): void {
    this.#buffer[at] = byte
  }

  /** The first bytes, as a view that holds until the next change. */
  first(length: number): Uint8Array {
    return this.#buffer.subarray(0, length)
  }

  /** Lets go of the first bytes. */
  drop(length: number): void {
    const rest = this.#length - length
    if (this.#buffer.length > KEPT && rest < KEPT) {
      const smaller = new Uint8Array(KEPT)
      smaller.set(this.#buffer.subarray(length, this.#length))
      this.#buffer = smaller
    } else this.#buffer.copyWithin(0, length, this.#length)
    this.#length = rest
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

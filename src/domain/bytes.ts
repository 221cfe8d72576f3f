/** Orders byte strings as unsigned numbers, most significant byte first; a prefix comes before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && compareBytes(a, b) === 0

const DIGITS: readonly number[] = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** Bytes whose digits make one call: engines bound how many arguments that may have. */
const AT_ONCE = 1_024

/** Lower-case hexadecimal, the only text form of a digest. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += AT_ONCE) {
    const codes: number[] = []
    for (let at = from; at < Math.min(bytes.length, from + AT_ONCE); at++) {
      const byte = bytes[at] ?? 0
      codes.push(DIGITS[byte >> 4] ?? 0, DIGITS[byte & 15] ?? 0)
    }
    // at once: digit by digit the text would be a rope, which costs ten times its length in memory
    text += String.fromCharCode(...codes)
  }
  return text
}

/** The bytes of an even number of hexadecimal digits. */
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

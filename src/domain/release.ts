/**
 * Gives the memory of bytes back at once, where they fill the buffer that they are in: they are empty afterwards. The collector
 * lets hundreds of megabytes of blocks gather before it looks. Only for bytes that nobody else holds.
 */
export function release({ buffer, length }: Uint8Array): void {
  if (length === buffer.byteLength) (buffer as ArrayBuffer).transfer(0)
}

/**
 * Gives the memory of bytes back at once, with all of the buffer that they are in: they are empty afterwards. The collector lets
 * hundreds of megabytes of blocks gather before it looks. Only for bytes that nobody else holds.
 */
export const release = ({ buffer }: Uint8Array): void => void (buffer as ArrayBuffer).transfer(0)

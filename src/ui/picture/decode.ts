import { fault } from '../../domain/fault.ts'
import type { Pixels } from './picture-tensor.ts'

/** Bytes of the largest picture file read: a phone's photograph several times over. */
const MAX_FILE = 32 * 1024 * 1024
/** Pixels along the longer side of what is kept of a picture: more than any shipped model looks at. */
const MAX_SIDE = 1024

/** Decodes a picture file to pixels. Rejects with `TOO_LARGE` or `MALFORMED`. */
export async function decodePicture(file: Blob): Promise<Pixels> {
  if (file.size > MAX_FILE) throw fault({ code: 'TOO_LARGE', what: 'picture', bytes: file.size, limit: MAX_FILE })
  const bitmap = await createImageBitmap(file).catch(() => {
    throw fault({ code: 'MALFORMED', what: 'picture', why: 'this browser cannot decode it; choose a PNG or JPEG file' })
  })
  try {
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height))
    const [width, height] = [
      Math.max(1, Math.round(bitmap.width * scale)),
      Math.max(1, Math.round(bitmap.height * scale)),
    ]
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (context === null) throw fault({ code: 'MALFORMED', what: 'picture', why: 'this browser gave no canvas' })
    context.drawImage(bitmap, 0, 0, width, height)
    return context.getImageData(0, 0, width, height)
  } finally {
    bitmap.close()
  }
}

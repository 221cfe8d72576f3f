/** What browsers with a file picker for saving have (https://wicg.github.io/file-system-access/), and TypeScript's DOM does not. */
interface SavePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>
}

/**
 * Hands a stream of bytes to the person as a file. Where the browser can write files it goes there piece by piece, however
 * large it is; elsewhere the browser is given the whole. To be called on a click. Rejects with an `AbortError` where the
 * person chose no file, and with what `chunks` rejects with: half a file is never left.
 */
export async function saveFile(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { showSaveFilePicker } = globalThis as SavePicker
  if (showSaveFilePicker === undefined) return offer(name, await collect(chunks, onBytes))
  const file = await showSaveFilePicker.call(globalThis, { suggestedName: name })
  const out = await file.createWritable()
  try {
    let bytes = 0
    for await (const chunk of chunks) {
      await out.write(new Uint8Array(chunk))
      onBytes((bytes += chunk.length))
    }
    await out.close()
  } catch (error) {
    await out.abort()
    throw error
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<Blob> {
  const parts: Blob[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    // A blob of its own may leave memory for the disk.
    parts.push(new Blob([new Uint8Array(chunk)]))
    onBytes((bytes += chunk.length))
  }
  return new Blob(parts, { type: 'application/vnd.ipld.car' })
}

function offer(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // A browser that has begun to save reads the blob, whatever becomes of its address.
  setTimeout(() => URL.revokeObjectURL(link.href))
}

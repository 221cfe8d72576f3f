import { expect, test } from 'vitest'
import { sources } from '../../../src/adapters/sources/index.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { BLOCK_SIZE } from '../../../src/domain/manifest.ts'

const open = (files: Record<string, Uint8Array<ArrayBuffer>>) =>
  sources({ clock: systemClock })({
    kind: 'files',
    files: Object.entries(files).map(([path, bytes]) => ({ path, blob: new Blob([bytes]) })),
  })

test('files of this device are listed as they were given, called after the model among them', async () => {
  const source = open({ 'labels.txt': Uint8Array.of(65), 'folder/net.onnx': new Uint8Array(3) })
  expect(await source.list()).toEqual({
    name: 'net.onnx',
    files: [
      { path: 'labels.txt', size: 1 },
      { path: 'folder/net.onnx', size: 3 },
    ],
  })
})

test('a file comes whole, whatever was read of it before', async () => {
  const bytes = Uint8Array.from({ length: 2 * BLOCK_SIZE + 5 }, (_, i) => i & 255)
  const reading = await open({ 'net.onnx': bytes }).read('net.onnx', { from: BLOCK_SIZE, version: 'any' })
  expect(reading).toMatchObject({ from: 0, size: bytes.length })
  const chunks: Uint8Array[] = []
  for await (const chunk of reading.chunks) chunks.push(chunk.slice())
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
})

test('no file, another file, and a file that is gone are said to be so', async () => {
  expect(() => open({})).toThrow('there is no file in it')
  await expect(open({ 'net.onnx': new Uint8Array(1) }).read('weights.bin')).rejects.toThrow('not among the files')
})

test('reading stops when it is cancelled', async () => {
  const giveUp = new AbortController()
  const { chunks } = await open({ 'net.onnx': new Uint8Array(2 * BLOCK_SIZE) }).read('net.onnx', {
    signal: giveUp.signal,
  })
  const reading = chunks[Symbol.asyncIterator]()
  await reading.next()
  giveUp.abort()
  await expect(reading.next()).rejects.toThrow('Cancelled')
})

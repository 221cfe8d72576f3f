import { expect, test } from 'vitest'
import { labelsFrom, readLabelFile } from '../../../src/ui/models/label-lines.ts'

test.for([
  ['one on each line', 'tench\ngoldfish, carp\r\nshark\n'],
  ['with the numbers of ImageNet', 'n01440764 tench\nn01443537 goldfish, carp\nn01484850 shark'],
  ['a JSON list', '["tench", "goldfish, carp", "shark"]'],
  ['a JSON dictionary, in the order of its numbers', '{"2": "shark", "0": "tench", "1": "goldfish, carp"}'],
  ['a dictionary as Python writes it', `{0: 'tench',\n 1: "goldfish, carp",\n 2: 'shark'}`],
])('labels are read: %s', ([, text]) => {
  expect(labelsFrom(text!)).toEqual(['tench', 'goldfish, carp', 'shark'])
})

test('a blank line between two labels is a label without a name', () => {
  expect(labelsFrom('a\n\nb\n\n')).toEqual(['a', '', 'b'])
})

test('an empty text has no labels', () => {
  expect(labelsFrom(' \n ')).toEqual([])
})

test('a label is cut where a manifest would refuse it, and so is a list', async () => {
  expect(labelsFrom('x'.repeat(500))[0]).toHaveLength(128)
  expect(() => labelsFrom('x\n'.repeat(70_000))).toThrow('more than 65536')
  await expect(readLabelFile(new Blob([new Uint8Array(9 * 1024 * 1024)]))).rejects.toThrow('too large')
})

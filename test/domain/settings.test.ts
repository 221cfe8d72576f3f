import { expect, test } from 'vitest'
import { readSettings } from '../../src/domain/settings.ts'
import { SETTINGS } from '../kits/settings-store.ts'

const without = (name: keyof typeof SETTINGS) => {
  const { [name]: _, ...rest } = SETTINGS
  return rest
}

test.for([
  ['nothing', undefined, {}],
  ['no record', 'paused', {}],
  ['null', null, {}],
  ['a list', [true, false], {}],
  ['another type in a field', { ...SETTINGS, paused: 'yes' }, without('paused')],
  ['an engine of another version', { ...SETTINGS, engine: 'npu' }, without('engine')],
  ['a share that nobody can choose', { ...SETTINGS, duty: 7 }, without('duty')],
  ['a negative size', { ...SETTINGS, cacheBytes: -1 }, without('cacheBytes')],
  ['no number', { ...SETTINGS, cacheBytes: Number.NaN }, without('cacheBytes')],
  ['half a byte a second', { ...SETTINGS, uploadBytesPerSecond: 0.5 }, without('uploadBytesPerSecond')],
  ['fields of another version', { ...SETTINGS, colour: 'red' }, SETTINGS],
  ['an old record with fewer fields', { paused: true }, { paused: true }],
] as const)('a record that holds %s is read as far as it can be', ([, record, expected]) => {
  expect(readSettings(record)).toEqual(expected)
})

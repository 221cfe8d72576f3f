import { describe, expect, test } from 'vitest'
import { nicknameOf } from '../../../src/domain/nickname.ts'
import type { Transfer } from '../../../src/peer/view.ts'
import {
  cacheWords,
  countWords,
  fullWords,
  holdersWords,
  ruleWords,
  shortKey,
  transferWords,
  webAddress,
} from '../../../src/ui/models/model-words.ts'
import { idOf, photographs, sums } from '../../kits/fake-models.ts'

const half: Transfer = { bytes: 2_031_616, total: 4_956_208, secondsLeft: 11.2 }
const here = { cached: true, inMemory: false }

describe('the words of a model', () => {
  test('say what of it is here', () => {
    expect(cacheWords(here)).toBe('kept here')
    expect(cacheWords({ cached: true, inMemory: true })).toBe('in memory only')
    expect(cacheWords({ cached: false, inMemory: false })).toBe('not here')
    expect(cacheWords({ cached: false, inMemory: false, transfer: half })).toBe('coming: 41 %, 12 s left')
    expect(cacheWords({ cached: false, inMemory: false, transfer: { bytes: 2048 } })).toBe('coming: 2 KiB')
  })

  test('say how many hold it', () => {
    const held = (cached: boolean, ...names: string[]) => holdersWords({ cached, holders: names.map(idOf) })
    expect(held(true)).toBe('held by this tab alone')
    expect(held(false)).toBe('held by nobody here')
    expect(held(false, 'oak')).toBe('held by one other tab')
    expect(held(true, 'oak', 'ash')).toBe('held by 2 other tabs')
  })

  test('say what came, of how much, how long yet and from whom', () => {
    const from = ['oak', 'ash'].map(idOf)
    const [oak, ash] = from.map(nicknameOf)
    expect(transferWords({ ...half, from })).toBe(`1.9 MiB of 4.7 MiB (41 %), 12 s left, from ${oak} and ${ash}`)
    expect(transferWords({ bytes: 512 })).toBe('512 bytes')
    expect(transferWords({ ...half, secondsLeft: 600 })).toContain('10 min left')
    expect(transferWords({ ...half, secondsLeft: 10_000 })).toContain('3 h left')
  })

  test('say when answers agree, and what was measured', () => {
    const { tolerance } = photographs.manifest
    expect(ruleWords(photographs.manifest)).toBe(
      'CPUs equal to the bit; GPUs within 0.0001 (0.0000013 at most, measured on apple metal-3 over 5 runs)',
    )
    expect(ruleWords(sums.manifest)).toBe(
      'CPUs equal to the bit; GPUs within 0.0001 (the default; measured on no GPU yet)',
    )
    expect(ruleWords({ arithmetic: 'integer' })).toBe('CPUs and GPUs: equal to the bit')
    expect(ruleWords({ arithmetic: 'qdq' })).toBe('CPUs only: no tolerance known')
    expect(ruleWords({ arithmetic: 'fp16', ...(tolerance && { tolerance: { ...tolerance, scaled: 3e-3 } }) })).toBe(
      'CPUs equal to the bit; GPUs within 0.003, measured on apple metal-3 over 5 runs',
    )
  })

  test('tell two keys apart by both of their ends', () => {
    expect(shortKey('12D3KooWAbCdEfGhIjKlMnOpQrStUvWxYz')).toBe('AbCd…WxYz')
  })

  test('say how many run from memory where the storage is full', () => {
    const many = (count: number) => fullWords(Array.from({ length: count }, () => ({ inMemory: true })))
    expect(fullWords([{ inMemory: false }])).toBeUndefined()
    expect(many(1)).toContain("This browser's storage is full: one model runs from memory")
    expect(many(3)).toContain('3 models run from memory')
  })

  test('count for people', () => {
    expect([0, 9_999, 1_235_496, 7_241_732_096].map(countWords)).toEqual(['0', '9,999', '1.24 million', '7.24 billion'])
  })
})

test('only an address of the web becomes a link', () => {
  expect(webAddress('https://example.org/a.onnx')).toBe('https://example.org/a.onnx')
  for (const other of ['javascript:alert(1)', 'data:text/html,x', 'owner/name', ''])
    expect(webAddress(other)).toBeUndefined()
})

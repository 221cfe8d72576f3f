import { expect, test } from 'vitest'
import { bench } from '../bench/bytes.bench.ts'

test('the Join screen is light, and so is all the rest but the engines themselves', async () => {
  const figures = await bench()
  expect(figures.filter(({ value, bar }) => value === 0 || value > (bar ?? Infinity))).toEqual([])
})

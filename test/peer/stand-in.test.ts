import { expect, test } from 'vitest'
import { ManualClock } from '../../src/adapters/memory/clock.ts'
import { seededRandomBytes } from '../../src/adapters/memory/random.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { StandIn } from '../../src/peer/disputes/stand-in.ts'

const LONGEST = (2 * FIRST_CHARTER.timeouts.assert) / 3

function standIn(needed: (job: string) => boolean, looksFor = async () => {}) {
  const clock = new ManualClock()
  const looked: string[] = []
  const random = seededRandomBytes('stand-in')
  const one = new StandIn({
    clock,
    random,
    charter: FIRST_CHARTER,
    mayRun: () => true,
    isNeeded: needed,
    lookInto: async (job) => {
      looked.push(job)
      await looksFor()
    },
  })
  return { one, clock, looked }
}

test('a contest about which no party says anything is looked into after a while, and no other', async () => {
  const { one, clock, looked } = standIn((job) => job === 'silent')
  one.consider('silent')
  one.consider('settled')
  await clock.advance(FIRST_CHARTER.timeouts.assert / 3 - 1)
  expect(looked).toEqual([])
  await clock.advance(LONGEST)
  expect(looked).toEqual(['silent'])
})

test('a flood of contests makes a tab look into one at a time, and wait for eight', async () => {
  const { one, clock, looked } = standIn(
    () => true,
    () => new Promise(() => {}),
  )
  for (let i = 0; i < 1_000; i++) one.consider(String(i))
  await clock.advance(LONGEST)
  expect(looked).toHaveLength(1)
})

test('nothing is looked into once the tab leaves, and what fails is no reason to stop', async () => {
  const failing = standIn(
    () => true,
    async () => Promise.reject(new Error('nobody shows it')),
  )
  failing.one.consider('one')
  await failing.clock.advance(LONGEST)
  failing.one.consider('two')
  await failing.clock.advance(LONGEST)
  expect(failing.looked).toEqual(['one', 'two'])
  const left = standIn(() => true)
  left.one.consider('one')
  left.one.close()
  await left.clock.advance(LONGEST)
  expect(left.looked).toEqual([])
})

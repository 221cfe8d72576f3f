import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CoVotes } from '../../../src/domain/authority/co-votes.ts'
import { DenseVotes } from '../../../src/domain/authority/dense-votes.ts'
import { chanceFrom, designEffectSize, independentVoices, type Vote } from '../../../src/domain/authority/index.ts'
import { itemOf, type Item } from '../../../src/domain/authority/item.ts'
import { Roll } from '../../../src/domain/authority/roll.ts'
import { windowVoices } from '../../../src/domain/authority/window-voices.ts'
import { hash } from '../../../src/domain/hash.ts'
import { peersNamed, ruling } from '../../kits/histories.ts'
import { near } from './near.ts'

const PEERS = peersNamed(8)

const tables = fc.array(fc.array(fc.constantFrom<Vote>(0, 1, 1, 0, null), { minLength: 8, maxLength: 8 }), {
  minLength: 20,
  maxLength: 60,
})

/** Cases as rulings, and the split ones among them as rows. */
function cases(table: readonly (readonly Vote[])[]): { roll: Roll; items: Item[]; split: (readonly Vote[])[] } {
  const roll = new Roll()
  const split = table.filter((row) => row.includes(0) && row.includes(1))
  const items = table.map((row, i) =>
    itemOf(
      ruling(
        `r${i}`,
        row.flatMap((vote, voter) =>
          vote === null ? [] : [[PEERS[voter] ?? '', vote === 1 ? 'uphold' : 'dismiss'] as const],
        ),
        [],
      ),
      roll,
    ),
  )
  return { roll, items, split }
}

describe('votes of pairs', () => {
  test('come to the independent voices of their table, kept up, counted at once or left out', () => {
    let known = 0
    fc.assert(
      fc.property(tables, tables, (table, more) => {
        const { roll, items, split } = cases(table)
        const others = cases(more).items
        const coVotes = new CoVotes()
        for (const item of items) coVotes.add(item)
        for (const item of others) coVotes.add(item)
        coVotes.worked()
        for (const item of others) coVotes.remove(item)
        const { voters, pairs, meanSquare } = coVotes.worked()
        if (pairs === 0) return
        known++
        const voices = independentVoices(split)
        near(designEffectSize(voters, meanSquare), voices, 1e-7)
        const nameOf = (peer: number) => roll.nameOf(peer)
        const splitItems = items.filter((item) => item.split)
        near(designEffectSize(voters, windowVoices(splitItems, nameOf).meanSquare), voices, 1e-9)
        near(designEffectSize(voters, new DenseVotes(splitItems, nameOf).without(-1, 10).meanSquare), voices, 1e-9)
      }),
      { numRuns: 40 },
    )
    expect(known).toBeGreaterThan(20)
  })

  test('link those who vote as one more often than the split of each case lets one expect', () => {
    const draws = chanceFrom(hash('kit', 'links'), 'votes')
    const table = Array.from({ length: 80 }, () => {
      const mind = draws.below(2) as Vote
      return PEERS.map((_, i): Vote => (i < 2 ? mind : (draws.below(2) as Vote)))
    })
    const { items } = cases(table)
    const coVotes = new CoVotes()
    for (const item of items) coVotes.add(item)
    expect(coVotes.links()).toEqual([[0, 1]])
    for (const item of items) coVotes.remove(item)
    expect(coVotes.links()).toEqual([])
  })

  test('do not link good jurors for being right together', () => {
    const draws = chanceFrom(hash('kit', 'good'), 'votes')
    const table = Array.from({ length: 400 }, () => {
      const right = draws.below(2)
      return PEERS.map((): Vote => (draws.below(10) < 8 ? right : 1 - right) as Vote)
    })
    const coVotes = new CoVotes()
    for (const item of cases(table).items) coVotes.add(item)
    expect(coVotes.worked().pairs).toBe(28)
    expect(coVotes.links()).toEqual([])
  })
})

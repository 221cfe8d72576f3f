import { describe, expect, test } from 'vitest'
import { chainHead, chainLink } from '../../../src/domain/hash-chain.ts'
import { hash, hex } from '../../../src/domain/hash.ts'
import { checkLink, jurySeed, linkAt } from '../../../src/domain/jury/seed.ts'
import { commitToVote } from '../../../src/domain/jury/votes.ts'

const [secret, nonce, job] = ['secret', 'nonce', 'job'].map((word) => hash('kit', word)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const link = (n: number) => chainLink(secret, nonce, 8, n)
const head = chainHead(secret, nonce, 8)

describe('what a jury is drawn by', () => {
  test('is a link of each party, which proves itself for its level alone', () => {
    for (const level of [0, 1, 7]) {
      expect(checkLink(head, link(linkAt(level)), level)).toBe(true)
      expect(checkLink(head, link(linkAt(level) - 1), level)).toBe(false)
      expect(checkLink(link(1), link(linkAt(level)), level)).toBe(false)
    }
    expect(checkLink(head, head, 0)).toBe(false)
  })

  test('another job, level, link or order of links is another seed', () => {
    const links = [link(1), hash('kit', 'other')]
    const seeds = [
      jurySeed(job, 0, links),
      jurySeed(nonce, 0, links),
      jurySeed(job, 1, links),
      jurySeed(job, 0, links.slice(0, 1)),
      jurySeed(job, 0, links.toReversed()),
    ]
    expect(new Set(seeds.map(hex)).size).toBe(5)
  })

  test('seeds and commitments are those of any other build', () => {
    expect(hex(jurySeed(job, 1, [link(2)]))).toMatchInlineSnapshot(
      `"f1b161e486ab95548bae72767459aec08c4bab07268f47a6cf81be729dc3d1e8"`,
    )
    expect(hex(commitToVote({ summon: job, key: nonce, vote: 'uphold', salt: secret }))).toMatchInlineSnapshot(
      `"81cb4ce45f2668469b2f9733cb15870001177a2783c14c6e01133d357ebd534e"`,
    )
  })
})

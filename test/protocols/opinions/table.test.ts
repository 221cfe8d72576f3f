import { beforeAll, describe, expect, test } from 'vitest'
import type { ReadOpinion } from '../../../src/domain/opinion.ts'
import { MAX_OF_AUTHOR, MAX_OF_MODEL, MAX_OPINIONS, MAX_UNNAMED } from '../../../src/protocols/opinions/constants.ts'
import { OpinionTable } from '../../../src/protocols/opinions/index.ts'
import { modelNamed, opinionOf } from '../../kits/opinions.ts'

const SELF = 'me'
const model = modelNamed('a model')
let sample: ReadOpinion
beforeAll(async () => {
  sample = await opinionOf('ann', { model })
})

/** An opinion whose signature nobody looks at here. */
const by = (author: string, change: Partial<ReadOpinion['opinion']> = {}): ReadOpinion => ({
  ...sample,
  author,
  opinion: { ...sample.opinion, ...change },
})

const table = ({ friends = [], isNamed = () => true }: { friends?: string[]; isNamed?: (model: string) => boolean }) =>
  new OpinionTable({ self: SELF, isFamiliar: (peer) => friends.includes(peer), isNamed })

const strangers = (count: number) => Array.from({ length: count }, (_, i) => `stranger ${i}`)
const authors = (kept: OpinionTable, of = model) => kept.of(of).map(({ author }) => author)

describe('what is said of models', () => {
  test('is the last word of each, whatever comes again', () => {
    const kept = table({})
    kept.take(by('ann', { seq: 2, stand: 'flags' }))
    expect(kept.wants(by('ann', { seq: 2 }))).toBe(false)
    expect(kept.take(by('ann', { seq: 1 }))).toBeUndefined()
    kept.take(by('ann', { seq: 3, stand: 'none' }))
    expect(kept.take(by('ann', { seq: 2, stand: 'flags' }))).toBeUndefined()
    expect(kept.of(model).map(({ opinion }) => opinion.stand)).toEqual(['none'])
  })

  test('past the bound of a model is whoever came first, and known peers in the place of strangers', () => {
    const kept = table({ friends: ['ben', 'cat'] })
    kept.take(by('ben'))
    for (const author of strangers(200)) kept.take(by(author))
    expect(authors(kept)).toEqual(['ben', ...strangers(MAX_OF_MODEL - 1)])
    expect(kept.take(by('cat'))?.map(({ author }) => author)).toEqual([`stranger ${MAX_OF_MODEL - 2}`])
    kept.take(by(SELF))
    expect(authors(kept)).toEqual(['ben', ...strangers(MAX_OF_MODEL - 2), 'cat', SELF])
    expect(kept.take(by('stranger 0', { seq: 2 }))).toEqual([])
  })

  test('past the bound of all is the same, on whatever models', () => {
    const kept = table({ friends: ['ben'] })
    for (const i of Array(40).keys())
      for (const author of strangers(40)) kept.take(by(author, { model: modelNamed(String(i)) }))
    expect(kept.all()).toHaveLength(MAX_OPINIONS)
    expect(kept.take(by('ben'))).toHaveLength(1)
    expect(kept.all()).toHaveLength(MAX_OPINIONS)
    expect(authors(kept)).toEqual(['ben'])
  })

  test('of models that nobody has named is little, until somebody does', () => {
    const named = new Set<string>()
    const kept = table({ isNamed: (each) => named.has(each) })
    const obscure = Array.from({ length: 100 }, (_, i) => modelNamed(`obscure ${i}`))
    for (const each of obscure) kept.take(by('ann', { model: each }))
    expect(kept.all()).toHaveLength(MAX_UNNAMED)
    for (const each of obscure) {
      named.add(each)
      kept.named(each)
    }
    for (const each of obscure) kept.take(by('ann', { model: each }))
    expect(kept.all()).toHaveLength(100)
  })

  test('by one key is so much, and its newest in the place of its oldest', () => {
    const kept = table({})
    kept.take(by('ben'))
    const models = Array.from({ length: MAX_OF_AUTHOR + 5 }, (_, i) => modelNamed(String(i)))
    for (const each of models) kept.take(by('ann', { model: each }))
    const ofAnn = kept.all().filter(({ author }) => author === 'ann')
    expect(ofAnn.map(({ opinion }) => opinion.model)).toEqual(models.slice(5))
    expect(authors(kept)).toEqual(['ben'])
  })

  test('by one key that changes its mind takes no more room in a model that is full', () => {
    const kept = table({})
    for (const author of strangers(MAX_OF_MODEL)) kept.take(by(author))
    for (const i of Array(MAX_OF_AUTHOR).keys()) kept.take(by('ann', { model: modelNamed(String(i)) }))
    expect(kept.take(by('ann'))).toBeUndefined()
    expect(authors(kept)).toHaveLength(MAX_OF_MODEL)
  })
})

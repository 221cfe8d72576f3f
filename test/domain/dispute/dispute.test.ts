import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { hashTensors } from '../../../src/domain/commitment.ts'
import { disputeStep, disputeWakeAt, openDispute } from '../../../src/domain/dispute/dispute.ts'
import { assertionKey } from '../../../src/domain/dispute/sides.ts'
import { whyNotContest } from '../../../src/domain/dispute/contest.ts'
import type { Dispute, DisputeEffect, DisputeEvent } from '../../../src/domain/dispute/dispute-state.ts'
import { Opened } from '../../../src/domain/dispute/opened-trace.ts'
import { firstDifference } from '../../../src/domain/dispute/trace.ts'
import { fromHex, hash } from '../../../src/domain/hash.ts'
import type { MessageOf, Read } from '../../../src/domain/messages.ts'
import type { EngineKind } from '../../../src/domain/states.ts'
import type { Tensors } from '../../../src/domain/tensor.ts'
import { person, type Person } from '../../kits/keys.ts'
import { floats } from '../../kits/tensors.ts'

const JOB = hash('test', 'job')
const CANON = fromHex(FIRST_CHARTER.canons[0]?.wasmSha256 ?? '')
const { assert: ASSERT, together: TOGETHER, contest: WINDOW } = FIRST_CHARTER.timeouts
const [ann, ben, cat, dan, eve] = ['ann', 'ben', 'cat', 'dan', 'eve'].map(person) as [
  Person,
  Person,
  Person,
  Person,
  Person,
]

const RIGHT: Tensors = { y: floats(1, 2, 3) }
const WRONG: Tensors = { y: floats(1, 2, 4) }
const VALUES = Array.from({ length: 6 }, (_, i) => hash('test', 'value', i))
/** What the canon computes, and what a processor computes that is wrong from some value on. */
const right = [...VALUES, hashTensors(RIGHT)]
const wrongFrom = (value: number, output = WRONG) => [
  ...VALUES.map((one, i) => (i < value ? one : hash('test', 'wrong', i))),
  hashTensors(output),
]

const assertion = (who: Person, list: readonly Uint8Array[], change: Partial<MessageOf<'assert'>> = {}) => {
  const { root, count } = Opened.whole(list)
  const output = list.at(-1) ?? root
  return who.say<'assert'>({ kind: 'assert', room: 'r', job: JOB, canon: CANON, output, root, count, ...change })
}

/** A dispute over what Ben, Cat and Dan claimed to Ann, as one of them follows it. */
class Story {
  state: Dispute
  now = 0
  readonly effects: DisputeEffect[]
  /** Which list is under which key: what would be opened. */
  readonly #lists = new Map<string, readonly Uint8Array[]>()

  constructor(
    options: {
      asserts?: boolean
      me?: Person
      claims?: readonly (readonly [Person, EngineKind, Tensors | undefined])[]
    } = {},
  ) {
    const said =
      options.claims ??
      ([
        [ben, 'cpu', RIGHT],
        [cat, 'cpu', RIGHT],
        [dan, 'cpu', WRONG],
      ] as const)
    const { state, effects } = openDispute({
      job: JOB,
      parties: [ann, ...said.map(([who]) => who)].map(({ peer }) => peer),
      claims: said.map(([{ peer }, engine, outputs]) => ({
        peer,
        engine,
        outputHash: hashTensors(outputs ?? RIGHT),
        ...(outputs ? { outputs } : {}),
        computeMs: 1,
      })),
      numerics: { arithmetic: 'fp32' },
      canons: [CANON],
      at: 0,
      asserts: options.asserts ?? true,
      me: (options.me ?? ann).peer,
    })
    this.state = state
    this.effects = [...effects]
  }

  apply(event: DisputeEvent): readonly DisputeEffect[] {
    const { state, effects } = disputeStep(this.state, event, FIRST_CHARTER)
    this.state = state
    this.effects.push(...effects)
    return effects
  }

  /** Somebody asserts; `own` is this peer itself. Comparisons and re-runs that follow are answered honestly. */
  says(who: Person, list: readonly Uint8Array[], own?: Tensors): void {
    this.hear(assertion(who, list), list, own)
  }

  hear(read: Read<MessageOf<'assert'>>, list: readonly Uint8Array[], own?: Tensors): void {
    this.#lists.set(assertionKey(read.message), list)
    this.#answer(this.apply({ type: 'asserted', at: this.now, read, ...(own ? { own } : {}) }))
  }

  tick(ms: number): void {
    this.now += ms
    this.#answer(this.apply({ type: 'tick', at: this.now }))
  }

  #answer(effects: readonly DisputeEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'compare') {
        const [a, b] = [this.#lists.get(effect.left) ?? [], this.#lists.get(effect.right) ?? []]
        const value = firstDifference(a, b) ?? 0
        const difference = { value, left: a[value] ?? JOB, right: b[value] ?? JOB }
        this.#answer(this.apply({ type: 'compared', at: this.now, bad: [], withheld: [], difference }))
      }
      if (effect.type === 'rerun')
        this.#answer(this.apply({ type: 'rerun', at: this.now, found: right[effect.difference.value] }))
    }
  }

  get end() {
    const { outcome } = this.state
    if (this.state.phase !== 'ended' || outcome === undefined) return this.state.phase
    return outcome.state === 'unresolved'
      ? `unresolved ${outcome.reason}`
      : `${outcome.state} ${outcome.judged.filter(({ stands }) => stands).length}`
  }

  get losers() {
    return (this.state.outcome?.losers ?? []).map(({ peer, for: what }) => [peer, what])
  }
}

describe('a dispute whose assertions agree', () => {
  test('is settled once all parties have spoken: a claim stands or not by the canon alone', () => {
    const story = new Story()
    expect(story.effects).toEqual([{ type: 'assert' }])
    story.says(ann, right, RIGHT)
    story.says(ben, right)
    story.says(cat, right)
    expect(story.end).toBe('asserting')
    story.says(dan, right)
    expect(story.end).toBe('settled 2')
    expect(story.losers).toEqual([[dan.peer, 'claim']])
  })

  test('does not wait longer for who keeps silent than the charter says', () => {
    const story = new Story()
    story.says(ann, right, RIGHT)
    expect(disputeWakeAt(story.state, FIRST_CHARTER)).toBe(TOGETHER)
    story.tick(TOGETHER - 1)
    expect(story.end).toBe('asserting')
    story.tick(1)
    expect(story.end).toBe('settled 2')
  })

  test('is settled by one honest stranger, where no party can run the canon', () => {
    const story = new Story()
    story.apply({ type: 'unable', at: 0, reason: 'canon-unavailable' })
    story.says(eve, right)
    expect(story.end).toBe('asserting')
    story.tick(ASSERT)
    expect(story.end).toBe('settled 2')
  })

  test('asks for the tensors where a GPU claims, and judges it within the rule', () => {
    const close: Tensors = { y: floats(1, 2, 3.000001) }
    const story = new Story({
      asserts: false,
      claims: [
        [ben, 'gpu', close],
        [cat, 'gpu', WRONG],
      ],
    })
    for (const who of [ann, ben, cat]) story.says(who, right)
    expect(story.effects.at(-1)).toMatchObject({ type: 'outputs' })
    story.apply({ type: 'outputs', at: 0, outputs: RIGHT })
    expect(story.end).toBe('settled 1')
    expect(story.losers).toEqual([[cat.peer, 'claim']])
  })

  test('blames nobody for a claim whose tensors nobody shows', () => {
    const story = new Story({
      asserts: false,
      claims: [
        [ben, 'gpu', undefined],
        [cat, 'cpu', RIGHT],
      ],
    })
    const other = [...VALUES, hash('test', 'another output')]
    for (const who of [ann, ben, cat]) story.says(who, other)
    story.apply({ type: 'outputs', at: 0, outputs: undefined })
    expect(story.end).toBe('settled 0')
    expect(story.losers).toEqual([[cat.peer, 'claim']])
  })
})

describe('an executor whom most others agree with, bit for bit', () => {
  test('leaves it to the requester to run the canon, and is taken as having said so', () => {
    const story = new Story({ me: ben })
    expect(story.effects).toEqual([])
    story.says(dan, right)
    story.says(ann, right)
    expect(story.end).toBe('asserting')
    story.tick(TOGETHER / 2)
    expect([story.end, story.effects.map(({ type }) => type)]).toEqual(['settled 2', ['end']])
    const asked = new Story()
    asked.says(ann, right, RIGHT)
    asked.says(dan, right)
    expect(asked.end).toBe('settled 2')
  })

  test('speaks up at once where the requester says something else, and after a while where nobody says the same', () => {
    const contradicted = new Story({ me: ben })
    contradicted.says(dan, wrongFrom(3))
    expect(contradicted.effects).toEqual([])
    contradicted.says(ann, wrongFrom(3))
    expect(contradicted.effects).toEqual([{ type: 'assert' }])
    const waiting = new Story({ me: ben })
    expect(disputeWakeAt(waiting.state, FIRST_CHARTER)).toBe(TOGETHER / 2)
    waiting.tick(TOGETHER / 2)
    expect(waiting.effects).toEqual([{ type: 'assert' }])
    expect(new Story({ me: dan }).effects).toEqual([{ type: 'assert' }])
  })
})

describe('an executor that stood down', () => {
  /** Ben leaves it to Ann, who says what he claimed; Dan says otherwise. */
  const rested = () => {
    const story = new Story({ me: ben })
    story.apply({ type: 'asserted', at: 0, read: assertion(ann, right) })
    story.apply({ type: 'asserted', at: 0, read: assertion(dan, wrongFrom(3)) })
    const [compare] = story.apply({ type: 'tick', at: TOGETHER / 2 })
    expect(compare).toMatchObject({ type: 'compare' })
    return story
  }
  const key = (who: Person, list: readonly Uint8Array[]) => assertionKey(assertion(who, list).message)

  test('runs the canon before it accepts a verdict against itself: the requester colludes, and opens nothing', () => {
    const story = rested()
    const effects = story.apply({ type: 'compared', at: TOGETHER, bad: [], withheld: [key(ann, right)] })
    expect([effects, story.end]).toEqual([[{ type: 'assert' }], 'asserting'])
    story.says(ben, right, RIGHT)
    expect([story.end, story.losers]).toEqual([
      'proven 2',
      [
        [dan.peer, 'claim'],
        [ann.peer, 'withheld'],
      ],
    ])
  })

  test('does so where the requester says two things, and where nobody can tell', () => {
    const contradicted = rested()
    contradicted.apply({ type: 'asserted', at: TOGETHER, read: assertion(ann, wrongFrom(1)) })
    const effects = contradicted.apply({ type: 'compared', at: TOGETHER, bad: [], withheld: [key(ann, right)] })
    expect(effects).toEqual([{ type: 'assert' }])
    const blind = rested()
    expect(blind.apply({ type: 'compared', at: 0, bad: [], withheld: [], isUnseen: true })).toEqual([
      { type: 'assert' },
    ])
  })

  test('is not stood down by strangers', () => {
    const story = new Story({ me: ben })
    story.says(eve, right)
    story.tick(TOGETHER / 2)
    expect(story.effects).toEqual([{ type: 'assert' }])
  })
})

describe('whoever has run the canon', () => {
  test('is not moved by strangers, and not held up by them', () => {
    const story = new Story()
    for (let i = 0; i < 8; i++) story.says(person(`stranger ${i}`), wrongFrom(i % 5))
    story.says(ann, right, RIGHT)
    for (const who of [ben, cat, dan]) story.says(who, right)
    expect([story.end, story.losers]).toEqual(['settled 2', [[dan.peer, 'claim']]])
    expect(story.effects.some(({ type }) => type === 'compare')).toBe(false)
  })

  test('waits for its own run, however long it takes, rather than believe others', () => {
    const story = new Story()
    story.says(dan, wrongFrom(3))
    story.tick(ASSERT)
    expect(story.end).toBe('asserting')
    story.says(ann, right, RIGHT)
    expect(story.end).toBe('proven 2')
  })
})

describe('a verdict', () => {
  test('falls with whoever it rests on: its only author contradicts itself afterwards', () => {
    const story = new Story({ asserts: false })
    story.says(ben, right)
    story.tick(ASSERT)
    expect(story.end).toBe('settled 2')
    story.says(ben, wrongFrom(2))
    story.tick(0)
    expect([story.end, story.state.overturned]).toEqual(['unresolved no-assertion-stands', true])
  })
})

describe('a dispute whose assertions differ', () => {
  test('is proven by the operator that makes the first value that differs', () => {
    const story = new Story()
    story.says(ann, right, RIGHT)
    story.says(dan, wrongFrom(3))
    story.says(ben, right)
    story.says(cat, right)
    expect(story.end).toBe('proven 2')
    expect(story.state.proofs).toMatchObject([{ value: 3 }])
    expect(story.losers).toEqual([[dan.peer, 'claim']])
  })

  test('falls out the same however many assert what is wrong', () => {
    const story = new Story({
      asserts: false,
      claims: [
        [ben, 'cpu', RIGHT],
        [cat, 'cpu', WRONG],
        [dan, 'cpu', WRONG],
      ],
    })
    story.says(cat, wrongFrom(2))
    story.says(dan, wrongFrom(2))
    story.says(eve, wrongFrom(2))
    story.says(ben, right)
    story.tick(ASSERT)
    expect(story.end).toBe('proven 1')
    expect(story.losers).toEqual([
      [cat.peer, 'claim'],
      [dan.peer, 'claim'],
      [eve.peer, 'assertion'],
    ])
  })

  test('is proven against each of two that are wrong in two ways', () => {
    const story = new Story({
      claims: [
        [ben, 'cpu', RIGHT],
        [cat, 'cpu', WRONG],
        [dan, 'cpu', { y: floats(9) }],
      ],
    })
    story.says(ann, right, RIGHT)
    story.says(cat, wrongFrom(4))
    story.says(dan, wrongFrom(1, { y: floats(9) }))
    story.says(ben, right)
    expect(story.end).toBe('proven 1')
    expect(story.state.proofs.map(({ value }) => value)).toEqual([4, 1])
  })

  test('over the hash of the output alone is decided by hashing the output', () => {
    const story = new Story()
    story.says(ann, right, RIGHT)
    story.says(dan, [...VALUES, hashTensors(WRONG)])
    story.says(ben, right)
    story.says(cat, right)
    expect(story.state.proofs).toMatchObject([{ value: VALUES.length }])
    expect(story.end).toBe('proven 2')
  })

  test('where both sides are wrong leaves neither, and is unresolved where nobody else asserts', () => {
    const story = new Story({ asserts: false })
    story.says(cat, wrongFrom(2))
    const made = wrongFrom(2).map((one, i) => (i < 2 ? one : hash('test', 'made up', i)))
    story.says(dan, made)
    story.tick(ASSERT)
    expect(story.end).toBe('unresolved no-assertion-stands')
    expect(story.losers.map(([peer]) => peer).toSorted()).toEqual([cat.peer, dan.peer].toSorted())
  })

  test('is left unresolved, and nobody is blamed, where this peer cannot tell one side from the other', () => {
    const sides = () => {
      const story = new Story({ asserts: false })
      story.apply({ type: 'asserted', at: 0, read: assertion(ann, right) })
      story.apply({ type: 'asserted', at: 0, read: assertion(dan, wrongFrom(3)) })
      return story
    }
    const blind = sides()
    blind.apply({ type: 'compared', at: 0, bad: [], withheld: [], isUnseen: true })
    expect([blind.end, blind.losers]).toEqual(['unresolved canon-unavailable', []])
    const halted = sides()
    const difference = { value: 3, left: right[3] ?? JOB, right: JOB }
    halted.apply({ type: 'compared', at: 0, bad: [], withheld: [], difference })
    halted.apply({ type: 'rerun', at: 0, found: undefined })
    expect([halted.end, halted.losers]).toEqual(['unresolved canon-unavailable', []])
  })

  test('is settled by what this peer ran itself, where it cannot show the operator', () => {
    const story = new Story()
    story.apply({ type: 'asserted', at: 0, read: assertion(ann, right), own: RIGHT })
    story.apply({ type: 'asserted', at: 0, read: assertion(dan, wrongFrom(3)) })
    story.apply({ type: 'compared', at: 0, bad: [], withheld: [], isUnseen: true })
    story.tick(TOGETHER)
    expect([story.end, story.losers]).toEqual(['settled 2', [[dan.peer, 'claim']]])
  })

  test('sets aside who does not open what it asserted, and who opens something else', () => {
    const story = new Story()
    const [a, b] = [assertion(ann, right), assertion(dan, wrongFrom(3))]
    story.apply({ type: 'asserted', at: 0, read: a, own: RIGHT })
    const [compare] = story.apply({ type: 'asserted', at: 0, read: b })
    expect(compare).toMatchObject({ type: 'compare' })
    story.apply({ type: 'compared', at: 0, bad: [], withheld: [assertionKey(b.message)] })
    const c = assertion(cat, wrongFrom(5))
    story.apply({ type: 'asserted', at: 0, read: c })
    story.apply({ type: 'compared', at: 0, bad: [assertionKey(c.message)], withheld: [] })
    story.tick(TOGETHER)
    expect(story.end).toBe('settled 2')
    expect(story.losers).toEqual([
      [dan.peer, 'claim'],
      [cat.peer, 'assertion'],
    ])
  })
})

describe('what is said in a dispute', () => {
  test('twice and differently by one key counts for nothing, and against it', () => {
    const story = new Story({
      claims: [
        [ben, 'cpu', RIGHT],
        [cat, 'cpu', RIGHT],
        [dan, 'cpu', RIGHT],
      ],
    })
    story.says(dan, wrongFrom(1))
    story.says(dan, right)
    for (const who of [ben, cat]) story.says(who, right)
    story.says(ann, right, RIGHT)
    expect(story.end).toBe('settled 3')
    expect(story.losers).toEqual([[dan.peer, 'contradiction']])
  })

  test('again, a third time, about another job, under another canon or too late is refused with its reason', () => {
    const story = new Story()
    const refused = (read: Read<MessageOf<'assert'>>, at = 0) => {
      const [effect] = story.apply({ type: 'asserted', at, read })
      return effect?.type === 'refuse' ? effect.fault.code : effect?.type
    }
    story.hear(assertion(dan, right), right)
    expect(refused(assertion(dan, right))).toBe('REPLAYED')
    story.hear(assertion(dan, wrongFrom(2)), wrongFrom(2))
    expect(refused(assertion(dan, wrongFrom(3)))).toBe('RATE_LIMITED')
    expect(refused(assertion(ben, right, { job: hash('another') }))).toBe('MALFORMED')
    expect(refused(assertion(ben, right, { canon: hash('another') }))).toBe('CANON_UNKNOWN')
    expect(refused(assertion(ben, right), WINDOW + 1)).toBe('OUT_OF_ORDER')
  })

  test('by a thousand strangers is heard of 8 of them, and of every party all the same', () => {
    const story = new Story()
    for (let i = 0; i < 1_000; i++) story.says(person(`stranger ${i}`), right)
    expect(story.state.assertions).toHaveLength(8)
    expect(story.effects.filter((effect) => effect.type === 'refuse')).toHaveLength(992)
    story.says(ann, right, RIGHT)
    for (const who of [ben, cat, dan]) story.says(who, right)
    expect(story.end).toBe('settled 2')
  })

  test('after the end, and differently, opens it again: what stood is overturned by what the operator says', () => {
    const story = new Story({ asserts: false })
    story.says(dan, wrongFrom(3))
    story.tick(ASSERT)
    expect(story.end).toBe('settled 1')
    expect(story.losers.map(([peer]) => peer)).toEqual([ben.peer, cat.peer])
    story.says(ben, right)
    expect(story.end).toBe('proven 2')
    expect(story.losers).toEqual([[dan.peer, 'claim']])
    expect(story.state.overturned).toBe(true)
  })

  test('by nobody leaves it unresolved, with the reason', () => {
    for (const [reason, own] of [
      ['canon-unavailable', 'canon-unavailable'],
      ['canon-unknown', 'canon-unknown'],
      ['input-missing', 'input-missing'],
    ] as const) {
      const story = new Story()
      story.apply({ type: 'unable', at: 0, reason: own })
      story.tick(ASSERT)
      expect(story.end).toBe(`unresolved ${reason}`)
    }
  })
})

describe('a contest', () => {
  const job = { parties: [ann.peer, ben.peer], endedAt: 1_000 }

  test('is for parties, and for as long as the charter says', () => {
    expect(whyNotContest(job, ben.peer, 1_000 + WINDOW, FIRST_CHARTER)).toBeUndefined()
    expect(whyNotContest(job, ben.peer, 1_001 + WINDOW, FIRST_CHARTER)).toContain('its time was over')
    expect(whyNotContest(job, eve.peer, 1_000, FIRST_CHARTER)).toContain('only its asker and those who answered')
    expect(whyNotContest(undefined, ann.peer, 1_000, FIRST_CHARTER)).toContain('no such job')
  })
})

import { describe, expect, test } from 'vitest'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import { wakeAt } from '../../src/domain/job.ts'
import { MAX_ACCEPTS } from '../../src/domain/messages.ts'
import { person } from '../kits/keys.ts'
import { executor, JobStory } from '../kits/moot.ts'
import { logits } from '../kits/tensors.ts'

const five = () => ['ann', 'ben', 'cat', 'dan', 'eve'].map((name) => executor(name))
const three = () => five().slice(0, 3)
const { timeouts } = FIRST_CHARTER
const kinds = (effects: { type: string }[]) => effects.map((effect) => effect.type)

describe('an answer', () => {
  test('three cpus that compute the same agree', () => {
    const story = new JobStory(three())
    story.run()
    expect(story.outcome).toBe('agreed')
    const sent = story.effects.flatMap((effect) => (effect.type === 'send' ? [effect.message.kind] : []))
    expect(sent).toEqual(['award', 'commit-set', 'reveal-set', 'receipt'])
  })

  test('one claim is one tab, and says so', () => {
    const story = new JobStory(three().slice(0, 1), { offer: { replication: 1 } })
    story.run()
    expect(story.outcome).toBe('one-tab')
  })

  test('a claim outside the rule contests, whatever the majority says, and every claim is kept', () => {
    const [ann, ben] = three()
    const story = new JobStory([ann!, ben!, executor('mallory', 'cpu', logits(1.01, 2.02, 3.03))])
    const { outcome } = story.run()
    expect(story.outcome).toBe('contested')
    expect(outcome.kind === 'decided' && outcome.verdict.groups.map((group) => group.length).toSorted()).toEqual([1, 2])
  })

  test('a gpu within rounding agrees within rounding, and the cpu claim is returned', () => {
    const gpu = executor('gpu', 'gpu', logits(1, 2, 3.0000002))
    const story = new JobStory([gpu, ...three().slice(0, 2)])
    const { outcome } = story.run()
    expect(story.outcome).toBe('agreed-rounding')
    expect(outcome.kind === 'decided' && outcome.verdict.returned.engine).toBe('cpu')
  })

  test('three gpus alone never count as agreed', () => {
    const story = new JobStory(['a', 'b', 'c'].map((name) => executor(name, 'gpu')))
    story.run()
    expect(story.outcome).toBe('agreed-gpus-only')
  })

  test('where a cpu offers itself, one sits', () => {
    const story = new JobStory([
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => executor(name, 'gpu')),
      executor('cpu'),
    ])
    story.everybodyAccepts()
    expect(story.seated.some((one) => one.engine === 'cpu')).toBe(true)
    expect(story.seated).toHaveLength(3)
  })
})

describe('the window for accepts', () => {
  test('closes as soon as every candidate has answered', () => {
    const story = new JobStory(five())
    story.executors.slice(0, 4).forEach((who) => story.hear(story.acceptOf(who)))
    expect(story.job.phase).toBe('offered')
    const last = story.executors[4]!
    story.hear(last.say<'decline'>({ kind: 'decline', offer: story.offer.digest, reason: 'busy', note: '' }))
    expect(story.job.phase).toBe('awarded')
  })

  test('closes after a moment where enough have accepted', () => {
    const story = new JobStory(five())
    story.executors.slice(0, 3).forEach((who) => story.hear(story.acceptOf(who)))
    expect(wakeAt(story.job, FIRST_CHARTER)).toBe(timeouts.offerWindow)
    story.tick(timeouts.offerWindow)
    expect(story.job.phase).toBe('awarded')
  })

  test('waits longer for too few, then goes on with those', () => {
    const story = new JobStory(five())
    story.hear(story.acceptOf(story.executors[0]!))
    story.tick(timeouts.offerWindow)
    expect(story.job.phase).toBe('offered')
    story.tick(timeouts.offer)
    expect(story.seated).toHaveLength(1)
  })

  test('with nobody, the ask is asked again', () => {
    const story = new JobStory(five())
    story.tick(timeouts.offer)
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'nobody-accepted' })
  })

  test('one who cannot among many who are busy does not end the ask', () => {
    const story = new JobStory(five())
    story.executors.forEach((who, i) => {
      const reason = i === 0 ? 'cannot' : 'busy'
      story.hear(who.say<'decline'>({ kind: 'decline', offer: story.offer.digest, reason, note: 'Go elsewhere.' }))
    })
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'nobody-accepted' })
  })

  test('with nobody the third time, it is lost', () => {
    const story = new JobStory(five(), { offer: { attempt: 3 } })
    story.tick(timeouts.offer)
    expect(story.ended.outcome).toMatchObject({ kind: 'lost', fault: { code: 'NOBODY_LEFT', attempts: 3 } })
  })

  test('of those who are invited alone is drawn from them, and from nobody else who accepts', () => {
    const [ann, ben, cat] = three()
    const story = new JobStory([ann!, ben!, cat!], { offer: { replication: 1, invited: [ann!.peer, ben!.peer] } })
    const [refused] = story.hear(story.acceptOf(cat!))
    expect(refused).toMatchObject({ type: 'close', peer: cat!.peer, fault: { code: 'OUT_OF_ORDER' } })
    story.hear(story.acceptOf(ann!))
    story.hear(story.acceptOf(ben!))
    story.tick(timeouts.offerWindow)
    expect(story.job.phase === 'awarded' && story.job.order.map(({ peer }) => peer).toSorted()).toEqual(
      [ann!.peer, ben!.peer].toSorted(),
    )
  })

  test('an accept on an engine that the charter does not know, or from one excluded, closes its stream', () => {
    const story = new JobStory(three(), { offer: { excluded: [executor('ann').peer] } })
    const [ann, ben] = story.executors
    expect(story.hear(story.acceptOf(ann!))).toMatchObject([{ type: 'close', fault: { code: 'OUT_OF_ORDER' } }])
    const strange = story.acceptOf(ben!, { wasm: new Uint8Array(32) })
    expect(story.hear(strange)).toMatchObject([{ type: 'close', fault: { code: 'CANON_UNKNOWN' } }])
  })
})

describe('before the COMMIT-SET', () => {
  const seatedOf = (story: JobStory) => {
    story.everybodyAccepts()
    return story.seated
  }

  test('whoever vanishes is replaced by the next in the lot, and the answer stands by three', () => {
    const story = new JobStory(five())
    const [first] = seatedOf(story)
    const effects = story.gone(first!)
    expect(kinds(effects)).toEqual(['seat'])
    story.everybodyCommits()
    story.everybodyReveals()
    expect(story.outcome).toBe('agreed')
    const { outcome } = story.ended
    expect(outcome.kind === 'decided' && outcome.seats.map((seat) => seat.peer)).not.toContain(first!.peer)
  })

  test('whoever gives no sign of life counts as vanished; progress is a sign', () => {
    const story = new JobStory(five())
    const [silent, busy] = seatedOf(story)
    story.now = timeouts.silence - 1
    story.apply({ type: 'progress', at: story.now, from: busy!.peer })
    story.tick(1)
    expect(story.seated).not.toContain(silent)
    expect(story.seated).toContain(busy)
  })

  test('where none is left of the lot but somebody came late, the ask is asked again for all', () => {
    const story = new JobStory(five(), { offer: { replication: 3 } })
    const [late, ...drawn] = story.executors.slice(1)
    drawn.forEach((who) => story.hear(story.acceptOf(who)))
    story.tick(timeouts.offerWindow)
    expect(story.hear(story.acceptOf(late!))).toEqual([{ type: 'close', peer: late!.peer }])
    story.gone(story.seated[0]!)
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'short-handed' })
  })

  test('where a cpu leaves and another waits, a cpu sits', () => {
    const gpus = ['a', 'b', 'c', 'd'].map((name) => executor(name, 'gpu'))
    const story = new JobStory([...gpus, executor('one'), executor('two')])
    story.everybodyAccepts()
    const cpus = () => story.seated.filter((who) => who.engine === 'cpu')
    story.gone(cpus()[0]!)
    expect(cpus()).toHaveLength(1)
    expect(story.seated).toHaveLength(3)
  })

  test('a decline costs nothing and is replaced', () => {
    const story = new JobStory(five())
    const [first] = seatedOf(story)
    story.hear(first!.say<'decline'>({ kind: 'decline', offer: story.offer.digest, reason: 'paused', note: '' }))
    expect(story.seated).toHaveLength(3)
    expect(story.seated).not.toContain(first)
  })

  test('with no replacement left, fewer answer', () => {
    const story = new JobStory(three())
    const [first] = seatedOf(story)
    story.gone(first!)
    story.everybodyCommits()
    story.everybodyReveals()
    expect(story.outcome).toBe('agreed')
  })

  test('where everybody says that it cannot be run, it is lost at once, with what they said', () => {
    const story = new JobStory(three())
    for (const who of seatedOf(story))
      story.hear(
        who.say<'decline'>({
          kind: 'decline',
          offer: story.offer.digest,
          reason: 'cannot',
          note: 'It needs an operator.',
        }),
      )
    expect(story.ended.outcome).toMatchObject({
      kind: 'lost',
      fault: { code: 'DECLINED', why: 'It needs an operator.' },
    })
  })

  test('a second commit closes its stream and gives the seat away', () => {
    const story = new JobStory(five())
    const [first] = seatedOf(story)
    story.hear(story.commitOf(first!))
    const effects = story.hear(story.commitOf(first!, logits(0, 0, 0)))
    expect(effects).toContainEqual({ type: 'close', peer: first!.peer, fault: { code: 'REPLAYED', what: 'commit' } })
    expect(story.seated).not.toContain(first)
  })

  test('a commit of somebody who does not sit, or a reveal before its time, is refused', () => {
    const story = new JobStory(five())
    const seated = seatedOf(story)
    const standby = story.executors.find((who) => !seated.includes(who))!
    expect(story.hear(story.commitOf(standby))).toMatchObject([{ type: 'close', fault: { code: 'OUT_OF_ORDER' } }])
    expect(story.hear(story.revealOf(seated[0]!), seated[0]!.output)).toMatchObject([
      { fault: { code: 'OUT_OF_ORDER' } },
    ])
    expect(story.job.phase).toBe('awarded')
  })
})

describe('after the COMMIT-SET', () => {
  const committed = (names = five()) => {
    const story = new JobStory(names)
    story.everybodyAccepts()
    story.everybodyCommits()
    return story
  }

  test('whoever vanishes without a reveal makes the ask be asked again, without him', () => {
    const story = committed()
    const [first] = story.seated
    story.gone(first!)
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'no-reveal', who: [first!.peer] })
  })

  test('whoever declines then is not blamed, and is not asked again', () => {
    const story = committed()
    const [first] = story.seated
    story.hear(first!.say<'decline'>({ kind: 'decline', offer: story.offer.digest, reason: 'paused', note: '' }))
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'withdrew', who: [first!.peer] })
  })

  test('a reveal that answers another COMMIT-SET proves nothing', () => {
    const story = committed()
    const [first] = story.seated
    const { message } = story.revealOf(first!)
    story.hear(first!.say<'reveal'>({ ...message, set: new Uint8Array(32) }), first!.output)
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'false-reveal' })
  })

  test('a reveal that does not open its commit is a lie, and is told apart from silence', () => {
    const story = committed()
    const [liar] = story.seated
    const effects = story.hear(story.revealOf(liar!, logits(9, 9, 9)), logits(9, 9, 9))
    expect(effects[0]).toMatchObject({ type: 'close', fault: { code: 'COMMITMENT_MISMATCH' } })
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'false-reveal', who: [liar!.peer] })
  })

  test('a reveal whose tensors are not the ones it hashes is a lie as well', () => {
    const story = committed()
    const [liar] = story.seated
    story.hear(story.revealOf(liar!), logits(9, 9, 9))
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'false-reveal' })
  })

  test('silence past the deadline is no reveal', () => {
    const story = committed()
    story.tick(timeouts.reveal)
    expect(story.ended.outcome).toMatchObject({ kind: 'again', reason: 'no-reveal' })
  })

  test('a stream that ends after its reveal changes nothing', () => {
    const story = committed()
    const [first] = story.seated
    story.hear(story.revealOf(first!), first!.output)
    story.gone(first!)
    story.seated.slice(1).forEach((who) => story.hear(story.revealOf(who), who.output))
    expect(story.outcome).toBe('agreed')
  })
})

describe('whoever has no seat', () => {
  const decline = (story: JobStory, name: string, note = '') =>
    person(name).say<'decline'>({ kind: 'decline', offer: story.offer.digest, reason: 'busy', note })

  test('may decline once, and no more of them are kept than there may be accepts', () => {
    const story = new JobStory(three())
    story.hear(story.acceptOf(story.executors[0]!))
    for (let i = 0; i < 300; i++) story.hear(decline(story, 'eve', `no ${i}`))
    expect(story.job.declines).toHaveLength(1)
    for (let i = 0; i < 100; i++) story.hear(decline(story, `stranger ${i}`))
    expect(story.job.declines).toHaveLength(MAX_ACCEPTS)
    story.hear(story.acceptOf(story.executors[1]!))
    story.hear(story.acceptOf(story.executors[2]!))
    story.everybodyCommits()
    story.everybodyReveals()
    expect(story.outcome).toBe('agreed')
  })

  test('stops nothing by declining once all are bound: its stream closes', () => {
    const story = new JobStory(three())
    story.everybodyAccepts()
    story.everybodyCommits()
    const effects = story.hear(decline(story, 'eve'))
    expect(effects).toMatchObject([{ type: 'close', peer: person('eve').peer, fault: { code: 'OUT_OF_ORDER' } }])
    story.everybodyReveals()
    expect(story.outcome).toBe('agreed')
  })
})

test('an executor that is always busy and never done gives up its seat when its time is over', () => {
  const story = new JobStory([...three(), executor('dan')], { offer: { deadline: 600_000 } })
  story.everybodyAccepts()
  const [busy, ...others] = story.seated
  for (const who of others) story.hear(story.commitOf(who))
  while (story.now < timeouts.commit) {
    expect(story.seated).toContain(busy)
    story.tick(timeouts.silence / 2)
    story.apply({ type: 'progress', at: story.now, from: busy!.peer })
  }
  expect(story.seated).not.toContain(busy)
  expect(story.seated).toHaveLength(3)
})

test('a cancel ends the job in any phase and closes every stream', () => {
  const story = new JobStory(three())
  story.everybodyAccepts()
  const effects = story.apply({ type: 'cancel', at: 0 })
  expect(story.outcome).toBe('cancelled')
  expect(kinds(effects)).toEqual(['close', 'close', 'close'])
})

test('no job outlives its deadline', () => {
  const story = new JobStory(three(), { offer: { deadline: 1_000 } })
  story.everybodyAccepts()
  story.tick(1_000)
  expect(story.ended.outcome).toMatchObject({ kind: 'lost', fault: { code: 'TIMED_OUT' } })
})

test('the rules never change their arguments', () => {
  const story = new JobStory(three())
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Object.isFrozen(value)) return
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  const apply = story.apply.bind(story)
  story.apply = (event) => {
    freeze(story.job)
    return apply(event)
  }
  story.run()
  expect(story.outcome).toBe('agreed')
})

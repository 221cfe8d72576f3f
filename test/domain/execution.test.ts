import { describe, expect, test } from 'vitest'
import { whyDecline } from '../../src/domain/execution.ts'
import { digestOf } from '../../src/domain/envelope.ts'
import { jobIdOf } from '../../src/domain/lot.ts'
import { hashBytes } from '../../src/domain/hash.ts'
import { ExecutionStory, executor, INPUT, JobStory, SALT, someOffer } from '../kits/moot.ts'
import { floats, logits } from '../kits/tensors.ts'

const kinds = (effects: readonly { type: string }[]) => effects.map((effect) => effect.type)

/** Ann's side of a job of three. */
function anns() {
  const story = new JobStory(['ann', 'ben', 'cat'].map((name) => executor(name)))
  story.everybodyAccepts()
  return { story, ann: new ExecutionStory(story, story.executors[0]!) }
}

describe('an executor', () => {
  test('computes what it was awarded, binds itself, opens once all are bound, and ends with the receipt', () => {
    const { story, ann } = anns()
    expect(kinds(ann.award())).toEqual(['compute'])
    expect(ann.compute()).toMatchObject([{ type: 'send', message: { kind: 'commit' } }])
    story.everybodyCommits()
    expect(ann.hear(ann.sent('commit-set'))).toMatchObject([{ type: 'reveal', message: { kind: 'reveal' } }])
    story.everybodyReveals()
    expect(ann.hear(ann.sent('reveal-set'))).toEqual([])
    expect(kinds(ann.hear(ann.sent('receipt')))).toEqual(['stop', 'close'])
    expect(ann.state.fault).toBeUndefined()
  })

  test('never reveals to a requester who shows no COMMIT-SET', () => {
    const { story, ann } = anns()
    ann.award()
    ann.compute()
    story.everybodyCommits()
    story.everybodyReveals()
    ann.hear(ann.sent('reveal-set'))
    expect(ann.state).toMatchObject({ phase: 'ended', fault: { code: 'OUT_OF_ORDER' } })
  })

  test('shows nothing to a COMMIT-SET of fewer than are due, or of one whom it calls absent and who never accepted', () => {
    for (const absent of [[], [executor('nobody').peer]]) {
      const { story, ann } = anns()
      ann.award()
      ann.compute()
      const alone = story.commitOf(ann.me).signed
      ann.hear(story.requester.say<'commit-set'>({ kind: 'commit-set', job: story.jobId, commits: [alone], absent }))
      expect(ann.state).toMatchObject({ phase: 'ended', fault: { code: 'COMMITMENT_MISMATCH', what: 'commit-set' } })
    }
  })

  test('notices a COMMIT-SET that lacks its own commit', () => {
    const { story, ann } = anns()
    ann.award()
    ann.compute()
    story.everybodyCommits()
    const { message } = ann.sent('commit-set')
    const without = message.commits.filter((_, i) => i !== story.seated.findIndex((who) => who.name === 'ann'))
    ann.hear(story.requester.say<'commit-set'>({ ...message, commits: without }))
    expect(ann.state.fault).toMatchObject({ code: 'COMMITMENT_MISMATCH', what: 'commit-set' })
  })

  test('notices an input that is not the one of the offer', () => {
    const { ann } = anns()
    ann.award({ tensors: { image: floats(9, 9) }, salt: hashBytes(new TextEncoder().encode('input salt')) })
    expect(ann.state.fault).toMatchObject({ code: 'COMMITMENT_MISMATCH', what: 'input' })
    expect(INPUT).toBeDefined()
  })

  test('notices a lot drawn with another secret, and a job named otherwise', () => {
    for (const change of [{ secret: new Uint8Array(32) }, { job: new Uint8Array(32) }]) {
      const { story, ann } = anns()
      ann.hear(story.requester.say<'award'>({ ...ann.sent('award').message, ...change }))
      expect(ann.state.fault).toMatchObject({ code: 'COMMITMENT_MISMATCH', what: 'award' })
    }
  })

  test('that stands by is told of the lot once, and of no other lot', () => {
    const standing = () => {
      const story = new JobStory(['ann', 'ben', 'cat', 'dan'].map((name) => executor(name)))
      story.everybodyAccepts()
      const standby = story.executors.find((who) => !story.seated.includes(who))!
      return {
        story,
        side: new ExecutionStory(story, standby),
        award: new ExecutionStory(story, standby).sent('award'),
      }
    }
    const again = standing()
    again.side.hear(again.award)
    expect(again.side.state).toMatchObject({ phase: 'waiting', job: again.story.jobId })
    again.side.hear(again.award)
    expect(again.side.state).toMatchObject({ phase: 'ended', fault: { code: 'OUT_OF_ORDER' } })
    const other = standing()
    other.side.hear(other.award)
    const accepts = other.award.message.accepts.slice(1)
    const job = jobIdOf(
      other.story.offer.digest,
      accepts.map((signed) => digestOf(signed)),
    )
    other.side.hear(other.story.requester.say<'award'>({ ...other.award.message, accepts, job }), {
      tensors: INPUT,
      salt: SALT,
    })
    expect(other.side.state).toMatchObject({ phase: 'ended', fault: { code: 'COMMITMENT_MISMATCH', what: 'award' } })
  })

  test('holds a job for minutes, not for as long as an offer likes', () => {
    const story = new JobStory(
      ['ann', 'ben', 'cat'].map((name) => executor(name)),
      { offer: { deadline: 3_600_000 } },
    )
    story.everybodyAccepts()
    const ann = new ExecutionStory(story, story.executors[0]!)
    ann.award()
    ann.compute()
    ann.apply({ type: 'tick', at: 129_999 })
    expect(ann.state.phase).toBe('committed')
    ann.apply({ type: 'tick', at: 130_000 })
    expect(ann.state).toMatchObject({ phase: 'ended', fault: { code: 'TIMED_OUT' } })
  })

  test('does not take an award from anybody but the requester, nor a malformed accept inside one', () => {
    const { story, ann } = anns()
    const { message } = ann.sent('award')
    ann.hear(executor('mallory').say<'award'>(message))
    expect(ann.state.fault).toMatchObject({ code: 'BAD_SIGNATURE' })
    const other = new ExecutionStory(story, story.executors[0]!)
    const [first, ...rest] = message.accepts
    other.hear(
      story.requester.say<'award'>({ ...message, accepts: [{ ...first!, body: Uint8Array.of(0xff) }, ...rest] }),
    )
    expect(other.state.fault).toMatchObject({ code: 'MALFORMED' })
  })

  test('that cannot compute says so and leaves; after a reveal there is nothing to take back', () => {
    const { story, ann } = anns()
    ann.award()
    const effects = ann.apply({ type: 'failed', at: 0, note: 'It ran out of memory.' })
    expect(effects[0]).toMatchObject({
      type: 'send',
      message: { kind: 'decline', reason: 'cannot', note: 'It ran out of memory.' },
    })
    const again = new ExecutionStory(story, story.executors[0]!)
    again.award()
    again.compute()
    story.everybodyCommits()
    again.hear(again.sent('commit-set'))
    expect(again.apply({ type: 'withdraw', at: 0, reason: 'paused', note: '' })).toEqual([])
  })

  test('notices a REVEAL-SET that does not open what was bound', () => {
    const { story, ann } = anns()
    ann.award()
    ann.compute()
    story.everybodyCommits()
    ann.hear(ann.sent('commit-set'))
    const reveals = story.seated.map((who) => story.revealOf(who, logits(7, 7, 7)).signed)
    ann.hear(story.requester.say<'reveal-set'>({ kind: 'reveal-set', job: story.jobId, reveals }))
    expect(ann.state.fault).toMatchObject({ code: 'COMMITMENT_MISMATCH', what: 'reveal-set' })
  })
})

test('a device enters a job only awake, within its budget, with room, and under its own charter', () => {
  const offer = someOffer()
  const device = {
    watching: false,
    paused: false,
    overBudget: false,
    jobs: 0,
    maxJobs: 4,
    charter: offer.charter,
  }
  expect(whyDecline(offer, device)).toBeUndefined()
  expect(whyDecline(offer, { ...device, watching: true })).toBe('watching')
  expect(whyDecline(offer, { ...device, paused: true })).toBe('paused')
  expect(whyDecline(offer, { ...device, overBudget: true })).toBe('budget')
  expect(whyDecline(offer, { ...device, jobs: 4 })).toBe('busy')
  expect(whyDecline(offer, { ...device, charter: 'another' })).toBe('charter')
})

import { describe, expect, test } from 'vitest'
import { checkReceipt } from '../../src/domain/check-receipt.ts'
import { hashTensors } from '../../src/domain/commitment.ts'
import { jobIdOf } from '../../src/domain/lot.ts'
import { readAs, readMessage, type Message, type MessageKind, type MessageOf } from '../../src/domain/messages.ts'
import { readReceipt, type ReceiptFile } from '../../src/domain/receipt.ts'
import { verifyWithNode } from '../kits/keys.ts'
import { executor, JobStory, type Executor } from '../kits/moot.ts'
import { logits } from '../kits/tensors.ts'

const honest = (name: string) => executor(name)
const liar = executor('mallory', 'cpu', logits(3, 2, 1))
const three = () => ['ann', 'ben', 'cat'].map(honest)

function told(executors: readonly Executor[], options: ConstructorParameters<typeof JobStory>[1] = {}): JobStory {
  const story = new JobStory(executors, options)
  story.run()
  return story
}

/** What a requester can do who holds her own key and every message she was sent: change her own words, and sign them again. */
function forge(
  story: JobStory,
  changes: { [K in MessageKind]?: (message: MessageOf<K>) => MessageOf<K> },
): ReceiptFile {
  const file = readReceipt(story.receiptFile())
  const messages = file.messages.map((signed) => {
    const { message } = readMessage(signed)
    const change = changes[message.kind] as ((message: Message) => Message) | undefined
    return change === undefined ? signed : story.requester.signNow(change(message))
  })
  return { ...file, messages }
}

async function failing(file: ReceiptFile): Promise<string[]> {
  const { checks } = await checkReceipt(file, verifyWithNode)
  return checks.filter((check) => check.holds === false).map((check) => check.name)
}

const committed = (without: Executor) => (message: MessageOf<'commit-set'>) => ({
  ...message,
  commits: message.commits.filter((signed) => readAs('commit', signed).author !== without.peer),
  absent: [without.peer],
})

const revealed = (without: Executor) => (message: MessageOf<'reveal-set'>) => ({
  ...message,
  reveals: message.reveals.filter((signed) => readAs('reveal', signed).author !== without.peer),
})

describe('a requester who signs her own words again', () => {
  test('cannot call a contested job agreed, with the dissenting output left out or not', async () => {
    const story = told([honest('ann'), honest('ben'), liar])
    const agreed = (message: MessageOf<'receipt'>) => ({ ...message, state: 'agreed' as const })
    expect(await failing(forge(story, { receipt: agreed }))).toEqual(['agreement'])
    const bare = { ...forge(story, { receipt: agreed }), outputs: [liar.output] }
    expect(await failing(bare)).toEqual(['agreement'])
    expect(await failing({ ...bare, outputs: [] })).toEqual(['agreement'])
  })

  test('cannot have another output returned than the rule returns', async () => {
    const story = told([honest('ann'), honest('ben'), liar])
    const other = (message: MessageOf<'receipt'>) => {
      const claim = message.claims.find((one) => String(one.output) !== String(message.returned))
      return { ...message, returned: claim?.output ?? message.returned }
    }
    expect(await failing({ ...forge(story, { receipt: other }), outputs: [] })).toEqual(['agreement'])
  })

  test('cannot leave a dissenter out once all have revealed: their reveals answer the set that held the dissent', async () => {
    const story = told([honest('ann'), honest('ben'), liar])
    const file = forge(story, {
      'commit-set': committed(liar),
      'reveal-set': revealed(liar),
      'receipt': (message) => ({
        ...message,
        state: 'agreed',
        claims: message.claims.filter((claim) => claim.peer !== liar.peer),
        returned: hashTensors(honest('ann').output),
      }),
    })
    expect(await failing({ ...file, outputs: file.outputs.slice(0, 1) })).toContain('commitments')
  })

  test('cannot call somebody absent who never accepted', async () => {
    const story = told(three())
    const file = forge(story, { 'commit-set': (message) => ({ ...message, absent: [executor('nobody').peer] }) })
    expect(await failing(file)).toContain('terms')
  })

  test('cannot tell of another attempt than the offer', async () => {
    const file = forge(told(three()), { receipt: (message) => ({ ...message, repeats: new Uint8Array(32) }) })
    expect(await failing(file)).toEqual(['terms'])
  })
})

describe('whoever could not sit is found where they sat', () => {
  /** A job in which the requester looked away while its executors accepted as they liked. */
  function accepted(
    executors: readonly Executor[],
    offer: Partial<MessageOf<'offer'>>,
    accept: Partial<MessageOf<'accept'>> = {},
  ) {
    const story = new JobStory(executors, { offer })
    const accepts = executors.map((who) => story.acceptOf(who, accept))
    if (story.job.phase !== 'offered') throw new Error('the job is under way')
    story.job = { ...story.job, accepts: accepts.slice(1), candidates: [] }
    story.hear(accepts[0]!)
    if (story.job.phase === 'offered') {
      story.job = { ...story.job, accepts }
      story.tick(10_000)
    }
    expect(
      jobIdOf(
        story.offer.digest,
        accepts.map((read) => read.digest),
      ),
    ).toEqual(story.jobId)
    story.everybodyCommits()
    story.everybodyReveals()
    return readReceipt(story.receiptFile())
  }

  test.each<[string, () => ReceiptFile]>([
    ['a cpu on no known canon', () => accepted(three(), {}, { wasm: new Uint8Array(32) })],
    [
      'a gpu where a cpu was asked for',
      () => accepted([executor('ann', 'gpu'), honest('ben'), honest('cat')], { engine: 'cpu' }),
    ],
    ['somebody excluded', () => accepted(three(), { excluded: [honest('ann').peer] })],
    ['somebody who was not invited', () => accepted(three(), { invited: [honest('ann').peer, honest('ben').peer] })],
    ['the requester beside others', () => accepted([honest('the requester'), honest('ben'), honest('cat')], {})],
  ])('%s', async (_, file) => {
    expect(await failing(file())).toContain('terms')
  })

  test('under a charter that this version does not know, nothing is said of it', async () => {
    const { checks } = await checkReceipt(
      readReceipt(told(three(), { offer: { charter: 'another' } }).receiptFile()),
      verifyWithNode,
    )
    expect(checks.find((check) => check.name === 'terms')?.holds).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { cidOf } from '../../../src/domain/charter/charter.ts'
import { checkFalseReveal } from '../../../src/domain/dispute/check-evidence.ts'
import type { Signed } from '../../../src/domain/envelope.ts'
import { hash } from '../../../src/domain/hash.ts'
import { readAs, readMessage, type Message, type MessageKind, type MessageOf } from '../../../src/domain/messages.ts'
import { person, verifyWithNode, type Person } from '../../kits/keys.ts'
import { executor, JobStory, MANIFEST } from '../../kits/moot.ts'
import { logits } from '../../kits/tensors.ts'

const [ann, ben, cat] = [executor('ann'), executor('ben'), executor('cat')]
const witness = person('a witness')
const OTHER = hash('test', 'another')
const JUDGES = { verify: verifyWithNode, modelId: cidOf }

/** A job in which whoever sits first showed another output than it was bound to, or, told so, the same. */
function lie({ honest = false } = {}) {
  const story = new JobStory([ann, ben, cat])
  story.everybodyAccepts()
  story.everybodyCommits()
  const liar = story.seated[0]!
  const reveal = honest ? story.revealOf(liar) : story.revealOf(liar, logits(9, 9, 9))
  const said = settled(story.jobId, liar)
  const { requester } = story
  const kinds: MessageKind[] = ['offer', 'award', 'commit-set']
  const asked = story.transcript.filter((signed) => kinds.includes(readMessage(signed).message.kind))
  return { requester, liar, messages: [...asked, reveal.signed, witness.signNow(said)] }
}

const settled = (job: Uint8Array, who: Person): MessageOf<'settlement'> => ({
  kind: 'settlement',
  room: 'story',
  job,
  state: 'proven',
  stands: [],
  losers: [{ peer: who.peer, for: 'false-reveal' }],
  leaves: [],
})

const check = (messages: readonly Signed[], manifest = MANIFEST) =>
  checkFalseReveal({ moot: 'evidence', version: 1, grounds: 'false-reveal', manifest, messages: [...messages] }, JUDGES)

/** The same messages with one of them said otherwise by its author, or by somebody else. */
function altering<K extends MessageKind>(
  messages: readonly Signed[],
  kind: K,
  who: Person,
  change: Partial<MessageOf<K>> | ((message: MessageOf<K>) => Partial<MessageOf<K>>),
): Signed[] {
  return messages.map((signed) => {
    if (readMessage(signed).message.kind !== kind) return signed
    const { message } = readAs(kind, signed)
    return who.signNow({ ...message, ...(typeof change === 'function' ? change(message) : change) } as Message)
  })
}

describe('evidence of a false reveal', () => {
  test('convicts who was bound to one output and showed another', async () => {
    const { liar, messages } = lie()
    expect(await check(messages)).toMatchObject({
      messages: { holds: true },
      verdict: { holds: true },
      loser: liar.peer,
    })
  })

  test('convicts nobody whose reveal opens its commit', async () => {
    const found = await check(lie({ honest: true }).messages)
    expect(found).toMatchObject({ messages: { holds: true }, verdict: { holds: false } })
    expect(found.loser).toBeUndefined()
  })

  test('that lacks a message, or holds one more, is none', async () => {
    const { messages } = lie()
    for (const left of messages) await expect(check(messages.filter((one) => one !== left))).rejects.toThrow()
    await expect(check([...messages, messages[0]!])).rejects.toThrow()
  })

  test('does not hold with one byte of any message changed', async () => {
    const { messages } = lie()
    for (const altered of messages) {
      const signature = altered.signature.with(0, (altered.signature[0] ?? 0) ^ 1)
      const found = await check(messages.map((one) => (one === altered ? { ...one, signature } : one)))
      expect(found).toMatchObject({ messages: { holds: false }, verdict: { holds: false } })
    }
  })

  test('does not hold with anything in it said otherwise by whoever has a key for it', async () => {
    const { requester, liar, messages } = lie()
    const stranger = person('a stranger')
    const others = (list: readonly Signed[]) => list.filter((signed) => readMessage(signed).author !== liar.peer)
    const forged = (list: readonly Signed[]) => list.map((one) => ({ ...one, signature: new Uint8Array(64) }))
    const stories: Record<string, Signed[]> = {
      'another offer': altering(messages, 'offer', requester, { nonce: OTHER }),
      'an offer by another': altering(messages, 'offer', stranger, {}),
      'an offer of another room': altering(messages, 'offer', requester, { room: 'another' }),
      'an award by another': altering(messages, 'award', stranger, {}),
      'an award of another offer': altering(messages, 'award', requester, { offer: OTHER }),
      'an award of another job': altering(messages, 'award', requester, { job: OTHER }),
      'an award with another secret': altering(messages, 'award', requester, { secret: OTHER }),
      'without the accept of the accused': altering(messages, 'award', requester, ({ accepts }) => ({
        accepts: others(accepts),
      })),
      'with fewer accepts': altering(messages, 'award', requester, ({ accepts }) => ({
        accepts: accepts.filter((one) => one !== others(accepts)[0]),
      })),
      'with forged accepts': altering(messages, 'award', requester, ({ accepts }) => ({ accepts: forged(accepts) })),
      'commits by another': altering(messages, 'commit-set', stranger, {}),
      'commits of another job': altering(messages, 'commit-set', requester, { job: OTHER }),
      'with fewer commits': altering(messages, 'commit-set', requester, ({ commits }) => ({
        commits: others(commits),
      })),
      'with forged commits': altering(messages, 'commit-set', requester, ({ commits }) => ({
        commits: forged(commits),
      })),
      'a reveal by another': altering(messages, 'reveal', stranger, {}),
      'a reveal of another job': altering(messages, 'reveal', liar, { job: OTHER }),
      'a reveal for another set': altering(messages, 'reveal', liar, { set: OTHER }),
      'a settlement of another job': altering(messages, 'settlement', witness, { job: OTHER }),
      'a settlement of another room': altering(messages, 'settlement', witness, { room: 'another' }),
    }
    for (const [what, altered] of Object.entries(stories))
      expect(await check(altered), what).toMatchObject({ messages: { holds: false }, verdict: { holds: false } })
    const another = await check(messages, { ...MANIFEST, version: '9.9.9' })
    expect(another.messages.holds).toBe(false)
  })

  test('is held to what it proves, whatever its settlement says', async () => {
    const { liar, messages } = lie()
    const loser = { peer: liar.peer, for: 'false-reveal' } as const
    const changes: Partial<MessageOf<'settlement'>>[] = [
      { losers: [{ peer: liar.peer, for: 'withheld' }] },
      { losers: [loser, { peer: ann === liar ? ben.peer : ann.peer, for: 'false-reveal' }] },
      { losers: [] },
      { state: 'settled' },
      { stands: [ben.peer] },
      { operator: { index: 1, type: 'Conv' } },
      { output: OTHER },
    ]
    for (const change of changes)
      expect(await check(altering(messages, 'settlement', witness, change))).toMatchObject({
        messages: { holds: true },
        verdict: { holds: false },
        loser: liar.peer,
      })
  })
})

import { encode } from '@ipld/dag-cbor'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import type { MessageOf, Read } from '../../src/domain/messages.ts'
import type { Tensors } from '../../src/domain/tensor.ts'
import { disturbEngine } from '../../src/peer/disturb-engine.ts'
import type { Peer } from '../../src/peer/view.ts'
import type { CanonEngine } from '../../src/ports/canon-engine.ts'
import type { InferenceEngine } from '../../src/ports/inference-engine.ts'
import { MAX_FRAME, MAX_FRAMES, MAX_INPUT } from '../../src/protocols/jobs/constants.ts'
import { eventually } from '../kits/eventually.ts'
import { person } from '../kits/keys.ts'
import { letIn, SALT, type Mallory, type RawStream } from '../kits/mallory.ts'
import { aDigit, digits, openRoom, until, type Room } from '../kits/peers.ts'
import { floats, logits } from '../kits/tensors.ts'
import { WatchedClock } from '../kits/watched-clock.ts'

const PATIENT = { timeout: 20_000 }

const engine = await openNodeCpuEngine()
afterAll(() => engine.close())

let room: Room
let clock: WatchedClock
let ann: Peer
let ben: Peer
let mallory: Mallory

beforeEach(async () => {
  room = await openRoom({ engine })
  clock = new WatchedClock()
  ;[ann, ben] = (await Promise.all(['ann', 'ben'].map((name) => room.join(name, { components: { clock } })))) as [
    Peer,
    Peer,
  ]
  await room.meshed(ann, ben)
  mallory = await letIn(room, 'mallory', ann, ben)
})

/** Ben still answers Ann, and in the end nothing is left of any job: no timer, no job under way. */
afterEach(async () => {
  const answer = await ann.ask(
    { model: digits(ann), input: aDigit() },
    { check: { mode: 'replicated', replication: 1 } },
  ).done
  expect(answer).toMatchObject({ state: 'one-tab', claims: [{ peer: ben.id }] })
  // Whoever else accepted still waits for an award.
  await Promise.all(mallory.answers.map((stream) => stream.close()))
  await Promise.all([ann, ben].map((peer) => until(peer, (view) => view.device.jobsUnderWay === 0)))
  await eventually(() =>
    expect(clock.pendingOf('run-attempt', 'execute-job', 'protocols/jobs', 'protocols/blocks')).toEqual([]),
  )
  await room.close()
})

/** Mallory asks, and Ben accepts: the job is hers to lead. */
async function accepted(change: Partial<MessageOf<'offer'>> = {}, input: Tensors = aDigit()) {
  const offer = mallory.offer(digits(ben), input, change)
  await mallory.ask(offer)
  const [stream] = (await mallory.answersOf(ben)) as [RawStream]
  const accept = await stream.hear('accept')
  const award = mallory.award(offer, [accept])
  return { offer, stream, accept, award }
}

/** Ben's streams to Mallory. */
const bens = () => mallory.answers.filter((stream) => stream.remote === ben.id)

const input = { salt: SALT, tensors: aDigit() }

async function committed() {
  const { stream, award, offer } = await accepted()
  await stream.say(award, { input })
  const commit = await stream.hear('commit')
  const commitSet = { kind: 'commit-set', job: award.job, commits: [commit.signed], absent: [] } as const
  return { stream, award, offer, commit, commitSet: { ...commitSet, commits: [...commitSet.commits], absent: [] } }
}

describe('an executor resets the stream of a requester who, instead of an award, sends', () => {
  type Job = Awaited<ReturnType<typeof accepted>>
  const lies: [string, (job: Job) => Promise<void>][] = [
    ['no dag-cbor', ({ stream }) => stream.sendBytes(Uint8Array.of(0xff))],
    ['an oversized frame', ({ stream }) => stream.sendBytes(new Uint8Array(MAX_FRAME + 1))],
    [
      'one wrongly signed',
      ({ stream, award }) =>
        stream.sendSigned({ ...mallory.who.signNow(award), signature: new Uint8Array(64) }, { input }),
    ],
    ["one in somebody else's name", ({ stream, award }) => stream.sendSigned(person('ann').signNow(award), { input })],
    ['one without the input', ({ stream, award }) => stream.say(award)],
    [
      'another input than was bound',
      ({ stream, award }) => stream.say(award, { input: { ...input, tensors: logits(1) } }),
    ],
    [
      'another lot than was bound',
      ({ stream, award }) => stream.say({ ...award, secret: new Uint8Array(32) }, { input }),
    ],
    ['another job than follows', ({ stream, award }) => stream.say({ ...award, job: new Uint8Array(32) }, { input })],
    ['an accept twice', ({ stream, offer, accept }) => stream.say(mallory.award(offer, [accept, accept]), { input })],
    [
      'a lot without the executor',
      ({ stream, offer }) => stream.say(mallory.award(offer, [mallory.who.say(mallory.accept(offer))]), { input }),
    ],
    [
      'an accept that its author never signed',
      ({ stream, award, accept }) =>
        stream.say({ ...award, accepts: [{ ...accept.signed, signature: new Uint8Array(64) }] }, { input }),
    ],
    [
      'a commit-set',
      ({ stream, award }) => stream.say({ kind: 'commit-set', job: award.job, commits: award.accepts, absent: [] }),
    ],
    [
      'progress for ever',
      async ({ stream }) => {
        for (let i = 0; i <= MAX_FRAMES; i++)
          if (
            await stream.send({ type: 'progress', doing: 'computing', fraction: 0 }).then(
              () => false,
              () => true,
            )
          )
            return
      },
    ],
  ]
  test.each(lies)('%s', PATIENT, async (_, lie) => {
    const job = await accepted()
    await lie(job)
    expect(await job.stream.ended).toBe('reset')
  })
})

describe('an executor that is bound never opens to a requester who', () => {
  type Job = Awaited<ReturnType<typeof committed>>
  const lies: [string, (job: Job) => Promise<void>][] = [
    ['awards again', ({ stream, award }) => stream.say(award, { input })],
    [
      'leaves its commit out',
      ({ stream, commitSet }) =>
        stream.say({ ...commitSet, commits: [mallory.who.signNow(mallory.commit(commitSet.job, logits(1)))] }),
    ],
    [
      'lists its commit twice',
      ({ stream, commitSet, commit }) => stream.say({ ...commitSet, commits: [commit.signed, commit.signed] }),
    ],
    [
      'skips to the reveals',
      ({ stream, award }) =>
        stream.say({
          kind: 'reveal-set',
          job: award.job,
          reveals: [mallory.who.signNow(mallory.reveal(award.job, logits(1)))],
        }),
    ],
    ['names another job', ({ stream, commitSet }) => stream.say({ ...commitSet, job: new Uint8Array(32) })],
  ]
  test.each(lies)('%s', PATIENT, async (_, lie) => {
    const job = await committed()
    await lie(job)
    await expect(job.stream.hear('reveal')).rejects.toThrow('ended')
    expect(await job.stream.ended).toBe('reset')
  })
})

describe('an executor lets a job go whose requester vanishes', () => {
  const phases: [string, () => Promise<unknown>][] = [
    ['after the accept', () => accepted()],
    [
      'after the award',
      async () => {
        const { stream, award } = await accepted()
        await stream.say(award, { input })
      },
    ],
    ['after the commit', () => committed()],
    [
      'after the commit-set',
      async () => {
        const { stream, commitSet } = await committed()
        await stream.say(commitSet)
        await stream.hear('reveal')
      },
    ],
  ]
  test.each(phases)('%s', PATIENT, async (_, until) => {
    await until()
    room.network.crash(mallory.who.peer)
  })
  test.each(phases)('%s, in an orderly way', PATIENT, async (_, until) => {
    await until()
    await Promise.all(mallory.answers.map((stream) => stream.close()))
  })
})

test('an executor that cannot compute says why, and the requester can read it', PATIENT, async () => {
  const note = async (model: string, tensors: Tensors) => {
    const offer = mallory.offer(model, tensors)
    const before = bens().length
    await mallory.ask(offer)
    await eventually(() => expect(bens()).toHaveLength(before + 1))
    const stream = bens()[before]!
    const accept = await stream.hear('accept')
    await stream.say(mallory.award(offer, [accept]), { input: { salt: SALT, tensors } })
    const { message } = await stream.hear('decline')
    expect(await stream.ended).toBe('closed')
    return `${message.reason}: ${message.note}`
  }
  expect(await note(digits(ben), { image: floats(1, 2) })).toMatch(
    /^cannot: Input "image" does not fit: the model expects the shape/,
  )
  expect(await note(digits(ben), { picture: floats(1) })).toMatch(/^cannot: Input "image" does not fit/)
  expect(await note('bafyreigdwmtl4jb4gyckzrmlbeeqwlbypfxqyvd4ubvofnzbqiyfy7vjyu', aDigit())).toMatch(
    /^cannot: Nobody here holds the model/,
  )
  expect(await note('no cid', aDigit())).toMatch(/^cannot: The model id could not be read/)
})

/** A model that runs until its job ends. */
const untilStopped: InferenceEngine['run'] = (_, __, { signal } = {}) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

test('inputs that nobody could hold all at once are not all taken', PATIENT, async () => {
  const slow: CanonEngine = { ...disturbEngine(room.cpu, { kind: 'silent' }), run: untilStopped }
  const dan = await room.join('dan', { components: { clock, cpu: slow } })
  const tensors = { x: { dtype: 'uint8', dims: [MAX_INPUT], data: new Uint8Array(MAX_INPUT) } } as const
  const declined: string[] = []
  for (let i = 0; i < 9; i++) {
    const offer = mallory.offer(digits(dan), tensors)
    await mallory.ask(offer)
    const answers = () => mallory.answers.filter((stream) => stream.remote === dan.id)
    await eventually(() => expect(answers()).toHaveLength(i + 1))
    const stream = answers()[i]!
    await stream.say(mallory.award(offer, [await stream.hear('accept')]), { input: { salt: SALT, tensors } })
    if (i === 8) declined.push((await stream.hear('decline')).message.note)
  }
  expect(declined).toEqual(['It holds as much input as it can.'])
  await dan.leave()
})

test('an offer is answered once, and one that is not for this peer never', PATIENT, async () => {
  const make = (change: Partial<MessageOf<'offer'>> = {}): Read<MessageOf<'offer'>> =>
    mallory.offer(digits(ben), aDigit(), change)
  const unsigned = { ...make().signed, signature: new Uint8Array(64) }
  await mallory.gossip(encode(unsigned))
  await mallory.ask(make({ room: 'another' }))
  await mallory.ask(make({ excluded: [ben.id, ann.id] }))
  await mallory.ask(make({ invited: [ann.id] }))
  const good = make()
  await mallory.ask(good)
  await mallory.ask(good)
  const [stream] = (await mallory.answersOf(ben)) as [RawStream]
  expect((await stream.hear('accept')).message.offer).toEqual(good.digest)
  const foreign = make({ charter: 'another' })
  await mallory.ask(foreign)
  await eventually(() => expect(bens()).toHaveLength(2))
  expect((await bens()[1]!.hear('decline')).message).toMatchObject({ reason: 'charter', offer: foreign.digest })
  expect(bens()).toHaveLength(2)
})

test(
  'a thousand offers of one key take a bounded share of a device, and others are served meanwhile',
  PATIENT,
  async () => {
    const offers = Array.from({ length: 1_000 }, () => mallory.offer(digits(ben), aDigit()))
    await Promise.all(offers.map((offer) => mallory.ask(offer)))
    await mallory.answersOf(ben)
    const answer = await ann.ask(
      { model: digits(ann), input: aDigit() },
      { check: { mode: 'replicated', replication: 1 } },
    ).done
    expect(answer).toMatchObject({ state: 'one-tab', claims: [{ peer: ben.id }] })
    expect(bens().length).toBeLessThanOrEqual(32)
    expect(ben.view.device.jobsUnderWay).toBeLessThanOrEqual(33)
  },
)

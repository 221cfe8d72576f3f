import { encode } from '@ipld/dag-cbor'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { readReceipt } from '../../src/domain/receipt.ts'
import type { MessageOf, Read } from '../../src/domain/messages.ts'
import type { Peer } from '../../src/peer/view.ts'
import { MAX_FRAME, MAX_FRAMES } from '../../src/protocols/jobs/constants.ts'
import { eventually } from '../kits/eventually.ts'
import { person } from '../kits/keys.ts'
import { letIn, type Mallory, type RawStream } from '../kits/mallory.ts'
import { aDigit, digits, names, openRoom, until, type Room } from '../kits/peers.ts'
import { logits } from '../kits/tensors.ts'
import { WatchedClock } from '../kits/watched-clock.ts'

type Offer = Read<MessageOf<'offer'>>

const ANSWER = logits(1, 2, 3)
const PATIENT = { timeout: 20_000 }

const engine = await openNodeCpuEngine()
afterAll(() => engine.close())

let room: Room
let clock: WatchedClock
let ann: Peer
let ben: Peer
let cat: Peer
let mallory: Mallory

beforeEach(async () => {
  room = await openRoom({ engine })
  clock = new WatchedClock()
  ;[ann, ben, cat] = (await Promise.all(
    ['ann', 'ben', 'cat'].map((name) => room.join(name, { components: { clock } })),
  )) as [Peer, Peer, Peer]
  await room.meshed(ann, ben, cat)
  mallory = await letIn(room, 'mallory', ann, ben, cat)
})

/** Nothing is left of any job: no timer, no job under way. */
afterEach(async () => {
  await Promise.all([ann, ben, cat].map((peer) => until(peer, (view) => view.device.jobsUnderWay === 0)))
  await eventually(() =>
    expect(clock.pendingOf('run-attempt', 'execute-job', 'protocols/jobs', 'protocols/blocks')).toEqual([]),
  )
  await room.close()
})

const ask = (replication: number) =>
  ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'replicated', replication } })

/** Ann asks, Mallory meets the first offer in her way, and Ben and Cat answer all the same: this time and the next. */
async function withstands(replication: number, attack: (offer: Offer) => Promise<RawStream>) {
  const offered = mallory.nextOffer()
  const { done } = ask(replication)
  const stream = await attack(await offered)
  const answer = await done
  expect(answer.state).toBe('agreed')
  expect(names(answer)).toEqual([ben.id, cat.id].toSorted())
  const how = await stream.ended
  expect((await ask(2).done).state).toBe('agreed')
  return { answer, how }
}

/** Mallory accepts, is seated with the others, and gets the award. */
async function seated(offer: Offer) {
  const stream = await mallory.reach(ann.id)
  await stream.say(mallory.accept(offer))
  const { message } = await stream.hear('award')
  return { stream, job: message.job }
}

describe('an ask withstands an executor whose first word is', () => {
  const first: [string, (offer: Offer, stream: RawStream) => Promise<void>][] = [
    ['no dag-cbor', (_, stream) => stream.sendBytes(Uint8Array.of(0xff, 0xff))],
    ['a frame of no known type', (_, stream) => stream.send({ type: 'gift' })],
    ['arrays within arrays without end', (_, stream) => stream.sendBytes(new Uint8Array(200_000).fill(0x81))],
    ['an oversized frame', (_, stream) => stream.sendBytes(new Uint8Array(MAX_FRAME + 1))],
    ['progress', (_, stream) => stream.send({ type: 'progress', doing: 'computing', fraction: 0 })],
    [
      'wrongly signed',
      (offer, stream) =>
        stream.sendSigned({ ...mallory.who.signNow(mallory.accept(offer)), signature: new Uint8Array(64) }),
    ],
    ["somebody else's", (offer, stream) => stream.sendSigned(person('ben').signNow(mallory.accept(offer)))],
    [
      'about an offer that nobody made',
      (offer, stream) => stream.say(mallory.accept(offer, { offer: new Uint8Array(32) })),
    ],
    ['a reveal', (_, stream) => stream.say(mallory.reveal(new Uint8Array(32), ANSWER))],
  ]
  test.each(first)('%s', PATIENT, async (_, attack) => {
    const { how } = await withstands(2, async (offer) => {
      const stream = await mallory.reach(ann.id)
      await attack(offer, stream)
      return stream
    })
    expect(how).toBe('reset')
  })
})

test('an ask withstands an executor of an unknown canon, and one that accepts twice', PATIENT, async () => {
  const unknown = await withstands(2, async (offer) => {
    const stream = await mallory.reach(ann.id)
    await stream.say(mallory.accept(offer, { wasm: new Uint8Array(32) }))
    return stream
  })
  const twice = await withstands(2, async (offer) => {
    const stream = await mallory.reach(ann.id)
    await stream.say(mallory.accept(offer))
    await stream.say(mallory.accept(offer, { nonce: new Uint8Array(32) }))
    return stream
  })
  expect([unknown.how, twice.how]).toEqual(['reset', 'reset'])
})

test('an accept that was seen before is worth nothing in the next job', PATIENT, async () => {
  let old: MessageOf<'accept'> | undefined
  await withstands(2, async (offer) => {
    old = mallory.accept(offer)
    const stream = await mallory.reach(ann.id)
    await stream.say({ kind: 'decline', offer: offer.digest, reason: 'busy', note: '' })
    return stream
  })
  await withstands(2, async () => {
    const stream = await mallory.reach(ann.id)
    await stream.say(old!)
    return stream
  })
})

describe('before all are bound, an executor is replaced that', () => {
  const lies: [string, (job: Uint8Array, stream: RawStream, offer: Offer) => Promise<void>][] = [
    ['commits to another job', (_, stream) => stream.say(mallory.commit(new Uint8Array(32), ANSWER))],
    ['commits on another engine', (job, stream) => stream.say({ ...mallory.commit(job, ANSWER), engine: 'gpu' })],
    ['reveals at once', (job, stream) => stream.say(mallory.reveal(job, ANSWER), { outputs: [ANSWER] })],
    [
      'sends what only a requester may',
      (job, stream) =>
        stream.say({
          kind: 'commit-set',
          job,
          commits: [mallory.who.signNow(mallory.commit(job, ANSWER))],
          absent: [],
        }),
    ],
    ['breaks off with a malformed frame', (_, stream) => stream.sendBytes(Uint8Array.of(1, 2, 3))],
    ['declines', (_, stream, offer) => stream.say({ kind: 'decline', offer: offer.digest, reason: 'busy', note: '' })],
    ['hangs up', (_, stream) => stream.close()],
    ['vanishes', async () => room.network.crash(mallory.who.peer)],
    [
      'floods with progress',
      async (_, stream) => {
        for (let i = 0; i <= MAX_FRAMES; i++)
          if (
            await stream.send({ type: 'progress', doing: 'computing', fraction: 0.5 }).then(
              () => false,
              () => true,
            )
          )
            return
      },
    ],
  ]
  test.each(lies)('%s', PATIENT, async (_, lie) => {
    const { answer } = await withstands(3, async (offer) => {
      const { stream, job } = await seated(offer)
      await lie(job, stream, offer)
      return stream
    })
    expect(answer.again).toEqual([])
  })

  test('commits twice', PATIENT, async () => {
    const { answer, how } = await withstands(3, async (offer) => {
      const { stream, job } = await seated(offer)
      await Promise.all([stream.say(mallory.commit(job, ANSWER)), stream.say(mallory.commit(job, logits(3, 2, 1)))])
      return stream
    })
    // Whether the COMMIT-SET was out by then or not, her second word ends her part in it.
    expect(answer.again.length).toBeLessThanOrEqual(1)
    expect(how).toBe('reset')
  })
})

describe('once all are bound, the job is asked again without an executor that', () => {
  const lies: [string, (job: Uint8Array, stream: RawStream, set: Uint8Array) => Promise<void>][] = [
    [
      'reveals what does not open its commit',
      (job, stream, set) => stream.say(mallory.reveal(job, logits(9), set), { outputs: [logits(9)] }),
    ],
    [
      'shows other tensors than it reveals',
      (job, stream, set) => stream.say(mallory.reveal(job, ANSWER, set), { outputs: [logits(9)] }),
    ],
    ['shows none', (job, stream, set) => stream.say(mallory.reveal(job, ANSWER, set))],
    [
      'answers another COMMIT-SET',
      (job, stream) => stream.say(mallory.reveal(job, ANSWER, new Uint8Array(32)), { outputs: [ANSWER] }),
    ],
    ['vanishes', async () => room.network.crash(mallory.who.peer)],
    ['hangs up', (_, stream) => stream.close()],
  ]
  test.each(lies)('%s', PATIENT, async (_, lie) => {
    const { answer } = await withstands(3, async (offer) => {
      const { stream, job } = await seated(offer)
      await stream.say(mallory.commit(job, ANSWER))
      const { digest } = await stream.hear('commit-set')
      await lie(job, stream, digest)
      return stream
    })
    expect(answer.again).toMatchObject([{ attempt: 1, who: [mallory.who.peer] }])
    expect(answer.attempt).toBe(2)
  })
})

test('a stranger who declines after all are bound stops nothing', PATIENT, async () => {
  const eve = await letIn(room, 'eve', ann, ben, cat)
  const offered = mallory.nextOffer()
  const { done } = ask(3)
  const offer = await offered
  const early = await eve.reach(ann.id)
  await early.say({ kind: 'decline', offer: offer.digest, reason: 'busy', note: '' })
  const { stream, job } = await seated(offer)
  await stream.say(mallory.commit(job, ANSWER))
  const { digest } = await stream.hear('commit-set')
  await early.say({ kind: 'decline', offer: offer.digest, reason: 'cannot', note: 'no' })
  expect(await early.ended).toBe('reset')
  await stream.say(mallory.reveal(job, ANSWER, digest), { outputs: [ANSWER] })
  const answer = await done
  expect(answer).toMatchObject({ state: 'settled', again: [], attempt: 1, losers: [{ peer: mallory.who.peer }] })
  expect(answer.claims).toHaveLength(3)
  await stream.hear('receipt')
  await stream.ended
})

test('whatever one says a hundred times, the receipt keeps it once', PATIENT, async () => {
  const { answer } = await withstands(2, async (offer) => {
    const stream = await mallory.reach(ann.id)
    const decline = { kind: 'decline', offer: offer.digest, reason: 'busy', note: '' } as const
    await Promise.allSettled(Array.from({ length: 300 }, (_, i) => stream.say({ ...decline, note: `no ${i}` })))
    return stream
  })
  expect(readReceipt(answer.receipt!).messages.length).toBeLessThanOrEqual(6)
})

test('gossip that is no message, or not of who it says, or of another room, is dropped', PATIENT, async () => {
  const receipt = (room: string) =>
    mallory.who.signNow({
      kind: 'receipt',
      room,
      job: new Uint8Array(32),
      model: 'bafy',
      state: 'agreed',
      attempt: 1,
      claims: [{ peer: mallory.who.peer, engine: 'cpu', output: new Uint8Array(32) }],
      returned: new Uint8Array(32),
      drawnFrom: 1,
    })
  await mallory.gossip(Uint8Array.of(0xff))
  await mallory.gossip(new Uint8Array(100_000))
  await mallory.gossip(encode({ body: new Uint8Array(3), key: new Uint8Array(32), signature: new Uint8Array(64) }))
  await mallory.gossip(encode(receipt('another')))
  expect((await ask(2).done).state).toBe('agreed')
  await until(ben, (view) => view.receipts.length > 0)
  expect(ben.view.receipts.map((one) => one.requester)).toEqual([ann.id])
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'
import { createMemoryNetwork } from '../../../src/adapters/memory/network.ts'
import { equalBytes } from '../../../src/domain/hash.ts'
import type { Channel } from '../../../src/ports/net.ts'
import {
  IDLE,
  MAX_BLOCK,
  MAX_READ,
  MAX_READ_FOR_ONE,
  MAX_REQUEST,
  MAX_SERVED,
  MAX_STREAMS,
  KEPT_OUT,
  MAX_VAIN,
  MAX_WAITING,
  PROTOCOL,
  SENDING,
} from '../../../src/protocols/blocks/constants.ts'
import { serveBlocks } from '../../../src/protocols/blocks/index.ts'
import { blocksOf } from '../../kits/holders.ts'

const BLOCKS = blocksOf(20)
const [FIRST, SECOND] = BLOCKS as [(typeof BLOCKS)[0], (typeof BLOCKS)[0]]
const UNKNOWN = new Uint8Array(MAX_REQUEST)

const fromMemory = async (digest: Uint8Array) => BLOCKS.find((block) => equalBytes(block.digest, digest))?.bytes

/** One who serves, on a clock that stands still, and any number who ask. */
async function stage(get: (digest: Uint8Array) => Promise<Uint8Array | undefined> = fromMemory, limit = () => 0) {
  const network = createMemoryNetwork()
  const clock = new ManualClock()
  const net = network.peer('server')
  await net.start()
  const server = serveBlocks({ net, blocks: { get }, clock, limit })
  onTestFinished(() => server.stop())
  return {
    clock,
    server,
    async open(name: string): Promise<Asking> {
      const asker = network.peer(name)
      await asker.start()
      return new Asking(await asker.open('server', PROTOCOL, { maxFrame: MAX_BLOCK, addresses: ['/memory/server'] }))
    },
  }
}

/** A stream on which somebody asks. */
class Asking {
  readonly channel: Channel
  readonly #answers: AsyncIterator<Uint8Array>

  constructor(channel: Channel) {
    this.channel = channel
    this.#answers = channel.frames()[Symbol.asyncIterator]()
  }

  ask(...digests: Uint8Array[]): Promise<unknown> {
    return Promise.all(digests.map((digest) => this.channel.send(digest)))
  }

  /** The next answer; undefined where the stream was closed. */
  async answer(): Promise<Uint8Array | undefined> {
    const { value, done } = await this.#answers.next()
    return done === true ? undefined : value
  }

  async expectReset(): Promise<void> {
    await expect(
      (async () => {
        while ((await this.answer()) !== undefined);
      })(),
    ).rejects.toThrow('reset')
  }
}

/** A store that reads a block when it is told to, and counts what it is reading. */
class SlowStore {
  readonly begun: Uint8Array[] = []
  readonly #waiting: ((bytes: Uint8Array) => void)[] = []

  readonly get = (digest: Uint8Array): Promise<Uint8Array> => {
    this.begun.push(digest)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  get reading(): number {
    return this.#waiting.length
  }

  /** Ends the read that began first. */
  finish(bytes = FIRST.bytes): void {
    this.#waiting.shift()?.(bytes)
  }
}

describe('whoever asks', () => {
  test('gets the blocks in the order of asking, and nothing for what is not here', async () => {
    const { open } = await stage()
    const asking = await open('asker')
    await asking.ask(FIRST.digest, UNKNOWN, SECOND.digest)
    expect([await asking.answer(), await asking.answer(), await asking.answer()]).toEqual([
      FIRST.bytes,
      new Uint8Array(0),
      SECOND.bytes,
    ])
  })

  test('gets nothing for a block that cannot be read', async () => {
    const { open } = await stage(() => Promise.reject(new Error('the disk is gone')))
    const asking = await open('asker')
    await asking.ask(FIRST.digest)
    expect(await asking.answer()).toHaveLength(0)
  })

  test('for anything but a digest is cut off', async () => {
    const { open } = await stage()
    for (const length of [0, 31, 33]) {
      const asking = await open(`asker of ${length}`)
      await asking.ask(new Uint8Array(length))
      await asking.expectReset()
    }
  })

  test('for more than may wait is cut off, and what it asked for is not read', async () => {
    const store = new SlowStore()
    const { clock, open } = await stage(store.get)
    const greedy = await open('greedy')
    await greedy.ask(...Array<Uint8Array>(MAX_WAITING + 1).fill(FIRST.digest))
    await greedy.expectReset()
    while (store.reading > 0) store.finish()
    await clock.advance(0)
    expect(store.begun).toHaveLength(MAX_READ_FOR_ONE)
  })

  test('again and again for what is not here is cut off', async () => {
    const { open } = await stage()
    const asking = await open('asker')
    for (let i = 0; i < MAX_VAIN; i++) {
      await asking.ask(UNKNOWN)
      expect(await asking.answer()).toHaveLength(0)
    }
    await asking.ask(UNKNOWN)
    await asking.expectReset()
  })

  test('now and then for what is not here is not', async () => {
    const { open } = await stage()
    const asking = await open('asker')
    for (let i = 0; i < 2 * MAX_VAIN + 4; i++) {
      const { digest, bytes } = i % 2 === 0 ? { digest: UNKNOWN, bytes: new Uint8Array(0) } : FIRST
      await asking.ask(digest)
      expect(await asking.answer()).toEqual(bytes)
    }
  })

  test('for nothing more is let go, unless an answer is still owed', async () => {
    const store = new SlowStore()
    const { clock, open } = await stage(store.get)
    const [idle, waiting] = [await open('idle'), await open('waiting')]
    await waiting.ask(FIRST.digest)
    await clock.advance(2 * IDLE)
    expect(await idle.answer()).toBeUndefined()
    store.finish()
    expect(await waiting.answer()).toEqual(FIRST.bytes)
    await clock.advance(IDLE)
    expect(await waiting.answer()).toBeUndefined()
  })

  test('but does not read is cut off, and holds up nobody meanwhile', async () => {
    const large = new Uint8Array(MAX_BLOCK)
    const { clock, open } = await stage(async () => large)
    const deaf = await open('deaf')
    await deaf.ask(...Array<Uint8Array>(MAX_WAITING).fill(FIRST.digest))
    const reading = await open('reading')
    for (let i = 0; i < 10; i++) {
      await reading.ask(FIRST.digest)
      expect(await reading.answer()).toHaveLength(MAX_BLOCK)
    }
    await clock.advance(SENDING)
    await expect(deaf.ask(FIRST.digest)).rejects.toThrow('reset')
    const again = await open('deaf')
    await clock.advance(0)
    await expect(again.ask(FIRST.digest)).rejects.toThrow('reset')
    await clock.advance(KEPT_OUT)
    const later = await open('deaf')
    await later.ask(FIRST.digest)
    expect(await later.answer()).toHaveLength(MAX_BLOCK)
  })
})

describe('of those who ask at a time', () => {
  test('each has its turn, however much the others ask for on however many streams', async () => {
    const store = new SlowStore()
    const { clock, open } = await stage(store.get)
    for (let i = 0; i < MAX_STREAMS; i++) {
      const stream = await open('greedy')
      await stream.ask(...Array<Uint8Array>(MAX_WAITING).fill(FIRST.digest))
    }
    const modest = await open('modest')
    await modest.ask(SECOND.digest, SECOND.digest)
    await clock.advance(0)
    expect(store.begun.filter((digest) => equalBytes(digest, SECOND.digest))).toHaveLength(2)
    for (let i = 0; i < 4; i++) {
      store.finish()
      await clock.advance(0)
    }
    expect(await modest.answer()).toEqual(FIRST.bytes)
    expect(await modest.answer()).toEqual(FIRST.bytes)
  })

  test('no more are read for than memory is meant for, and then each in turn', async () => {
    const store = new SlowStore()
    const { clock, open } = await stage(store.get)
    for (const [i, { digest }] of BLOCKS.entries()) {
      const asking = await open(`asker ${i}`)
      await asking.ask(digest, digest, digest)
    }
    await clock.advance(0)
    expect(store.reading).toBe(MAX_READ)
    let most = 0
    for (let i = 0; i < BLOCKS.length; i++) {
      store.finish()
      await clock.advance(0)
      most = Math.max(most, store.reading)
    }
    expect(most).toBe(MAX_READ)
    // By now each has been read for, although the first asked for all of theirs before the last asked at all.
    for (const { digest } of BLOCKS) expect(store.begun.some((other) => equalBytes(other, digest))).toBe(true)
  })

  test('so many are served, and the next is told so', async () => {
    const { open } = await stage()
    const served = await Promise.all(
      Array.from({ length: MAX_SERVED }, (_, i) => open(`asker ${i % (MAX_SERVED / MAX_STREAMS)}`)),
    )
    const late = await open('late')
    await late.expectReset()
    served[0]!.channel.abort('enough')
    const later = await open('later')
    await later.ask(FIRST.digest)
    expect(await later.answer()).toEqual(FIRST.bytes)
  })
})

describe('a limit on what leaves', () => {
  /** Two who ask for a block of 100 bytes whenever they have got one, and what they have got. */
  async function twoAskers(limit: () => number) {
    const { open, ...rest } = await stage(fromMemory, limit)
    const got = { ann: 0, ben: 0 }
    for (const name of ['ann', 'ben'] as const) {
      const asking = await open(name)
      const go = async () => {
        for (;;) {
          await asking.ask(FIRST.digest)
          if ((await asking.answer()) === undefined) return
          got[name]++
        }
      }
      go().catch(() => {})
    }
    return { got, ...rest }
  }

  test('holds over all who ask, and they share it', async () => {
    const { clock, got, server } = await twoAskers(() => 1_000)
    await clock.advance(60_000)
    expect(server.sent()).toBeGreaterThan(59_000)
    // One block may go ahead of its time.
    expect(server.sent()).toBeLessThanOrEqual(60_000 + 100)
    expect(Math.abs(got.ann - got.ben)).toBeLessThanOrEqual(1)
  })

  test('may be changed at any time', async () => {
    let limit = 10
    const { clock, server } = await twoAskers(() => limit)
    await clock.advance(60_000)
    expect(server.sent()).toBeLessThanOrEqual((60_000 / 1_000) * 10 + 100)
    const before = server.sent()
    limit = 1_000
    await clock.advance(10_000)
    expect(server.sent() - before).toBeGreaterThan(8_000)
  })

  test('leaves nothing waiting when all is over', async () => {
    const { clock, server } = await twoAskers(() => 1)
    await clock.advance(1_000)
    server.stop()
    await clock.advance(0)
    const before = clock.now()
    await clock.runUntilIdle()
    expect(clock.now()).toBe(before)
  })
})

test('who stops serving resets every stream, and takes no more', async () => {
  const { open, server } = await stage()
  const asking = await open('asker')
  await asking.ask(FIRST.digest)
  await asking.answer()
  server.stop()
  await asking.expectReset()
  await (await open('late')).expectReset()
  expect(server.sent()).toBe(FIRST.bytes.length)
})

import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src/adapters/memory/clock.ts'
import { hashBytes, hex } from '../../../src/domain/hash.ts'
import {
  LOOK,
  MAX_ASKED,
  MAX_BLOCK,
  MAX_HOLDERS,
  MAX_LACKED,
  MAX_UNHANDLED,
  PATIENCE,
  WINDOW,
} from '../../../src/protocols/blocks/constants.ts'
import { blockExchange, type FetchOptions } from '../../../src/protocols/blocks/index.ts'
import { blocksOf, exchangeStage, type Behaviour, type TestBlock, type TestHolder } from '../../kits/holders.ts'
import { WatchedClock } from '../../kits/watched-clock.ts'

const BLOCKS = blocksOf(100)
const FEW = BLOCKS.slice(0, 6)
const NOTHING = new Uint8Array(0)

const stage = await exchangeStage(BLOCKS)
const { holder } = stage
const clock = new WatchedClock()

/** Lets a clock's time pass until something is over: digests, and what goes through the network, take none of it. */
async function passing<T>(time: ManualClock, over: Promise<T>): Promise<T> {
  let isOver = false
  const ended = () => void (isOver = true)
  over.then(ended, ended)
  while (!isOver) {
    await time.advance(LOOK)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  }
  return over
}

/** Fetches, and tells what came from whom and what became of the holders. */
function fetching(
  holders: readonly TestHolder[],
  {
    exchange = blockExchange({ net: stage.net, clock }),
    ...options
  }: Partial<FetchOptions<TestBlock>> & { exchange?: ReturnType<typeof blockExchange> } = {},
) {
  const got: { readonly block: TestBlock; readonly bytes: Uint8Array; readonly from: string }[] = []
  const became: [string, string][] = []
  const done = exchange.fetch({
    holders: () => holders,
    blocks: FEW,
    onBlock: async (block, bytes, from) => void got.push({ block, bytes, from }),
    onHolder: (...what) => became.push(what),
    ...options,
  })
  return { got, became, done, from: (peer: string) => got.filter(({ from }) => from === peer).length }
}

/** Each of the blocks came once, and is the block. */
function expectWhole({ got }: Pick<ReturnType<typeof fetching>, 'got'>, blocks: readonly TestBlock[] = FEW): void {
  expect(got.map(({ block }) => block).toSorted((a, b) => a.bytes[0]! - b.bytes[0]!)).toEqual(blocks)
  for (const { block, bytes } of got) expect(bytes).toEqual(block.bytes)
}

/** Whatever became of the fetch, it left no stream, no link that waits for one, and no timer. */
afterEach(async () => {
  for (const channel of stage.opened.splice(0)) await expect(channel.send(NOTHING)).rejects.toThrow()
  expect(clock.pendingOf('protocols/blocks')).toEqual([])
})

test('each block comes once, from whoever holds it', async () => {
  const fetch = fetching([await holder('honest')])
  await fetch.done
  expectWhole(fetch)
  expect(fetch.became).toEqual([])
})

test('nothing wanted is nothing asked', async () => {
  await fetching([await holder('honest')], { blocks: [] }).done
  expect(stage.opened).toEqual([])
})

test('an empty block is a block, and one of unknown length is what its digest says', async () => {
  const empty: TestBlock = { digest: hashBytes(NOTHING), length: 0, bytes: NOTHING }
  const { length: _, ...unknown } = BLOCKS[0]!
  const withEmpty = await exchangeStage([empty, ...BLOCKS])
  const honest = await withEmpty.holder('honest')
  const got: Uint8Array[] = []
  await blockExchange({ net: withEmpty.net, clock }).fetch({
    holders: () => [honest],
    blocks: [empty, unknown],
    onBlock: async (__, bytes) => void got.push(bytes),
  })
  expect(got.toSorted((a, b) => a.length - b.length)).toEqual([NOTHING, unknown.bytes])
})

describe('all who hold the blocks', () => {
  test('are asked at once', async () => {
    const everybody = Promise.withResolvers<void>()
    const waiting = new Set<string>()
    const together =
      (name: string): Behaviour =>
      async ({ block }) => {
        if (waiting.add(name).size === 3) everybody.resolve()
        await everybody.promise
        return block.bytes
      }
    const fetch = fetching([
      await holder('one', together('one')),
      await holder('two', together('two')),
      await holder('three', together('three')),
    ])
    await fetch.done
    expectWhole(fetch)
  })

  test('are left alone where there is not a block for each', async () => {
    const names = Array.from({ length: 5 }, (_, i) => `one of five ${i}`)
    await fetching(await Promise.all(names.map((name) => holder(name))), { blocks: BLOCKS.slice(0, 1) }).done
    expect(stage.opened).toHaveLength(2)
  })

  test('are asked for several blocks ahead, and for no more than fit unread', async () => {
    let ahead = 0
    const counting = await holder('counting', async ({ block, number }) => {
      await stage.until(() => stage.requested('counting') >= WINDOW)
      ahead = Math.max(ahead, stage.requested('counting') - number)
      return block.bytes
    })
    await fetching([counting]).done
    expect(ahead).toBe(WINDOW)
  })

  test('are held back by a slow disk, and so is memory', async () => {
    const names = Array.from({ length: MAX_HOLDERS + 2 }, (_, i) => `many ${i}`)
    const holders = await Promise.all(names.map((name) => holder(name)))
    const disk = Promise.withResolvers<void>()
    let storing = 0
    const { done } = fetching(holders, {
      blocks: BLOCKS,
      onBlock: () => {
        storing++
        stage.change()
        return disk.promise
      },
    })
    await stage.until(() => storing === MAX_UNHANDLED)
    expect(names.reduce((sum, name) => sum + stage.requested(name), 0)).toBe(MAX_UNHANDLED)
    disk.resolve()
    await done
    expect(storing).toBe(BLOCKS.length)
  })

  test('bring as much as each can', async () => {
    const fast = await holder('fast')
    // One block for each five of the other.
    const slow = await holder('slow', async ({ block, number }) => {
      await stage.until(() => fast.asked.length > Math.min(80, 5 * number))
      return block.bytes
    })
    const fetch = fetching([slow, fast], { blocks: BLOCKS })
    await fetch.done
    expectWhole(fetch, BLOCKS)
    expect(fetch.from('fast')).toBeGreaterThan(3 * fetch.from('slow'))
    expect(fetch.from('slow')).toBeGreaterThan(0)
  })

  test('take over what a slow one would bring last, and hardly anything is sent twice', async () => {
    const never = await holder('never', () => new Promise(() => {}))
    const one = await holder('one of two')
    const two = await holder('two of two')
    const fetch = fetching([never, one, two], { blocks: BLOCKS })
    await fetch.done
    expectWhole(fetch, BLOCKS)
    const asked = [never, one, two].flatMap((peer) => peer.asked)
    for (const block of BLOCKS) expect(asked.filter((other) => other === block).length).toBeLessThanOrEqual(MAX_ASKED)
    expect(one.asked.length + two.asked.length - BLOCKS.length).toBeLessThanOrEqual(WINDOW)
  })
})

describe('a holder that lies is dropped and never asked again: one that', () => {
  const corrupt = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 1)
  const lies: [string, Behaviour][] = [
    ['sends other bytes', ({ block }) => corrupt(block.bytes)],
    ['sends too few', ({ block }) => block.bytes.subarray(1)],
    ['sends too many', ({ block }) => Uint8Array.of(...block.bytes, 0)],
    ['sends more than a block can have', () => new Uint8Array(MAX_BLOCK + 1)],
    ['sends another block', ({ block }) => (block === FEW[0] ? FEW[1] : FEW[0])!.bytes],
    ['lies after it was honest', ({ block, number }) => (number < 2 ? block.bytes : corrupt(block.bytes))],
  ]
  test.each(lies)('%s', async (lie, behave) => {
    const exchange = blockExchange({ net: stage.net, clock })
    const caught = Promise.withResolvers<void>()
    const liar = await holder(`liar who ${lie}`, behave)
    // Honest once the other was caught, so that it surely had its chance.
    const honest = await holder(`honest beside one who ${lie}`, async ({ block }) => {
      await caught.promise
      return block.bytes
    })
    const fetch = fetching([liar, honest], { exchange, onHolder: (_, what) => what === 'lied' && caught.resolve() })
    await caught.promise
    const before = stage.requested(liar.peer)
    await fetch.done
    expectWhole(fetch)
    const again = fetching([liar, honest], { exchange })
    await again.done
    expect(again.from('honest beside one who ' + lie)).toBe(FEW.length)
    expect(stage.requested(liar.peer)).toBe(before)
  })
})

test('a holder that sends what nobody asked for is dropped, although what it was asked for is taken', async () => {
  const exchange = blockExchange({ net: stage.net, clock })
  const pushy = await holder('pushy', async ({ block, channel }) => {
    await channel.send(block.bytes)
    return block.bytes
  })
  const fetch = fetching([pushy], { exchange, blocks: BLOCKS.slice(0, 1) })
  await fetch.done
  expectWhole(fetch, BLOCKS.slice(0, 1))
  expect(fetch.became).toEqual([['pushy', 'lied']])
  await expect(fetching([pushy], { exchange }).done).rejects.toMatchObject({ fault: { code: 'BLOCK_MISSING' } })
})

describe('what one holder cannot bring', () => {
  test('is asked of others where it says that it lacks it, and it brings what it has', async () => {
    const half = await holder('half', ({ block }) => (block.bytes[0]! % 2 === 0 ? block.bytes : NOTHING))
    const rest = await holder('rest', ({ block }) => (block.bytes[0]! % 2 === 1 ? block.bytes : NOTHING))
    const fetch = fetching([half, rest], { blocks: BLOCKS.slice(0, 20) })
    await fetch.done
    expectWhole(fetch, BLOCKS.slice(0, 20))
    expect([fetch.from('half'), fetch.from('rest')]).toEqual([10, 10])
    expect(fetch.became.toSorted()).toEqual([
      ['half', 'lacks'],
      ['rest', 'lacks'],
    ])
  })

  test('is asked of the ninth who holds it where the first eight have all but that', async () => {
    const rare = FEW[3]
    const names = Array.from({ length: MAX_HOLDERS }, (_, i) => `common ${i}`)
    const common: Behaviour = ({ block }) => (block === rare ? NOTHING : block.bytes)
    const fetch = fetching([...(await Promise.all(names.map((name) => holder(name, common)))), await holder('ninth')])
    await fetch.done
    expectWhole(fetch)
    expect(fetch.got.find(({ block }) => block === rare)?.from).toBe('ninth')
  })

  test.each<[string, Behaviour]>([
    ['hangs up', ({ block, number, channel }) => (number < 2 ? block.bytes : void channel.close())],
    [
      'resets the stream',
      ({ block, number, channel }) => {
        if (number < 2) return block.bytes
        channel.abort('no')
        return undefined
      },
    ],
  ])('is asked of others where it %s', async (how, behave) => {
    const fetch = fetching([await holder(`who ${how}`, behave), await holder('who stays')])
    await fetch.done
    expectWhole(fetch)
  })

  test('is asked of others where its tab is closed', async () => {
    const closed = await holder('closed', ({ block, number }) => {
      if (number < 2) return block.bytes
      stage.network.crash('closed')
      return undefined
    })
    const fetch = fetching([closed, await holder('open')])
    await fetch.done
    expectWhole(fetch)
  })

  test('is asked of others where it falls silent', async () => {
    const time = new ManualClock()
    const honest = await holder('talkative')
    const silent = await holder('silent', ({ block, number }) => (number < 2 ? block.bytes : undefined))
    const fetch = fetching([], {
      exchange: blockExchange({ net: stage.net, clock: time }),
      holders: () => (time.now() < PATIENCE ? [silent] : [silent, honest]),
    })
    await passing(time, fetch.done)
    expectWhole(fetch)
    expect(fetch.became).toEqual([['silent', 'silent']])
  })

  test('is asked of it again where only the stream was lost', async () => {
    const sole = await holder('sole', ({ block, number }) => {
      if (number === 2) stage.network.resetChannels('asker', 'sole')
      return block.bytes
    })
    const fetch = fetching([sole])
    await fetch.done
    expectWhole(fetch)
    expect(fetch.became).toEqual([['sole', 'gone']])
  })

  test('is asked of whoever comes to hold it', async () => {
    const time = new ManualClock()
    const holders = [await holder('early', () => undefined)]
    const fetch = fetching(holders, { exchange: blockExchange({ net: stage.net, clock: time }) })
    await stage.until(() => stage.requested('early') === WINDOW)
    holders.push(await holder('newcomer'))
    await time.advance(LOOK)
    await fetch.done
    expectWhole(fetch)
    expect(fetch.from('newcomer')).toBe(FEW.length)
  })
})

test('keys that say nothing hold nobody up: others are asked beside them, and they themselves last from then on', async () => {
  const time = new ManualClock()
  const mute = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => holder(`mute ${name}`, () => undefined)))
  const all = [...mute, await holder('the one who speaks')]
  const exchange = blockExchange({ net: stage.net, clock: time })
  const one = { exchange, blocks: FEW.slice(0, 1) }
  const first = fetching(all, one)
  while (stage.requested('the one who speaks') === 0) {
    await time.advance(LOOK)
    // What goes through the network takes turns of the event loop, and none of this clock's time.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
  }
  expect(time.now()).toBeLessThan(PATIENCE)
  await first.done
  expectWhole(first, one.blocks)
  const held = fetching(mute, one)
  const missed = expect(held.done).rejects.toMatchObject({ fault: { code: 'BLOCK_MISSING' } })
  await time.advance(2 * PATIENCE)
  await missed
  const asked = mute.map(({ peer }) => stage.requested(peer))
  const again = fetching(all, one)
  await again.done
  expectWhole(again, one.blocks)
  expect(mute.map(({ peer }) => stage.requested(peer)).filter((count, i) => count > asked[i]!).length).toBeLessThan(2)
})

describe('a fetch ends with the fault that says', () => {
  const missing = { fault: { code: 'BLOCK_MISSING', digest: hex(FEW[0]!.digest) } }

  test('what nobody holds', async () => {
    const time = new ManualClock()
    const exchange = blockExchange({ net: stage.net, clock: time })
    const nobody = { peer: 'nobody', addresses: ['/memory/nobody'] }
    const empty = await holder('empty', () => NOTHING)
    for (const holders of [[], [nobody], [empty]]) {
      const { done } = fetching([], { exchange, holders: () => holders })
      await expect(passing(time, done)).rejects.toMatchObject(missing)
    }
  })

  test('that one says for ever that it lacks the blocks, which it is not asked for ever', async () => {
    const lacking = await holder('endless', () => NOTHING)
    await expect(fetching([lacking], { blocks: BLOCKS }).done).rejects.toMatchObject(missing)
    expect(stage.requested('endless')).toBeLessThan(MAX_LACKED + WINDOW)
  })

  test('what only one who hangs up each time holds', async () => {
    const shy = await holder('shy', ({ channel }) => void channel.close())
    const time = new ManualClock()
    const { done } = fetching([shy], { exchange: blockExchange({ net: stage.net, clock: time }) })
    await expect(passing(time, done)).rejects.toMatchObject({ fault: { code: 'BLOCK_MISSING' } })
  })

  test('that a block is of another length than it should be, for which its holder is not to blame', async () => {
    const exchange = blockExchange({ net: stage.net, clock })
    const honest = await holder('blameless')
    const wrong = fetching([honest], { exchange, blocks: [{ ...FEW[0]!, length: 99 }] })
    await expect(wrong.done).rejects.toMatchObject({ fault: { code: 'MALFORMED' } })
    expect(wrong.became).toEqual([])
    const right = fetching([honest], { exchange })
    await right.done
    expectWhole(right)
  })

  test('why a block could not be taken', async () => {
    const full = new Error('the disk is full')
    const fetch = fetching([await holder('giving')], { onBlock: () => Promise.reject(full) })
    await expect(fetch.done).rejects.toBe(full)
  })
})

describe('a fetch that is cancelled stops', () => {
  const cancelled = { name: 'AbortError' }

  test('before it begins', async () => {
    await expect(fetching([await holder('unasked')], { signal: AbortSignal.abort() }).done).rejects.toMatchObject(
      cancelled,
    )
    expect(stage.requested('unasked')).toBe(0)
  })

  test('while a holder is dialled', async () => {
    const stop = new AbortController()
    const dialling: Pick<typeof stage.net, 'open'> = {
      open: (_, __, { signal }) =>
        new Promise((___, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    }
    const exchange = blockExchange({ net: dialling, clock })
    const fetch = fetching([await holder('dialled')], { exchange, signal: stop.signal })
    stop.abort()
    await expect(fetch.done).rejects.toMatchObject(cancelled)
  })

  test('once what had begun to be stored is stored', async () => {
    const stop = new AbortController()
    let stored = 0
    const fetch = fetching([await holder('storing')], {
      blocks: BLOCKS.slice(0, 1),
      signal: stop.signal,
      onBlock: async () => {
        stop.abort()
        for (let i = 0; i < 1_000; i++) await Promise.resolve()
        stored++
      },
    })
    await expect(fetch.done).rejects.toMatchObject(cancelled)
    expect(stored).toBe(1)
  })

  test('between two blocks', async () => {
    const stop = new AbortController()
    const got: TestBlock[] = []
    const fetch = fetching([await holder('interrupted')], {
      signal: stop.signal,
      onBlock: async (block) => {
        got.push(block)
        stop.abort()
      },
    })
    await expect(fetch.done).rejects.toMatchObject(cancelled)
    expect(got).toHaveLength(1)
  })
})

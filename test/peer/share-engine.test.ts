import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cidOf } from '../../src/domain/charter/charter.ts'
import { fault } from '../../src/domain/fault.ts'
import { MAX_MODEL } from '../../src/domain/manifest.ts'
import { FairTurns } from '../../src/peer/take-turns.ts'
import type { Peer } from '../../src/peer/view.ts'
import type { Settings } from '../../src/ports/settings.ts'
import type { CanonEngine } from '../../src/ports/canon-engine.ts'
import type { InferenceEngine } from '../../src/ports/inference-engine.ts'
import { serveBlocks } from '../../src/protocols/blocks/index.ts'
import { eventually } from '../kits/eventually.ts'
import { letIn, SALT, type Mallory, type RawStream } from '../kits/mallory.ts'
import { aDigit, digits, openRoom, type Room } from '../kits/peers.ts'

const engine = await openNodeCpuEngine()
afterAll(() => engine.close())

const PATIENT = { timeout: 20_000 }

let room: Room
let ann: Peer
let dan: Peer
let mallory: Mallory

beforeEach(async () => {
  room = await openRoom({ engine })
})
afterEach(() => room.close())

/** Dan computes, on a device that runs as it is told to, for Ann, who only asks, and for Mallory. */
async function dansDevice(run: InferenceEngine['run'], settings: Partial<Settings> = {}) {
  const cpu: CanonEngine = {
    info: room.cpu.info,
    has: (model) => room.cpu.has(model),
    load: (model, options) => room.cpu.load(model, options),
    close: async () => {},
    trace: (...traced) => room.cpu.trace(...traced),
    runOnce: (...ran) => room.cpu.runOnce(...ran),
    run,
  }
  ann = await room.join('ann', { init: { settings: { watching: true } } })
  dan = await room.join('dan', { init: { settings: { duty: 1, ...settings } }, components: { cpu } })
  await room.meshed(ann, dan)
  mallory = await letIn(room, 'mallory', ann, dan)
}

/** Mallory asks; gives Dan's answer. */
async function offered(model = digits(dan)) {
  const offer = mallory.offer(model, aDigit())
  const before = mallory.answers.length
  await mallory.ask(offer)
  await eventually(() => expect(mallory.answers.length).toBe(before + 1))
  return { offer, stream: mallory.answers[before] as RawStream }
}

async function awarded() {
  const { offer, stream } = await offered()
  const award = mallory.award(offer, [await stream.hear('accept')])
  await stream.say(award, { input: { salt: SALT, tensors: aDigit() } })
  return stream
}

test('one requester with many jobs holds up another for one run at the most', PATIENT, async () => {
  const begun: string[] = []
  const held: PromiseWithResolvers<void>[] = []
  await dansDevice(async (model, input, options) => {
    begun.push(model)
    const gate = Promise.withResolvers<void>()
    held.push(gate)
    await gate.promise
    return room.cpu.run(model, input, options)
  })
  for (let i = 0; i < 4; i++) await awarded()
  await eventually(() => expect(begun).toHaveLength(1))
  const other = digits(ann, 'digits-int8')
  const ask = ann.ask({ model: other, input: aDigit() }, { check: { mode: 'replicated', replication: 1 } })
  await eventually(() => expect(ask.answer.executors[0]?.doing).toBe('computing'))
  held[0]!.resolve()
  await eventually(() => expect(begun).toHaveLength(2))
  expect(begun[1]).toBe(other)
  held[1]!.resolve()
  expect((await ask.done).state).toBe('one-tab')
  for (let i = 2; i < 5; i++) {
    await eventually(() => expect(held).toHaveLength(i + 1))
    held[i]!.resolve()
  }
})

test('runs that fail are counted against the budget like any other', PATIENT, async () => {
  await dansDevice(
    async () => {
      await new Promise<void>((resolve) => void systemClock.after(100, resolve))
      throw fault({ code: 'ENGINE_FAILED', why: 'of this input' })
    },
    { duty: 0.001 },
  )
  const stream = await awarded()
  expect((await stream.hear('decline')).message.reason).toBe('cannot')
  const { stream: next } = await offered()
  expect((await next.hear('decline')).message.reason).toBe('budget')
  expect(dan.view.device).toMatchObject({ jobsRun: 0 })
  expect(dan.view.device.computedMs).toBeGreaterThan(50)
})

test.each(['ENGINE_TIMED_OUT', 'ENGINE_OUT_OF_MEMORY'] as const)(
  'a model that ends in %s is refused to who asked for it, and to nobody else',
  PATIENT,
  async (code) => {
    let stopped = false
    await dansDevice(async (model, input, options) => {
      if (stopped) return room.cpu.run(model, input, options)
      stopped = true
      throw fault(code === 'ENGINE_TIMED_OUT' ? { code, limitMs: 30_000 } : { code, limitBytes: 1 << 30 })
    })
    await (await awarded()).hear('decline')
    const { stream } = await offered()
    expect((await stream.hear('decline')).message).toMatchObject({
      reason: 'cannot',
      note: expect.stringContaining('stopped here just now'),
    })
    const { stream: other } = await offered(digits(dan, 'digits-int8'))
    await other.hear('accept')
    expect(
      (await ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'replicated', replication: 1 } }).done)
        .state,
    ).toBe('one-tab')
  },
)

test('models that nobody could hold all at once are not all fetched', PATIENT, async () => {
  await dansDevice((model, input, options) => room.cpu.run(model, input, options))
  serveBlocks({ net: mallory.net, blocks: { get: () => new Promise(() => {}) }, clock: systemClock, limit: () => 0 })
  for (const i of [0, 1, 2]) {
    const offer = mallory.offer(cidOf({ i }), aDigit(), { modelSize: MAX_MODEL })
    await mallory.ask(offer)
    await eventually(() => expect(mallory.answers).toHaveLength(i + 1))
    const stream = mallory.answers[i] as RawStream
    await stream.say(mallory.award(offer, [await stream.hear('accept')]), { input: { salt: SALT, tensors: aDigit() } })
    if (i === 2) expect((await stream.hear('decline')).message.reason).toBe('busy')
  }
})

describe('turns', () => {
  test('go round among those who wait, survive a failure, and are left at a word', async () => {
    const turns = new FairTurns()
    const order: string[] = []
    const going = new AbortController().signal
    const gate = Promise.withResolvers<void>()
    const stop = new AbortController()
    const take = (who: string, task: string, signal = going) =>
      turns.take(who, async () => void order.push(task), signal)
    const first = turns.take('a', () => gate.promise, going)
    const rest = [take('a', 'a2'), take('a', 'a3'), take('b', 'b1'), take('b', 'b2'), take('c', 'c1')]
    const left = take('b', 'never', stop.signal)
    stop.abort()
    gate.reject(new Error('failed'))
    await expect(first).rejects.toThrow('failed')
    await expect(left).rejects.toThrow('abort')
    await Promise.all(rest)
    expect(order).toEqual(['b1', 'a2', 'c1', 'b2', 'a3'])
  })
})

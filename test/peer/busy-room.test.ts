import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openNodeCpuEngine } from '../../src/adapters/onnx/node.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import type { Peer } from '../../src/peer/view.ts'
import type { CanonEngine } from '../../src/ports/canon-engine.ts'
import { person } from '../kits/keys.ts'
import { letIn, type RawStream } from '../kits/mallory.ts'
import { aDigit, digits, openRoom, type Room } from '../kits/peers.ts'

const engine = await openNodeCpuEngine()
afterAll(() => engine.close())

let room: Room
beforeEach(async () => {
  room = await openRoom({ engine })
})
afterEach(() => room.close())

/** A device of its own for which each run takes `ms`, one after another. */
function slow(cpu: CanonEngine, ms: number): CanonEngine {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    info: cpu.info,
    has: (model) => cpu.has(model),
    load: (model, options) => cpu.load(model, options),
    close: () => cpu.close(),
    trace: (...run) => cpu.trace(...run),
    runOnce: (...run) => cpu.runOnce(...run),
    run: (model, input, options) => {
      const turn = tail.then(() => new Promise<void>((resolve) => void systemClock.after(ms, resolve)))
      tail = turn
      return turn.then(() => cpu.run(model, input, options))
    },
  }
}

test('four tabs that each ask as much as a tab may, on slow devices, lose nothing', { timeout: 60_000 }, async () => {
  const names = ['ann', 'ben', 'cat', 'dan']
  const peers = await Promise.all(names.map((name) => room.join(name, { components: { cpu: slow(room.cpu, 100) } })))
  await room.meshed(...peers)
  const asks = peers.flatMap((peer) =>
    Array.from({ length: 24 }, () =>
      peer.ask({ model: digits(peer), input: aDigit() }, { check: { mode: 'replicated', replication: 2 } }),
    ),
  )
  const answers = await Promise.all(asks.map((ask) => ask.done))
  expect(answers.filter(({ state }) => state === 'lost')).toEqual([])
})

test('an ask that a busy room declines waits, and spends none of its attempts', { timeout: 30_000 }, async () => {
  const ann: Peer = await room.join('ann')
  const mallory = await letIn(room, 'mallory', ann)
  let next = mallory.nextOffer()
  const ask = ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'replicated', replication: 1 } })
  for (let i = 0; i < 4; i++) {
    const offer = await next
    expect(offer.message.attempt).toBe(1)
    next = mallory.nextOffer()
    const stream = await mallory.reach(ann.id)
    await stream.say({ kind: 'decline', offer: offer.digest, reason: 'busy', note: '' })
  }
  expect((await next).message.attempt).toBe(1)
  expect(ask.answer).toMatchObject({ state: 'checking', phase: 'offering', again: [] })
  ask.cancel()
  await ask.done
})

test('a device that is hidden while it answers an offer leaves the job at once', { timeout: 20_000 }, async () => {
  const signer = await openSigner(person('dan').seed)
  const sign = async (bytes: Uint8Array) => {
    if (new TextDecoder().decode(bytes).includes('accept')) dan.hide(true)
    return signer.sign(bytes)
  }
  const dan = await room.join('dan', { components: { signer: { ...signer, sign } } })
  const mallory = await letIn(room, 'mallory', dan)
  await mallory.ask(mallory.offer(digits(dan), aDigit()))
  const [stream] = (await mallory.answersOf(dan)) as [RawStream]
  expect((await stream.hear('decline')).message.reason).toBe('paused')
})

test('an ask that waits for its turn ends at a word', { timeout: 20_000 }, async () => {
  const cpu: CanonEngine = { ...slow(room.cpu, 0), run: () => new Promise(() => {}) }
  const [ann, ben] = (await Promise.all(['ann', 'ben'].map((name) => room.join(name, { components: { cpu } })))) as [
    Peer,
    Peer,
  ]
  await room.meshed(ann, ben)
  const asks = Array.from({ length: 25 }, () => ann.ask({ model: digits(ann), input: aDigit() }))
  asks[24]!.cancel()
  expect((await asks[24]!.done).fault).toEqual({ code: 'CANCELLED' })
  expect(asks.slice(0, 24).map(({ answer }) => answer.state)).toEqual(Array(24).fill('checking'))
})

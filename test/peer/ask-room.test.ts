import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { elements } from '../../src/domain/elements.ts'
import { parseFault } from '../../src/peer/parse-fault.ts'
import { renamed } from '../kits/large-model.ts'
import { aDigit, digits, names, openRoom, until, type Room, importFile } from '../kits/peers.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const four = async () => {
  const peers = await Promise.all(['ann', 'ben', 'cat', 'dan'].map((name) => room.join(name)))
  await room.meshed(...peers)
  return peers as [(typeof peers)[0], (typeof peers)[0], (typeof peers)[0], (typeof peers)[0]]
}

describe('an ask', () => {
  test('is answered by three others, agreed to the bit, with a receipt that any of them can check and run again', async () => {
    const [ann, ben, cat, dan] = await four()
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
    expect(answer.state).toBe('agreed')
    expect(names(answer)).toEqual([ben.id, cat.id, dan.id].toSorted())
    const logits = Array.from(elements(answer.output!['logits']!))
    expect(logits.indexOf(Math.max(...logits))).toBe(1)
    const rerun = await ben.rerun(answer.receipt!)
    expect(rerun.checked.checks.every((check) => check.holds)).toBe(true)
    expect(rerun.claims.every((claim) => claim.stands)).toBe(true)
    expect(rerun.outputHash).toBe(answer.claims[0]!.outputHash)
  })

  test('of the only tab is answered by itself, and says so', async () => {
    const ann = await room.join('ann')
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
    expect(answer.state).toBe('one-tab')
    expect(names(answer)).toEqual([ann.id])
  })

  test('that somebody answers wrongly is contested by itself and settled, with every claim kept', async () => {
    const ann = await room.join('ann')
    const ben = await room.join('ben', { init: { plantedFault: parseFault('scale=1.01') } })
    const others = await Promise.all(['cat', 'dan'].map((name) => room.join(name)))
    await room.meshed(ann, ben, ...others)
    const asked = ann.ask({ model: digits(ann), input: aDigit() })
    const states = new Set<string>()
    asked.subscribe(({ state }) => states.add(state))
    const answer = await asked.done
    expect([...states]).toEqual(['checking', 'contested', 'proven'])
    expect(answer.claims).toHaveLength(3)
    const rerun = await ann.rerun(answer.receipt!)
    expect(rerun.claims.filter((claim) => !claim.stands).map((claim) => claim.peer)).toEqual([ben.id])
  })

  test('many at once are all answered', async () => {
    const [ann] = await four()
    const asks = Array.from({ length: 40 }, (_, i) =>
      ann.ask({ model: digits(ann, i % 2 === 0 ? 'digits' : 'digits-int8'), input: aDigit() }),
    )
    const answers = await Promise.all(asks.map((ask) => ask.done))
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['agreed']))
  })

  test('is cancelled at a word', async () => {
    const [ann] = await four()
    const ask = ann.ask({ model: digits(ann), input: aDigit() })
    ask.cancel()
    expect((await ask.done).fault).toEqual({ code: 'CANCELLED' })
  })

  test('on a model that only the asker holds spreads its blocks, then is answered', async () => {
    const [ann, ben] = await four()
    const file = await (
      await import('node:fs/promises')
    ).readFile(new URL('../../public/models/digits-int8.onnx', import.meta.url))
    const model = await importFile(ann, 'mine.onnx', renamed(file, 'of my own'))
    expect(model.manifest.name).toBe('mine')
    const answer = await ann.ask({ model: model.id, input: aDigit() }).done
    expect(answer.state).toBe('agreed')
    await until(ben, (view) =>
      view.models.some((other) => other.id === model.id && other.source === 'room' && other.cached),
    )
  })

  test('never reaches the room where it does not fit the model', async () => {
    const ann = await room.join('ann')
    const wrong = { image: { dtype: 'float32' as const, dims: [1, 1, 2, 2], data: new Uint8Array(16) } }
    expect(() => ann.ask({ model: digits(ann), input: wrong })).toThrow('expects')
    expect(() => ann.ask({ model: 'bafy', input: aDigit() })).toThrow('Nobody here holds the model')
  })
})

describe('an executor', () => {
  test('that is paused or watches is not waited for', async () => {
    const [ann, ben, cat, dan] = await four()
    await ben.configure({ paused: true })
    await until(ann, (view) => view.peers.some((peer) => peer.id === ben.id && peer.paused))
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
    expect(names(answer)).toEqual([cat.id, dan.id].toSorted())
  })

  test('that accepts and falls silent is replaced', async () => {
    const ann = await room.join('ann')
    const ben = await room.join('ben', { init: { plantedFault: parseFault('silent') } })
    const others = await Promise.all(['cat', 'dan', 'eve'].map((name) => room.join(name)))
    await room.meshed(ann, ben, ...others)
    const answer = await ann.ask(
      { model: digits(ann), input: aDigit() },
      { check: { mode: 'replicated', replication: 4 } },
    ).done
    expect(answer.state).toBe('agreed')
    expect(names(answer)).toEqual(others.map((peer) => peer.id).toSorted())
  }, 20_000)

  test('that leaves is missed at once', async () => {
    const [ann, ben] = await four()
    await ben.leave()
    await until(ann, (view) => view.peers.length === 2)
    const answer = await ann.ask(
      { model: digits(ann), input: aDigit() },
      { check: { mode: 'replicated', replication: 2 } },
    ).done
    expect(answer.state).toBe('agreed')
  })

  test('whom somebody blocked is not asked', async () => {
    const [ann, ben] = await four()
    ann.block(ben.id, true)
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
    expect(names(answer)).not.toContain(ben.id)
  })
})

test('the room hears how a job ended, and nothing of what was in it', async () => {
  const [ann, ben] = await four()
  const answer = await ann.ask({ model: digits(ann), input: aDigit() }).done
  await until(ben, (view) => view.receipts.length === 1)
  expect(ben.view.receipts[0]).toMatchObject({ requester: ann.id, state: 'agreed', drawnFrom: 3 })
  expect(ben.view.receipts[0]!.deciders.toSorted()).toEqual(names(answer))
})

test('a page that may be put to sleep enters no job while it is hidden, and comes back', async () => {
  const [ann, ben, cat, dan] = await four()
  ben.hide(true)
  await until(ann, (view) => view.peers.some((peer) => peer.id === ben.id && peer.paused))
  const without = await ann.ask({ model: digits(ann), input: aDigit() }).done
  expect(names(without)).toEqual([cat.id, dan.id].toSorted())
  ben.hide(false)
  await until(ann, (view) => view.peers.every((peer) => !peer.paused))
  expect(names(await ann.ask({ model: digits(ann), input: aDigit() }).done)).toContain(ben.id)
})

import { describe, expect, test } from 'vitest'
import { cidOf, FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { registryOf } from '../../../src/domain/charter/defaults.ts'
import { valueText, type Default, type Runtime } from '../../../src/domain/charter/runtime-defaults.ts'
import { defaultGrip, defaultShares } from '../../../src/domain/charter/default-shares.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import { nicknameOf } from '../../../src/domain/nickname.ts'
import { Assembly } from '../../kits/assembly.ts'
import { person } from '../../kits/keys.ts'

const ann = person('ann').peer
const RELAY = '/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooWThere'
const RUNTIME: Runtime = {
  relays: [RELAY],
  relaysFrom: 'relays.json',
  origin: 'https://moot.example',
  build: 'moot 0.1.0',
  iceServers: [],
  pointer: cidOf(FIRST_CHARTER),
  firstModel: 'digits',
}
const REGISTRY = registryOf(FIRST_CHARTER, RUNTIME)
const of = (key: string, registry: readonly Default[] = REGISTRY) => registry.find((each) => each.key === key)!

describe('the registry of defaults', () => {
  test('begins with who ships the app and runs the relay', () => {
    expect(REGISTRY.slice(0, 5).map(({ key }) => key)).toEqual([
      'ship.relays',
      'ship.origin',
      'ship.build',
      'ship.ice',
      'start.charter',
    ])
    expect(REGISTRY.map(({ order }) => order)).toEqual(REGISTRY.map((_, i) => i))
    expect(REGISTRY.length).toBeGreaterThan(90)
  })

  test('has each once, in words and in a value that an entry can hold', () => {
    expect(new Set(REGISTRY.map(({ key }) => key)).size).toBe(REGISTRY.length)
    const room = new Assembly()
    for (const { key, value, name, words, setBy, since, alternatives } of REGISTRY) {
      for (const text of [name, words, setBy, since, ...alternatives.map((each) => each.words)])
        expect(text).toMatch(/\S/)
      expect(`${words}${alternatives.map((each) => each.words).join()}`).not.toMatch(/undefined|\[object|NaN/)
      room.say('ann', 'DEFAULT_SET', { key, value })
      // What has no alternative nobody can affirm.
      expect(alternatives.length).toBeGreaterThan(0)
      for (const each of alternatives) expect(each.value).not.toBe(value)
    }
  })

  test('names whoever named the relays', () => {
    expect(of('ship.relays')).toMatchObject({
      value: RELAY,
      setBy: 'whoever serves the page',
      clause: 'code',
      since: 'moot 0.1.0',
    })
    const linked = registryOf(FIRST_CHARTER, {
      ...RUNTIME,
      relaysFrom: 'address',
      relays: Array.from({ length: 8 }, (_, i) => `${RELAY}${i}`),
    })
    expect(of('ship.relays', linked).setBy).toBe('whoever wrote the link that was opened')
    expect(of('ship.relays', linked).value).toMatch(/^sha-256 [0-9a-f]{64}$/)
  })

  test('names the clause of what a charter says, who wrote it, and since when', () => {
    expect(of('jury.alpha')).toMatchObject({
      value: '0.15',
      words: '15 %',
      clause: 'jury.alpha',
      setBy: "Moot's developers",
      setters: [],
      since: 'First charter 1',
    })
    const tea = forkOf(FIRST_CHARTER, { title: 'Tea', jury: { alpha: 0.3 } }, ann)
    const soup = forkOf(tea, { title: 'Soup', jury: { quorum: 0.8 } }, person('ben').peer)
    const registry = registryOf(soup, { ...RUNTIME, ancestors: [tea, FIRST_CHARTER] })
    expect(of('jury.quorum', registry)).toMatchObject({ setters: [person('ben').peer], since: 'Soup 3' })
    expect(of('jury.alpha', registry)).toMatchObject({ setters: [ann], setBy: nicknameOf(ann), since: 'Tea 2' })
    expect(of('jury.gamma', registry)).toMatchObject({
      setters: [],
      setBy: "Moot's developers",
      since: 'First charter 1',
    })
    expect(of('jury.alpha', registry).alternatives.map(({ value }) => value)).not.toContain('0.3')
  })

  test('writes a value in one line', () => {
    expect([0.15, [3, 5], true, 'cpu', [], { rms: 2e-5, scaled: 1e-4 }].map(valueText)).toEqual([
      '0.15',
      '3, 5',
      'yes',
      'cpu',
      'none',
      'rms 0.00002, scaled 0.0001',
    ])
  })
})

describe('the shares of a default', () => {
  const room = new Assembly()
  const members = ['ann', 'ben', 'cat', 'dan'].map((name) => room.peer(name))
  const sharesOf = (key: string) => defaultShares(room.ledger, REGISTRY, members).find((each) => each.key === key)!
  const alpha = of('jury.alpha').value

  test('say that everybody runs what nobody changed, and that nobody meant to', () => {
    expect(sharesOf('jury.gamma')).toMatchObject({ unchanged: 1, of: 4, running: 4, affirmed: 0, affirming: 0 })
  })

  test('count who runs another value, and who keeps this one after seeing others', () => {
    room.say('ann', 'DEFAULT_AFFIRM', { key: 'jury.alpha', value: alpha, shown: 2 })
    room.say('ben', 'DEFAULT_AFFIRM', { key: 'jury.alpha', value: alpha, shown: 0 })
    room.say('cat', 'DEFAULT_SET', { key: 'jury.alpha', value: '0.3' })
    room.say('stranger', 'DEFAULT_SET', { key: 'jury.alpha', value: '0.5' })
    expect(sharesOf('jury.alpha')).toMatchObject({ unchanged: 3 / 4, running: 3, of: 4, affirmed: 1 / 3, affirming: 1 })
  })

  test('forget an affirmation once its author runs something else, and not when it says the same again', () => {
    room.say('ann', 'DEFAULT_SET', { key: 'jury.alpha', value: alpha })
    expect(sharesOf('jury.alpha').affirming).toBe(1)
    room.say('ann', 'DEFAULT_SET', { key: 'jury.alpha', value: '0.1' })
    expect(sharesOf('jury.alpha')).toMatchObject({ running: 2, affirming: 0 })
    room.say('ann', 'DEFAULT_SET', { key: 'jury.alpha', value: alpha })
    expect(sharesOf('jury.alpha')).toMatchObject({ running: 3, affirming: 0 })
  })

  test('of what each tab has its own are those of the most common value, among who said theirs', () => {
    for (const name of ['ann', 'ben'])
      room.say(name, 'DEFAULT_SET', { key: 'ship.origin', value: 'https://other.example' })
    room.say('cat', 'DEFAULT_SET', { key: 'ship.origin', value: 'https://moot.example' })
    expect(sharesOf('ship.origin')).toMatchObject({ value: 'https://other.example', unchanged: 2 / 3, of: 3 })
    expect(sharesOf('ship.relays')).toMatchObject({ of: 0, unchanged: 0 })
    // The build is in the first entry of every log.
    expect(sharesOf('ship.build')).toMatchObject({ value: 'kit', unchanged: 1, of: 4 })
  })

  test('make the default grip', () => {
    const shares = defaultShares(room.ledger, [of('jury.alpha'), of('jury.gamma'), of('ship.relays')], members)
    expect(defaultGrip(shares, () => 1)).toBeCloseTo((3 / 4 + 1) / 2)
    expect(defaultGrip(shares, (key) => (key === 'jury.gamma' ? 3 : 1))).toBeCloseTo((3 / 4 + 3) / 4)
    expect(defaultGrip([], () => 1)).toBeUndefined()
  })
})

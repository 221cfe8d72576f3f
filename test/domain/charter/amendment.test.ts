import { describe, expect, test } from 'vitest'
import { amendmentOf, type Amendment } from '../../../src/domain/charter/amendment.ts'
import { cidOf, FIRST_CHARTER, type Charter } from '../../../src/domain/charter/charter.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import { membersOf } from '../../../src/domain/charter/members.ts'
import type { PeerId } from '../../../src/domain/peer-id.ts'
import { Assembly, digestOfCharter, textOf } from '../../kits/assembly.ts'
import { person } from '../../kits/keys.ts'

const NAMES = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'] as const
const LARGER = forkOf(FIRST_CHARTER, { title: 'Larger juries', jury: { sizes: [5, 11, 21] } }, person('ann').peer)
const { notice, signing } = FIRST_CHARTER.timeouts

/** Six who signed the first charter, each of another introducer tree unless it is said otherwise, and Ann's proposal. */
function sixMembers({ proposed = LARGER, trees }: { proposed?: Charter; trees?: Record<string, string> } = {}) {
  const room = new Assembly()
  for (const name of NAMES) room.sign(name)
  const proposal = room.say('ann', 'PROPOSE', { document: textOf(proposed), reason: 'More eyes.' })
  const roots = new Map<PeerId, PeerId>(NAMES.map((name) => [room.peer(name), trees?.[name] ?? name]))
  return {
    ...{ room, proposal },
    sponsor: (name: string) => room.say(name, 'SPONSOR', { proposal: proposal.id }),
    now: (options: { waited?: number; trust?: Record<string, number> } = {}): Amendment =>
      amendmentOf(room.ledger, proposal, {
        trees: roots,
        trust: new Map(Object.entries(options.trust ?? {}).map(([name, weight]) => [room.peer(name), weight])),
        waited: options.waited ?? 0,
      }),
  }
}

const counted = ({ counts }: Amendment) => counts.map(({ way, signed, of, passes }) => [way, signed, of, passes])

describe('an amendment', () => {
  test('is proposed, sponsored, shown, signed, and ratified; it binds only who signed', () => {
    const { room, sponsor, now } = sixMembers()
    expect(now()).toMatchObject({ phase: 'proposed', sponsorsNeeded: 3, from: cidOf(FIRST_CHARTER), to: cidOf(LARGER) })
    for (const name of ['ben', 'cat', 'dan']) sponsor(name)
    expect(now().phase).toBe('notice')
    expect(now({ waited: notice }).phase).toBe('signing')
    for (const name of ['ann', 'ben', 'cat']) room.sign(name, LARGER, 'ballot')
    expect(now({ waited: notice })).toMatchObject({ phase: 'signing', charter: LARGER })
    room.sign('dan', LARGER, 'signed-after-diff')
    const ratified = now({ waited: notice })
    expect(ratified.phase).toBe('ratified')
    expect(counted(ratified)).toEqual([
      ['raw', 4, 6, true],
      ['introducers', 4, 6, true],
      ['your-trust', 0, 0, false],
    ])
    // Two did not sign, and stay where they were.
    expect(
      membersOf(room.ledger, digestOfCharter(FIRST_CHARTER))
        .map(({ peer }) => peer)
        .toSorted(),
    ).toEqual([room.peer('eve'), room.peer('fay')].toSorted())
    expect(ratified.signed).toHaveLength(4)
    expect(ratified.active).toHaveLength(6)
  })

  test('lapses when its time is over, and whoever signed goes by it all the same', () => {
    const { room, sponsor, now } = sixMembers()
    for (const name of ['ben', 'cat', 'dan']) sponsor(name)
    room.sign('ann', LARGER)
    expect(now({ waited: notice + signing - 1 }).phase).toBe('signing')
    expect(now({ waited: notice + signing })).toMatchObject({ phase: 'lapsed', signed: [{ peer: room.peer('ann') }] })
  })

  test('needs sponsors of distinct introducers, beside its proposer', () => {
    const { room, sponsor, now } = sixMembers({ trees: { dan: 'cat', eve: 'ann' } })
    for (const name of ['ann', 'ben', 'ben', 'cat', 'dan', 'eve']) sponsor(name)
    room.say('fay', 'EXIT', {})
    sponsor('fay')
    expect(now({ waited: notice })).toMatchObject({ phase: 'proposed' })
    expect(now().sponsors.map(({ peer, ignored }) => [peer, ignored])).toEqual(
      expect.arrayContaining([
        [room.peer('ann'), 'proposer'],
        [room.peer('ben'), undefined],
        [room.peer('eve'), 'same-introducer'],
        [room.peer('fay'), 'not-a-member'],
      ]),
    )
    // Of Cat and Dan, who have one introducer, the one whose entry comes first in causal order counts.
    const two = now().sponsors.filter(({ peer }) => [room.peer('cat'), room.peer('dan')].includes(peer))
    expect(two.map(({ ignored }) => ignored)).toEqual([undefined, 'same-introducer'])
    expect(now().sponsors).toHaveLength(6)
  })

  test('is not ratified before it is sponsored, whoever signs', () => {
    const { room, now } = sixMembers()
    for (const name of NAMES) room.sign(name, LARGER)
    expect(now({ waited: notice })).toMatchObject({ phase: 'proposed', counts: [{ signed: 6 }, { signed: 6 }, {}] })
  })

  test('is not ratified by the many keys of one introducer', () => {
    const { room, sponsor, now } = sixMembers({
      trees: Object.fromEntries(NAMES.slice(3).map((name) => [name, 'mallory'])),
    })
    for (const name of ['ben', 'cat', 'dan']) sponsor(name)
    for (const name of ['ann', 'dan', 'eve', 'fay']) room.sign(name, LARGER)
    // Four of six keys, but two of four trees.
    expect(counted(now({ waited: notice })).slice(0, 2)).toEqual([
      ['raw', 4, 6, true],
      ['introducers', 2, 4, false],
    ])
    expect(now({ waited: notice }).phase).toBe('signing')
  })

  test('counts those whom nobody introduced as one introducer', () => {
    const room = new Assembly()
    for (const name of NAMES) room.sign(name)
    const proposal = room.say('ann', 'PROPOSE', { document: textOf(LARGER), reason: '' })
    for (const name of NAMES.slice(0, 4)) room.sign(name, LARGER)
    const nobody = amendmentOf(room.ledger, proposal, { trees: new Map(), trust: new Map() })
    expect(nobody.counts[1]).toMatchObject({ way: 'introducers', of: 1, passes: true })
    expect(nobody.counts[1]?.signed).toBeCloseTo(4 / 6)
  })

  test('is not ratified for a reader who trusts others, and is for one who trusts nobody there', () => {
    const { room, sponsor, now } = sixMembers()
    for (const name of ['ben', 'cat', 'dan']) sponsor(name)
    for (const name of ['ann', 'ben', 'cat', 'dan']) room.sign(name, LARGER)
    const trust = { ann: 0.1, eve: 0.5, fay: 0.4 }
    expect(now({ waited: notice, trust })).toMatchObject({
      phase: 'signing',
      counts: [{ passes: true }, { passes: true }, { way: 'your-trust', signed: 0.1, of: 1, passes: false }],
    })
    expect(now({ waited: notice }).phase).toBe('ratified')
    expect(now({ waited: notice, trust: { ann: 0.5, ben: 0.3, eve: 0.2 } }).phase).toBe('ratified')
  })

  test('is signed by a fork to the same text as well, and no longer by whoever left it', () => {
    const { room, now } = sixMembers()
    room.say('ben', 'FORK', { document: textOf(LARGER) })
    room.sign('cat', LARGER)
    expect(
      now()
        .signed.map(({ peer }) => peer)
        .toSorted(),
    ).toEqual([room.peer('ben'), room.peer('cat')].toSorted())
    room.say('cat', 'EXIT', {}, LARGER)
    expect(now()).toMatchObject({ signed: [{ peer: room.peer('ben') }] })
    expect(now().active).toHaveLength(5)
  })
})

describe('a proposal does not count', () => {
  const reasonOf = (document: Uint8Array, charter?: Charter) => {
    const room = new Assembly()
    room.sign('ann')
    const proposal = room.say('ann', 'PROPOSE', { document, reason: '' }, charter)
    const amendment = amendmentOf(room.ledger, proposal, { trees: new Map(), trust: new Map() })
    expect(amendment).toMatchObject({ phase: 'void', counts: [], sponsors: [] })
    return amendment.reason
  }

  test('whose text is none', () => {
    expect(reasonOf(new Uint8Array(3))).toMatch(/^The charter could not be read/)
  })

  test('whose text names another parent', () => {
    const stranger = forkOf(LARGER, {}, person('ann').peer)
    expect(reasonOf(textOf(stranger))).toMatch(/does not name the one that it would amend/)
    expect(reasonOf(textOf(FIRST_CHARTER))).toMatch(/does not name the one that it would amend/)
  })

  test('whose parent is not held, since nobody knows by which rules', () => {
    const child = forkOf(LARGER, {}, person('ann').peer)
    expect(reasonOf(textOf(child), LARGER)).toMatch(/is not held here/)
  })

  test('of somebody who goes by another charter', () => {
    const room = new Assembly()
    room.sign('ann')
    const proposal = room.say('eve', 'PROPOSE', { document: textOf(LARGER), reason: '' })
    expect(amendmentOf(room.ledger, proposal, { trees: new Map(), trust: new Map() })).toMatchObject({
      phase: 'void',
      reason: 'Whoever proposed it goes by another charter.',
    })
  })
})

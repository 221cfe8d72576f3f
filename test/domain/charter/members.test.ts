import { describe, expect, test } from 'vitest'
import { charterBook, MAX_BOOK, SHIPPED_CHARTERS } from '../../../src/domain/charter/charter-book.ts'
import { charterIdOf } from '../../../src/domain/charter/charter-document.ts'
import { cidOf, FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import {
  charterOfMember,
  consentIn,
  countMembers,
  membersOf,
  signedAuthors,
  turnsByPeer,
} from '../../../src/domain/charter/members.ts'
import { person } from '../../kits/keys.ts'
import { Assembly, digestOfCharter, textOf } from '../../kits/assembly.ts'

const ann = person('ann').peer
const TEA = forkOf(FIRST_CHARTER, { title: 'Tea' }, ann, [person('ben').peer])
const [first, tea] = [digestOfCharter(FIRST_CHARTER), digestOfCharter(TEA)]

describe('the members of a charter', () => {
  test('are those whose newest word signs it, with the grade that they gave', () => {
    const room = new Assembly()
    const [a, b] = [room.sign('ann', FIRST_CHARTER, 'ballot'), room.sign('ben')]
    room.one('cat')
    expect(membersOf(room.ledger, first)).toEqual(
      [
        { peer: room.peer('ann'), grade: 'ballot', entry: a },
        { peer: room.peer('ben'), grade: 'clicked', entry: b },
      ].toSorted((x, y) => (x.peer < y.peer ? -1 : 1)),
    )
    expect(membersOf(room.ledger, tea)).toEqual([])
  })

  test('are counted by the grade of their consent, each by its newest word', () => {
    const room = new Assembly()
    room.sign('ann', FIRST_CHARTER, 'ballot')
    for (const name of ['ben', 'cat', 'dan', 'eve']) room.sign(name)
    room.sign('cat', FIRST_CHARTER, 'signed-after-diff')
    room.sign('dan', TEA, 'signed-after-diff')
    room.say('eve', 'EXIT', {})
    room.say('fay', 'FORK', { document: textOf(TEA) })
    expect(countMembers(turnsByPeer(room.ledger))).toEqual(
      new Map([
        [cidOf(FIRST_CHARTER), { 'authored': 0, 'ballot': 1, 'signed-after-diff': 1, 'clicked': 1 }],
        [cidOf(TEA), { 'authored': 1, 'ballot': 0, 'signed-after-diff': 1, 'clicked': 0 }],
      ]),
    )
  })

  test('go with whoever signs another, forks, or leaves; the others stay', () => {
    const room = new Assembly()
    for (const name of ['ann', 'ben', 'cat', 'dan']) room.sign(name)
    const forked = room.say('ann', 'FORK', { document: textOf(TEA) })
    room.sign('ben', TEA, 'signed-after-diff')
    room.say('cat', 'EXIT', {})
    expect(membersOf(room.ledger, first).map(({ peer }) => peer)).toEqual([room.peer('dan')])
    const gone = membersOf(room.ledger, tea)
    expect(gone.map(({ peer }) => peer).toSorted()).toEqual([room.peer('ann'), room.peer('ben')].toSorted())
    expect(gone.find(({ peer }) => peer === room.peer('ann'))).toMatchObject({
      grade: 'authored',
      entry: { name: forked.name },
    })
  })

  test('were others before: a past has its own', () => {
    const room = new Assembly()
    const signed = room.sign('ann')
    const left = room.say('ann', 'EXIT', {})
    expect(membersOf(room.ledger, first)).toEqual([])
    expect(membersOf(room.ledger, first, room.ledger.past([signed.id])).map(({ peer }) => peer)).toEqual([
      room.peer('ann'),
    ])
    expect(membersOf(room.ledger, first, room.ledger.past([left.id]))).toEqual([])
    const turns = turnsByPeer(room.ledger).get(room.peer('ann')) ?? []
    expect(consentIn(turns, first, room.ledger.past([signed.id]))).toMatchObject({
      grade: 'clicked',
      entry: { name: signed.name },
    })
    expect(consentIn(turns, first)).toEqual({ grade: 'none' })
  })

  test('who sign again under a log that was not held sign nothing twice', () => {
    const room = new Assembly()
    room.sign('ann')
    const again = room.sign('ann', FIRST_CHARTER, 'signed-after-diff')
    expect(membersOf(room.ledger, first)).toMatchObject([{ grade: 'signed-after-diff', entry: { name: again.name } }])
  })
})

describe('what a peer goes by', () => {
  test('is what it signed last', () => {
    const room = new Assembly()
    room.sign('ann')
    expect(charterOfMember(room.ledger, room.peer('ann'))).toMatchObject({ charter: first, grade: 'clicked' })
    room.say('ann', 'FORK', { document: textOf(TEA) })
    expect(charterOfMember(room.ledger, room.peer('ann'))).toMatchObject({ charter: tea, grade: 'authored' })
  })

  test('is what it acts under where it never signed: consent none', () => {
    const room = new Assembly()
    room.say('ann', 'DEFAULT_SET', { key: 'jury.alpha', value: '0.3' }, TEA)
    expect(charterOfMember(room.ledger, room.peer('ann'))).toEqual({ charter: tea, grade: 'none' })
    expect(membersOf(room.ledger, tea)).toEqual([])
  })

  test('is nothing for whoever left, and consent none for what it went to', () => {
    const room = new Assembly()
    room.sign('ann')
    room.sign('ben')
    room.say('ann', 'EXIT', {})
    room.say('ben', 'EXIT', { to: tea })
    expect(charterOfMember(room.ledger, room.peer('ann'))).toBeUndefined()
    expect(charterOfMember(room.ledger, room.peer('ben'))).toEqual({ charter: tea, grade: 'none' })
    expect(charterOfMember(room.ledger, person('nobody').peer)).toBeUndefined()
  })
})

test('an author is who signs as such; the others are named only', () => {
  const room = new Assembly()
  room.sign('ben', TEA, 'clicked')
  expect(signedAuthors(room.ledger, TEA, tea)).toEqual([])
  room.say('ann', 'FORK', { document: textOf(TEA) })
  room.sign('cat', TEA, 'authored')
  expect(signedAuthors(room.ledger, TEA, tea)).toEqual([ann])
  room.sign('ben', TEA, 'authored')
  expect(signedAuthors(room.ledger, TEA, tea)).toEqual(TEA.authors)
})

describe('the charters that are known', () => {
  test('are those that come with the app, and every text that somebody signed, proposed or forked to', () => {
    const room = new Assembly()
    const soup = forkOf(FIRST_CHARTER, { title: 'Soup' }, room.peer('ben'))
    const forked = room.say('ann', 'FORK', { document: textOf(TEA) })
    const proposed = room.say('ben', 'PROPOSE', { document: textOf(soup), reason: 'Soup.' })
    room.sign('cat', TEA)
    const book = charterBook(room.ledger)
    expect([...book.keys()]).toEqual([...SHIPPED_CHARTERS.keys(), cidOf(TEA), cidOf(soup)])
    expect(book.get(cidOf(TEA))).toMatchObject({ charter: TEA, entry: { name: forked.name } })
    expect(book.get(cidOf(soup))?.entry?.name).toBe(proposed.name)
    for (const { id, document } of book.values()) expect(charterIdOf(document)).toBe(id)
  })

  test('hold no text that is none', () => {
    const room = new Assembly()
    room.say('ann', 'FORK', { document: new Uint8Array(20) })
    room.say('ben', 'CONSENT', { grade: 'clicked' }, TEA)
    expect(charterBook(room.ledger).size).toBe(SHIPPED_CHARTERS.size)
  })

  test('are few, however many are written, and those that people go by stay', { timeout: 30_000 }, () => {
    const room = new Assembly()
    // A flood that comes first: 40 keys of eight texts each, of one key as many as it likes.
    for (let key = 0; key < 40; key++)
      for (let i = 0; i < 8; i++) {
        const text = textOf(forkOf(FIRST_CHARTER, { title: `Flood ${key} ${i}` }, room.peer(`m${key}`)))
        room.say(`m${key}`, 'PROPOSE', { document: text, reason: '' })
      }
    for (let i = 0; i < 20; i++)
      room.say('eve', 'PROPOSE', { document: textOf(forkOf(FIRST_CHARTER, { title: `Eve ${i}` }, ann)), reason: '' })
    for (const name of ['ann', 'ben', 'cat']) room.sign(name, TEA)
    const book = charterBook(room.ledger)
    expect(book.size).toBe(MAX_BOOK + SHIPPED_CHARTERS.size)
    expect([...book.values()][SHIPPED_CHARTERS.size]?.charter).toEqual(TEA)
    expect([...book.values()].filter(({ charter }) => charter.title.startsWith('Eve')).length).toBeLessThanOrEqual(8)
  })
})

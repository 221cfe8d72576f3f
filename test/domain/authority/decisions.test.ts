import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DecisionBook, decisionsOf, type Decisions } from '../../../src/domain/authority/decisions.ts'
import { encodeReport } from '../../../src/domain/authority/export-report.ts'
import { factsOf } from '../../../src/domain/authority/facts.ts'
import { ReportBuilder, reportOf } from '../../../src/domain/authority/report.ts'
import { FIRST_CHARTER } from '../../../src/domain/charter/charter.ts'
import { forkOf } from '../../../src/domain/charter/fork.ts'
import { hash, hex } from '../../../src/domain/hash.ts'
import type { BodyOf, ReadEntry, Vote } from '../../../src/domain/ledger/entry.ts'
import { Ledger } from '../../../src/domain/ledger/ledger.ts'
import type { LedgerView } from '../../../src/domain/ledger/ledger-view.ts'
import type { PeerId } from '../../../src/domain/peer-id.ts'
import { Assembly, textOf } from '../../kits/assembly.ts'
import { Court, courtOfFour, type CourtJob } from '../../kits/court.ts'
import { recipeOf } from '../../kits/histories.ts'

const rulesOf = (viewer: PeerId) => ({
  viewer,
  charter: FIRST_CHARTER,
  verified: () => true,
  defaultNamed: (key: string) =>
    key === 'first.model' ? ('choice' as const) : key === 'ship.origin' ? ('statement' as const) : undefined,
})

const read = (court: Court, ledger: LedgerView = court.ledger): Decisions =>
  decisionsOf(ledger, rulesOf(court.who('ann').peer))

const receipt = (
  court: Court,
  state: BodyOf<'RECEIPT'>['state'],
  { job = hash('kit', 'job', state), by = 'ann', executors = ['ben', 'cat', 'dan'], chosen = false } = {},
): ReadEntry<'RECEIPT'> =>
  court.say(by, 'RECEIPT', {
    job,
    state,
    executors: executors.map((name) => court.who(name).publicKey),
    commitment: hash('kit', 'commitment'),
    drawnFrom: 4,
    chosen,
  })

const proven = (
  court: Court,
  by: string,
  job: Uint8Array,
  { stands, loses }: { stands: readonly string[]; loses: readonly string[] },
): ReadEntry<'PROVEN'> =>
  court.say(by, 'PROVEN', {
    job,
    state: stands.length > 0 ? 'proven' : 'unresolved',
    stands: stands.map((name) => court.who(name).publicKey),
    losers: loses.map((name) => ({ peer: court.who(name).publicKey, for: 'claim' as const })),
  })

const of = ({ decisions }: Decisions, { name }: ReadEntry) => decisions.find(({ entry }) => entry === name)
const routes = ({ decisions }: Decisions, kind = 'job') =>
  decisions.filter((each) => each.kind === kind).map(({ route }) => route)
const reasons = ({ marked }: Decisions) => marked.map(({ why }) => why)

/** A case that Ann brought, whose jury voted so, and its ruling. */
function ruled(court: Court, votes: readonly Vote[], job: CourtJob = court.job('ann', ['ben', 'cat', 'dan'])) {
  const contest = court.contest('ann', job)
  court.summon('ann', contest, court.open(['ann', 'ben', 'cat', 'dan'], job, contest))
  court.votes(contest, votes)
  return { job, contest, ruling: court.rule('ann', contest) }
}

describe('jobs', () => {
  test('go by the ground on which they were settled, and nobody decided for others in them', () => {
    const { court } = courtOfFour(3)
    receipt(court, 'one-tab', { chosen: true, executors: ['ben'] })
    receipt(court, 'one-tab', { job: hash('kit', 'another'), executors: ['ben'] })
    receipt(court, 'agreed-rounding')
    receipt(court, 'contested')
    const said = read(court)
    expect(routes(said)).toEqual(['requester', 'default', 'agreement'])
    expect(said.decisions.filter(({ kind }) => kind === 'job').map(({ deciders }) => deciders.length)).toEqual([
      1, 0, 0,
    ])
    expect(said.decisions.find(({ route }) => route === 'agreement')).toMatchObject({
      weight: 4,
      computed: ['ben', 'cat', 'dan'].map((name) => court.who(name).peer),
      affected: ['ann', 'ben', 'cat', 'dan'].map((name) => ({ peer: court.who(name).peer, grade: 'clicked' })),
    })
  })

  test('know consent only where it lies before', () => {
    const court = new Court(['ann', 'ben'])
    court.join('zoe', { signs: false })
    const job = { job: hash('kit', 'job'), executors: ['ben', 'zoe'] }
    const blind = court.tell('ann', 'RECEIPT', receiptBody(court, job))
    court.tell('zoe', 'CONSENT', { grade: 'ballot' })
    const seeing = receipt(court, 'agreed', { ...job, job: hash('kit', 'later') })
    const grades = (entry: ReadEntry) => of(read(court), entry)?.affected.map(({ grade }) => grade)
    expect(grades(blind)).toEqual(['clicked', 'none', 'none'])
    expect(grades(seeing)).toEqual(['clicked', 'clicked', 'ballot'])
  })

  test('are settled by arithmetic once, where two parties say the same', () => {
    const { court } = courtOfFour(3)
    const contested = receipt(court, 'contested')
    const { job } = contested.entry.body
    const first = proven(court, 'ben', job, { stands: ['ben', 'cat'], loses: ['dan'] })
    expect(of(read(court), first)).toBeUndefined()
    expect(reasons(read(court))).toContain('what arithmetic showed is said by one party alone, or by none')
    proven(court, 'ann', job, { stands: ['ben', 'cat'], loses: ['dan'] })
    proven(court, 'cat', job, { stands: ['ben', 'cat'], loses: ['dan'] })
    const said = read(court)
    expect(routes(said, 'proof')).toEqual(['arithmetic'])
    expect(of(said, first)).toMatchObject({
      weight: 4,
      deciders: [],
      computed: [court.who('ben').peer, court.who('cat').peer],
    })
    expect(said.marked).toEqual([{ why: 'there is no such default', entries: 1 }])
  })

  test('that agreed are overturned by a proof, and what they computed is not counted twice', () => {
    const { court } = courtOfFour(3)
    const agreed = receipt(court, 'agreed')
    for (const name of ['ann', 'dan'])
      proven(court, name, agreed.entry.body.job, { stands: ['dan'], loses: ['ben', 'cat'] })
    expect(of(read(court), agreed)).toMatchObject({ route: 'agreement', overturned: true, computed: [] })
  })

  test('whose proof decides nothing are unresolved', () => {
    const { court } = courtOfFour(3)
    const { job } = receipt(court, 'contested').entry.body
    for (const name of ['ann', 'ben']) proven(court, name, job, { stands: [], loses: [] })
    expect(routes(read(court), 'proof')).toEqual(['unresolved'])
  })

  test('are not undone by what a stranger writes of them, and a stranger’s claim to one takes it from nobody', () => {
    const { court } = courtOfFour(3)
    court.join('mallory')
    court.join('sybil')
    const agreed = receipt(court, 'agreed')
    const { job } = agreed.entry.body
    const before = of(read(court), agreed)
    receipt(court, 'agreed', { job, by: 'mallory', executors: ['sybil', 'ann'] })
    for (const name of ['mallory', 'sybil']) proven(court, name, job, { stands: [], loses: ['ben'] })
    const after = read(court)
    expect(of(after, agreed)).toEqual(before)
    expect(after.decisions.filter(({ kind }) => kind === 'job').map(({ touches }) => touches)).toEqual([
      [court.who('ann').peer],
      [court.who('mallory').peer],
    ])
  })
})

function receiptBody(
  court: Court,
  { job, executors }: { job: Uint8Array; executors: readonly string[] },
): BodyOf<'RECEIPT'> {
  const keys = executors.map((name) => court.who(name).publicKey)
  return { job, state: 'agreed', executors: keys, commitment: hash('kit', 'commitment'), drawnFrom: 4, chosen: false }
}

describe('rulings', () => {
  test('are decided by those whose votes won, over the parties', () => {
    const { court } = courtOfFour(6)
    const { ruling, contest } = ruled(court, ['uphold', 'dismiss', 'uphold'])
    const said = of(read(court), ruling)
    expect(said).toMatchObject({
      kind: 'ruling',
      route: 'jury',
      weight: 4,
      quota: 2,
      votes: ['uphold', 'dismiss', 'uphold'],
      overturned: false,
      unresolved: null,
      contest: contest.name,
    })
    expect(said?.deciders.map(({ won }) => won)).toEqual([true, false, true])
    expect(said?.affected.map(({ grade }) => grade)).toEqual(['clicked', 'clicked', 'clicked', 'clicked'])
    expect(said?.touches).toEqual(['ann', 'ben', 'cat', 'dan'].map((name) => court.who(name).peer))
  })

  test('count once, and undo the answer that they are about', () => {
    const { court } = courtOfFour(6)
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    const agreed = receipt(court, 'agreed', { job: job.id })
    const { ruling } = ruled(court, ['uphold', 'uphold', 'uphold'], job)
    court.say('ben', 'RULING', ruling.entry.body)
    const said = read(court)
    expect(said.decisions.filter(({ kind }) => kind === 'ruling')).toHaveLength(1)
    expect(of(said, agreed)?.overturned).toBe(true)
  })

  test('that arithmetic contradicts are overturned', () => {
    const { court } = courtOfFour(6)
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    receipt(court, 'contested', { job: job.id })
    const { ruling } = ruled(court, ['dismiss', 'dismiss', 'dismiss'], job)
    expect(of(read(court), ruling)?.overturned).toBe(false)
    for (const name of ['ann', 'cat']) proven(court, name, job.id, { stands: ['cat', 'dan'], loses: ['ben'] })
    expect(of(read(court), ruling)?.overturned).toBe(true)
  })

  test('that a larger jury undid are overturned', () => {
    const { court } = courtOfFour(20)
    const { ruling, contest, job } = ruled(court, ['uphold', 'uphold', 'uphold'])
    court.appeal('ben', ruling)
    court.summon('ben', contest, court.open(['ann', 'ben', 'cat', 'dan'], job, contest, 1), 1)
    court.votes(contest, ['dismiss', 'dismiss', 'dismiss', 'dismiss', 'uphold'])
    const above = court.rule('ann', contest)
    const said = read(court)
    expect([of(said, ruling)?.overturned, of(said, above)?.overturned]).toEqual([true, false])
    expect(of(said, above)).toMatchObject({ quota: 3, route: 'jury' })
  })

  test('that sybils stage are marked, and move nothing', () => {
    const { court } = courtOfFour(6)
    const { ruling, contest } = ruled(court, ['uphold', 'dismiss', 'uphold'])
    const before = read(court)
    for (const name of ['mallory', 'sybil-1', 'sybil-2']) court.join(name)
    const { deciders, ...body } = ruling.entry.body
    const forged = deciders.map((decider) => ({ ...decider, vote: 'dismiss' as const }))
    court.say('mallory', 'RULING', { ...body, deciders: forged, outcome: 'dismissed' })
    court.say('sybil-1', 'RULING', { ...body, deciders, clause: 'jury.gamma' })
    court.say('sybil-2', 'RULING', { ...body, deciders, contest: hash('kit', 'no contest') })
    const staged = court.contest('mallory', court.job('ann', ['ben', 'cat', 'dan']))
    court.say('mallory', 'RULING', { ...body, deciders: [], contest: staged.id, outcome: 'dismissed' })
    const after = read(court)
    expect(after.decisions).toEqual(before.decisions)
    expect(reasons(after).filter((why) => !reasons(before).includes(why))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^it does not follow: /),
        'it does not follow: it follows from jury.threshold',
        'the case that it is about is not held here',
        'it is about no case: its author is no party',
      ]),
    )
    expect(contest.entry.body.class).toBe('quality')
  })
})

describe('what people decide for themselves', () => {
  test('is who introduces whom, once each, until it is taken back', () => {
    const court = new Court(['ann', 'ben', 'cat'])
    court.vouch(['ann'], ['ben', 'cat'])
    court.vouch(['ann'], ['ben'])
    const [first] = court.ledger.of('VOUCH')
    const said = read(court)
    expect(said.decisions.filter(({ kind }) => kind === 'introduction')).toHaveLength(2)
    court.say('ann', 'REVOKE', { vouch: first!.id })
    const later = read(court).decisions.filter(({ kind }) => kind === 'introduction')
    expect(later.map(({ overturned }) => overturned)).toEqual([false, false])
    for (const vouch of court.ledger.of('VOUCH').slice(1)) court.say('ann', 'REVOKE', { vouch: vouch.id })
    const none = read(court).decisions.filter(({ kind }) => kind === 'introduction')
    expect(none.map(({ overturned }) => overturned)).toEqual([true, true])
  })

  test('is which default to run otherwise: the last word on each that there is', () => {
    const court = new Court(['ann'])
    court.say('ann', 'DEFAULT_SET', { key: 'first.model', value: 'a' })
    const last = court.say('ann', 'DEFAULT_SET', { key: 'first.model', value: 'b' })
    court.say('ann', 'DEFAULT_SET', { key: 'made-up', value: 'b' })
    // Where a tab was served from is nobody's choice there.
    court.say('ann', 'DEFAULT_SET', { key: 'ship.origin', value: 'https://moot.example' })
    const said = read(court)
    expect(said.decisions.map(({ entry, kind }) => [entry, kind])).toEqual([[last.name, 'default']])
    expect(said.marked).toEqual([{ why: 'there is no such default', entries: 1 }])
  })
})

describe('amendments and forks', () => {
  const assembly = () => {
    const room = new Assembly()
    const names = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay']
    for (const name of names) room.sign(name)
    for (const name of names.slice(1)) room.say('ann', 'VOUCH', { peer: room.one(name).person.publicKey })
    return { room, names, rules: rulesOf(room.peer('ann')) }
  }

  test('are decided by those who sign them in the ballot, once there are enough', () => {
    const { room, names, rules } = assembly()
    const next = forkOf(FIRST_CHARTER, { title: 'Second charter' }, room.peer('ann'))
    const proposal = room.say('ann', 'PROPOSE', { document: textOf(next), reason: 'Because.' })
    const said = () => decisionsOf(room.ledger, rules)
    expect(reasons(said())).toEqual(['it has too few sponsors'])
    for (const name of names.slice(1, 4)) room.say(name, 'SPONSOR', { proposal: proposal.id })
    expect(said().agenda).toEqual([{ entry: proposal.name, peer: room.peer('ann') }])
    expect(of(said(), proposal)).toBeUndefined()
    for (const name of names.slice(0, 4)) room.sign(name, next, 'ballot')
    expect(of(said(), proposal)).toMatchObject({ kind: 'amendment', route: 'rule', weight: 4, quota: 4 })
    const later = forkOf(next, { title: 'Third charter' }, room.peer('ben'))
    for (const name of names) room.sign(name, later, 'ballot')
    expect(of(said(), proposal)?.deciders).toHaveLength(4)
  })

  test('of what is no charter are marked', () => {
    const { room, rules } = assembly()
    room.say('ben', 'FORK', { document: new Uint8Array([1, 2, 3]) })
    room.say('cat', 'FORK', { document: textOf(FIRST_CHARTER) })
    room.say('dan', 'PROPOSE', { document: new Uint8Array([1, 2, 3]), reason: '' })
    const fork = room.say('eve', 'FORK', {
      document: textOf(forkOf(FIRST_CHARTER, { title: 'Mine' }, room.peer('eve'))),
    })
    const said = decisionsOf(room.ledger, rules)
    expect(said.decisions.filter(({ kind }) => kind !== 'introduction').map(({ entry }) => entry)).toEqual([fork.name])
    expect(reasons(said)).toEqual([
      expect.stringMatching(/^it amends nothing: /),
      'it does not name the charter that it forks from',
      'its text is no charter',
    ])
  })
})

describe('entries that come in whatever order', () => {
  const { court } = courtOfFour(6)
  court.join('mallory')
  const job = court.job('ann', ['ben', 'cat', 'dan'])
  receipt(court, 'agreed', { job: job.id })
  receipt(court, 'one-tab', { executors: ['ben'] })
  receipt(court, 'agreed', { job: job.id, by: 'mallory', executors: ['ann'] })
  const { ruling } = ruled(court, ['uphold', 'dismiss', 'uphold'], job)
  court.say('mallory', 'RULING', { ...ruling.entry.body, outcome: 'dismissed' })
  for (const name of ['ann', 'cat']) proven(court, name, job.id, { stands: ['ben', 'cat', 'dan'], loses: [] })
  court.say('ben', 'REVOKE', {
    vouch: court.ledger.log(court.who('ben').peer).find(({ entry }) => entry.type === 'VOUCH')!.id,
  })
  const viewer = court.who('ann').peer
  const recipe = (ledger: LedgerView) =>
    recipeOf({ viewer, scope: 'mine', root: hex(ledger.root()), coverage: ledger.coverage() })
  const facts = (ledger: LedgerView, said: Decisions) =>
    factsOf(ledger, said, { viewer, charter: FIRST_CHARTER, registry: [] })
  const whole = (ledger: LedgerView) => {
    const said = decisionsOf(ledger, rulesOf(viewer))
    return reportOf({ decisions: said.decisions, facts: facts(ledger, said), recipe: recipe(ledger) })
  }

  test('give the same report, to the byte, read anew or read on', { timeout: 120_000 }, () => {
    const expected = encodeReport(whole(court.ledger))
    expect(whole(court.ledger).decisions).toBe(10)
    const logs = [...Map.groupBy(court.written, ({ author }) => author).values()]
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: court.written.length, maxLength: court.written.length }),
        (choices) => {
          const ledger = new Ledger(court.ledger.room)
          const book = new DecisionBook(rulesOf(viewer))
          const builder = new ReportBuilder(recipe(ledger), facts(ledger, book.read(ledger)))
          const left = logs.map((log) => log.slice())
          for (const choice of choices) {
            const open = left.filter((log) => log.length > 0)
            const next = open[choice % open.length]?.shift()
            if (next === undefined) break
            ledger.take(next)
            if (choice % 5 > 0) continue
            const said = book.read(ledger)
            builder.know(facts(ledger, said))
            builder.follow(said.decisions)
            if (choice % 25 === 0) expect(builder.report(recipe(ledger))).toEqual(whole(ledger))
          }
          const said = book.read(ledger)
          builder.know(facts(ledger, said))
          builder.follow(said.decisions)
          expect(encodeReport(builder.report(recipe(ledger)))).toEqual(expected)
          expect(said).toEqual(decisionsOf(court.ledger, rulesOf(viewer)))
        },
      ),
      { numRuns: 25 },
    )
  })
})

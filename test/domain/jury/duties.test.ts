import { describe, expect, test } from 'vitest'
import type { Duty } from '../../../src/domain/jury/due.ts'
import { contradictionOf } from '../../../src/domain/jury/refute.ts'
import type { ContestClass, ReadEntry, Vote } from '../../../src/domain/ledger/entry.ts'
import type { LostFor } from '../../../src/domain/messages.ts'
import { courtOfFour, type Court } from '../../kits/court.ts'

const parties = ['ann', 'ben', 'cat', 'dan']

function contested(about: ContestClass = 'quality', claims = ['a', 'a', 'b']) {
  const { court, jurors } = courtOfFour(12)
  const job = court.job('ann', ['ben', 'cat', 'dan'], claims)
  return { court, job, jurors, contest: court.contest('ann', job, about) }
}

const kinds = (duties: readonly Duty[]) => duties.map(({ kind }) => kind)

/** Does what is due, as a peer would: a person decides to serve, and how to vote. */
function perform(
  court: Court,
  name: string,
  contest: ReadEntry<'CONTEST'>,
  vote: Vote,
  job: Parameters<Court['linkBody']>[1],
  waited: (name: string) => number,
): number {
  const duties = court.duties(name, contest, { proven: () => true, waited })
  const [duty] = duties
  const summons = () => court.level(contest).jury!.docket.summons
  switch (duty?.kind) {
    case 'open-link':
      court.say(name, 'OPEN_LINK', court.linkBody(name, job, contest, duty.level))
      break
    case 'summon':
      court.say(name, 'SUMMON', duty.body)
      break
    case 'serve':
      court.serve(name, summons())
      break
    case 'vote':
      court.commit(name, summons(), vote)
      break
    case 'reveal':
      court.reveal(name, summons(), vote)
      break
    case 'noshow':
      court.say(name, 'NOSHOW', duty.body)
      break
    case 'rule':
      court.say(name, 'RULING', duty.body)
      break
    case 'refute':
      court.say(name, 'REFUTE', duty.body)
      break
    case undefined:
      break
    default:
      duty satisfies never
  }
  return duties.length
}

/** All but these do what is due until nothing is, each by a clock of its own: a second for what somebody does, and minutes where nobody does anything. */
function run(
  court: Court,
  contest: ReadEntry<'CONTEST'>,
  job: Parameters<Court['linkBody']>[1],
  isAway: (name: string) => boolean = () => false,
) {
  const names = [...parties, ...court.case(contest).court!.pool.candidates.map(({ peer }) => court.nameOf(peer))]
  const since = new Map<string, number>()
  let [time, idle] = [0, 0]
  const waited = (name: string) => (what: string) => {
    const key = `${name} ${what}`
    if (!since.has(key)) since.set(key, time)
    return time - since.get(key)!
  }
  for (; idle < 20; time += idle === 0 ? 1_000 : 100_000) {
    const done = names.filter((name) => !isAway(name) && perform(court, name, contest, 'uphold', job, waited(name)) > 0)
    idle = done.length > 0 ? 0 : idle + 1
    if (time > 1e8) throw new Error('something is due for ever')
  }
}

describe('what is due', () => {
  test('leads from a contest to a ruling when everybody does it, and then nothing is due', () => {
    const { court, job, contest } = contested()
    run(court, contest, job)
    expect(court.level(contest).ruling?.entry.body).toMatchObject({ outcome: 'upheld' })
    expect(court.level(contest).ruling?.entry.body.deciders).toHaveLength(3)
    expect(court.ledger.of('RULING')).toHaveLength(1)
    expect(court.ledger.of('SUMMON')).toHaveLength(1)
    expect(court.ledger.of('NOSHOW')).toHaveLength(0)
  })

  test.for([['dan'], ['cat', 'dan'], ['ben', 'cat', 'dan']])('also where %s has gone, and a juror', (away) => {
    const { court, job, contest } = contested()
    // Whoever is drawn first is never heard of.
    const isFirst = (name: string) => court.level(contest).seats[0]?.peer === court.who(name).peer
    run(court, contest, job, (name) => away.includes(name) || isFirst(name))
    const { ruling, seats, jury } = court.level(contest)
    expect(ruling?.entry.body.outcome).toBe('upheld')
    expect(seats[0]!.state).toBe('absent')
    expect(seats).toHaveLength(4)
    expect(jury?.summons.absent.map(court.nameOf)).toEqual(parties.filter((name) => away.includes(name)))
  })

  test('where hardly anybody is left there is no quorum, and the case still ends', () => {
    const { court, job, contest, jurors } = contested()
    run(court, contest, job, (name) => name === 'ben' || jurors.indexOf(name) > 0)
    expect(court.level(contest).ruling?.entry.body).toMatchObject({ outcome: 'unresolved', why: 'no-quorum' })
  })

  test('waits: for links, for those whose turn it is first, for jurors', () => {
    const { court, job, contest } = contested()
    const waits: string[] = []
    const soon = (name: string) => kinds(court.duties(name, contest, { waited: (what) => (waits.push(what), 0) }))
    expect(soon('ben')).toEqual(['open-link'])
    expect(soon('juror-00')).toEqual([])
    const links = court.open(['ann', 'ben'], job, contest)
    expect(soon('ann')).toEqual([])
    expect(kinds(court.duties('ann', contest))).toEqual(['summon'])
    court.open(['cat', 'dan'], job, contest)
    expect(soon('ann')).toEqual(['summon'])
    expect(soon('ben')).toEqual([])
    expect(links).toHaveLength(2)
    const [duty] = court.duties('ann', contest)
    const summons = court.say(
      'ann',
      'SUMMON',
      duty?.kind === 'summon' ? duty.body : { contest: contest.id, level: 0, links: [] },
    )
    const [first, second, third] = court.seated(contest) as [string, string, string]
    expect(soon(first)).toEqual(['serve'])
    expect(kinds(court.duties('ann', contest))).toEqual(['noshow', 'noshow', 'noshow'])
    expect(soon('ann')).toEqual([])
    court.serve(first, summons)
    expect(soon(first)).toEqual(['vote'])
    for (const name of [first, second, third]) court.commit(name, summons, 'uphold')
    expect(soon(first)).toEqual(['reveal'])
    for (const name of [first, second]) court.reveal(name, summons, 'uphold')
    // Two of three decide, and the third has its time.
    expect(soon('ann')).toEqual([])
    expect(kinds(court.duties('ann', contest))).toContain('rule')
    court.reveal(third, summons, 'uphold')
    expect(soon('ann')).toEqual(['rule'])
    expect(soon('ben')).toEqual([])
    expect(kinds(court.duties('ben', contest))).toEqual(['rule'])
    expect(new Set(waits).size).toBeGreaterThan(5)
  })

  test('names what must be seen first, so that what is written counts', () => {
    const { court, job, contest } = contested()
    const summons = court.summon('ann', contest, court.open(parties, job, contest))
    const names = court.seated(contest)
    for (const name of names) court.tell(name, 'VOTE_COMMIT', court.commitBody(name, summons, 'uphold'))
    const [first] = names
    const duty = court.duties(first!, contest).find(({ kind }) => kind === 'reveal')
    const after = duty?.kind === 'reveal' ? duty.after : []
    expect(after.map(({ author }) => court.nameOf(author)).toSorted()).toEqual(names.slice(1).toSorted())
    court.tell(first!, 'VOTE_REVEAL', court.revealBody(first!, summons, 'uphold'))
    expect(court.level(contest).seats[0]!.state).toBe('committed')
    court.tell(first!, 'VOTE_REVEAL', court.revealBody(first!, summons, 'uphold'), after)
    expect(court.level(contest).seats[0]!.state).toBe('revealed')
  })
})

describe('a ruling that arithmetic contradicts', () => {
  const proven = (court: Court, job: Uint8Array, peer: string, lostFor: LostFor) =>
    court.say('dan', 'PROVEN', {
      job,
      state: 'proven',
      stands: [],
      losers: [{ peer: court.who(peer).publicKey, for: lostFor }],
      operator: 'Conv 3',
    })
  const found = (about: ContestClass, vote: Vote, peer: string, lostFor: LostFor, holds = true) => {
    const { court, job, contest } = contested(about)
    court.summon('ann', contest, court.open(parties, job, contest))
    court.votes(contest, [vote, vote, vote])
    const ruling = court.rule('ann', contest)
    const proof = proven(court, job.id, peer, lostFor)
    const { terms } = court.case(contest)
    return contradictionOf(court.ledger, terms, ruling.entry.body, () => holds) === proof
  }

  test('is one that lets an answer stand whose claim was refuted', () => {
    expect(found('quality', 'dismiss', 'ben', 'claim')).toBe(true)
    expect(found('model', 'dismiss', 'cat', 'claim')).toBe(true)
    // Dan claimed something else than what was returned.
    expect(found('quality', 'dismiss', 'dan', 'claim')).toBe(false)
    expect(found('quality', 'dismiss', 'ben', 'assertion')).toBe(false)
  })

  test('or that everybody delivered, where somebody withheld', () => {
    expect(found('delivery', 'dismiss', 'dan', 'withheld')).toBe(true)
    expect(found('delivery', 'dismiss', 'ben', 'claim')).toBe(false)
  })

  test('never one that upholds, nor one about a rule, nor by a proof that does not hold here', () => {
    expect(found('quality', 'uphold', 'ben', 'claim')).toBe(false)
    expect(found('rule', 'dismiss', 'ben', 'claim')).toBe(false)
    expect(found('quality', 'dismiss', 'ben', 'claim', false)).toBe(false)
  })

  test('is said so once, by whoever had a part in it', () => {
    const { court, job, contest } = contested()
    court.summon('ann', contest, court.open(parties, job, contest))
    court.votes(contest, ['dismiss', 'dismiss', 'uphold'])
    const ruling = court.rule('ann', contest)
    const proof = proven(court, job.id, 'ben', 'claim')
    const due = () => court.duties('cat', contest, { proven: () => true })
    expect(due()).toEqual([{ kind: 'refute', body: { ruling: ruling.id, proof: proof.id } }])
    expect(court.duties('cat', contest)).toEqual([])
    expect(court.duties('juror-00', contest, { proven: () => true }).length).toBeLessThan(2)
    court.say('cat', 'REFUTE', { ruling: ruling.id, proof: proof.id })
    expect(due()).toEqual([])
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryLogs } from '../../src/adapters/memory/log-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomBytes } from '../../src/adapters/webcrypto/random.ts'
import { openSigner } from '../../src/adapters/webcrypto/signer.ts'
import { verifySignature } from '../../src/adapters/webcrypto/verify.ts'
import { cidOf, FIRST_CHARTER, type Charter } from '../../src/domain/charter/charter.ts'
import { digestOfCid } from '../../src/domain/cids.ts'
import { fromHex, hash, hex } from '../../src/domain/hash.ts'
import { roomName } from '../../src/domain/room-name.ts'
import { serveByPolicy } from '../../src/peer/governance/serve-by-policy.ts'
import { provenHere } from '../../src/peer/governance/trust-proofs.ts'
import { caseView } from '../../src/peer/governance/view-case.ts'
import { LedgerKeeper } from '../../src/peer/ledger/keep-ledger.ts'
import type { Answer, CaseView, Peer } from '../../src/peer/view.ts'
import { courtOfFour } from '../kits/court.ts'
import { person } from '../kits/keys.ts'
import { aDigit, digits, hasJoined, openRoom, together, until, type Room } from '../kits/peers.ts'

const PATIENCE = { timeout: 60_000 }
const DIGEST = digestOfCid(cidOf(FIRST_CHARTER), 'charter')
const ONE_TAB = { check: { mode: 'one-tab' } } as const

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** The log of somebody who keeps to no rule, linked to these. */
async function stranger(name: string, ...to: Peer[]): Promise<LedgerKeeper> {
  const signer = await openSigner(person(name).seed)
  const net = room.network.peer(signer.peer)
  const keeper = new LedgerKeeper({
    room: roomName('story'),
    roomTopic: hex(roomName('story')),
    net,
    signer,
    verify: verifySignature,
    clock: systemClock,
    random: randomBytes,
    store: memoryLogs(),
    isTrusted: () => false,
    isBlocked: () => false,
    onChange: () => {},
  })
  const stop = keeper.start()
  room.onClose(async () => {
    await stop()
    await net.stop()
  })
  await net.start()
  for (const { id } of to) await net.connect(id, [`/memory/${id}`])
  await keeper.ready
  return keeper
}

async function gather(names: readonly string[], charter: Charter = FIRST_CHARTER): Promise<Peer[]> {
  const peers: Peer[] = []
  for (const name of names) peers.push(await room.join(name, { init: { charter } }))
  await together(...peers)
  await Promise.all(peers.map(hasJoined))
  return peers
}

/** Ann asks, and nobody but Ben answers. */
async function answered(
  charter?: Charter,
  others: readonly string[] = [],
): Promise<{ ann: Peer; answer: Answer; peers: Peer[] }> {
  const peers = await gather(['ann', 'ben', ...others], charter)
  const [ann] = peers as [Peer, ...Peer[]]
  const answer = await ann.ask({ model: digits(ann), input: aDigit() }, ONE_TAB).done
  return { ann, answer, peers }
}

const over = (peer: Peer, { job }: Answer): readonly CaseView[] =>
  peer.governance.view.cases.filter((one) => one.job === job)

/** A case that comes to nothing, since nobody vouches for anybody. */
async function unresolved(): Promise<{ ann: Peer; answer: Answer; contest: string }> {
  const { ann, answer } = await answered()
  const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
  await until(ann, () => over(ann, answer).some(({ phase }) => phase === 'unresolved'))
  return { ann, answer, contest }
}

const why = (task: Promise<unknown>): Promise<unknown> =>
  task.then(
    () => 'done',
    (error: { fault?: unknown }) => error.fault ?? error,
  )

describe('a stranger', PATIENCE, () => {
  test('who floods the room with contests pushes nobody’s case out', async () => {
    const { ann, contest } = await unresolved()
    for (const name of ['mal', 'mel', 'mil', 'mol', 'mul']) {
      const keeper = await stranger(name, ann)
      for (let i = 0; i < 16; i++)
        await keeper.append('CONTEST', { job: hash('kit', name, i), class: 'quality', claim: 'Mine!' }, DIGEST)
    }
    await until(ann, () => ann.governance.view.cases.length === 64)
    await until(ann, () => ann.governance.view.cases.some(({ contestant }) => contestant === person('mul').peer))
    expect(ann.governance.view.cases.map(({ id }) => id)).toContain(contest)
  })

  test('puts no contest of its own in the place of the one over an answer', async () => {
    const { ann, answer } = await answered()
    const asks = ann.ask({ model: digits(ann), input: aDigit() }, ONE_TAB)
    const { job } = await asks.done
    const contest = await ann.governance.contest(job!, 'quality', 'A bar is no digit.')
    await until(ann, () => over(ann, asks.answer).some(({ phase }) => phase === 'unresolved'))
    const keeper = await stranger('mal', ann)
    await keeper.append('CONTEST', { job: fromHex(job!), class: 'quality', claim: 'Mine!' }, DIGEST)
    await until(ann, () => over(ann, asks.answer).length === 2)
    expect(asks.answer).toMatchObject({ state: 'unresolved', case: { id: contest } })
    expect(over(ann, answer)).toEqual([])
  })

  test('crowds nobody’s dissent out, and dissents once', async () => {
    const { ann, answer, contest } = await unresolved()
    const dissents = () => over(ann, answer)[0]!.levels[0]!.ruling!.dissents
    const keeper = await stranger('mal', ann)
    const ruling = fromHex(over(ann, answer)[0]!.levels[0]!.ruling!.id)
    for (let i = 0; i < 66; i++) await keeper.append('DISSENT', { ruling, note: 'Buy!' }, DIGEST)
    await until(ann, () => dissents().length > 0)
    await ann.governance.dissent(contest, 'It was no digit.')
    await until(ann, () => dissents().length === 2)
    expect(dissents()[0]).toEqual({ peer: ann.id, note: 'It was no digit.' })
    expect(await why(ann.governance.dissent(contest, 'Again.'))).toMatchObject({ code: 'CASE_REFUSED' })
  })
})

describe('what a PROVEN says of a job', () => {
  const { court, jurors } = courtOfFour(3)
  const { id: job } = court.job('ann', ['ben', 'cat', 'dan'])
  const parties = ['ann', 'ben', 'cat', 'dan'].map((name) => court.who(name).peer)
  const say = (name: string, loser: string) =>
    court.say(name, 'PROVEN', {
      job,
      state: 'proven',
      stands: [],
      losers: [{ peer: court.who(loser).publicKey, for: 'claim' }],
    })
  const self = court.who('juror-00').peer

  test('counts where two of its parties say so, more than say otherwise, or this peer has found it', () => {
    const forged = say(jurors[1]!, 'ben')
    expect(provenHere(court.ledger, forged, { self, parties })).toBe(false)
    const one = say('ann', 'ben')
    expect(provenHere(court.ledger, one, { self, parties })).toBe(false)
    const two = say('cat', 'ben')
    expect([forged, one, two].map((read) => provenHere(court.ledger, read, { self, parties }))).toEqual([
      true,
      true,
      true,
    ])
    say('ben', 'cat')
    say('dan', 'cat')
    expect(provenHere(court.ledger, two, { self, parties })).toBe(false)
    say('juror-00', 'ben')
    expect(provenHere(court.ledger, two, { self, parties })).toBe(true)
  })
})

describe('a person in a hurry', PATIENCE, () => {
  test('who presses twice contests once', async () => {
    const { ann, answer } = await answered()
    const both = await Promise.all([1, 2].map(() => why(ann.governance.contest(answer.job!, 'quality', 'No.'))))
    expect(both).toEqual(['done', { code: 'CONTEST_REFUSED', why: 'you contest it already' }])
    await until(ann, () => over(ann, answer).some(({ phase }) => phase === 'unresolved'))
    expect(over(ann, answer)).toHaveLength(1)
  })

  test('who leaves is written nothing of any more', async () => {
    const [ann] = (await gather(['ann'])) as [Peer]
    const { own } = ann.governance.view.ledger
    await ann.leave()
    expect(await why(ann.governance.vouch(person('ben').peer, true))).toEqual({ code: 'CANCELLED' })
    expect(ann.governance.view.ledger.own).toBe(own)
  })

  test('who asks for what there is not gets a fault', async () => {
    const [ann] = (await gather(['ann'])) as [Peer]
    const { governance } = ann
    const none = 'a'.repeat(64)
    const threshold = { ...FIRST_CHARTER, jury: { ...FIRST_CHARTER.jury, threshold: 2 } }
    const malformed = await Promise.all([
      why(governance.compare('x', 'y')),
      why(governance.preview(threshold)),
      why(governance.fork(threshold)),
      why(governance.propose(threshold, 'x'.repeat(5_000))),
      why(governance.sign('x', 'clicked')),
      why(governance.sponsor('x')),
      why(governance.affirm('x')),
      why(governance.setDefault('x', 'y')),
      why(governance.vouch(ann.id, true)),
      why(governance.importLedger(new Uint8Array([1, 2, 3]))),
    ])
    expect(malformed).toEqual(malformed.map(() => expect.objectContaining({ code: 'MALFORMED' })))
    expect(await why(governance.contest(none, 'quality', 'x'))).toMatchObject({ code: 'CONTEST_REFUSED' })
    const refused = await Promise.all([
      why(governance.serve(none, true)),
      why(governance.vote(none, 'uphold', 'x'.repeat(5_000))),
      why(governance.appeal(none)),
      why(governance.dissent(none, 'x')),
      why(governance.caseFile(none)),
    ])
    expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: 'CASE_REFUSED' })))
    expect(await why(governance.report({ window: -3, scope: 'mine' }))).toMatchObject({ code: 'MALFORMED' })
    expect(await governance.entry(none)).toBeUndefined()
    const file = await governance.exportLedger()
    expect(await why(governance.importLedger(file.subarray(0, file.length >> 1)))).toMatchObject({ code: 'MALFORMED' })
    expect(await governance.importLedger(file)).toEqual({ added: 0, refused: 0 })
  })
})

describe('whoever leaves the charter', PATIENCE, () => {
  test('says so, signs nothing more under it, and is counted as an exit', async () => {
    const [ann, ben] = (await gather(['ann', 'ben'])) as [Peer, Peer]
    await until(ben, () => ben.governance.view.charters[0]!.members === 2)
    await ann.governance.exit()
    expect(await why(ann.governance.vouch(ben.id, true))).toMatchObject({ code: 'NOT_SIGNED' })
    await until(ben, () => ben.governance.view.charters[0]!.members === 1)
    const report = await ben.governance.report({ window: 0, scope: 'everything' })
    expect(report.drawer.find(({ key }) => key === 'exits')).toMatchObject({ value: 0.5 })
  })
})

describe('who is too late', PATIENCE, () => {
  test('contests nothing, before a jury as little as before the canon', async () => {
    const { ann, answer } = await answered({ ...FIRST_CHARTER, timeouts: { ...FIRST_CHARTER.timeouts, contest: 1 } })
    expect(await why(ann.governance.contest(answer.job!, 'quality', 'No.'))).toMatchObject({
      code: 'CONTEST_REFUSED',
      why: expect.stringContaining('its time was over'),
    })
  })

  test('appeals nothing', () => {
    const { court } = courtOfFour(20)
    const job = court.job('ann', ['ben', 'cat', 'dan'])
    const contest = court.contest('ann', job)
    court.summon('ann', contest, court.open(['ann', 'ben', 'cat', 'dan'], job, contest))
    court.votes(contest, ['uphold', 'uphold', 'uphold'])
    court.rule('ann', contest)
    const self = court.who('ben').peer
    const facts = { self, openedAt: new Date(), duties: [], holds: () => false }
    expect(caseView(court.ledger, court.case(contest), facts)).toMatchObject({
      asks: ['appeal', 'dissent'],
      next: 'appeal',
    })
    expect(caseView(court.ledger, court.case(contest), { ...facts, tooLate: 'its time was over' })).toMatchObject({
      asks: ['dissent'],
      next: 'none',
    })
  })
})

describe('a juror at which nobody sits', PATIENCE, () => {
  test('does not serve where it cannot run the model again', async () => {
    const said: boolean[] = []
    const cases: CaseView[] = [{ id: 'a', asks: ['serve'], levels: [{}] } as unknown as CaseView]
    const listeners: (() => void)[] = []
    const peer = {
      governance: {
        view: { cases },
        caseFile: async () => ({ file: new Uint8Array() }),
        serve: async (_: string, serves: boolean) => void said.push(serves),
      },
      subscribe: (listener: () => void) => {
        listeners.push(listener)
        return () => {}
      },
      rerun: async () => {
        throw new Error('no such model')
      },
    } as unknown as Peer
    serveByPolicy(peer, 'rerun')
    await new Promise((resolve) => setTimeout(resolve))
    expect(said).toEqual([false])
    for (const listener of listeners) listener()
    await new Promise((resolve) => setTimeout(resolve))
    expect(said).toEqual([false])
    // Another summons at the same level asks again.
    cases[0] = { ...cases[0]!, asks: [] }
    for (const listener of listeners) listener()
    cases[0] = { ...cases[0], asks: ['serve'] }
    for (const listener of listeners) listener()
    await new Promise((resolve) => setTimeout(resolve))
    expect(said).toEqual([false, false])
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Charter } from '../../src/domain/charter/charter.ts'
import { FIRST_CHARTER } from '../../src/domain/charter/charter.ts'
import type { Vote } from '../../src/domain/ledger/entry.ts'
import type { CaseView, Peer } from '../../src/peer/view.ts'
import { serveByPolicy } from '../../src/peer/governance/serve-by-policy.ts'
import { aDigit, digits, hasJoined, openRoom, together, until, type Room } from '../kits/peers.ts'

const PATIENCE = { timeout: 60_000 }

/** The first charter, with a jury that people who are in a hurry sit on. */
const HURRIED: Charter = {
  ...FIRST_CHARTER,
  title: 'Hurried',
  // Whoever answers an offer is heard, on a busy machine too: where all have, nobody waits.
  timeouts: {
    ...FIRST_CHARTER.timeouts,
    offerWindow: 2_000,
    link: 1_000,
    serve: 3_000,
    vote: 3_000,
    voteReveal: 3_000,
  },
}

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** Peers who go by one charter, and all of whom know what the others signed. */
async function gather(names: readonly string[], charter: Charter): Promise<Peer[]> {
  const peers: Peer[] = []
  for (const name of names) peers.push(await room.join(name, { init: { charter } }))
  await together(...peers)
  await Promise.all(peers.map(hasJoined))
  await levelled(peers)
  return peers
}

/** Resolves once all of them hold the same entries. */
async function levelled(peers: readonly Peer[]): Promise<void> {
  const roots = () => new Set(peers.map((peer) => peer.governance.view.ledger.root))
  await new Promise<void>((resolve) => {
    const check = () => {
      if (roots().size !== 1) return
      for (const stop of stops) stop()
      resolve()
    }
    const stops = peers.map((peer) => peer.subscribe(check))
    check()
  })
}

const caseOf = (peer: Peer, contest: string): CaseView | undefined =>
  peer.governance.view.cases.find(({ id }) => id === contest)

/** Resolves once a peer sees a case as wanted. */
async function seen(peer: Peer, contest: string, wanted: (one: CaseView) => boolean): Promise<CaseView> {
  await until(peer, () => {
    const one = caseOf(peer, contest)
    return one !== undefined && wanted(one)
  })
  return caseOf(peer, contest)!
}

/** Whoever is asked serves, and votes as told. */
function votes(peer: Peer, vote: Vote): void {
  const begun = new Set<string>()
  const look = () => {
    for (const { id, asks, levels } of peer.governance.view.cases) {
      for (const ask of ['serve', 'vote'] as const) {
        const key = `${id} ${levels.length} ${ask}`
        if (!asks.includes(ask) || begun.has(key)) continue
        begun.add(key)
        void (ask === 'serve' ? peer.governance.serve(id, true) : peer.governance.vote(id, vote, 'As told.'))
      }
    }
  }
  peer.subscribe(look)
  look()
}

describe('a jury', PATIENCE, () => {
  test('of three is drawn from whom both sides trust, votes and rules; everybody comes to the same', async () => {
    const peers = await gather(['ann', 'ben', 'cat', 'dan', 'eve', 'fay'], HURRIED)
    const [ann, ben, ...jurors] = peers as [Peer, Peer, ...Peer[]]
    for (const juror of jurors) {
      await ann.governance.vouch(juror.id, true)
      await ben.governance.vouch(juror.id, true)
    }
    await levelled(peers)
    for (const peer of jurors) await peer.configure({ paused: true })
    await until(ann, ({ peers: others }) => others.filter(({ paused }) => paused).length === jurors.length)
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'one-tab' } }).done
    expect(answer).toMatchObject({ state: 'one-tab', claims: [{ peer: ben.id }] })
    await until(ann, () => answer.job !== undefined)
    jurors.forEach((juror, i) => votes(juror, i === 0 ? 'dismiss' : 'uphold'))
    const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
    const ruled = await Promise.all(peers.map((peer) => seen(peer, contest, ({ phase }) => phase === 'ruled')))
    for (const { levels } of ruled) expect(levels).toEqual(ruled[0]!.levels)
    const [level] = ruled[0]!.levels
    expect(level).toMatchObject({ size: 3, pool: 4, linksMissing: [], ruling: { outcome: 'upheld' } })
    expect(level!.ruling!.for + level!.ruling!.against).toBe(3)
    await levelled(peers)

    // Whoever holds the same records reads the same of them, byte for byte.
    const view = { window: 0, scope: 'everything', viewer: ann.id } as const
    const reports = await Promise.all(peers.map((peer) => peer.governance.report(view)))
    const again = await Promise.all(peers.map((peer, i) => peer.governance.recompute(reports[i]!)))
    expect(again.every(({ equal }) => equal)).toBe(true)
    expect(new Set(again.map(({ digest }) => digest)).size).toBe(1)
    expect(reports[0]).toMatchObject({ routes: { total: { jury: 1 } } })
    // One job, eight vouches: what each tab says of where it came from is no decision.
    expect(reports[0]!.decisions).toBe(10)
    const chances = await Promise.all(reports.slice(0, 2).map((report, i) => peers[i]!.governance.uncertainty(report)))
    expect(chances[0]!.measures).toEqual(chances[1]!.measures)
    // Every number can be traced to entries, which are here.
    const [id = ''] = reports[0]!.panel.flatMap(({ entries }) => entries)
    expect(await peers[5]!.governance.entry(id)).toMatchObject({ type: expect.any(String), author: expect.any(String) })
  })

  test('is served by a peer at which nobody sits, by the policy that its vote states', async () => {
    const peers = await gather(['ann', 'ben', 'cat', 'dan', 'eve'], HURRIED)
    const [ann, ben, ...jurors] = peers as [Peer, Peer, ...Peer[]]
    for (const juror of jurors) {
      await ann.governance.vouch(juror.id, true)
      await ben.governance.vouch(juror.id, true)
    }
    await levelled(peers)
    for (const peer of jurors) await peer.configure({ paused: true })
    await until(ann, ({ peers: others }) => others.filter(({ paused }) => paused).length === jurors.length)
    const answer = await ann.ask({ model: digits(ann), input: aDigit() }, { check: { mode: 'one-tab' } }).done
    const stops = jurors.map((juror) => serveByPolicy(juror, 'rerun'))
    const contest = await ann.governance.contest(answer.job!, 'quality', 'A bar is no digit.')
    const { levels } = await seen(ben, contest, ({ phase }) => phase === 'ruled')
    for (const stop of stops) stop()
    // The reference computes what Ben answered: by that policy the answer stands, however bad it is.
    expect(levels[0]!.ruling).toMatchObject({ outcome: 'dismissed', for: 0, against: 3 })
    expect(levels[0]!.seats.map(({ reason }) => reason)).toEqual(
      Array(3).fill('Policy rerun: the reference computes the same.'),
    )
  })

  test('is shown to both sides once the lot has fallen, and who wants one leaves at no cost where there is none', async () => {
    const [ann, ben, cat] = (await gather(['ann', 'ben', 'cat'], HURRIED)) as [Peer, Peer, Peer]
    await ben.configure({ needsCourt: true })
    await cat.configure({ paused: true })
    await until(ann, ({ peers }) => peers.some(({ id, paused }) => id === cat.id && paused))
    const question = { model: digits(ann), input: aDigit() }
    const refused = await ann.ask(question, { check: { mode: 'one-tab' } }).done
    expect(refused).toMatchObject({
      state: 'lost',
      again: [{ reason: 'nobody-committed' }, { reason: 'nobody-committed' }],
    })
    await ann.governance.vouch(cat.id, true)
    await ben.configure({ needsCourt: false })
    const asked = ann.ask(question, { check: { mode: 'one-tab' } })
    const seenCourt = new Promise((resolve) => {
      const stop = asked.subscribe(({ court }) => {
        if (court === undefined) return
        stop()
        resolve(court)
      })
    })
    expect(await asked.done).toMatchObject({ state: 'one-tab', claims: [{ peer: ben.id }] })
    expect(await seenCourt).toEqual({ common: false, pool: 0, overlap: { requester: 0, executors: 0 } })
  })
})

describe('the lot', PATIENCE, () => {
  test('seats one of each introducer tree first, and an answer says whom the asker knew and who came without an introducer', async () => {
    const peers = await gather(['ann', 'ben', 'cat', 'dan', 'eve', 'fay'], HURRIED)
    const [ann, ben, cat, dan] = peers as [Peer, Peer, Peer, Peer]
    await ann.governance.vouch(ben.id, true)
    await ben.governance.vouch(cat.id, true)
    await ben.governance.vouch(dan.id, true)
    await levelled(peers)
    for (let i = 0; i < 6; i++) {
      const { claims, known } = await ann.ask({ model: digits(ann), input: aDigit() }, {}).done
      const introduced = claims.filter(({ peer }) => [ben.id, cat.id, dan.id].includes(peer))
      // One tree, which Ben began, and those who belong to none: the third seat is anybody's.
      expect(introduced.length).toBeGreaterThanOrEqual(1)
      expect(claims.length - introduced.length).toBeGreaterThanOrEqual(1)
      expect(known).toMatchObject({ of: 3, unintroduced: claims.length - introduced.length })
    }
  })
})
